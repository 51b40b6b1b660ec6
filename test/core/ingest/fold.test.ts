/** What is kept of metrics: hosts, series, and why the rest is not. */
import { describe, expect, it } from 'vitest';
import { decodeMetrics } from '../../../adapters/otlp/decode.ts';
import { foldMetrics, READ_METRICS } from '../../../core/ingest/fold.ts';
import { LIMITS } from '../../../core/ingest/limits.ts';
import type { SenderSettings } from '../../../core/ingest/sender.ts';
import { sampleBatchSchema } from '../../../core/model/sample.ts';
import type { SentMetric, SentPoint, SentResource } from '../../../core/model/sent-metrics.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';
import { onHost, RECORDED_AT, recordedRequests, text } from '../../fixtures/otlp/payloads.ts';

const NOTHING_FURTHER: SenderSettings = { keepAttributes: [], commandPatterns: [] };
const MiB = 1024 ** 2;

const aPoint = (value: number, fields: Partial<SentPoint> = {}): SentPoint => ({
  time: NOON,
  value,
  attributes: new Map(),
  ...fields,
});
const inState = (state: string, value: number, time = NOON) =>
  aPoint(value, { time, attributes: new Map([['system.memory.state', state]]) });
const aMetric = (name: string, points: readonly SentPoint[], kind: SentMetric['kind'] = 'value') => ({
  name,
  kind,
  points,
});
const aResource = (metrics: readonly SentMetric[], attributes: Record<string, string> = {}): SentResource => ({
  attributes: new Map(Object.entries({ 'host.id': 'h-1', ...attributes })),
  metrics,
});
const aProcess = (metrics: readonly SentMetric[], attributes: Record<string, string> = {}) =>
  aResource(metrics, { 'process.pid': '7', 'process.executable.name': 'node', ...attributes });

const fold = (resources: readonly SentResource[], settings = NOTHING_FURTHER) =>
  foldMetrics({ resources, otherMetrics: 0 }, settings, NOON);
const rejectedOf = (resources: readonly SentResource[]) => fold(resources).rejectedPoints;

describe('the metrics of a recorded collector', () => {
  const recorded = (settings = NOTHING_FURTHER) => {
    const named = recordedRequests().map((request) =>
      onHost(request, [text('host.id', 'h-1'), text('host.name', 'web-1')]),
    );
    const resources = named.flatMap(
      (request) => decodeMetrics(Buffer.from(JSON.stringify(request)), 'json', READ_METRICS).resources,
    );
    return foldMetrics({ resources, otherMetrics: 0 }, settings, RECORDED_AT);
  };

  it('become the memory of one host, and of each of its processes', () => {
    const { hosts, series, rejectedPoints, acceptedPoints } = recorded();

    expect(hosts).toEqual([{ id: 'h-1', name: 'web-1' }]);
    expect(series.map(({ metric, process, times }) => [metric, process?.pid, times.length])).toEqual([
      ['system.memory.usage', undefined, 5],
      ['process.memory.usage', 21133, 5],
      ['process.memory.usage', 21134, 5],
      ['process.memory.usage', 21135, 5],
    ]);
    expect([acceptedPoints, rejectedPoints]).toEqual([5 * 16, {}]);
  });

  it('state the host’s memory by the share that each state is of it', () => {
    const [host] = recorded().series;

    expect(host?.limit).toBe(25_276_510_208);
    expect(host?.values[0]).toBe(25_276_510_208 - 24_631_513_088);
  });

  it('name a process by its executable and its start, and hold nothing of its command line', () => {
    const folded = recorded();

    expect(folded.series[2]?.process).toEqual({
      ...{ name: 'node', pid: 21134, parentPid: 21123, startedAt: 1_795_904_326_410 },
    });
    expect(JSON.stringify(folded)).not.toMatch(/leak\.js|sink|root|\/usr/);
  });

  it('keep of a command line what a pattern of the config matches', () => {
    const { series } = recorded({ keepAttributes: [], commandPatterns: [/\/srv\/app\/\w+\.js/] });

    expect(series.map(({ process }) => process?.command)).toEqual([
      undefined,
      undefined,
      '/srv/app/leak.js',
      '/srv/app/steady.js',
    ]);
  });

  it('are a batch as it is queued', () => {
    const { hosts, series } = recorded();
    const batch = { version: 1, tenant: 'acme', account: 'fleet', receivedAt: RECORDED_AT, hosts, series };

    expect(sampleBatchSchema.parse(batch)).toEqual(batch);
  });
});

