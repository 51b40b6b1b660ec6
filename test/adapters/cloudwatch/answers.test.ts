/** CloudWatch's answers are input from outside: pages are merged, order is not trusted, and garbage is never a series. */
import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../core/model/series.ts';
import { MINUTE } from '../../fixtures/builders.ts';
import { listing, type Script, scriptedSource } from './scripted-server.ts';
import { readAll, SIX_HOURS } from './worlds.ts';

const { start, end } = SIX_HOURS.window;

/** The first three periods of the window, in epoch seconds as CloudWatch writes them. */
const [T0, T1, T2] = [0, 5, 10].map((minutes) => (start + minutes * MINUTE) / 1000);

function result(Timestamps: unknown, Values: unknown, others: object = {}): object {
  return { Id: 'm0', StatusCode: 'Complete', Timestamps, Values, ...others };
}

/** The only reading of a window that ends so soon that a sample in its beginning is fresh. */
async function readOne(script: Script): Promise<Reading | undefined> {
  const span = { ...SIX_HOURS, window: { start, end: start + 60 * MINUTE } };
  const { readings } = await readAll(await scriptedSource(script), span);
  expect(readings).toHaveLength(1);
  return readings[0];
}

function samples(reading: Reading | undefined): unknown {
  return reading?.kind === 'series' && [...reading.times].map((time, index) => [time / 1000, reading.values[index]]);
}

describe('a good answer of CloudWatch', () => {
  it('is put together from its pages', async () => {
    const reading = await readOne({
      data: [
        { MetricDataResults: [result([T0], [10], { StatusCode: 'PartialData' })], NextToken: 'more' },
        { MetricDataResults: [result([T1, T2], [20, 30])] },
      ],
    });

    expect(samples(reading)).toEqual([
      [T0, 0.1],
      [T1, 0.2],
      [T2, 0.3],
    ]);
  });

  it('may fail inside first and be complete on the next page', async () => {
    const reading = await readOne({
      data: [
        { MetricDataResults: [result([], [], { StatusCode: 'InternalError' })], NextToken: 'again' },
        { MetricDataResults: [result([T0], [10])] },
      ],
    });

    expect(samples(reading)).toEqual([[T0, 0.1]]);
  });

  it('may leave a metric out of a page', async () => {
    const reading = await readOne({
      data: [{ MetricDataResults: [], NextToken: 'more' }, { MetricDataResults: [result([T0], [10])] }],
    });

    expect(samples(reading)).toEqual([[T0, 0.1]]);
  });

  it('is sorted, whatever its order', async () => {
    const reading = await readOne({ data: [{ MetricDataResults: [result([T2, T0, T1], [30, 10, 20])] }] });

    expect(samples(reading)).toEqual([
      [T0, 0.1],
      [T1, 0.2],
      [T2, 0.3],
    ]);
  });

  it('loses samples that repeat', async () => {
    const reading = await readOne({ data: [{ MetricDataResults: [result([T0, T1, T0], [10, 20, 10])] }] });

    expect(samples(reading)).toEqual([
      [T0, 0.1],
      [T1, 0.2],
    ]);
  });

  it('loses samples outside the window', async () => {
    const outside = [start / 1000 - 300, end / 1000];

    const reading = await readOne({ data: [{ MetricDataResults: [result([...outside, T0], [90, 91, 10])] }] });

    expect(samples(reading)).toEqual([[T0, 0.1]]);
  });

  it('may be a little more than all of the memory, by another total than the kernel’s', async () => {
    const reading = await readOne({ data: [{ MetricDataResults: [result([T0, T1], [0, 104])] }] });

    expect(samples(reading)).toEqual([
      [T0, 0],
      [T1, 1.04],
    ]);
  });
});

