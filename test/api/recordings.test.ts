/** Recordings over the API. */
import { describe, expect, it } from 'vitest';
import { recordingDetailView, recordingSamplesView, recordingView } from '../../api/contract/recordings.ts';
import type { RecordedSample, Recording } from '../../core/model/recording.ts';
import { dayOf } from '../../core/recordings/days.ts';
import type { RecordedReader } from '../../core/recordings/history.ts';
import { keepRecordings } from '../../core/recordings/keep-recordings.ts';
import { aTenantConfig, HOUR, MINUTE, NOON } from '../fixtures/builders.ts';
import { aProcess, aRecording } from '../fixtures/recordings.ts';
import { anApi, type TestApi } from './an-api.ts';

const CONFIGS = [aTenantConfig(), aTenantConfig({ tenant: 'globex' })];
const DEMO = '/tenants/acme/recordings/demo';
const ROOT = '/tenants/acme/recordings';

async function put({ stores }: TestApi, recording: Recording, live: readonly RecordedSample[] = []): Promise<void> {
  await stores.recordings.put(recording);
  for (const [day, kept] of Map.groupBy(live, ({ time }) => dayOf(time)))
    await stores.recorded.putLive(recording, day, 'part', [{ host: 'web-1', process: aProcess(), kept }]);
}

const problemOf = async (response: Response) => `${response.status} ${JSON.stringify(await response.json())}`;

