/** `plimsoll console --receive` as a process: what it has acknowledged is there after it was killed in the middle of everything. */
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordingSamplesView, recordingView } from '../../../api/contract/recordings.ts';
import { start } from '../../fixtures/command-process.ts';

const KILLS = 3;
/** Acknowledged requests before a kill, and those that are under way then. */
const REQUESTS = 20;
const AT_ONCE = 4;
const SECOND = 1000;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-killed-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Receiver {
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly kill: () => Promise<void>;
}

/** Started with the folder, and ready. */
async function receiver(): Promise<Receiver> {
  const { child, ended } = start(['console', '--receive', folder, '--port', '0']);
  let out = '';
  for await (const chunk of child.stdout ?? []) {
    out += chunk;
    if (/Bearer plt_\S+\n/.test(out)) break;
  }
  const [, origin, token] = /Hosts send to (\S+)\/v1\/metrics[\s\S]*Bearer (\S+)/.exec(out) ?? [];
  if (origin === undefined || token === undefined) throw new Error(`It did not start: ${out}${(await ended).err}`);
  const kill = async () => {
    const closed = once(child, 'exit');
    child.kill('SIGKILL');
    await closed;
  };
  return { origin, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, kill };
}

function metricsAt(time: number): string {
  const attributes = [
    { key: 'host.id', value: { stringValue: 'web-1' } },
    { key: 'process.executable.name', value: { stringValue: 'node' } },
    { key: 'process.pid', value: { intValue: '42' } },
  ];
  const dataPoints = [{ asInt: String(time % 1_000_000), timeUnixNano: `${time}000000` }];
  const metrics = [{ name: 'process.memory.usage', unit: 'By', sum: { dataPoints } }];
  return JSON.stringify({ resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ metrics }] }] });
}

async function apiOf({ origin }: Receiver, method: string, path: string, body?: object): Promise<unknown> {
  const token = (await readFile(join(folder, 'api-token'), 'utf8')).trim();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${origin}/api/v1/tenants/local${path}`, { method, headers, ...sent });
  return response.json();
}

it('keeps each sample that it has acknowledged, however often it is killed', { timeout: 170_000 }, async () => {
  const begun = Math.floor(Date.now() / SECOND) * SECOND - 3_600_000;
  const acknowledged = new Set<number>();
  let next = begun;
  let running = await receiver();
  const selection = { account: 'local', hosts: [{ id: '*' }], processes: [{ name: 'node' }] };
  const from = new Date(begun - SECOND).toISOString();
  const { id } = recordingView.parse(
    await apiOf(running, 'POST', '/recordings', { name: 'Killed', selection: { ...selection, from } }),
  );
  const send = async ({ origin, headers }: Receiver) => {
    const time = next;
    next += SECOND;
    // A sender without an answer sends again; here its sample does not count.
    const response = await fetch(`${origin}/v1/metrics`, { method: 'POST', headers, body: metricsAt(time) }).catch(
      () => undefined,
    );
    if (response?.status === 200) acknowledged.add(time);
  };

  for (let kills = 0; kills < KILLS; kills++) {
    for (let sent = 0; sent < REQUESTS; sent += AT_ONCE)
      await Promise.all(Array.from({ length: AT_ONCE }, () => send(running)));
    const underWay = Array.from({ length: AT_ONCE }, () => send(running));
    await running.kill();
    await Promise.all(underWay);
    running = await receiver();
  }
  const samples = recordingSamplesView.parse(await apiOf(running, 'GET', `/recordings/${id}/samples?host=web-1`));
  await running.kill();

  const kept = new Set(samples.processes.flatMap(({ live }) => live.times.map((time) => Date.parse(time))));
  expect(acknowledged.size).toBeGreaterThanOrEqual(KILLS * REQUESTS);
  expect([...acknowledged].filter((time) => !kept.has(time))).toEqual([]);
});
