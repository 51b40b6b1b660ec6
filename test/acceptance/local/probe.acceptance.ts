/** The probe as hosts have it: one file, alone in a folder, in processes that are killed. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { buildProbe } from '../../../packaging/probe.ts';
import { sweepsOf } from '../../../probe/sweep.ts';

const WAIT = { timeout: 60_000, interval: 50 };

const requestSchema = z.object({
  resourceMetrics: z.array(
    z.object({
      resource: z.object({
        attributes: z.array(z.object({ key: z.string(), value: z.record(z.string(), z.string()) })),
      }),
      scopeMetrics: z.array(
        z.object({
          metrics: z.array(
            z.object({
              name: z.string(),
              sum: z.object({ dataPoints: z.array(z.object({ timeUnixNano: z.string() })) }).optional(),
            }),
          ),
        }),
      ),
    }),
  ),
});

let folder: string;
let probe: string;
let receiver: Server;
let url: string;
/** What the receiver answers, and what it has taken. */
const state = {
  status: 200,
  selections: '{"version":1,"selections":[]}',
  requests: 0,
  authorizations: new Set<string>(),
  times: new Set<number>(),
  names: new Set<string>(),
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-probe-'));
  probe = join(folder, 'plimsoll-record.mjs');
  await buildProbe(probe);
  receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    state.requests += 1;
    state.authorizations.add(request.headers.authorization ?? '');
    response.statusCode = state.status;
    if (request.method === 'GET') return response.end(state.selections);
    if (state.status === 200) take(JSON.parse(gunzipSync(Buffer.concat(chunks)).toString()));
    return response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const address = receiver.address();
  url = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
});
afterAll(async () => {
  receiver.close();
  await rm(folder, { recursive: true });
});

const children: ChildProcess[] = [];
beforeEach(() => {
  Object.assign(state, { status: 200, requests: 0, times: new Set(), names: new Set(), authorizations: new Set() });
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** The host's points state when a sweep was. */
function take(body: unknown): void {
  for (const { resource, scopeMetrics } of requestSchema.parse(body).resourceMetrics) {
    const name = resource.attributes.find(({ key }) => key === 'process.executable.name')?.value['stringValue'];
    if (name !== undefined) state.names.add(name);
    const usage = scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .find((metric) => metric.name === 'system.memory.usage');
    for (const point of usage?.sum?.dataPoints ?? []) state.times.add(Number(point.timeUnixNano.slice(0, -6)));
  }
}

function start(args: readonly string[], node = process.execPath) {
  const env = { PATH: process.env['PATH'], PLIMSOLL_INGEST_TOKEN: 'plt_acme_abc_secret' };
  const child = spawn(node, [probe, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const printed = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    printed.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    printed.err += chunk;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...printed }));
  return { child, printed, ended };
}

/** Node 20 where this machine has it, and the one that runs this. */
const NODES = [process.execPath, ...['/usr/bin/node', '/usr/local/bin/node'].filter((path) => existsSync(path))];

describe('the one file', () => {
  it.each(NODES)('runs under %s in a folder that has nothing else', async (node) => {
    const { stdout } = await promisify(execFile)(node, [probe, '--dry-run', '--self', '--host-id', 'h-1'], {
      cwd: folder,
    });

    expect(readdirSync(folder)).toContain('plimsoll-record.mjs');
    expect(readdirSync(folder)).not.toContain('node_modules');
    expect(requestSchema.parse(JSON.parse(stdout)).resourceMetrics).toHaveLength(2);
    expect(readFileSync(probe, 'utf8').match(/from "(?!node:)[^"]+"/g)).toBeNull();
  });

  it('samples once and sends it, with the token of the environment', async () => {
    const { code, err } = await start(['--once', '--url', url, '--folder', join(folder, 'once')]).ended;

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(state.times.size).toBe(1);
    expect([...state.authorizations]).toEqual(['Bearer plt_acme_abc_secret']);
  });

  it('prints a unit that systemd takes', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      probe,
      '--unit',
      '--url',
      'https://a.example',
      '--self',
    ]);
    expect(stdout).toContain('DynamicUser=yes');
    if (!existsSync('/usr/bin/systemd-analyze')) return;
    const unit = join(folder, 'plimsoll-record.service');
    writeFileSync(unit, stdout);
    const { stderr } = await promisify(execFile)('systemd-analyze', ['verify', unit]);
    expect(stderr).not.toContain('plimsoll-record.service');
  });
});

