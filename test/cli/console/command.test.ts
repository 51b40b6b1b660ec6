import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../cli/main.ts';
import { aContext } from '../a-context.ts';

describe('plimsoll console on the command line', () => {
  it.each([
    [['--port', '70000'], 'Give a port from 1 to 65535.'],
    [['--speed', 'fast'], 'Give an integer'],
    [['--speed', '100000'], 'Give seconds, up to 86400.'],
    [['--stage', 'prod', '--stack', 'other'], 'cannot be used with'],
    [['--receive', 'x', '--speed', '1'], 'cannot be used with'],
    [['--token-file', 'x'], '--token-file belongs to --receive'],
  ])('refuses %s', async (args, message) => {
    const { context, err } = aContext();

    expect(await run(['console', ...args], context)).toBe(1);
    expect(err()).toContain(message);
  });

  it('names the variable that is missing where the environment names a part of a deployment', async () => {
    const { context, err } = aContext({ variables: { PLIMSOLL_TABLE: 'plimsoll-prod' } });

    expect(await run(['console'], context)).toBe(1);
    expect(err()).toContain('The environment variable PLIMSOLL_TOPIC_ARN_PREFIX is not set.');
  });
});

describe('plimsoll console --receive', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-command-'));
    await writeFile(join(folder, 'file'), '');
  });
  afterAll(() => rm(folder, { recursive: true }));
  const receive = async (path: string, port: number) => {
    const { context, err, progress } = aContext();
    const code = await run(['console', '--receive', path, '--port', String(port)], context);
    return { code, err: err(), progress: progress() };
  };

  it('states at once why a folder cannot be made', async () => {
    const below = join(folder, 'file', 'below');

    expect(await receive(below, 0)).toEqual({
      code: 1,
      err: `error: ${below} cannot be used: a part of its path is a file. Name a folder that you may write.`,
      progress: [],
    });
  });

  it.runIf(platform() === 'linux')('does not wait for a folder that the system never makes', async () => {
    expect((await receive('/proc/plimsoll/samples', 0)).err).toContain('the system lets nobody make folders');
  });

  it('makes no folder where its port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;

    const { code, err } = await receive(join(folder, 'unused'), port);

    server.close();
    expect([code, err]).toEqual([1, expect.stringContaining(`Port ${port} cannot be used`)]);
    expect(existsSync(join(folder, 'unused'))).toBe(false);
  });
});

describe('plimsoll mcp on the command line', () => {
  it.each([
    [['--demo', '--stage', 'prod'], '--demo shows a simulated fleet, and --stage a deployment: give one of them.'],
    [['--demo', '--traces', 'a/memory.csv', '--traces', 'b/memory.csv'], 'have the same name'],
  ])('refuses %s', async (args, message) => {
    const { context, err } = aContext();

    expect(await run(['mcp', ...args], context)).toBe(1);
    expect(err()).toContain(message);
  });
});