describe('the memory of a host', () => {
  it('is what is not available, where the limit and what is available are stated', () => {
    const metrics = [
      aMetric('system.memory.usage', [inState('used', 3 * MiB), inState('free', MiB)]),
      aMetric('system.memory.limit', [aPoint(16 * MiB)]),
      aMetric('system.linux.memory.available', [aPoint(10 * MiB)]),
    ];

    expect(fold([aResource(metrics)]).series).toEqual([
      { host: 'h-1', metric: 'system.memory.usage', limit: 16 * MiB, times: [NOON], values: [6 * MiB] },
    ]);
  });

  it('is the state used where nothing is stated about what is available', () => {
    const states = [inState('used', 3 * MiB), inState('free', 5 * MiB), inState('slab_reclaimable', MiB)];

    expect(fold([aResource([aMetric('system.memory.usage', states)])]).series).toEqual([
      { host: 'h-1', metric: 'system.memory.usage', limit: 8 * MiB, times: [NOON], values: [3 * MiB] },
    ]);
  });

  it('has no limit where only what is used is stated', () => {
    const [series] = fold([aResource([aMetric('system.memory.usage', [inState('used', MiB)])])]).series;

    expect(series).not.toHaveProperty('limit');
  });

  it.each([
    [1e9, 5e-324],
    [0.3, 1],
  ])('has no limit where %d bytes would be a share of %d', (bytes, share) => {
    const metrics = [
      aMetric('system.memory.usage', [inState('used', bytes)]),
      aMetric('system.memory.utilization', [inState('used', share)]),
      aMetric('system.linux.memory.available', [aPoint(5)]),
    ];

    expect(fold([aResource(metrics)]).series).toEqual([
      { host: 'h-1', metric: 'system.memory.usage', times: [NOON], values: [bytes] },
    ]);
  });

  it('is a fraction where there are no bytes', () => {
    const points = [inState('used', 0.25), inState('free', 0.75)];

    expect(fold([aResource([aMetric('system.memory.utilization', points)])]).series).toEqual([
      { host: 'h-1', metric: 'system.memory.utilization', times: [NOON], values: [0.25] },
    ]);
  });

  it('has beside it what is paged out, of all devices', () => {
    const onDevice = (device: string, state: string, value: number) =>
      aPoint(value, { attributes: new Map(Object.entries({ state, device })) });
    const points = [onDevice('sda2', 'used', MiB), onDevice('sda2', 'free', 9 * MiB), onDevice('sdb2', 'used', MiB)];

    expect(fold([aResource([aMetric('system.paging.usage', points)])]).series).toEqual([
      { host: 'h-1', metric: 'system.paging.usage', times: [NOON], values: [2 * MiB] },
    ]);
  });

  it('counts major page faults, by each name of their type, and no others', () => {
    const of = (value: number, attributes: Record<string, string>, time = NOON) =>
      aPoint(value, { time, attributes: new Map(Object.entries(attributes)) });
    const points = [
      of(7, { type: 'major' }),
      of(9000, { type: 'minor' }),
      of(9, {}),
      of(8, { 'system.paging.type': 'major' }, NOON + 1),
      of(9, { 'system.paging.fault.type': 'major' }, NOON + 2),
      of(-1, { type: 'major' }, NOON + 3),
      of(Number.NaN, { type: 'major' }, NOON + 4),
    ];
    const { series, rejectedPoints } = fold([aResource([aMetric('system.paging.faults', points)])]);

    expect(series).toEqual([
      { host: 'h-1', metric: 'system.paging.faults', times: [NOON, NOON + 1, NOON + 2], values: [7, 8, 9] },
    ]);
    expect(rejectedPoints).toEqual({ value: 2 });
  });

  it('comes in order of time, each moment once', () => {
    const at = (minutes: number) => NOON - minutes * 60_000;
    const points = [0, 2, 1, 2].map((minutes, index) => inState('used', index, at(minutes)));

    expect(fold([aResource([aMetric('system.memory.usage', points)])]).series[0]).toMatchObject({
      times: [at(2), at(1), at(0)],
      values: [3, 2, 0],
    });
  });
});

describe('a host', () => {
  const memory = [aMetric('system.memory.usage', [inState('used', MiB)])];

  it('has its group and the labels that the config names, beside where it runs', () => {
    const attributes = {
      'cloud.region': 'eu-west-1',
      team: 'web',
      asg: 'web-asg',
      'process.command_line': 'x --password=y',
      secret: 'z',
    };
    const settings = { ...NOTHING_FURTHER, groupAttribute: 'asg', keepAttributes: ['team', 'process.command_line'] };

    expect(fold([aResource(memory, attributes)], settings).hosts).toEqual([
      { id: 'h-1', group: 'web-asg', labels: { team: 'web', 'cloud.region': 'eu-west-1' } },
    ]);
  });

  it('is known by its name where it has no id', () => {
    expect(fold([aResource(memory, { 'host.id': '', 'host.name': 'web-1' })]).hosts).toEqual([
      { id: 'web-1', name: 'web-1' },
    ]);
  });

  it('has at most thirty labels, and none that is too long', () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`label-${index}`, 'x']));
    const settings = { ...NOTHING_FURTHER, keepAttributes: ['long', ...Object.keys(many)] };

    const [host] = fold([aResource(memory, { ...many, long: 'x'.repeat(256) })], settings).hosts;

    expect(Object.keys(host?.labels ?? {})).toHaveLength(30);
    expect(host?.labels).not.toHaveProperty('long');
  });
});