describe('a probe that is killed while the receiver is down', () => {
  it('loses no sweep that it has written', async () => {
    const waiting = join(folder, 'killed');
    const args = ['--url', url, '--folder', waiting, '--every', '1s', '--send-every', '1s', '--self'];
    const written = new Set<number>();
    state.status = 503;
    for (let run = 0; run < 4; run++) {
      const before = written.size;
      const { child, ended } = start(args);
      await vi.waitFor(() => expect(writtenIn(waiting).length).toBeGreaterThan(before + 1), WAIT);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 500));
      child.kill('SIGKILL');
      await ended;
      for (const time of writtenIn(waiting)) written.add(time);
    }
    expect(state.times.size).toBe(0);

    state.status = 200;
    const { child, ended } = start(args);
    await vi.waitFor(() => expect([...written].filter((time) => !state.times.has(time))).toEqual([]), WAIT);
    child.kill('SIGTERM');

    expect(await ended).toMatchObject({ code: 0, signal: null });
    expect(written.size).toBeGreaterThanOrEqual(8);
    expect(readdirSync(waiting)).toEqual([]);
  });

  function writtenIn(waiting: string): number[] {
    const names = existsSync(waiting) ? readdirSync(waiting).filter((name) => name.endsWith('.sweeps')) : [];
    return names.flatMap((name) => sweepsOf(readFileSync(join(waiting, name), 'utf8')).sweeps.map(({ time }) => time));
  }
});

describe('a command', () => {
  const around = (...command: string[]) =>
    start(['--url', url, '--folder', join(folder, 'command'), '--every', '1s', '--', ...command]);

  it('is sampled with what it starts, keeps its output and its exit code, and does not see the token', async () => {
    const { code, out } = await around('sh', '-c', 'echo "token=$PLIMSOLL_INGEST_TOKEN"; sleep 3 & wait; exit 7').ended;

    expect({ code, out }).toEqual({ code: 7, out: 'token=\n' });
    expect([...state.names]).toContain('sleep');
  });

  it('gets the signals that are sent to the probe', async () => {
    const { child, printed, ended } = around(
      'sh',
      '-c',
      'trap "echo caught; exit 5" TERM; echo ready; while :; do sleep 0.1; done',
    );
    await vi.waitFor(() => expect(printed.out).toBe('ready\n'), WAIT);
    child.kill('SIGTERM');

    expect(await ended).toMatchObject({ code: 5, out: 'ready\ncaught\n' });
  });

  it('ends with what shells end with where it is killed, and where it is not there', async () => {
    expect(await around('sh', '-c', 'kill -9 $$').ended).toMatchObject({ code: 137 });
    expect(await around('/no/such/program').ended).toMatchObject({
      code: 127,
      err: expect.stringContaining('there is no such program'),
    });
  });
});

describe('a recording', () => {
  it('records what the host allows, and nothing else', async () => {
    const selection = { recording: 'r-1', processes: [{ name: '*' }], from: 0, to: Date.now() + 3_600_000, everyS: 5 };
    state.selections = JSON.stringify({ version: 1, selections: [selection] });
    const { child, printed, ended } = start([
      '--url',
      url,
      '--folder',
      join(folder, 'recording'),
      '--every',
      '1s',
      '--send-every',
      '1s',
      '--allow',
      'node*',
    ]);
    await vi.waitFor(() => expect(state.names.size).toBeGreaterThan(0), WAIT);
    await vi.waitFor(() => expect(printed.err).toContain('which no --allow admits'), WAIT);
    child.kill('SIGTERM');
    await ended;

    expect([...state.names].filter((name) => !name.startsWith('node'))).toEqual([]);
  });
});
