/** Points in files: rows and columns, short names and units, parts, feeds, and what is wrong with them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { traceFileSource } from '../../../adapters/trace-file/source.ts';
import { surveyTraces } from '../../../adapters/trace-file/survey.ts';
import { POINT_METRICS, pointMetric } from '../../../core/model/point-metrics.ts';
import type { PointMetric, PointReading } from '../../../core/model/points.ts';
import { partText } from '../../../core/model/points.ts';
import type { PointsRequest } from '../../../core/ports/memory-source.ts';
import { describePointSource } from '../../contract/point-source.ts';
import type { PointTruth, PointWorld } from '../../contract/point-source-world.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';

const WINDOW = { start: NOON - HOUR, end: NOON };
const PERIOD = 5 * MINUTE;
const CPU = 'system.cpu.utilization';
const DISK = 'system.filesystem.utilization';
const ERRORS = 'system.network.errors';
const LOAD = 'system.cpu.load_average.1m';
const MEMORY = 'system.memory.utilization';
const QUEUE: PointMetric = {
  ...(pointMetric(LOAD) as PointMetric),
  name: 'app.queue',
  unit: '{message}',
  feed: { entity: ['hostname', 'ip'], parents: ['site'], children: ['queue'], column: 'queue_length' },
};

function fileOf(text: string, name = 'points.ndjson'): string {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-points-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

function ndjson(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** A row a minute of each metric, with a gap of ten minutes. */
function rowsOf(host: string, labels: object = {}) {
  const minutes = Array.from({ length: 60 }, (_, minute) => minute).filter((minute) => minute < 20 || minute >= 30);
  return minutes.flatMap((minute) => {
    const row = { time: new Date(WINDOW.start + minute * MINUTE).toISOString(), host, ...labels };
    return [
      { ...row, metric: MEMORY, value: 0.4 },
      { ...row, metric: CPU, value: (minute % 7) / 10 },
      { ...row, metric: DISK, value: (minute % 5) / 10, mountpoint: '/' },
      { ...row, metric: DISK, value: 25, unit: '%', mountpoint: '/var' },
      { ...row, metric: ERRORS, value: minute % 3 },
      { ...row, metric: LOAD, value: minute % 4 },
      { ...row, metric: 'queue_length', value: minute, hostname: host, ip: '10.0.0.1', site: 'eu', queue: 'orders' },
    ];
  });
}

const ALL = { [MEMORY]: ['points'], [CPU]: ['points'], [ERRORS]: ['points'], [LOAD]: ['points'] };
const KNOWN = { ...ALL, [DISK]: ['mountpoint=/', 'mountpoint=/var'] };

function truths(): PointTruth[] {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const periods = Array.from({ length: 12 }, (_, period) => period).filter((period) => period < 4 || period >= 6);
  const of = (
    metric: string,
    part: string,
    fold: (values: readonly number[]) => number,
    value: (minute: number) => number,
    id = 'web-1',
  ) => ({
    id,
    metric,
    part,
    times: periods.map((period) => WINDOW.start + period * PERIOD),
    values: periods.map((period) => fold([0, 1, 2, 3, 4].map((minute) => value(period * 5 + minute)))),
  });
  return [
    of(MEMORY, '', mean, () => 0.4),
    of(CPU, '', mean, (minute) => (minute % 7) / 10),
    of(
      DISK,
      'mountpoint=/',
      (values) => Math.max(...values),
      (minute) => (minute % 5) / 10,
    ),
    of(DISK, 'mountpoint=/var', mean, () => 0.25),
    of(ERRORS, '', sum, (minute) => minute % 3),
    of(LOAD, '', mean, (minute) => minute % 4),
    of('app.queue', 'queue=orders', mean, (minute) => minute, 'web-1/10.0.0.1'),
  ];
}

