/** Samples received on this machine: sent, recorded, looked at, kept over a restart and deleted, without a cloud. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { recordingDetailView, recordingSamplesView, recordingView } from '../../../api/contract/recordings.ts';
import { localToken, secretIn } from '../../../cli/simulation/local-token.ts';
import { openReceiving, type Receiving } from '../../../cli/simulation/receiving.ts';
import { hostSelectionsSchema } from '../../../core/model/recording.ts';
import { createMemoryIngestTokenStore } from '../../memory/ingest-token-store.ts';
import { aContext } from '../a-context.ts';

const hostsSchema = z.object({ items: z.array(z.object({ id: z.string() })) });
const MINUTE = 60_000;
const MIB = 1024 * 1024;

let folder: string;
let receiving: Receiving;
let token: string;
const { context, err } = aContext();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-receive-'));
  receiving = await openReceiving(folder, context);
  token = await localToken(join(folder, 'token'), receiving.ingestTokens, Date.now());
});

afterAll(async () => {
  await receiving[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** As a collector or `plimsoll record` sends it: the memory of a host and of one of its processes. */
function metricsOf(host: string, times: readonly number[]): string {
  const point = (value: number, time: number, attributes: object[] = []) => ({
    asInt: String(value),
    timeUnixNano: `${time}000000`,
    attributes,
  });
  const metric = (name: string, level: number) => ({
    name,
    unit: 'By',
    sum: { aggregationTemporality: 2, dataPoints: times.map((time, at) => point(level + at * MIB, time)) },
  });
  const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
  const of = [text('host.id', host), text('host.name', host)];
  const process = [text('process.executable.name', 'node'), { key: 'process.pid', value: { intValue: '42' } }];
  const names = ['process.memory.usage', 'plimsoll.process.memory.data', 'plimsoll.process.memory.stack'];
  const used = [text('system.memory.state', 'used')];
  const memory = {
    name: 'system.memory.usage',
    unit: 'By',
    sum: { dataPoints: times.map((time) => point(8 * MIB, time, used)) },
  };
  return JSON.stringify({
    resourceMetrics: [
      { resource: { attributes: of }, scopeMetrics: [{ metrics: [memory] }] },
      {
        resource: { attributes: [...of, ...process] },
        scopeMetrics: [{ metrics: names.map((name) => metric(name, 100 * MIB)) }],
      },
    ],
  });
}

async function send(
  path: string,
  { authorization = `Bearer ${token}`, ...init }: RequestInit & { authorization?: string } = {},
) {
  const headers = { authorization, 'content-type': 'application/json' };
  const answer = await receiving.senders(new Request(`http://127.0.0.1:4319${path}`, { headers, ...init }));
  if (answer === undefined) throw new Error(`${path} is no path of senders`);
  return answer;
}

