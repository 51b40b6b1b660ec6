/**
 * The detector: a series, and what else is known of its host, in; a verdict out. Pure: no clock, no randomness, no state;
 * `series.window.end` is "now".
 */
import { DEFAULT_POLICY, type HostEnvironment, LOOK_BACK_HOURS, THRESHOLDS, thresholdOf } from '../model/policy.ts';
import type { Series } from '../model/series.ts';
import type { Check, Cleaned, Evidence, Grade, InsufficientReason, Leaking, Verdict } from '../model/verdict.ts';
import type { WeeksOutlook } from '../model/weeks-outlook.ts';
import { baselineVote } from './baseline-vote.ts';
import { type CleanedSamples, clean, NOTHING_CLEANED } from './clean.ts';
import { decidedBy, type Opinion, ownVote, shifted, weighted } from './combine.ts';
import { consumerVote } from './consumer-vote.ts';
import { evaluateCurve, hoursKnown } from './curve-confidence.ts';
import { changePointHoursOf, type Evaluation } from './evaluate.ts';
import { exhaustionOf } from './exhaustion.ts';
import { atLeast } from './features.ts';
import { CELL_MS, CELLS_PER_HOUR, type Grid, gridOf } from './floors.ts';
import type { Knowledge } from './knowledge.ts';
import { type Learned, learnedFrom } from './learned.ts';
import { TABLE } from './learned-table.ts';
import { onsetOf, outlookOf } from './outlook.ts';
import { lastSegment, type Segment } from './segment.ts';
import { siblingsVote } from './sibling-vote.ts';
import type { CurveEvaluation, Subject } from './subject.ts';
import { swapVote } from './swap-vote.ts';
import { outlookOfWeeks, weeksVote } from './weeks-vote.ts';
import { TABLE as YOUNG_TABLE } from './young-table.ts';

export interface DetectPolicy {
  /** Confidence from which a series counts as leaking. */
  readonly threshold: number;
  /** Multiplies the threshold by the factor of the environment, see `ENVIRONMENTS`. */
  readonly environment?: HostEnvironment;
  /** Share of inspections of a leaking host, before anything is known of this host. Default: the default policy's. */
  readonly prior?: number;
}

const HOUR_MS = 3_600_000;

/** A series whose last sample is older than this does not describe the present. */
export const STALE_AFTER_MS = 3 * HOUR_MS;
/** Share of the last day's hours, or of as many as there are, that must hold a sample. */
const LEAST_COVERAGE = 0.5;
const COVERED_HOURS = 24;
/** Hours over which the growth of a steady host is measured. */
const STEADY_HOURS = 24;
/**
 * A leak is confirmed where its odds are so many times the threshold's: at a prior with a quarter of the odds it would still be
 * reported.
 */
const CONFIRMING_ODDS = 4;
/** A confidence of the greatest threshold confirms at every threshold. */
const ALWAYS_CONFIRMING = THRESHOLDS.greatest;
/** Hours of history that confirm a leak: within less, a morning ramp, a cache that fills and a leak look alike. */
export const CONFIRMING_HOURS = 24;

/** The tables that were learned from all labelled series. */
export const LEARNED: Learned = learnedFrom(TABLE, YOUNG_TABLE);

/**
 * Evaluates one series. It is leaking when its confidence, now and over the last hours, and with what else is known of the host,
 * reaches the policy's threshold. Never throws on a series that a source may send.
 */
export function detect(series: Series, policy: DetectPolicy, knowledge: Knowledge = NOTHING_KNOWN): Verdict {
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
  const prior = policy.prior ?? DEFAULT_POLICY.prior;
  const evaluate = (some: Grid, its: Segment) => evaluateCurve(some, its, prior, knowledge.learned ?? LEARNED);
  const curve = evaluate(grid, segment);
  const subject = { series, samples, grid, segment, curve };
  const opinions = opinionsOf(subject, policy, knowledge, (own) => evaluate(own, lastSegment(own)));
  const decision = decide(curve, opinions, policy, knowledge);
  const measured = evidenceOf(samples, grid, segment, decision, basis);
  const evidence = isOfWeeks(decision) ? withExhaustionOf(outlookOfWeeks(knowledge, prior), measured) : measured;
  if (decision.grade === null) return { state: 'steady', evidence };
  return { state: 'leaking', grade: decision.grade, evidence };
}

/** Whether growth over weeks made it a leak: then the host's own window does not show how long its memory lasts. */
function isOfWeeks({ grade, decidedBy: decider, votes }: Decision): boolean {
  const grows = votes.some(({ evaluator, reason }) => evaluator === 'weeks' && reason === 'grows_for_weeks');
  return grade !== null && decider === 'weeks' && grows;
}

