/** What every source does with points. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feedHost } from '../../../adapters/reading/feed-hosts.ts';
import { foldTerms, joinWays, memoryPoints, type Points, pointsFault } from '../../../adapters/reading/points.ts';
import { pointMetric } from '../../../core/model/point-metrics.ts';
import { POINT_STATISTICS } from '../../../core/model/points.ts';
import { aResource, aSeries, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';

function points(byTime: Readonly<Record<number, number>>): Points {
  const entries = Object.entries(byTime);
  return {
    times: Float64Array.from(entries, ([time]) => Number(time)),
    values: Float64Array.from(entries, ([, value]) => value),
  };
}

function textOf({ times, values }: Points) {
  return Object.fromEntries([...times].map((time, index) => [time, values[index]]));
}

const anyPoints = fc.dictionary(fc.nat(50).map(String), fc.double({ min: -1e6, max: 1e6, noNaN: true })).map(points);

describe('several ways in which one thing was published', () => {
  it('are one history, in which the first that has a point counts', () => {
    expect(textOf(joinWays([points({ 1: 0.1, 3: 0.3 }), points({ 2: 0.2, 3: 0.9 })]))).toEqual({
      1: 0.1,
      2: 0.2,
      3: 0.3,
    });
  });

  it('are nothing where there are none', () => {
    expect(textOf(joinWays([]))).toEqual({});
  });
});

describe('the terms of one part', () => {
  it('add up to what was counted, also where one of them has no point', () => {
    expect(textOf(foldTerms([points({ 1: 2, 2: 5 }), points({ 2: 7 })], { statistic: 'sum' }))).toEqual({
      1: 2,
      2: 12,
    });
  });

  it('are in order and once, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(anyPoints, { maxLength: 4 }), fc.constantFrom(...POINT_STATISTICS), (terms, statistic) => {
        const { times, values } = foldTerms(terms, { statistic });
        expect(values).toHaveLength(times.length);
        expect([...times]).toEqual([...new Set(terms.flatMap((one) => [...one.times]))].sort((a, b) => a - b));
      }),
    );
  });
});

describe('values', () => {
  const cpu = pointMetric('system.cpu.utilization');
  if (cpu === undefined) throw new Error('the catalogue has no processor');

  it('that are a little more than there can be read as the limit', () => {
    expect(pointsFault('CloudWatch', Float64Array.of(0.5, 1.01), cpu)).toEqual({
      kind: 'values',
      values: Float64Array.of(0.5, 1),
    });
  });

  it.each([50, -0.1, Number.NaN])('that cannot be are malformed: %d', (value) => {
    expect(pointsFault('CloudWatch', Float64Array.of(value), cpu)).toMatchObject({
      kind: 'failed',
      failure: { reason: 'malformed' },
    });
  });

  it('of a feed may be beyond its limits, which is what is looked for', () => {
    const feed = { entity: ['host'], parents: [], children: [], column: 'queue' };

    expect(pointsFault('CloudWatch', Float64Array.of(50), { ...cpu, feed })).toMatchObject({ kind: 'values' });
  });
});

describe('memory as points', () => {
  const window = { start: NOON - 5 * MINUTE, end: NOON };
  const stopped = {
    kind: 'not_monitored',
    resource: aResource(),
    reason: 'stopped_reporting',
    hint: 'check it',
  } as const;

  it('is what was read of it', () => {
    const reading = memoryPoints(aSeries([0.4, 1.02]), window, MINUTE);

    expect(reading).toMatchObject({ kind: 'points', part: {}, unit: '1', values: Float64Array.of(0.4, 1) });
  });

  it('has no points in a short window without a sample, which shows nothing of the agent', () => {
    expect(memoryPoints(stopped, window, MINUTE)).toMatchObject({ kind: 'points', times: new Float64Array() });
    expect(memoryPoints(stopped, { ...window, start: NOON - 5 * HOUR }, MINUTE)).toMatchObject({
      kind: 'not_monitored',
      metric: 'system.memory.utilization',
    });
  });
});

describe('a host of a feed', () => {
  const scope = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;
  const idOf = (labels: Record<string, string>, entity: string[]) =>
    feedHost(scope, { entity, parents: [] }, new Map(Object.entries(labels)))?.id;

  it('has an id that no other labels make', () => {
    expect(idOf({ a: 'x/y', b: 'z' }, ['a', 'b'])).toBe('x%2Fy/z');
    expect(idOf({ a: 'x', b: 'y/z' }, ['a', 'b'])).toBe('x/y%2Fz');
    expect(idOf({ a: 'x/y' }, ['a'])).toBe('x/y');
  });

  it('is nobody where a label of its id is missing or empty', () => {
    expect(idOf({ a: 'x' }, ['a', 'b'])).toBeUndefined();
    expect(idOf({ a: 'x', b: '' }, ['a', 'b'])).toBeUndefined();
  });
});
