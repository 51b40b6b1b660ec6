import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detect } from '../../../core/detector/detect.ts';
import type { Series } from '../../../core/model/series.ts';
import { HEALTHY, LEAKING, seriesOf } from './shapes.ts';

const policy = { threshold: 0.7 };
const aShape = fc.constantFrom(...Object.values(HEALTHY), ...Object.values(LEAKING));
const aSeries = fc.record({ shape: aShape, seed: fc.nat() }).map(({ shape, seed }) => seriesOf(shape, { seed }));
const outcome = (series: Series) => {
  const verdict = detect(series, policy);
  return verdict.state === 'insufficient_data'
    ? [verdict.state, verdict.reason]
    : [verdict.state, verdict.evidence.confidence.toFixed(6)];
};

describe('detect keeps its verdict', () => {
  it('for the same series, every time', () => {
    fc.assert(
      fc.property(aSeries, (series) => {
        expect(detect(series, policy)).toEqual(detect(series, policy));
      }),
      { numRuns: 100 },
    );
  });

  it('whatever the order in which samples come', () => {
    fc.assert(
      fc.property(aSeries, fc.infiniteStream(fc.nat()), (series, keys) => {
        const order = [...series.times.keys()].map((index) => [keys.next().value ?? 0, index] as const);
        order.sort(([a], [b]) => a - b);
        const pick = (values: Float64Array) => Float64Array.from(order, ([, index]) => values[index] ?? Number.NaN);

        expect(outcome({ ...series, times: pick(series.times), values: pick(series.values) })).toEqual(outcome(series));
      }),
      { numRuns: 50 },
    );
  });

  it('in bytes of any capacity', () => {
    fc.assert(
      fc.property(aSeries, fc.integer({ min: 20, max: 50 }), (series, power) => {
        const limit = 2 ** power;
        const bytes: Series = { ...series, unit: 'By', limit, values: series.values.map((value) => value * limit) };

        expect(outcome(bytes)).toEqual(outcome(series));
      }),
      { numRuns: 50 },
    );
  });

  it('at another level: how full a host is does not decide whether it leaks', () => {
    // As far as nothing is clipped: shapes reach from nearly empty to nearly full.
    const low = aSeries.map((series) => ({ ...series, values: series.values.map((value) => value / 2) }));
    fc.assert(
      fc.property(low, fc.constantFrom(0.0625, 0.125, 0.25), (series, more) => {
        const values = series.values.map((value) => Math.max(0, value) + more);

        const [state, sure] = outcome({ ...series, values });
        const [was, wasSure] = outcome({ ...series, values: series.values.map((value) => Math.max(0, value)) });
        expect(state).toBe(was);
        expect(Number(sure)).toBeCloseTo(Number(wasSure), 1);
      }),
      { numRuns: 50 },
    );
  });

  it('at another time of day', () => {
    fc.assert(
      fc.property(aSeries, fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), (series, shift) => {
        const window = { start: series.window.start + shift, end: series.window.end + shift };

        expect(outcome({ ...series, window, times: series.times.map((time) => time + shift) })).toEqual(
          outcome(series),
        );
      }),
      { numRuns: 50 },
    );
  });
});

describe('detect follows', () => {
  it('a leak that runs backwards is never a leak', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(LEAKING)), fc.nat(), (shape, seed) => {
        const series = seriesOf(shape, { seed });

        expect(detect({ ...series, values: series.values.toReversed() }, policy).state).not.toBe('leaking');
      }),
      { numRuns: 100 },
    );
  });

  it('a leak is still found when one sample in seven is lost', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.4, max: 0.7, noNaN: true }), fc.nat(), (rate, seed) => {
        const series = seriesOf((h) => 25 + rate * h, { seed, minutes: 5 });
        const kept = series.times.map((_, index) => index).filter((index) => (index * 2654435761 + seed) % 7 !== 0);
        const pick = (values: Float64Array) => Float64Array.from(kept, (index) => values[index] ?? Number.NaN);

        expect(detect({ ...series, times: pick(series.times), values: pick(series.values) }, policy).state).toBe(
          'leaking',
        );
      }),
      { numRuns: 100 },
    );
  });
});