function world(lines: readonly object[] = [], hosts: PointWorld['hosts'] = {}): PointWorld {
  const bare = { time: new Date(NOON - MINUTE).toISOString(), host: 'bare', metric: CPU, value: 0.1 };
  const file = fileOf(ndjson([...rowsOf('web-1'), ...rowsOf('web-2'), bare, ...lines]));
  const nothing = Object.fromEntries(POINT_METRICS.map(({ name }) => [name, ['not_reported']]));
  return {
    open: () => traceFileSource({ files: [file] }),
    request: { metrics: [...POINT_METRICS, QUEUE], window: WINDOW, periodMs: PERIOD },
    hosts: {
      'web-1': KNOWN,
      'web-2': KNOWN,
      'web-1/10.0.0.1': { 'app.queue': ['queue=orders'] },
      'web-2/10.0.0.1': { 'app.queue': ['queue=orders'] },
      bare: { ...nothing, [CPU]: ['points'] },
      ...hosts,
    },
    billed: 0,
    known: { id: 'web-1', billed: 0 },
    truths: truths(),
  };
}

const UNUSABLE = Object.fromEntries([...POINT_METRICS, QUEUE].map(({ name }) => [name, ['malformed']]));

describePointSource('A file of points', {
  world: async () => ({ ...world(), request: { ...world().request } }),
  partlyFailing: {
    'one host has rows without a usable time': async () =>
      world([{ time: 'yesterday', host: 'web-3', metric: CPU, value: 1 }], { 'web-3': UNUSABLE }),
  },
  dead: {
    'there is no such file': async () => ({
      ...world(),
      open: () => traceFileSource({ files: [join(tmpdir(), 'no-such-file.ndjson')] }),
      reason: 'not_found',
      retryable: false,
    }),
  },
  unknownFeed: async () => ({
    ...world(),
    request: {
      ...world().request,
      metrics: [{ ...QUEUE, feed: { ...QUEUE.feed, column: 'none' } as NonNullable<PointMetric['feed']> }],
    },
  }),
});

async function read(
  text: string,
  name: string,
  request: Partial<PointsRequest> = {},
  unit?: 'percent',
): Promise<PointReading[]> {
  const source = traceFileSource({ files: [fileOf(text, name)], ...(unit && { unit }) });
  const complete = { metrics: POINT_METRICS, window: WINDOW, periodMs: PERIOD, filters: [], ...request };
  return await Array.fromAsync(source.points?.(complete, { count() {} }) ?? []);
}

function valuesOf(readings: readonly PointReading[]) {
  return Object.fromEntries(
    readings.flatMap((reading) =>
      reading.kind === 'points' ? [[`${reading.metric} ${partText(reading.part)}`.trim(), [...reading.values]]] : [],
    ),
  );
}

