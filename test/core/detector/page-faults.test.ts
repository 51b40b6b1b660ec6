import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageFaultsOf } from '../../../core/detector/page-faults.ts';
import type { PointSeries } from '../../../core/model/points.ts';
import { PAGING_FAULTS } from '../../../core/model/series.ts';
import { HOUR_MS, NOW, type Shape } from './shapes.ts';

const PERIOD_MS = HOUR_MS / 4;

/** A hundred hours of faults a second, by the hour since the first of them; NaN where there is no point. */
function pointsOf(shape: Shape): PointSeries {
  const window = { start: NOW - 100 * HOUR_MS, end: NOW };
  const all = Array.from({ length: 400 }, (_, period) => window.start + period * PERIOD_MS);
  const kept = all.flatMap((time) => {
    const value = shape((time - window.start) / HOUR_MS);
    return Number.isNaN(value) ? [] : [{ time, value }];
  });
  return {
    kind: 'points',
    resource: { provider: 'otlp', account: 'fleet', region: 'global', id: 'web-1' },
    metric: PAGING_FAULTS,
    part: {},
    unit: '{fault}/s',
    window,
    periodMs: PERIOD_MS,
    times: Float64Array.from(kept, ({ time }) => time),
    values: Float64Array.from(kept, ({ value }) => value),
  };
}

const since =
  (hour: number, rate: number, usual = 2): Shape =>
  (at) =>
    at < hour ? usual : rate;

describe('page faults that have risen', () => {
  it('are those of each of the last hours, far above what is usual', () => {
    expect(pageFaultsOf(pointsOf(since(90, 400)))).toEqual({ perSecond: 400, usual: 2, risen: true });
  });

  it('are those of a host that had none at all', () => {
    expect(pageFaultsOf(pointsOf(since(94, 60, 0)))).toEqual({ perSecond: 60, usual: 0, risen: true });
  });

  it('are known for a day: as long as what is usual is still known', () => {
    expect(pageFaultsOf(pointsOf(since(76, 400)))?.risen).toBe(true);
    expect(pageFaultsOf(pointsOf(since(40, 400)))).toMatchObject({ perSecond: 400, usual: 400, risen: false });
  });

  it.each<[string, Shape]>([
    ['as many as ever', () => 3000],
    ['few, however rare they were', since(90, 20, 0)],
    ['no more than a few times the usual', since(90, 350, 100)],
    ['of a start within the last hours', (hour) => (hour >= 95 && hour < 97 ? 5000 : 1)],
    ['of the last hour alone', since(99, 5000)],
    ['of a job that runs for eight hours of each day, and now', (hour) => ((hour + 2) % 24 < 8 ? 2000 : 1)],
    ['of the past', (hour) => (hour > 30 && hour < 60 ? 2000 : 1)],
  ])('are not %s', (_, shape) => {
    expect(pageFaultsOf(pointsOf(shape))?.risen).toBe(false);
  });

  it('are not a job’s of five hours of each day, as it ends', () => {
    expect(pageFaultsOf(pointsOf((hour) => ((hour + 1) % 24 < 5 ? 2000 : 1)))?.risen).toBe(false);
  });

  it('are not known of short history, nor where the last hours are missing', () => {
    expect(pageFaultsOf(pointsOf((hour) => (hour < 80 ? Number.NaN : 500)))).toBeNull();
    expect(pageFaultsOf(pointsOf((hour) => (hour > 96 ? Number.NaN : 500)))).toBeNull();
    expect(pageFaultsOf(pointsOf(() => Number.NaN))).toBeNull();
  });

  it('are those that are known, where an hour is missing', () => {
    const shape: Shape = (hour) => (hour >= 95 && hour < 96 ? Number.NaN : since(90, 400)(hour));

    expect(pageFaultsOf(pointsOf(shape))?.risen).toBe(true);
  });

  it('do not follow values that no counter has, nor the order of points', () => {
    const honest = pointsOf(since(90, 400));
    const window = honest.window;
    const times = [Number.NaN, window.start - 1, window.end, NOW - 1, NOW - 2, NOW - 3];
    const values = [9e9, 9e9, 9e9, Number.NaN, -9e9, Infinity];
    const bent = {
      ...honest,
      times: Float64Array.from([...honest.times, ...times]).reverse(),
      values: Float64Array.from([...honest.values, ...values]).reverse(),
    };

    expect(pageFaultsOf(bent)).toEqual(pageFaultsOf(honest));
  });

  it('are figures of the host, whatever the points', () => {
    const rates = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 100, maxLength: 100 });
    fc.assert(
      fc.property(rates, (given) => {
        const faults = pageFaultsOf(pointsOf((hour) => given[Math.floor(hour)] ?? 0));
        const [earlier, recent] = [given.slice(0, 94), given.slice(94)];

        expect(faults?.perSecond).toBeGreaterThanOrEqual(Math.min(...recent) * (1 - 1e-9));
        expect(faults?.usual).toBeLessThanOrEqual(Math.max(...earlier) * (1 + 1e-9));
        if (faults?.risen) expect(Math.min(...recent)).toBeGreaterThanOrEqual(50 * (1 - 1e-9));
        // A busier past never makes a rise.
        const busier = pageFaultsOf(pointsOf((hour) => (given[Math.floor(hour)] ?? 0) + (hour < 94 ? 1e6 : 0)));
        expect(busier?.risen).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});
