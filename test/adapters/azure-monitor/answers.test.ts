/** Azure's answers are input from outside: order and case are not trusted, and garbage is never a series. */
import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../core/model/series.ts';
import { MINUTE } from '../../fixtures/builders.ts';
import { listing, result, type Script, scriptedSource } from './scripted-server.ts';
import { aMachine, idOf, readAll, readConsumers, SIX_HOURS } from './worlds.ts';

const { start, end } = SIX_HOURS.window;
const HOUR_ONE = { ...SIX_HOURS, window: { start, end: start + 60 * MINUTE } };

/** The first three periods of the window. */
const [T0 = '', T1 = '', T2 = ''] = [0, 5, 10].map((minutes) => new Date(start + minutes * MINUTE).toISOString());

const sample = (timeStamp: unknown, average?: unknown) => ({ timeStamp, average });

/** One machine's answer in which the metric comes two times. */
function twice(name: string, data: unknown): object {
  const once = result(name, data);
  const [metric] = Object(once).value;
  return { ...once, value: [metric, metric] };
}

/** The only reading of a window that ends so soon that a sample in its beginning is fresh. */
async function readOne(script: Script): Promise<Reading | undefined> {
  const { readings } = await readAll(await scriptedSource(script), HOUR_ONE);
  expect(readings).toHaveLength(1);
  return readings[0];
}

function samples(reading: Reading | undefined): unknown {
  if (reading?.kind !== 'series') return reading;
  return [...reading.times].map((time, index) => [new Date(time).toISOString(), reading.values[index]?.toFixed(9)]);
}

const used = (fraction: number) => fraction.toFixed(9);

describe('a good answer of Azure Monitor', () => {
  it('may leave the aggregate out of a period without samples, or give null', async () => {
    const data = [sample(T0, 90), { timeStamp: T1 }, sample(T2, null)];

    const reading = await readOne({ batch: [{ values: [result('vm', data)] }] });

    expect(samples(reading)).toEqual([[T0, used(0.1)]]);
  });

  it('is sorted, whatever its order, and loses what repeats', async () => {
    const data = [sample(T2, 70), sample(T0, 90), sample(T1, 80), sample(T0, 90)];

    const reading = await readOne({ batch: [{ values: [result('vm', data)] }] });

    expect(samples(reading)).toEqual([
      [T0, used(0.1)],
      [T1, used(0.2)],
      [T2, used(0.3)],
    ]);
  });

  it('loses samples outside the window', async () => {
    const data = [
      sample(new Date(start - 5 * MINUTE).toISOString(), 1),
      sample(new Date(end).toISOString(), 2),
      sample(T0, 90),
    ];

    const reading = await readOne({ batch: [{ values: [result('vm', data)] }] });

    expect(samples(reading)).toEqual([[T0, used(0.1)]]);
  });

  it('may spell an id in another case', async () => {
    const shouting = { ...result('vm', [sample(T0, 90)]), resourceid: idOf('vm').toUpperCase() };

    const reading = await readOne({ batch: [{ values: [shouting] }] });

    expect(samples(reading)).toEqual([[T0, used(0.1)]]);
  });

  it('may be a little above the total, as a mean of numbers is', async () => {
    const reading = await readOne({ batch: [{ values: [result('vm', [sample(T0, 100.000_000_000_1)])] }] });

    expect(samples(reading)).toEqual([[T0, used(0)]]);
  });
});

describe('a bad answer of Azure Monitor', () => {
  it.each<[string, unknown]>([
    ['no values', {}],
    ['values that are no list', { values: 'none' }],
    ['values that are no numbers', { values: [result('vm', [sample(T0, 'ten')])] }],
    ['values that are objects', { values: [result('vm', [sample(T0, {})])] }],
    ['times that are no times', { values: [result('vm', [sample('yesterday', 90)])] }],
    ['no time', { values: [result('vm', [{ average: 90 }])] }],
    ['two values for one time', { values: [result('vm', [sample(T0, 90), sample(T0, 80)])] }],
    ['more than everything available', { values: [result('vm', [sample(T0, 100.1)])] }],
    ['less than nothing available', { values: [result('vm', [sample(T0, -0.1)])] }],
    ['a value inside a period', { values: [result('vm', [sample(new Date(start + MINUTE).toISOString(), 90)])] }],
    ['bytes for a percentage', { values: [result('vm', [sample(T0, 60)], { unit: 'Bytes' })] }],
    ['a count for a percentage', { values: [result('vm', [sample(T0, 0.6)], { unit: 'Count' })] }],
    ['the metric twice', { values: [twice('vm', [sample(T0, 90)])] }],
    ['a metric that was not requested', { values: [result('vm', [], { name: { value: 'Percentage CPU' } })] }],
    ['a metric without a name', { values: [result('vm', [], { name: undefined })] }],
    ['series that are no list', { values: [result('vm', [], { timeseries: 7 })] }],
  ])('with %s is malformed', async (_, batch) => {
    const reading = await readOne({ batch: [batch] });

    expect(reading).toMatchObject({ kind: 'unreadable', reason: 'malformed', scope: { id: idOf('vm') } });
  });

  it('spoils its own machine and no other', async () => {
    const fresh = new Date(start + 55 * MINUTE).toISOString();
    const values = [result('a', [sample(T0, 'ten')]), result('b', [sample(fresh, 80)])];
    const source = await scriptedSource({ machines: [listing('a', 'b')], batch: [{ values }] });

    const { readings } = await readAll(source, HOUR_ONE);

    expect(readings).toMatchObject([
      { kind: 'unreadable', reason: 'malformed', scope: { id: idOf('a') } },
      { kind: 'series', resource: { id: idOf('b') } },
    ]);
  });

  it('that does not name a machine is truncated for it', async () => {
    const reading = await readOne({ batch: [{ values: [result('somebody-else', [sample(T0, 90)])] }] });

    expect(reading).toMatchObject({ kind: 'unreadable', reason: 'truncated' });
  });

  it.each([
    ['Throttled', 'throttled'],
    ['ResourceNotFound', 'not_found'],
    ['AuthorizationFailed', 'denied'],
    ['SomethingElse', 'unavailable'],
  ])('that fails for one machine with %s is %s', async (errorCode, reason) => {
    const failed = result('vm', [], { errorCode, errorMessage: 'so it is' });

    const reading = await readOne({ batch: [{ values: [failed] }] });

    expect(reading).toMatchObject({ reason, detail: `${errorCode}: so it is` });
  });

  it.each<[string, unknown]>([
    ['is another thing', { hotel: 'network' }],
    ['has rows that are no machines', { totalRecords: 1, data: [{ id: 7 }] }],
    ['has rows outside any subscription', { totalRecords: 1, data: [{ id: '../../x', name: 'x' }] }],
  ])('as a listing that %s is malformed', async (_, page) => {
    const source = await scriptedSource({ machines: [page] });

    await expect(readAll(source)).rejects.toMatchObject({ name: 'SourceError', reason: 'malformed', retryable: false });
  });
});

