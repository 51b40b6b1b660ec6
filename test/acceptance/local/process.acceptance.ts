/** The command as a process of its own: how it ends, what it prints, and what it prints where nobody is signed in. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { start } from '../../fixtures/command-process.ts';

const AN_ACCOUNT = ['--provider', 'aws', '--account', '000000000000', '--region', 'eu-west-1'];

/** A process takes a second to start, and many on a busy machine; vitest's own limit ends a test that hangs. */
const WAIT = { timeout: 120_000 };

/** Of the demo: reading it alone takes a fraction of reading all. */
const MAIN_ACCOUNT = ['--account', '111111111111', '--region', 'eu-west-1'];

/** What `explain` prints in a pipe where it takes longer than two seconds, as it may on a busy machine. */
const SLOW = /^reading checkout-1 …\n/;
/** What an inspection goes by and `explain` does not read. */
const NOT_READ = /^An inspection also compares this host with the others that it reads: [^.]+\.\n/;

function reach(sandbox: Sandbox): Record<string, string> {
  const { accessKeyId, secretAccessKey } = sandbox.clientConfig('eu-west-1').credentials;
  return {
    AWS_ENDPOINT_URL: sandbox.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
}

describe('the process', () => {
  it('ends by itself when its command is done, clouds included', async () => {
    const { ended } = start(['explain', 'checkout-1', '--demo', '--json']);

    const { code, out, err } = await ended;

    expect({ code, err: err.replace(SLOW, '').replace(NOT_READ, '') }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({ state: 'leaking' });
  });

  it('calls a host of the demo by the requested name', async () => {
    const { code, out, err } = await start(['explain', 'checkout-1', '--demo', ...MAIN_ACCOUNT]).ended;

    expect({ code, err: err.replace(SLOW, '') }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^checkout-1 \(i-[0-9a-f]+\) grows like a leak/);
  });

  it('stops reading on Ctrl-C and ends with 130', async () => {
    await using sandbox = await startSandbox();
    sandbox.inject({ service: 'cloudwatch', kind: 'unanswered' });
    const { child, ended } = start(['inspect', ...AN_ACCOUNT], reach(sandbox));
    await vi.waitFor(() => expect(sandbox.calls.count('cloudwatch')).toBeGreaterThan(0), WAIT);

    child.kill('SIGINT');

    expect(await ended).toEqual({ code: 130, signal: null, out: '', err: 'Interrupted.\n' });
  });

  it('explains how to sign in to Google Cloud, and hides what its library looked for', async () => {
    const metadata = createServer((_, response) => response.writeHead(403).end()).listen(0, '127.0.0.1');
    await once(metadata, 'listening');
    const { port } = Object(metadata.address());
    const location = ['--provider', 'gcp', '--account', 'orchard-prod-31', '--region', 'europe-west1'];
    const nobody = { GCE_METADATA_HOST: `127.0.0.1:${port}`, HOME: '/nowhere', GOOGLE_APPLICATION_CREDENTIALS: '' };

    const { code, out, err } = await start(['doctor', ...location], nobody).ended;
    metadata.close();

    expect({ code, err }).toEqual({ code: 4, err: '' });
    expect(out).toMatch(/sign in {6}no\n.*read {9}not known/);
    expect(out).toContain('information; sign in with `gcloud auth application-default login`');
  });

  it('explains how to sign in to Azure', async () => {
    const location = [
      '--provider',
      'azure',
      '--account',
      '5b1d0000-0000-4000-8000-000000000001',
      '--region',
      'westeurope',
    ];

    const { code, out, err } = await start(['doctor', ...location], { PATH: '/nowhere' }).ended;

    expect({ code, err }).toEqual({ code: 4, err: '' });
    expect(out).toMatch(/sign in {6}no\n.*read {9}not known/);
    expect(out).toMatch(/cannot sign in to Azure: Azure CLI could not be found.*'az login'/);
    expect(out).not.toContain('Plimsoll’s role');
  });

  it('is content when the reader of its pipe has seen enough', async () => {
    const { child, ended } = start(['tenants', 'schema']);
    child.stdout?.destroy();

    expect((await ended).err).toBe('');
  });

  it('uses colours where they are requested and not with NO_COLOR', async () => {
    const forced = await start(['tenants', 'put', '/no/such/file'], { FORCE_COLOR: '1' }).ended;
    const refused = await start(['tenants', 'put', '/no/such/file'], { NO_COLOR: '1' }).ended;

    expect(forced.err).toContain('\x1b[');
    expect(refused.err).not.toContain('\x1b[');
  });
});
