/** What would have turned a verdict: for whoever asks why a host was told of, or why it was not. */
import { DEFAULT_POLICY } from '../model/policy.ts';
import type { Series } from '../model/series.ts';
import type { Counterfactual } from '../model/verdict.ts';
import { clean } from './clean.ts';
import { scoreAt } from './confidence.ts';
import type { DetectPolicy } from './detect.ts';
import { CELLS_PER_HOUR, gridBefore, gridOf } from './floors.ts';
import { judge } from './judge.ts';
import { LEARNED } from './learned.ts';
import { type Model, scoreOf } from './model.ts';
import { SIGNS, type SignKind } from './signs.ts';
import { lastStretch } from './stretch.ts';

/** The nearest change of one sign of a series that would turn its verdict; null when no single one would, or nothing is judged. */
export function counterfactualOf(series: Series, policy: DetectPolicy): Counterfactual | null {
  const samples = clean(series);
  if (samples === undefined || samples.times.length === 0) return null;
  const { model, calibration } = LEARNED;
  const grid = gridOf(samples, series.window.end);
  const { start } = lastStretch(grid);
  const now = judge(grid, start, model);
  const hourAgo = judge(gridBefore(grid, CELLS_PER_HOUR), start, model);
  // The verdict hangs on the lesser of the two.
  const isHourAgo = hourAgo.score < now.score;
  const needed = scoreAt(policy.threshold, calibration, policy.prior ?? DEFAULT_POLICY.prior);
  const turn = nearestTurn((isHourAgo ? hourAgo : now).signs, model, needed);
  return turn && { ...turn, hourAgo: isHourAgo };
}

/**
 * The single sign that would turn the verdict with the least change, everything else being as it is; null when no single
 * one would. Least is counted in steps of the table, which are as wide as the sign is spread over hosts. A sign of how
 * much memory grew goes before one of the growth's shape: people can picture percent.
 */
function nearestTurn(signs: Float64Array, model: Model, needed: number): Omit<Counterfactual, 'hourAgo'> | null {
  const isLeaking = scoreOf(model, signs) >= needed;
  const turns = SIGNS.flatMap((kind, index) => {
    const found = turningPoint(signs, index, kind, model, needed);
    return found === null ? [] : [{ kind, value: signs[index] ?? Number.NaN, ...found }];
  });
  turns.sort((a, b) => Number(b.kind.unit === '%') - Number(a.kind.unit === '%') || a.share - b.share);
  const [nearest] = turns;
  if (nearest === undefined) return null;
  const { kind, value, limit } = nearest;
  const comparison = isLeaking === (kind.direction === 1) ? 'at_most' : 'at_least';
  return { name: kind.name, value, comparison, limit, unit: kind.unit };
}

/** The value of one sign at which the verdict turns, found by halving: scores are monotone in every sign. */
function turningPoint(signs: Float64Array, index: number, { direction }: SignKind, model: Model, needed: number) {
  const value = signs[index] ?? Number.NaN;
  if (Number.isNaN(value)) return null;
  const isLeaking = scoreOf(model, signs) >= needed;
  const turned = (to: number) => scoreOf(model, signs.with(index, to)) >= needed !== isLeaking;
  // Growing less like a leak means downwards for a sign that speaks for one.
  const upwards = isLeaking !== (direction === 1);
  const steps = thresholdsOf(model, index).filter((step) => (upwards ? step >= value : step < value));
  if (!upwards) steps.reverse();
  // A question asks for more than its step: the step itself answers no, and what is just above it yes.
  const at = (place: number) => (upwards ? justAbove(steps[place] ?? value) : (steps[place] ?? value));
  if (steps.length === 0 || !turned(at(steps.length - 1))) return null;
  let low = 0;
  let high = steps.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (turned(at(middle))) high = middle;
    else low = middle + 1;
  }
  return { limit: steps[low] ?? value, share: (low + 1) / thresholdsOf(model, index).length };
}

function justAbove(value: number): number {
  return value + Math.max(Math.abs(value), 1e-9) * 1e-9;
}

/** The distinct values that the model asks of one sign, in order. */
function thresholdsOf({ trees }: Model, sign: number): number[] {
  const questions = trees.flatMap(({ first, no, yes }) => [first, no, yes]);
  const values = questions.flatMap((question) => (question.sign === sign ? [question.above] : []));
  return [...new Set(values)].sort((a, b) => a - b);
}