describe('a listing with one malformed row', () => {
  const batch = [{ values: ['a', 'b', 'c'].map((name) => result(name, [sample(T0, 90)])) }];
  const rows = (malformed: object) =>
    ['a', 'b', 'c'].map((name) => ({ id: idOf(name), name, ...(name === 'b' && malformed) }));
  const read = async (malformed: object) => {
    const machines = [{ totalRecords: 3, data: rows(malformed) }];
    return (await readAll(await scriptedSource({ machines, batch }), HOUR_ONE)).readings;
  };

  it.each<[string, object, object]>([
    ['a tag without a value', { tags: { owner: null, env: 'live' } }, { labels: { env: 'live' } }],
    ['tags that are an empty text', { tags: '' }, {}],
    ['a size that is no text', { size: 7, name: 'b' }, { name: 'b' }],
    ['an id in capitals', { id: idOf('b').toUpperCase() }, { id: idOf('b') }],
  ])('reads all machines, whatever describes one of them as %s', async (_, malformed, known) => {
    const readings = await read(malformed);

    expect(readings.map(({ kind }) => kind)).toEqual(['series', 'series', 'series']);
    expect(readings[1]).toMatchObject({ resource: known });
  });

  it.each<[string, object]>([
    ['a number for an id', { id: 7 }],
    ['an id outside any subscription', { id: '../../x' }],
  ])('reports the row that is %s, and reads the others', async (_, malformed) => {
    const readings = await read(malformed);

    expect(readings).toMatchObject([
      { kind: 'unreadable', reason: 'malformed', detail: expect.stringContaining('1 of 3 rows') },
      { kind: 'series', resource: { id: idOf('a') } },
      { kind: 'series', resource: { id: idOf('c') } },
    ]);
  });
});

describe('a bad answer of Log Analytics', () => {
  const columns = ['name', 'namespace', 'time', 'value'].map((name) => ({
    name,
    type: name === 'time' ? 'datetime' : 'string',
  }));

  it.each<[string, unknown]>([
    ['no table', { tables: [] }],
    ['other columns', { tables: [{ name: 'PrimaryResult', columns: columns.slice(1), rows: [] }] }],
    ['a value that is no number', { tables: [{ name: 'PrimaryResult', columns, rows: [['node', '', T0, 'much']] }] }],
    ['a time that is none', { tables: [{ name: 'PrimaryResult', columns, rows: [['node', '', 'soon', 1]] }] }],
    ['a value outside a table', { tables: [{ name: 'PrimaryResult', columns, rows: [['node', '', T0]] }] }],
    ['a negative value', { tables: [{ name: 'PrimaryResult', columns, rows: [['node', '', T0, -1]] }] }],
    ['another body', { hotel: 'network' }],
  ])('with %s is malformed', async (_, logs) => {
    const source = await scriptedSource({ logs });

    const { readings } = await readConsumers(source, aMachine().resource);

    expect(readings).toMatchObject([{ kind: 'unreadable', reason: 'malformed' }]);
  });
});

describe('a good answer of Log Analytics', () => {
  it('loses what is outside the window or repeats, and is sorted', async () => {
    const rows = [5, 0, -5, 5, 360].map((minutes) => ['node', '', at(minutes), 100 + minutes]);

    const { readings } = await readConsumers(await scriptedSource({ logs: usageTable(rows) }), aMachine().resource);

    expect(samples(readings[0])).toEqual([
      [at(0), '100.000000000'],
      [at(5), '105.000000000'],
    ]);
  });
});

describe('two values of a consumer for one period', () => {
  it('make that consumer unreadable and no other', async () => {
    const rows = [
      ['java', '', at(0), 7],
      ['node', '', at(0), 1],
      ['node', '', at(0), 2],
    ];

    const { readings } = await readConsumers(await scriptedSource({ logs: usageTable(rows) }), aMachine().resource);

    expect(readings).toMatchObject([
      { kind: 'series', consumer: { name: 'java' } },
      { kind: 'unreadable', reason: 'malformed', detail: 'Log Analytics gave two values of node for one period' },
    ]);
  });
});

function at(minutes: number): string {
  return new Date(start + minutes * MINUTE).toISOString();
}

function usageTable(rows: readonly unknown[]): object {
  const columns = ['name', 'namespace', 'time', 'value'].map((name) => ({
    name,
    type: name === 'time' ? 'datetime' : name === 'value' ? 'real' : 'string',
  }));
  return { tables: [{ name: 'PrimaryResult', columns, rows }] };
}
