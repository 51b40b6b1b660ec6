/** `plimsoll recordings --folder` over a console on this machine. */
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serveConsole } from '../../../cli/console/serve.ts';
import { createLocalApi } from '../../../cli/local-api/app.ts';
import { announceConsole, apiTokenFile } from '../../../cli/local-console.ts';
import { run } from '../../../cli/main.ts';
import { anApi } from '../../api/an-api.ts';
import { aTenantConfig } from '../../fixtures/builders.ts';
import { aContext } from '../a-context.ts';

const TOKEN = 't'.repeat(32);
let folder: string;
let served: Served;
let address: AsyncDisposable;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-local-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Plimsoll</title>');
  await writeFile(apiTokenFile(folder), `${TOKEN}\n`);
  const accounts = [{ provider: 'otlp' as const, account: 'local', regions: ['global'] }];
  const { ports } = await anApi([aTenantConfig({ tenant: 'local', accounts })]);
  const api = createLocalApi(ports, { name: 'you' });
  served = await serveConsole({ api, folder, port: 0, key: 'k'.repeat(32), token: TOKEN });
  address = await announceConsole(folder, served.origin);
});

afterAll(async () => {
  await address[Symbol.asyncDispose]();
  await served[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function plimsoll(...args: string[]) {
  const { context, out, err } = aContext();
  const code = await run(args, context);
  return { code, out: out(), err: err() };
}

describe('plimsoll recordings on this machine', () => {
  it('starts, lists, shows, stops, exports and deletes a recording of the console', async () => {
    const own = ['--folder', folder];
    const started = await plimsoll('recordings', 'start', 'trial', ...own, '--host', 'name=*', '--process', 'node');
    const id = /recording (r-\w+)/.exec(started.out)?.[1] ?? '';

    const listed = await plimsoll('recordings', 'list', ...own);
    const shown = await plimsoll('recordings', 'show', id, ...own);
    const demo = await plimsoll('recordings', 'show', 'demo', ...own);
    const stopped = await plimsoll('recordings', 'stop', id, ...own);
    const exported = await plimsoll('recordings', 'export', 'demo', ...own);
    const deleted = await plimsoll('recordings', 'delete', id, ...own);

    expect([started, listed, shown, demo, stopped, exported, deleted].map(({ code }) => code)).toEqual([
      ...[0, 0, 0, 3, 0, 0, 0],
    ]);
    expect(started.out).toContain('node of account local');
    expect(started.err).toContain(`recordings show ${id} --folder ${folder}`);
    expect(listed.out).toMatch(new RegExp(`${id} +trial +running`));
    expect(shown.err).toContain('nothing is recorded yet');
    expect(stopped.out).toContain('ended');
    expect(exported.out).toContain('"host":"shop-db-1 backup-agent 3302"');
    expect(deleted.out).toContain('deleted');
  });

  it('states what the console refuses', async () => {
    const refused = await plimsoll('recordings', 'delete', 'demo', '--folder', folder);

    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('always there') });
  });

  it.each([[['--tenant', 'acme']], [['--stage', 'prod']], [['--stack', 'other']]])(
    'takes a folder or a deployment: %s',
    async (other) => {
      const { code, err } = await plimsoll('recordings', 'list', '--folder', folder, ...other);

      expect(code).toBe(1);
      expect(err).toContain('cannot be used with');
    },
  );
});

describe('a folder without a console', () => {
  let own: string;
  const list = () => plimsoll('recordings', 'list', '--folder', own);

  beforeAll(async () => {
    own = await mkdtemp(join(tmpdir(), 'plimsoll-none-'));
  });
  afterEach(() => Promise.all(['address', 'api-token'].map((name) => rm(join(own, name), { force: true }))));
  afterAll(() => rm(own, { recursive: true }));

  it('is named, with the command that starts one', async () => {
    const expected = { code: 1, err: expect.stringContaining(`No console runs on ${own}.`) };

    expect(await list()).toMatchObject(expected);
    expect((await list()).err).toContain(`console --receive ${own}`);
  });

  it('is one whose console was killed, too', async () => {
    await writeFile(apiTokenFile(own), TOKEN);
    // Nothing listens at port 2.
    await announceConsole(own, 'http://127.0.0.1:2');

    expect((await list()).err).toContain(`No console runs on ${own}.`);
  });

  it.each(['https://127.0.0.1:4319', 'http://attacker.example', 'http://127.0.0.1.attacker.example', 'nonsense'])(
    'gets no token sent elsewhere: %s',
    async (elsewhere) => {
      await writeFile(apiTokenFile(own), TOKEN);
      await announceConsole(own, elsewhere);

      expect((await list()).err).toContain('does not hold an address of this machine');
    },
  );

  it('has an address that its user alone may read, while the console runs', async () => {
    await writeFile(join(own, 'address'), 'left by another one', { mode: 0o644 });
    const announced = await announceConsole(own, 'http://127.0.0.1:4319');

    expect((await stat(join(own, 'address'))).mode & 0o777).toBe(0o600);

    await announced[Symbol.asyncDispose]();
    await expect(stat(join(own, 'address'))).rejects.toThrow('ENOENT');
  });
});

describe('plimsoll recordings without a deployment or a folder', () => {
  it.each([[[]], [['--tenant', 'acme']]])('names both ways: %s', async (args) => {
    const { code, err } = await plimsoll('recordings', 'list', ...args);

    expect(code).toBe(1);
    expect(err).toContain('--folder FOLDER');
    expect(err).toContain('plimsoll console --receive FOLDER');
    expect(err).toContain('--tenant ID --stage NAME');
  });

  it('names the account that is missing', async () => {
    const start = ['start', 'x', '--host', 'id=a', '--process', 'b', '--tenant', 'acme', '--stage', 'prod'];
    const { code, err } = await plimsoll('recordings', ...start);

    expect(code).toBe(1);
    expect(err).toContain('--account NAME');
  });
});