describe('a process', () => {
  it('is another one when its pid comes back', () => {
    const started = (hours: number) => aPoint(MiB, { startTime: NOON - hours * HOUR });
    const { series } = fold([aProcess([aMetric('process.memory.usage', [started(5), started(1)])])]);

    expect(series.map(({ process }) => process?.startedAt)).toEqual([NOON - 5 * HOUR, NOON - HOUR]);
  });

  it('states its start itself where a sender has the attribute', () => {
    const metrics = [aMetric('plimsoll.process.memory.data', [aPoint(MiB, { startTime: NOON - HOUR })])];
    const { series } = fold([aProcess(metrics, { 'process.creation.time': '2026-11-20T08:00:00.5Z' })]);

    expect(series[0]).toMatchObject({
      metric: 'plimsoll.process.memory.data',
      process: { startedAt: Date.parse('2026-11-20T08:00:00.500Z') },
    });
  });
});

describe('a data point is rejected and counted', () => {
  const memory = (point: SentPoint, kind?: SentMetric['kind']) =>
    rejectedOf([aResource([aMetric('system.memory.usage', [point], kind)])]);

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 1e300])('with the value %s', (value) => {
    expect(memory(aPoint(value))).toEqual({ value: 1 });
  });

  it('with a utilization in per cent', () => {
    expect(rejectedOf([aResource([aMetric('system.memory.utilization', [aPoint(45)])])])).toEqual({ value: 1 });
  });

  it.each([
    ['no time', Number.NaN],
    ['a clock a year behind', NOON - 365 * 24 * HOUR],
    ['a clock a year ahead', NOON + 365 * 24 * HOUR],
    ['a clock eleven minutes ahead', NOON + 11 * 60_000],
  ])('with %s', (_, time) => {
    expect(memory(aPoint(1, { time }))).toEqual({ time: 1 });
  });

  it('but not with a clock nine minutes ahead, or when it waited for six days', () => {
    for (const time of [NOON + 9 * 60_000, NOON - 6 * 24 * HOUR]) expect(memory(aPoint(1, { time }))).toEqual({});
  });

  it.each(['delta', 'other'] as const)('where it is no value but %s', (kind) => {
    expect(memory(aPoint(1), kind)).toEqual({ kind: 1 });
  });

  it('where nothing names its host', () => {
    expect(rejectedOf([aResource([aMetric('system.memory.usage', [aPoint(1)])], { 'host.id': '' })])).toEqual({
      no_host: 1,
    });
  });

  it.each([
    { 'process.pid': 'x' },
    { 'process.pid': '' },
    { 'process.pid': '-1' },
    { 'process.pid': '1.5' },
    { 'process.executable.name': '' },
  ])('where its process has %o', (attributes) => {
    expect(rejectedOf([aProcess([aMetric('process.memory.usage', [aPoint(1)])], attributes)])).toEqual({
      no_process: 1,
    });
  });

  it('where a pid is an empty text', () => {
    const metrics = [aMetric('process.memory.usage', [aPoint(1)])];

    expect(rejectedOf([aProcess(metrics, { 'process.pid': '' })])).toEqual({ no_process: 1 });
  });

  it.each([
    ['too long', 'x'.repeat(256)],
    ['half a character', 'x\ud83d'],
  ])('where a name is %s', (_, name) => {
    const ofProcess = aProcess([aMetric('process.memory.usage', [aPoint(1)])], { 'process.executable.name': name });
    const ofHost = aResource([aMetric('system.memory.usage', [aPoint(1)])], { 'host.id': name });

    expect(rejectedOf([ofProcess, ofHost])).toEqual({ text: 2 });
  });

  it('beyond the hosts, the series and the samples of one request, which stay within a batch', () => {
    const used = [aMetric('system.memory.usage', [aPoint(1)])];
    const hosts = Array.from({ length: LIMITS.hosts + 5 }, (_, index) => aResource(used, { 'host.id': `h-${index}` }));
    const processes = Array.from({ length: LIMITS.processSeries + 7 }, (_, pid) =>
      aProcess([aMetric('process.memory.usage', [aPoint(1)])], { 'host.id': 'h-0', 'process.pid': String(pid) }),
    );
    const samples = Array.from({ length: LIMITS.samples + 3 }, (_, index) => aPoint(1, { time: NOON - index }));
    const resources = [
      ...hosts,
      aResource([aMetric('system.memory.usage', samples)], { 'host.id': 'h-0' }),
      ...processes,
    ];

    const { series, hosts: kept, rejectedPoints } = fold(resources);

    expect(rejectedPoints).toEqual({ hosts: 5, samples: 3, series: 7 });
    const batch = { version: 1, tenant: 'acme', account: 'fleet', receivedAt: NOON, hosts: kept, series };
    expect(sampleBatchSchema.safeParse(batch).success).toBe(true);
  });
});
