import { describe, expect, it } from 'vitest';
import { clean } from '../../detector/clean.ts';
import { scoreAt } from '../../detector/confidence.ts';
import { counterfactualOf } from '../../detector/counterfactual.ts';
import { detect } from '../../detector/detect.ts';
import { CELLS_PER_HOUR, gridBefore, gridOf } from '../../detector/floors.ts';
import { judge } from '../../detector/judge.ts';
import { LEARNED } from '../../detector/learned.ts';
import { scoreOf } from '../../detector/model.ts';
import { SIGNS } from '../../detector/signs.ts';
import { lastStretch } from '../../detector/stretch.ts';
import { DEFAULT_POLICY } from '../../model/policy.ts';
import type { Series } from '../../model/series.ts';
import { HEALTHY, LEAKING, seriesOf } from './shapes.ts';

const policy = DEFAULT_POLICY;
const needed = scoreAt(policy.threshold, LEARNED.calibration, policy.prior);

/** Of the window that the verdict hangs on: the one that looks less like a leak, now or an hour ago. */
function signsOf(series: Series): Float64Array {
  const samples = clean(series);
  if (samples === undefined) throw new Error('not a series');
  const grid = gridOf(samples, series.window.end);
  const { start } = lastStretch(grid);
  const both = [grid, gridBefore(grid, CELLS_PER_HOUR)].map((one) => judge(one, start, LEARNED.model));
  const [lesser] = both.toSorted((a, b) => a.score - b.score);
  return lesser?.signs ?? new Float64Array();
}

/** Leaks of several ages, which signs of several strengths speak for, beside all the shapes. */
const SERIES = [
  ...Object.values(HEALTHY),
  ...Object.values(LEAKING),
  ...[96, 95, 94, 93, 92, 91, 90, 88].map((onset) => (h: number) => 30 + 2 * Math.max(0, h - onset)),
].map((shape) => seriesOf(shape));

describe('counterfactualOf', () => {
  it('names a sign that turns the verdict at its limit, and not before', () => {
    const told = SERIES.flatMap((series) => {
      const turn = counterfactualOf(series, policy);
      return turn === null ? [] : [{ series, turn }];
    });

    expect(told.length).toBeGreaterThan(3);
    for (const { series, turn } of told) {
      const signs = signsOf(series);
      const index = SIGNS.findIndex(({ name }) => name === turn.name);
      const step = Math.max(Math.abs(turn.limit), 1e-6) * 1e-6;
      const leaksWith = (value: number) => scoreOf(LEARNED.model, signs.with(index, value)) >= needed;
      const leaks = detect(series, policy).state === 'leaking';

      expect(leaksWith(turn.limit - step)).not.toBe(leaksWith(turn.limit + step));
      expect(turn.value).toBe(signs[index]);
      expect(leaksWith(turn.comparison === 'at_most' ? turn.limit : turn.limit + step)).toBe(!leaks);
    }
  });

  it('prefers a sign in percent of the capacity', () => {
    const series = seriesOf((h) => 30 + Math.max(0, h - 93));

    expect(counterfactualOf(series, policy)?.unit).toBe('%');
  });

  it('says nothing of a leak that no single sign could have cleared', () => {
    const series = seriesOf((h) => 20 + 0.6 * h);

    expect(detect(series, policy).state).toBe('leaking');
    expect(counterfactualOf(series, policy)).toBeNull();
  });

  it('says nothing where nothing can be judged', () => {
    const flat = seriesOf(() => 50);

    expect(counterfactualOf({ ...flat, times: new Float64Array(), values: new Float64Array() }, policy)).toBeNull();
    expect(counterfactualOf({ ...flat, values: new Float64Array(3) }, policy)).toBeNull();
  });
});
