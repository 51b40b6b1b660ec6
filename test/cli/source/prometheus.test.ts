/** A Prometheus server by options: what names it, what authorises requests, and that no secret is an argument. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../cli/environment.ts';
import { type PrometheusOptions, prometheusChoice } from '../../../cli/source/prometheus.ts';

const WORKSPACE = 'https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1';

let folder: string;
let secretFile: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-prometheus-'));
  secretFile = join(folder, 'secret');
  await writeFile(secretFile, 'reader:hunter2\n');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const choose = (options: PrometheusOptions, variables: Record<string, string> = {}, account?: string) =>
  prometheusChoice(options, account, true, { environment: readEnvironment(variables) });

const authOf = async (options: PrometheusOptions, variables?: Record<string, string>) => {
  const choice = await choose(options, variables);
  return typeof choice.server === 'object' ? choice.server.auth : undefined;
};

describe('a Prometheus server at a prompt', () => {
  it.each([
    ['http://localhost:9090', 'http://localhost:9090/', 'localhost-9090'],
    ['localhost:9090', 'http://localhost:9090/', 'localhost-9090'],
    [
      'https://Prometheus.Example.com/prometheus/',
      'https://prometheus.example.com/prometheus',
      'prometheus-example-com',
    ],
    ['https://prometheus.example.com/api/v1/query', 'https://prometheus.example.com/', 'prometheus-example-com'],
    ['http://[::1]:9090/graph', 'http://[::1]:9090/', '1-9090'],
  ])('is found at %s, and goes by its host', async (url, href, name) => {
    expect(await choose({ url })).toMatchObject({ account: name, region: 'global', server: { url: new URL(href) } });
  });

  it('may be named by a variable, and goes by the name that is given', async () => {
    const choice = await choose({}, { PROMETHEUS_URL: 'http://localhost:9090' }, 'production');

    expect(choice).toMatchObject({ account: 'production', server: { url: new URL('http://localhost:9090') } });
  });

  it.each([
    'http://admin:hunter2@host:99999',
    'admin:hunter2@host:99999',
    'ftp://admin:hunter2@host',
    'http://admin:hun/ter2@host:x',
  ])('never repeats the password of an address that is wrong: %s', async (url) => {
    const refusal = await choose({ url }).catch((error: unknown) => String(error));

    expect(refusal).toContain('--url');
    expect(refusal).not.toMatch(/hunter2|ter2/);
  });

  it.each(['http://prometheus.example.com', 'http://93.184.215.14:9090', 'http://localhost.example.com'])(
    'is sent no secret over http: %s',
    async (url) => {
      await expect(choose({ url, auth: 'basic', secretFile })).rejects.toThrow('not sent over http');
      expect(await choose({ url })).toMatchObject({ server: { auth: { type: 'none' } } });
    },
  );

  it.each(['http://localhost:9090', 'http://127.0.0.1:9090', 'http://[::1]:9090', 'http://10.1.2.3:9090'])(
    'is sent a secret over http within this machine or a private network: %s',
    async (url) => {
      expect(await authOf({ url, auth: 'basic', secretFile })).toEqual({ type: 'basic', secret: 'reader:hunter2' });
    },
  );

  it('takes a secret from a file or a variable', async () => {
    const url = 'https://prometheus.example.com';

    expect(await authOf({ url, auth: 'basic', secretFile })).toEqual({ type: 'basic', secret: 'reader:hunter2' });
    expect(await authOf({ url, auth: 'bearer', secretFromEnv: 'TOKEN' }, { TOKEN: 'abc' })).toEqual({
      type: 'bearer',
      secret: 'abc',
    });
    expect(await authOf({ url: WORKSPACE, auth: 'sigv4' })).toEqual({ type: 'sigv4' });
  });

  it.each([
    [{}, 'needs --url URL'],
    [{ url: 'ftp://prometheus' }, 'must be the address of a server'],
    [{ url: 'https://reader:hunter2@prometheus.example.com' }, 'must not hold a user name or password'],
    [{ url: 'https://prometheus.example.com', auth: 'bearer' }, '--secret-from-env NAME or --secret-file FILE'],
    [{ url: 'https://prometheus.example.com', secretFromEnv: 'TOKEN' }, '--auth basic or --auth bearer'],
    [{ url: 'https://prometheus.example.com', auth: 'basic', secretFile: '/nowhere' }, 'it cannot be read'],
    [{ url: WORKSPACE, auth: 'sigv4', secretFromEnv: 'TOKEN' }, 'takes no secret'],
    [{ url: 'https://prometheus.example.com', auth: 'entra' }, 'entra is for no other'],
    [{ url: 'https://prometheus.example.com', orgId: 'a b' }, '--org-id a b: it must be 1 to 150'],
  ] as const)('is refused with %j, without a secret in the message', async (options, why) => {
    const error = await choose(options, { TOKEN: 'abc' }).catch(String);

    expect(error).toContain(why);
    expect(error).not.toContain('hunter2');
  });
});
