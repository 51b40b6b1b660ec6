import { describe, expect, it } from 'vitest';
import { scoreOf } from '../../../core/detector/boosted-trees.ts';
import { hingeOf } from '../../../core/detector/change-point.ts';
import { LEARNED } from '../../../core/detector/detect.ts';
import { evaluationOf, OWN_SEGMENT_HOURS } from '../../../core/detector/evaluate.ts';
import { featuresOf } from '../../../core/detector/features.ts';
import type { Grid } from '../../../core/detector/floors.ts';

const { model } = LEARNED;

/** So many hours of what `at` gives each quarter of an hour. */
const gridOf = (hours: number, at: (hour: number) => number): Grid => ({
  end: 0,
  cells: Float64Array.from({ length: 4 * hours }, (_, cell) => at(cell / 4)),
});
const without = (hours: number, { end, cells }: Grid): Grid => ({ end, cells: cells.subarray(0, -4 * hours) });
const noisy = (hour: number) => 40 + Math.sin(hour * 7) + Math.max(0, hour - 30);

describe('evaluationOf', () => {
  it('scores an hour ago as it would have then, where there is no season', () => {
    const grid = gridOf(48, noisy);
    const { ago } = evaluationOf(grid, 0, model);

    expect([1, 2, 5].map((hours) => ago(hours).score)).toEqual(
      [1, 2, 5].map((ago) => evaluationOf(without(ago, grid), 0, model).now.score),
    );
  });

  it('takes the season that is known now for the hours before, and the line that rose then', () => {
    // A season, and a leak that is four hours old: two hours ago another line fitted best.
    const grid = gridOf(96, (hour) => 40 + 8 * Math.sin((hour / 12) * Math.PI) + 2 * Math.max(0, hour - 92));
    const { now, ago } = evaluationOf(grid, 0, model);

    const [cells, raw, hourly] = [now.cells.subarray(0, -8), now.raw.subarray(0, -2), now.hourly.subarray(0, -2)];
    const then = featuresOf(cells, raw, hourly, hingeOf(hourly, true));
    expect(now.hourly).not.toEqual(now.raw);
    expect(hingeOf(hourly, true)).not.toEqual(now.hinge);
    expect(ago(2).score).toBe(scoreOf(model, then));
  });

  it('scores more hours ago than there are as it scores nothing', () => {
    const empty = evaluationOf(gridOf(0, noisy), 0, model).now.score;

    expect(evaluationOf(gridOf(9, noisy), 0, model).ago(10).score).toBe(empty);
  });

  describe('after a restart', () => {
    const restarted = (hours: number) => gridOf(60 + hours, (hour) => (hour < 60 ? 80 : 20 + 1.5 * (hour - 60)));
    const evaluated = (hours: number) => evaluationOf(restarted(hours), 240, model);

    it.each([
      [OWN_SEGMENT_HOURS - 1, 0],
      [OWN_SEGMENT_HOURS, 240],
    ])('evaluates a segment of %i h from cell %i on', (hours, start) => {
      expect(evaluated(hours).now.start).toBe(start);
    });

    it('evaluates the segment by itself in the hours before as long as it was long enough', () => {
      const { ago } = evaluated(OWN_SEGMENT_HOURS + 2);

      expect(ago(2).score).toBe(evaluated(OWN_SEGMENT_HOURS).now.score);
      expect(ago(3).score).toBe(evaluated(OWN_SEGMENT_HOURS - 1).now.score);
    });
  });
});
