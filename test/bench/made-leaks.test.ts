import { describe, expect, it } from 'vitest';
import type { BenchSeries } from '../../bench/data.ts';
import { madeLeaks } from '../../bench/made-leaks.ts';
import { growthsOf } from '../../bench/path-truth.ts';
import { aBenchSeries, HOUR_S } from './bench-series.ts';

const STEP_S = 300;

/** A host that moves a little by the hour of its day. */
function aHost(id: string, days: number): BenchSeries {
  const v = Array.from({ length: (days * 24 * HOUR_S) / STEP_S }, (_, index) => 10 + Math.sin(index / 20));
  return aBenchSeries({ id, base: id, step: STEP_S, v });
}

const LONG = [aHost('long', 40)];
const SHORT = Array.from({ length: 10 }, (_, index) => aHost(`short-${index}`, 12));
const made = madeLeaks(LONG, SHORT, 1);

function valueAt({ v, step }: BenchSeries, seconds: number): number {
  return v[Math.round(seconds / step)] ?? Number.NaN;
}

describe('made leaks', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(madeLeaks(LONG, SHORT, 1)).toEqual(made);
    expect(madeLeaks(LONG, SHORT, 2)).not.toEqual(made);
  });

  it('of weeks grow at their rate and level off or are given back', () => {
    const rises = made.weeks.map((series) => {
      const [growth] = growthsOf(series);
      if (growth === undefined) throw new Error('there is no growth');
      const days = (growth.to - growth.from) / HOUR_S / 24;
      const rise = valueAt(series, growth.to - HOUR_S) - valueAt(series, growth.from);
      return { end: growth.end, perDay: rise / days, rate: (series.rate ?? 0) * 24 };
    });

    expect(rises.map(({ end }) => end)).toEqual([
      'levelled',
      'restarted',
      'levelled',
      'restarted',
      'levelled',
      'restarted',
    ]);
    for (const { perDay, rate } of rises) expect(Math.abs(perDay - rate)).toBeLessThan(0.15);
  });

  it('of killed hosts fill up to 97 % and begin where they began, in cycles of half a day to six days and a little more', () => {
    const kills = made.kills.flatMap((series) =>
      growthsOf(series)
        .filter(({ end }) => end === 'killed')
        .map(({ from, to }) => ({
          hours: (to - from) / HOUR_S,
          before: valueAt(series, to - STEP_S),
          after: valueAt(series, to + STEP_S),
        })),
    );

    expect(kills.length).toBeGreaterThan(20);
    for (const { hours, before, after } of kills) {
      expect(hours).toBeGreaterThan(9);
      expect(hours).toBeLessThan(170);
      expect(before).toBeGreaterThan(90);
      expect(after).toBeLessThan(45);
    }
  });

  it('of days stop while samples follow for days', () => {
    for (const series of made.stops) {
      const [growth] = growthsOf(series);
      const after = series.v.length * series.step - (growth?.to ?? Infinity);
      expect(['levelled', 'restarted']).toContain(growth?.end);
      expect(after).toBeGreaterThan(3 * 24 * HOUR_S);
    }
  });
});
