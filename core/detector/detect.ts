/**
 * The detector: a series in, a verdict out. Pure: no clock, no chance, no state; `series.window.end` is "now".
 * A host that leaks has leaked for hours: a suspect is evaluated again as it was then, and counts for no more than on average.
 */
import { DEFAULT_POLICY, type HostEnvironment, LOOK_BACK_HOURS, THRESHOLDS, thresholdOf } from '../model/policy.ts';
import type { Series } from '../model/series.ts';
import type { Check, Cleaned, Evidence, Grade, InsufficientReason, Verdict } from '../model/verdict.ts';
import { clean, NOTHING_CLEANED, type Samples } from './clean.ts';
import { changePointHoursOf, type Evaluation, evaluationOf } from './evaluate.ts';
import { exhaustionOf } from './exhaustion.ts';
import { atLeast, featureChecks } from './features.ts';
import { CELL_MS, CELLS_PER_HOUR, type Grid, gridOf } from './floors.ts';
import { confidenceAt, type Learned, learnedFrom } from './learned.ts';
import { TABLE } from './learned-table.ts';
import { onsetOf, outlookOf } from './outlook.ts';
import { lastSegment, type Segment } from './segment.ts';

export interface DetectPolicy {
  /** Confidence from which a series counts as leaking … */
  readonly threshold: number;
  /** … multiplied by the factor of this, see `ENVIRONMENTS`. */
  readonly environment?: HostEnvironment;
  /** Share of inspections that are of a leaking host, before anything is known of this one; the default policy's if absent. */
  readonly prior?: number;
}

const HOUR_MS = 3_600_000;

/** A series whose last sample is older than this does not describe the present. */
export const STALE_AFTER_MS = 3 * HOUR_MS;
/** Of the last day's hours (or of fewer where there are fewer), as many must hold a sample. */
const LEAST_COVERAGE = 0.5;
const COVERED_HOURS = 24;
/** Over so many hours a host that does not leak is said to grow. */
const STEADY_HOURS = 24;
/**
 * A leak is confirmed where its odds are so many times those of the threshold: somebody who believes in leaks a
 * quarter as readily would still call it one …
 */
const CONFIRMING_ODDS = 4;
/** … though a leak as sure as the greatest threshold is sure enough at every threshold … */
const SURE_ENOUGH = THRESHOLDS.greatest;
/** … and where it is as sure with these hours ago counted in: what looked like a leak for an afternoon wakes nobody up … */
const CONFIRMING_HOURS_AGO = [5];
/** … with a day of history: within less, a morning ramp, a cache that fills and a leak look alike. */
export const CONFIRMING_HOURS = 24;

/**
 * A suspect is evaluated as it was so many hours ago as well: one unusual hour makes no leak. More of the hours between
 * added nothing, because neighbours agree.
 */
export const SUSPECT_HOURS_AGO = [2];
/** What is less sure than this now is no suspect under any policy, whatever was before. */
const CLEAR = 0.05;

/** What was learned from all labelled series. */
export const LEARNED: Learned = learnedFrom(TABLE);

/**
 * Evaluates one series. Leaking when its confidence, now and over the last hours, reaches the policy's threshold; never throws on
 * what a source may send. `learned` is for the bench, which evaluates with tables that were not trained on its series.
 */
export function detect(series: Series, policy: DetectPolicy, learned: Learned = LEARNED): Verdict {
  const samples = clean(series);
  if (samples === undefined) return insufficient('malformed', NOTHING_CLEANED);
  const last = samples.times.at(-1);
  if (last === undefined) return insufficient('no_samples', samples.cleaned);
  const period = Number.isFinite(series.periodMs) ? Math.max(0, series.periodMs) : 0;
  if (series.window.end - last > STALE_AFTER_MS + period) return insufficient('stale', samples.cleaned);

  const grid = gridOf(samples, series.window.end);
  const hours = grid.cells.length / CELLS_PER_HOUR;
  const basis = [
    atLeast('history', hours, LOOK_BACK_HOURS.least, 'h'),
    atLeast('coverage', recentCoverage(grid), LEAST_COVERAGE, '1'),
  ];
  const [history, coverage] = basis;
  if (history?.passed === false) return insufficient('too_short', samples.cleaned, basis);
  if (coverage?.passed === false) return insufficient('too_many_gaps', samples.cleaned, basis);

  const segment = lastSegment(grid);
  const outcome = decide(grid, segment, policy, learned);
  const evidence = evidenceOf(samples, grid, segment, outcome, basis);
  if (outcome.grade === null) return { state: 'steady', evidence };
  return { state: 'leaking', grade: outcome.grade, evidence };
}

function shareKnown(cells: Float64Array): number {
  let known = 0;
  for (let i = 0; i < cells.length; i++) if (!Number.isNaN(cells[i] ?? Number.NaN)) known++;
  return known / cells.length;
}