describe('a file of points', () => {
  it('has a metric in each row, with its labels as columns', async () => {
    const text = [
      'time,host,metric,value,unit,mountpoint',
      `2026-11-20T11:59:00Z,web-1,system.filesystem.utilization,50,%,/var`,
      `2026-11-20T11:59:00Z,web-1,cpu_util,12,,`,
    ].join('\n');

    const readings = await read(text, 'points.csv', windowOf('2026-11-20T12:00:00Z'));

    expect(valuesOf(readings)).toEqual({ [`${DISK} mountpoint=/var`]: [0.5], [CPU]: [0.12] });
  });

  it('has a column for each metric, by long and short names', async () => {
    const text =
      'time;hostname;ip;cpu_util;mem_util;system.cpu.load_average.1m\n2026-11-20T11:59:00Z;web-1;10.0.0.1;12,5;40;3\n';

    const readings = await read(text, 'points.csv', windowOf('2026-11-20T12:00:00Z'));

    expect(valuesOf(readings)).toEqual({ [MEMORY]: [0.4], [CPU]: [0.125], [LOAD]: [3] });
    expect(readings.find(({ kind }) => kind === 'points')).toMatchObject({ resource: { labels: { ip: '10.0.0.1' } } });
  });

  it('has several metrics in one object', async () => {
    const text = ndjson([{ time: '2026-11-20T11:59:00Z', host: 'web-1', cpu_util: 50, system_load1: 2 }]);

    expect(valuesOf(await read(text, 'p.ndjson', windowOf('2026-11-20T12:00:00Z')))).toEqual({
      [CPU]: [0.5],
      [LOAD]: [2],
    });
  });

  it('of memory has its memory, and states of everything else what to do', async () => {
    const text = 'time,host,percent\n2026-11-20T11:59:00Z,web-1,41.5\n';

    const readings = await read(text, 'memory.csv', windowOf('2026-11-20T12:00:00Z'));

    expect(valuesOf(readings)).toEqual({ [MEMORY]: [0.415] });
    expect(readings.filter(({ kind }) => kind === 'not_monitored')).toHaveLength(4);
  });

  it.each([
    ['a value beyond what there can be', { metric: CPU, value: 3 }, 'is a fraction from 0 to 1; of percent'],
    ['errors below zero', { metric: ERRORS, value: -1 }, 'system.network.errors cannot have this value'],
    [
      'a unit of something else',
      { metric: CPU, value: 3, unit: 'ms' },
      'the unit is not that of system.cpu.utilization',
    ],
    ['a metric without a value', { metric: CPU, value: undefined, other: 1 }, 'metric'],
    ['a text for a value', { metric: CPU, value: 'much' }, 'value'],
  ])('reports %s', async (_, fields, detail) => {
    const first = { time: '2026-11-20T11:58:00Z', host: 'web-1', metric: LOAD, value: 1 };
    const text = ndjson([first, { time: '2026-11-20T11:59:00Z', host: 'web-1', ...fields }]);

    const readings = await read(text, 'p.ndjson', windowOf('2026-11-20T12:00:00Z'));

    expect(readings).toContainEqual(
      expect.objectContaining({ kind: 'unreadable', detail: expect.stringContaining(detail) }),
    );
  });

  it('names the metrics that it has, where it does not have the requested one', async () => {
    const rows = [CPU, 'queue_length', 'queue_length'].map((metric) => ({ metric, host: 'web-1', value: 0.1 }));
    const text = ndjson(rows.map((row) => ({ time: '2026-11-20T11:58:00Z', ...row })));

    const readings = await read(text, 'p.ndjson', windowOf('2026-11-20T12:00:00Z'));

    const hint = `No row of the file is ${DISK} of web-1; it has ${CPU}, queue_length.`;
    expect(readings).toContainEqual(expect.objectContaining({ metric: DISK, hint: expect.stringContaining(hint) }));
  });

  it('is read for leaks too: its memory, and nothing else', async () => {
    const source = traceFileSource({ files: [fileOf(ndjson(rowsOf('web-1')))] });
    const span = { window: WINDOW, periodMs: PERIOD, statistic: 'average' } as const;

    const readings = await Array.fromAsync(source.read({ metric: MEMORY, span, filters: [] }, { count() {} }));

    expect(readings).toMatchObject([{ kind: 'series', resource: { id: 'web-1' }, unit: '1', values: { 0: 0.4 } }]);
  });

  it('is surveyed for its end', async () => {
    const file = fileOf(ndjson(rowsOf('web-1')));

    expect((await surveyTraces([file])).recorded?.end).toBe(NOON - MINUTE + 1);
  });

  it('that reports nothing of a host for four hours states that it has stopped', async () => {
    const text = ndjson([{ time: '2026-11-20T02:00:00Z', host: 'web-1', metric: CPU, value: 0.1 }]);
    const end = Date.parse('2026-11-20T12:00:00Z');

    const readings = await read(text, 'p.ndjson', { window: { start: end - 6 * HOUR, end } });

    expect(readings).toContainEqual(expect.objectContaining({ metric: CPU, reason: 'stopped_reporting' }));
  });
});

function windowOf(end: string): Pick<PointsRequest, 'window'> {
  return { window: { start: Date.parse(end) - HOUR, end: Date.parse(end) } };
}