/** With the time that the weeks leave; never one that has passed, because a deep read may be a day or two old. */
function withExhaustionOf(outlook: WeeksOutlook | null, evidence: Evidence): Evidence {
  if (outlook === null) return evidence;
  const { exhaustion } = outlook;
  if (exhaustion.kind === 'cannot_say') return { ...evidence, exhaustion };
  const fromNow = (time: number) => Math.max(evidence.evaluated.end, time);
  const { earliest, likely, latest } = exhaustion;
  const left = {
    earliest: fromNow(earliest),
    likely: fromNow(likely),
    latest: latest === null ? null : fromNow(latest),
  };
  return { ...evidence, exhaustion: { ...exhaustion, ...left } };
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

const NOTHING_KNOWN: Knowledge = {};

/** One for each evaluator; null of one that has nothing to go by. */
function opinionsOf(
  subject: Subject,
  policy: DetectPolicy,
  knowledge: Knowledge,
  evaluateOther: (grid: Grid) => CurveEvaluation,
): (Opinion | null)[] {
  const { siblings, consumers, deployments } = knowledge;
  const prior = policy.prior ?? DEFAULT_POLICY.prior;
  const comparing = { deployments, now: subject.grid.end, prior, evaluate: evaluateOther };
  return [
    baselineVote(subject, knowledge),
    weeksVote(subject, knowledge, prior),
    siblings === undefined ? null : siblingsVote(siblings, comparing),
    consumerVote(subject, consumers, policy, evaluateOther),
    swapVote(subject, knowledge.swap, evaluateOther),
  ];
}

interface Decision extends Pick<Evidence, 'confidence' | 'votes' | 'decidedBy'> {
  readonly evaluation: Evaluation;
  /** Null for a steady series. */
  readonly grade: Grade | null;
  /** Null for a steady series. */
  readonly lasting: number | null;
  readonly checks: readonly Check[];
}

function decide(
  { evaluation, hours, checks, ...curve }: CurveEvaluation,
  opinions: readonly (Opinion | null)[],
  policy: DetectPolicy,
  { weights }: Knowledge,
): Decision {
  const threshold = thresholdOf(policy);
  const own = ownVote(curve.confidence);
  const votes = weighted(opinions, policy.prior ?? DEFAULT_POLICY.prior, weights);
  const confidence = shifted(curve.confidence, votes);
  // A steady rise by a point or two is reported, and wakes nobody up by itself.
  const paging = votes.filter(({ reason }) => reason !== 'steady_rise');
  const lasting = confidence >= threshold ? shifted(curve.lasting(), paging) : null;
  const isConfirmed = hours >= CONFIRMING_HOURS && isSure({ confidence, lasting }, threshold);
  return {
    evaluation,
    grade: lasting === null ? null : isConfirmed ? 'confirmed' : 'suspected',
    confidence,
    lasting,
    votes: [own, ...votes],
    decidedBy: decidedBy(own, votes, threshold),
    checks,
  };
}

/**
 * Whether both confidences confirm a leak: the lasting one knows nothing of the hour before, and a job that brings half of its memory within
 * one hour looks like a leak in hours that lie further apart.
 */
function isSure({ confidence, lasting }: Pick<Decision, 'confidence' | 'lasting'>, threshold: number): boolean {
  const least = confirmedFrom(threshold);
  return lasting !== null && lasting >= least && confidence >= least;
}

/** The confidence from which a leak is confirmed, now and lasting, at a policy's threshold. */
export function confirmedFrom(threshold: number): number {
  const odds = (CONFIRMING_ODDS * threshold) / (1 - threshold);
  return Math.max(threshold, Math.min(odds / (1 + odds), ALWAYS_CONFIRMING));
}

/**
 * The verdict on a leak at a higher threshold that its confidence still reaches: what was measured is the same, and it may be confirmed no more.
 * As `detect` gives it, at a small part of the time.
 */
export function regraded(leak: Leaking, policy: Pick<DetectPolicy, 'threshold' | 'environment'>): Leaking {
  const threshold = thresholdOf(policy);
  const { confidence, lastingConfidence: lasting, votes } = leak.evidence;
  const isConfirmed = leak.grade === 'confirmed' && isSure({ confidence, lasting }, threshold);
  const [own, ...others] = votes;
  const decider = own === undefined ? leak.evidence.decidedBy : decidedBy(own, others, threshold);
  return {
    state: 'leaking',
    grade: isConfirmed ? 'confirmed' : 'suspected',
    evidence: { ...leak.evidence, decidedBy: decider },
  };
}

/** Hours over which a steady host's growth is measured: its last day, but not across a restart. */
function steadyHours({ cells }: Grid, { start }: Segment): number {
  return Math.min(STEADY_HOURS, Math.floor((cells.length - start) / CELLS_PER_HOUR));
}

function evidenceOf(
  samples: CleanedSamples,
  grid: Grid,
  segment: Segment,
  decision: Decision,
  basis: readonly Check[],
): Evidence {
  const { evaluation, confidence } = decision;
  const changePointHours = changePointHoursOf(evaluation);
  const leaking = decision.grade !== null;
  const evaluated = grid.cells.subarray(evaluation.start);
  const hours = leaking ? changePointHours : steadyHours(grid, segment);
  const outlook = outlookOf({ measured: evaluation, grid, segmentStart: segment.start, hours }, leaking);
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
    lastingConfidence: decision.lasting,
    votes: decision.votes,
    decidedBy: decision.decidedBy,
    exhaustion: exhaustionOf(outlook, { limitKnown: samples.limitKnown, isLeaking: leaking, now: grid.end }),
    checks: [...basis, ...decision.checks],
    cleaned: samples.cleaned,
  };
}