function insufficient(reason: InsufficientReason, cleaned: Cleaned, checks: readonly Check[] = []): Verdict {
  return { state: 'insufficient_data', reason, checks, cleaned };
}

/** Share of the last day's hours, or of as many as there are, that hold a sample. */
function recentCoverage({ cells }: Grid): number {
  const hours = Math.min(COVERED_HOURS, Math.floor(cells.length / CELLS_PER_HOUR));
  return hours === 0 ? 0 : hoursKnown(cells.subarray(-hours * CELLS_PER_HOUR)) / hours;
}

interface Outcome {
  readonly evaluation: Evaluation;
  /** Null for a steady series. */
  readonly grade: Grade | null;
  readonly confidence: number;
  /** With the hours ago that a page is decided by; null for a steady series. */
  readonly lasting: number | null;
  readonly checks: readonly Check[];
}

function decide(grid: Grid, segment: Segment, policy: DetectPolicy, learned: Learned): Outcome {
  const { model, limits } = learned;
  const hours = hoursKnown(grid.cells);
  const prior = policy.prior ?? DEFAULT_POLICY.prior;
  const sure = (score: number) => confidenceAt(learned, hours, score, prior);
  const { now: evaluation, scoreAgo } = evaluationOf(grid, segment.start, model);
  const now = evaluation.score;
  const recent = sure(now) < CLEAR ? [] : SUSPECT_HOURS_AGO.map(scoreAgo);
  const confidence = sure(scoreOver(now, recent));
  const threshold = thresholdOf(policy);
  const lasting =
    confidence >= threshold
      ? Math.min(confidence, sure(scoreOver(now, [...recent, ...CONFIRMING_HOURS_AGO.map(scoreAgo)])))
      : null;
  const isConfirmed = hours >= CONFIRMING_HOURS && lasting !== null && lasting >= confirmedFrom(threshold);
  return {
    evaluation,
    grade: lasting === null ? null : isConfirmed ? 'confirmed' : 'suspected',
    confidence,
    lasting,
    checks: featureChecks(evaluation.features, limits),
  };
}

/** Hours that hold a sample: silence is no history. */
function hoursKnown(cells: Float64Array): number {
  let hours = 0;
  let counted = Infinity;
  for (let i = cells.length - 1; i >= 0; i--) {
    const hour = Math.floor((cells.length - 1 - i) / CELLS_PER_HOUR);
    if (hour === counted || Number.isNaN(cells[i] ?? Number.NaN)) continue;
    counted = hour;
    hours++;
  }
  return hours;
}

/** The lesser of the score now and of the mean with those before: what fades is no longer a leak, what just began is not yet. */
export function scoreOver(now: number, before: readonly number[]): number {
  const mean = before.reduce((sum, score) => sum + score, now) / (before.length + 1);
  return Math.min(now, mean);
}

/** The confidence from which a leak is confirmed, at a policy's threshold, where it lasts. */
export function confirmedFrom(threshold: number): number {
  const odds = (CONFIRMING_ODDS * threshold) / (1 - threshold);
  return Math.max(threshold, Math.min(odds / (1 + odds), SURE_ENOUGH));
}

/** Growth of a steady host is that of its last day, and not across a restart. */
function steadyHours({ cells }: Grid, { start }: Segment): number {
  return Math.min(STEADY_HOURS, Math.floor((cells.length - start) / CELLS_PER_HOUR));
}

function evidenceOf(
  samples: Samples,
  grid: Grid,
  segment: Segment,
  outcome: Outcome,
  basis: readonly Check[],
): Evidence {
  const { evaluation, confidence } = outcome;
  const changePointHours = changePointHoursOf(evaluation);
  const leaking = outcome.grade !== null;
  const evaluated = grid.cells.subarray(evaluation.start);
  const outlook = outlookOf(evaluation, grid, leaking ? changePointHours : steadyHours(grid, segment), leaking);
  const { growth } = outlook;
  const level = evaluation.raw.at(-1) ?? 0;
  const toTime = (cell: number) => grid.end - (grid.cells.length - cell) * CELL_MS;
  const inUnit = (points: number) => points * (samples.capacity / 100);
  return {
    evaluated: { start: toTime(evaluation.start), end: grid.end },
    horizonHours: changePointHours,
    historyHours: grid.cells.length / CELLS_PER_HOUR,
    coverage: shareKnown(evaluated),
    restarts: segment.restarts.map(toTime),
    level: inUnit(level),
    growthPerHour: { low: inUnit(growth.low), estimate: inUnit(growth.estimate), high: inUnit(growth.high) },
    growthHours: outlook.hours,
    onset: leaking ? onsetOf(evaluation, grid.end) : null,
    pattern: outlook.pattern,
    confidence,
    lastingConfidence: outcome.lasting,
    exhaustion: exhaustionOf(outlook, samples.limitKnown, grid.end),
    checks: [...basis, ...outcome.checks],
    cleaned: samples.cleaned,
  };
}
