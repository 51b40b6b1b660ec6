import { describe, expect, it } from 'vitest';
import { hingeOf } from '../../../core/detector/change-point.ts';
import { FEATURES, featuresOf } from '../../../core/detector/features.ts';
import { type Grid, hourlyFloors } from '../../../core/detector/floors.ts';

/** A grid of hours at so many percent, in quarters of an hour. */
const gridOf = (hours: number, at: (hour: number) => number): Grid => ({
  end: 0,
  cells: Float64Array.from({ length: 4 * hours }, (_, cell) => at(cell / 4)),
});

function featuresAt(grid: Grid): Record<string, number> {
  const hourly = hourlyFloors(grid);
  const values = featuresOf(grid.cells, hourly, hourly, hingeOf(hourly, true));
  return Object.fromEntries(FEATURES.map(({ name }, index) => [name, values[index] ?? Number.NaN]));
}

describe('featuresOf', () => {
  it('computes each feature at the index of its name, of a line of a percentage point an hour', () => {
    // An hour's floor is the second of its quarters: 0.25, 1.25, … 99.25; a level is the median of three, now 98.25.
    const features = featuresAt(gridOf(100, (hour) => hour));

    expect(features).toMatchObject({ trend_48h: 1, fall_back: 0, new_highs: 1, range_24h: 23 });
    // Eleven steps of a quarter of an hour, twenty-three of two hours.
    expect(features['rise_3h']).toBeCloseTo(2.75);
    expect(features['rise_48h']).toBeCloseTo(46);
    expect(features['above_same_hour']).toBeCloseTo(24);
    expect(features['above_two_days_ago']).toBeCloseTo(48);
    expect(features['above_three_days_ago']).toBeCloseTo(72);
    // Of 94 hours before the last 6 the 92nd is 91.25, of 64 before the last 36 the 62nd is 61.25.
    expect(features['above_6h']).toBeCloseTo(7);
    expect(features['above_36h']).toBeCloseTo(37);
    // 98.25 above the 49th of the 52 hours before the last 48, in rises of 46.
    expect(features['above_highs']).toBeCloseTo(50 / 46);
    expect(features['change_point_rise']).toBeCloseTo(99);
    expect(features['jump_1h']).toBeCloseTo(1 / 99);
    expect(features['jump_2h']).toBeCloseTo(2 / 99);
    // As nothing is left over, every other model is worse by far.
    for (const name of [
      'line_over_two_steps',
      'line_over_step_48h',
      'line_over_two_steps_near',
      'line_over_two_steps_24h',
    ])
      expect(features[name]).toBeGreaterThan(100);
    expect(features['line_over_fill_near']).toBeGreaterThan(100);
  });

  it('distinguishes a ramp that has ended a day ago from the line', () => {
    const features = featuresAt(gridOf(100, (hour) => 20 + Math.min(20, 2 * Math.max(0, hour - 66))));

    expect(features['line_over_ramp_48h']).toBeLessThan(0.1);
    expect(features['held_48h']).toBeGreaterThan(0.6);
    expect(features['rise_3h']).toBeCloseTo(0);
    expect(features['range_24h']).toBeCloseTo(0);
    expect(features['flat_share_24h']).toBe(1);
  });

  it('does not know what lies further back than the history', () => {
    const features = featuresAt(gridOf(12, (hour) => hour));
    const unknown = Object.keys(features).filter((name) => Number.isNaN(features[name]));

    expect(unknown).toEqual([
      'rise_48h',
      'trend_48h',
      'above_same_hour',
      'above_two_days_ago',
      'above_three_days_ago',
      'above_36h',
      'above_highs',
    ]);
  });

  it('takes the least leaky values where nothing rises', () => {
    expect(featuresAt(gridOf(100, (hour) => 100 - hour))).toMatchObject({
      change_point_rise: 0,
      jump_1h: 1,
      line_over_step_48h: 0,
      held_48h: 1,
      flat_share_24h: 1,
    });
  });
});