describe('recordings', () => {
  it('are listed newest first, with the demo, and none of another tenant or that is being deleted', async () => {
    const api = await anApi(CONFIGS);
    await put(api, aRecording({ id: 'r-bbbbbbbbbbbbbbbb', startedAt: NOON - HOUR, stoppedBy: 'bob', stoppedAt: NOON }));
    await put(api, aRecording());
    await put(api, aRecording({ id: 'r-cccccccccccccccc', deletedAt: NOON }));
    await put(api, aRecording({ tenant: 'globex' }));

    expect(await api.read(ROOT)).toMatchObject({
      items: [
        { id: aRecording().id, state: 'running', demo: false, stoppedAt: null },
        { id: 'r-bbbbbbbbbbbbbbbb', state: 'ended', stoppedBy: 'bob', stoppedAt: '2026-11-20T12:00:00.000Z' },
        { id: 'demo', state: 'running', demo: true },
      ],
    });
    expect((await api.send('GET', `${ROOT}/r-cccccccccccccccc`)).status).toBe(404);
  });

  it('are stopped once, and deleted: their samples go with the next run that keeps recordings', async () => {
    const api = await anApi(CONFIGS);
    const { send, stores, advance, read } = api;
    await put(api, aRecording(), [{ time: NOON, data: 1 }]);
    const path = `${ROOT}/${aRecording().id}`;

    const first = recordingView.parse(await (await send('POST', `${path}/stop`, { token: 'operator' })).json());
    advance(MINUTE);
    const second = recordingView.parse(await (await send('POST', `${path}/stop`, { token: 'operator' })).json());
    const deleted = await send('DELETE', path, { token: 'operator' });

    expect(first).toMatchObject({ state: 'ended', stoppedBy: 'https://id.example/operator' });
    expect(second).toEqual(first);
    expect(deleted.status).toBe(204);
    expect(await read(ROOT)).toMatchObject({ items: [{ id: 'demo' }] });
    const { recordings, recorded: samples } = stores;
    await keepRecordings('acme', { recordings, samples }, NOON + 2 * HOUR);
    expect(await samples.hosts(aRecording())).toEqual([]);
    expect(await recordings.list('acme')).toEqual([]);
    expect([...stores.entries.values()].map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'stopRecording done',
      'stopRecording done',
      'deleteRecording done',
    ]);
  });

  it('are not started for an account that nobody sends for, nor stopped, started or deleted by viewers', async () => {
    const api = await anApi(CONFIGS);
    await put(api, aRecording());
    const selection = { account: 'lab', hosts: [{ id: 'web-*' }], processes: [{ name: 'java' }] };
    const body = { name: 'the release', selection };

    const refused = await api.send('POST', ROOT, { token: 'operator', body });
    const empty = await api.send('POST', ROOT, {
      token: 'operator',
      body: { ...body, selection: { ...selection, hosts: [{}] } },
    });

    expect(await problemOf(refused)).toMatch(/^422 .*has no OpenTelemetry account lab/);
    expect(await problemOf(empty)).toMatch(/^400 .*names nothing/);
    for (const [method, path] of [
      ['POST', ROOT],
      ['POST', `${ROOT}/${aRecording().id}/stop`],
      ['DELETE', `${ROOT}/${aRecording().id}`],
    ] as const)
      expect((await api.send(method, path, { body })).status).toBe(403);
    expect(await api.stores.recordings.list('acme')).toEqual([aRecording()]);
  });

  it('of an id that is none, of another tenant, and hosts that are not in it are not found', async () => {
    const api = await anApi(CONFIGS);
    await put(api, aRecording({ tenant: 'globex' }));

    for (const path of ['/r-x', '/..%2Fx', `/${aRecording().id}`, '/demo?host=web-9', '/demo/samples?host=web-9'])
      expect([path, (await api.send('GET', `${ROOT}${path}`)).status]).toEqual([path, 404]);
  });

  it('have the live and the archived days of hosts, and a verdict on each process', async () => {
    const api = await anApi(CONFIGS);
    const live = Array.from({ length: 12 * 60 }, (_, at) => ({
      time: NOON - 12 * HOUR + at * MINUTE,
      data: 100e6 + at * 1e5,
      stack: 1e5,
    }));
    await put(api, aRecording({}, { from: NOON - 12 * HOUR }), live);

    const { hosts } = recordingDetailView.parse(await api.read(`${ROOT}/${aRecording().id}`));

    expect(hosts).toMatchObject([{ host: 'web-1', liveDays: ['2026-11-20'], archivedDays: [] }]);
    const [summary] = hosts[0]?.processes ?? [];
    expect(summary).toMatchObject({
      process: { name: 'java', pid: 100 },
      newest: { time: '2026-11-20T11:59:00.000Z', data: 171_900_000, used: 172_000_000, resident: null },
      evaluated: 'used',
      reason: null,
      missing: expect.stringContaining('limit of the process is not known'),
    });
    expect(summary?.growth).toBeCloseTo(6e6, -5);
  });

  it('state why a process has no verdict', async () => {
    const api = await anApi(CONFIGS);
    await put(api, aRecording(), [{ time: NOON, resident: 5 }]);
    await put(api, aRecording({ id: 'r-bbbbbbbbbbbbbbbb' }), [{ time: NOON, data: 5 }]);

    const reasonOf = async (id: string) =>
      recordingDetailView.parse(await api.read(`${ROOT}/${id}`)).hosts[0]?.processes?.[0]?.reason;

    expect(await reasonOf(aRecording().id)).toBe('There are too few hours of samples: a verdict needs nine.');
    expect(await reasonOf('r-bbbbbbbbbbbbbbbb')).toContain('neither data and stack nor the resident memory');
  });

  it('give the samples of a host: live ones as columns, and archived bands', async () => {
    const { read } = await anApi(CONFIGS);
    const samples = async (query: string) =>
      recordingSamplesView.parse(await read(`${DEMO}/samples?host=shop-web-1&process=cart-service${query}`));

    const { processes } = await samples('');
    const [live] = (await samples('&from=2026-11-20T10:00:00Z&to=2026-11-20T11:00:00Z')).processes;

    expect(processes[0]?.archived).toHaveLength(108);
    expect(processes[0]?.archived[0]?.used?.min).toBeGreaterThan(300e6);
    expect(live?.live.times).toHaveLength(12);
    expect(live?.live.used[0]).toBe((live?.live.data[0] ?? 0) + (live?.live.stack[0] ?? 0));
    expect(live?.archived).toEqual([]);
  });

  it('refuse more samples than an answer has', async () => {
    const kept = Array.from({ length: 40_001 }, (_, at) => ({ time: NOON + at, data: 1 }));
    const recorded: RecordedReader = {
      hosts: async () => [{ host: 'web-1', liveDays: [{ day: '2026-11-20', parts: 1 }], archivedDays: [] }],
      archive: async () => undefined,
      async *live() {
        yield { name: 'part', live: [{ host: 'web-1', process: aProcess(), kept }] };
      },
    };
    const api = await anApi(CONFIGS, { ports: { recorded } });
    await api.stores.recordings.put(aRecording());

    const response = await api.send('GET', `${ROOT}/${aRecording().id}/samples?host=web-1`);

    expect(await problemOf(response)).toMatch(/^422 .*Name a process, or a shorter time/);
  });

  it('of the demo are neither stopped nor deleted', async () => {
    const { send } = await anApi(CONFIGS);

    expect(await problemOf(await send('POST', `${DEMO}/stop`, { token: 'operator' }))).toMatch(/^422 .*always there/);
    expect((await send('DELETE', DEMO, { token: 'operator' })).status).toBe(422);
  });

  it('are exported as a trace file that the detector reads', async () => {
    const { send } = await anApi(CONFIGS);

    const response = await send('GET', `${DEMO}/export`);
    const lines = (await response.text()).trimEnd().split('\n');

    expect(response.headers.get('content-type')).toContain('application/x-ndjson');
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: '2026-11-14T12:00:00.000Z',
      host: 'shop-db-1 backup-agent 3302',
      bytes: expect.any(Number),
    });
    expect(new Set(lines.map((line) => JSON.parse(line).host)).size).toBe(4);
  });
});