async function call(method: string, path: string, body?: object): Promise<Response> {
  return receiving.api.request(`http://127.0.0.1:4319/api/v1/tenants/local${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

async function start(name: string): Promise<string> {
  const selection = { account: 'local', hosts: [{ name: 'web-*' }], processes: [{ name: 'node' }] };
  const answer = await call('POST', '/recordings', {
    name,
    selection: { ...selection, from: new Date(Date.now() - 60 * MINUTE).toISOString() },
  });
  return recordingView.parse(await answer.json()).id;
}

describe('receiving on this machine', () => {
  it('records what is sent, and has it after a restart', async () => {
    const id = await start('Nightly');
    const now = Date.now();
    const times = [30, 20, 10].map((minutes) => now - minutes * MINUTE);

    const sent = await send('/v1/metrics', { method: 'POST', body: metricsOf('web-1', times) });
    await receiving[Symbol.asyncDispose]();
    receiving = await openReceiving(folder, context);

    expect(sent.status).toBe(200);
    const detail = recordingDetailView.parse(await (await call('GET', `/recordings/${id}`)).json());
    expect(detail).toMatchObject({
      name: 'Nightly',
      hosts: [{ host: 'web-1', processes: [{ process: { name: 'node', pid: 42 } }] }],
    });
    const samples = recordingSamplesView.parse(
      await (await call('GET', `/recordings/${id}/samples?host=web-1`)).json(),
    );
    expect(samples.processes[0]?.live.used).toEqual([200, 202, 204].map((level) => level * MIB));
  });

  it('states what recordings select of a host, which a sender has once', async () => {
    const id = await start('Selected');

    const first = await send('/v1/selections?host=web-7&host.name=web-7');
    const etag = first.headers.get('etag') ?? '';
    const again = await receiving.senders(
      new Request('http://127.0.0.1:4319/v1/selections?host=web-7&host.name=web-7', {
        headers: { authorization: `Bearer ${token}`, 'if-none-match': etag },
      }),
    );

    const { selections } = hostSelectionsSchema.parse(await first.json());
    expect(selections.map(({ recording }) => recording)).toContain(id);
    expect(again?.status).toBe(304);
  });

  it('refuses whoever has no token, and notes it once', async () => {
    const refused = [];
    for (const _ of [1, 2])
      refused.push(await send('/v1/metrics', { method: 'POST', body: '{}', authorization: 'Bearer plt_local_x' }));

    expect(refused.map(({ status }) => status)).toEqual([401, 401]);
    expect(err().match(/refused at \/v1\/metrics with 401/g)).toHaveLength(1);
  });

  it('refuses a body that is larger than what a sender may send, without reading all of it', async () => {
    const chunk = new Uint8Array(1024 * 1024);
    let chunks = 0;
    const endless = new ReadableStream({
      pull(controller) {
        chunks++;
        controller.enqueue(chunk);
      },
    });

    const answer = await send('/v1/metrics', { method: 'POST', body: endless, duplex: 'half' } as RequestInit);

    expect(answer.status).toBe(413);
    expect(chunks).toBeLessThan(10);
  });

  it('lists hosts that send, after the hourly inspection', async () => {
    const now = Date.now();
    const times = Array.from({ length: 6 }, (_, hour) => now - (6 - hour) * 60 * MINUTE);
    await send('/v1/metrics', { method: 'POST', body: metricsOf('web-2', times) });

    await receiving.hourly(now);

    const answer = await call('GET', '/hosts?verdict=leaking,steady,insufficient_data,not_monitored');
    const { items } = hostsSchema.parse(await answer.json());
    expect(items.map(({ id }) => id)).toContain('web-2');
    expect(err()).not.toMatch(/error:/);
  });

  it('deletes a recording and its samples', async () => {
    const id = await start('Deleted');
    await send('/v1/metrics', { method: 'POST', body: metricsOf('web-3', [Date.now() - MINUTE]) });

    const deleted = await call('DELETE', `/recordings/${id}`);
    await receiving.hourly(Date.now());

    expect(deleted.status).toBe(204);
    expect((await call('GET', `/recordings/${id}`)).status).toBe(404);
  });

  it('has the demo, and is no address of anything else', async () => {
    const demo = recordingDetailView.parse(await (await call('GET', '/recordings/demo')).json());

    expect(demo.demo).toBe(true);
    expect(receiving.senders(new Request('http://127.0.0.1:4319/v1/traces', { method: 'POST' }))).toBeUndefined();
  });

  it('has its folder alone', async () => {
    await expect(openReceiving(folder, context)).rejects.toThrow(/is used by another process/);
  });
});

describe('the token of this machine', () => {
  it('stays the same, in a file that its user alone may read', async () => {
    const file = join(folder, 'another-token');
    const tokens = createMemoryIngestTokenStore();

    const made = await localToken(file, tokens, 0);
    const known = await localToken(file, createMemoryIngestTokenStore(), 0);

    expect(made).toMatch(/^plt_local_/);
    expect(known).toBe(made);
    expect((await readFile(file, 'utf8')).trim()).toBe(made);
    expect((await stat(file)).mode & 0o077).toBe(0);
  });

  it('is another one after it was revoked', async () => {
    const file = join(folder, 'revoked-token');
    const tokens = createMemoryIngestTokenStore();
    const made = await localToken(file, tokens, 0);
    const [stored] = await tokens.list('local');
    if (stored !== undefined) await tokens.put({ ...stored, revokedAt: 1 });

    expect(await localToken(file, tokens, 2)).not.toBe(made);
  });

  it('is not taken from a file that holds something else', async () => {
    const file = join(folder, 'no-token');
    await writeFile(file, 'plt_acme_aaaaaaaaaa_x');

    await expect(localToken(file, createMemoryIngestTokenStore(), 0)).rejects.toThrow(/holds no ingest token/);
  });

  it('of the API is made once', async () => {
    const file = join(folder, 'secret');

    expect([await secretIn(file, () => 'first'), await secretIn(file, () => 'second')]).toEqual(['first', 'first']);
  });
});