describe('a bad answer of CloudWatch', () => {
  it.each<[string, object]>([
    ['no results', {}],
    ['results that are no list', { MetricDataResults: 'none' }],
    ['a result without an id', { MetricDataResults: [{ ...result([T0], [10]), Id: undefined }] }],
    ['a metric that was not requested', { MetricDataResults: [{ ...result([T0], [10]), Id: 'm7' }] }],
    ['fewer values than times', { MetricDataResults: [result([T0, T1], [10])] }],
    ['values that are no numbers', { MetricDataResults: [result([T0], ['ten'])] }],
    ['values that are not finite', { MetricDataResults: [result([T0], ['NaN'])] }],
    ['values that are missing', { MetricDataResults: [result([T0], [null])] }],
    ['times that are no times', { MetricDataResults: [result(['yesterday'], [10])] }],
    ['no status', { MetricDataResults: [result([T0], [10], { StatusCode: undefined })] }],
    ['two values for one time', { MetricDataResults: [result([T0, T0], [10, 20])] }],
    ['a value below nothing', { MetricDataResults: [result([T0, T1], [10, -5])] }],
    ['a value above everything', { MetricDataResults: [result([T0, T1], [10, 250])] }],
    ['a sample inside a period', { MetricDataResults: [result([T0, start / 1000 + 60], [10, 10])] }],
    ['a token that is none', { MetricDataResults: [result([T0], [10])], NextToken: 7 }],
  ])('with %s is malformed', async (_, page) => {
    const reading = await readOne({ data: [page] });

    expect(reading).toMatchObject({ kind: 'unreadable', reason: 'malformed', scope: { id: 'i-1' } });
  });

  it('spoils its own host and no other', async () => {
    const two = [listing({ InstanceId: 'i-1' }, { InstanceId: 'i-2' })];
    const source = await scriptedSource({
      live: two,
      agent: two,
      data: [{ MetricDataResults: [result([T0, T1], [10]), { ...result([end / 1000 - 300], [20]), Id: 'm1' }] }],
    });

    const { readings } = await readAll(source);

    expect(readings).toMatchObject([
      { kind: 'unreadable', reason: 'malformed', scope: { id: 'i-1' } },
      { kind: 'series', resource: { id: 'i-2' } },
    ]);
  });

  it.each([
    ['ends without a status of Complete', [{ MetricDataResults: [result([T0], [10], { StatusCode: 'PartialData' })] }]],
    ['never names the metric', [{ MetricDataResults: [] }]],
    ['repeats its pages', [{ MetricDataResults: [result([T0], [10], { StatusCode: 'PartialData' })], NextToken: 'x' }]],
  ])('that %s is truncated', async (_, data) => {
    const reading = await readOne({ data });

    expect(reading).toMatchObject({ kind: 'unreadable', reason: 'truncated' });
  });

  it('quotes CloudWatch’s message about the metric', async () => {
    const Messages = [{ Code: 'Forbidden', Value: 'not in this region' }];

    const reading = await readOne({
      data: [{ MetricDataResults: [result([], [], { StatusCode: 'Forbidden', Messages })] }],
    });

    expect(reading).toMatchObject({ reason: 'denied', detail: 'Forbidden: not in this region' });
  });

  it.each<[string, Script]>([
    ['of live instances', { live: [{}] }],
    ['of the agent’s metrics', { agent: [{ Metrics: 'none' }] }],
  ])('in the listing %s is malformed', async (_, script) => {
    const source = await scriptedSource(script);

    await expect(readAll(source)).rejects.toMatchObject({ name: 'SourceError', reason: 'malformed', retryable: false });
  });
});

describe('a listing with one malformed metric', () => {
  const live = [listing({ InstanceId: 'i-1' }, { InstanceId: 'i-2' }, { InstanceId: 'i-3' })];
  const data = [{ MetricDataResults: ['m0', 'm1', 'm2'].map((Id) => result([T0], [10], { Id })) }];
  const HOUR_ONE = { ...SIX_HOURS, window: { start, end: start + 60 * MINUTE } };

  async function read(agent: unknown, of = live) {
    return (await readAll(await scriptedSource({ live: of, agent: [agent], data }), HOUR_ONE)).readings;
  }

  it('reports the host that it is about, and reads the others', async () => {
    const malformed = { InstanceId: 'i-2', AutoScalingGroupName: '' };

    const readings = await read(listing({ InstanceId: 'i-1' }, malformed, { InstanceId: 'i-3' }));

    expect(readings).toMatchObject([
      { kind: 'unreadable', reason: 'malformed', scope: { id: 'i-2' }, detail: expect.stringContaining('Dimensions') },
      { kind: 'series', resource: { id: 'i-1' } },
      { kind: 'series', resource: { id: 'i-3' } },
    ]);
  });

  it('reads its host where that publishes otherwise too', async () => {
    const twice = listing({ InstanceId: 'i-2', AutoScalingGroupName: '' }, { InstanceId: 'i-2' });

    expect(await read(twice, [listing({ InstanceId: 'i-2' })])).toMatchObject([
      { kind: 'series', resource: { id: 'i-2' } },
    ]);
  });

  it('counts those that name no host', async () => {
    const readings = await read(
      listing({ InstanceId: '' }, { InstanceId: 'i-1' }, { InstanceId: 'i-2' }, { host: '' }),
    );

    expect(readings).toMatchObject([
      { kind: 'unreadable', reason: 'malformed', detail: expect.stringContaining('2 listed metrics') },
      { kind: 'not_monitored', resource: { id: 'i-3' } },
      { kind: 'series', resource: { id: 'i-1' } },
      { kind: 'series', resource: { id: 'i-2' } },
    ]);
    expect(readings[0]).not.toHaveProperty('scope.id');
  });

  it('counts the host among the source’s hosts', async () => {
    const agent = [listing({ InstanceId: 'i-1' }, { InstanceId: 'i-2', host: '' }, { InstanceId: 'i-3' })];
    const source = await scriptedSource({ live, agent, data });

    expect(await source.countHosts?.([], { count() {} })).toBe(3);
  });
});

describe('an answer for several hosts of which one is malformed', () => {
  it.each([
    ['time', 'in text', ['NaN'], [10]],
    ['time', 'null', [null], [10]],
    ['value', 'in text', [T0], ['NaN']],
    ['value', 'a word', [T0], ['ten']],
    ['list', 'a text', 'NaN', [10]],
  ])('costs that host alone where its %s is %s', async (_, _how, times, values) => {
    const hosts = listing({ InstanceId: 'i-1' }, { InstanceId: 'i-2' });
    const data = [{ MetricDataResults: [result(times, values), { ...result([T0], [10]), Id: 'm1' }] }];
    const span = { ...SIX_HOURS, window: { start, end: start + 60 * MINUTE } };

    const { readings, calls } = await readAll(await scriptedSource({ live: [hosts], agent: [hosts], data }), span);

    expect(readings).toMatchObject([
      { kind: 'unreadable', scope: { id: 'i-1' }, reason: 'malformed' },
      { kind: 'series', resource: { id: 'i-2' } },
    ]);
    expect(samples(readings[1])).toEqual([[T0, 0.1]]);
    expect(calls).toMatchObject({ GetMetricData: 1 });
  });
});
