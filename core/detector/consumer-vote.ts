/**
 * The vote of a host's consumers: memory that leaks is somebody's. Each consumer's curve is evaluated as a host's is; those that are most like a
 * leak are weighed by trees that were learned on curves of consumers, and the surest speaks for all. Where consumers are known, the host's own
 * curve, which is their sum, adds little to them: the vote replaces it, as far as the consumers were collected. `bench/train/votes.ts` learns
 * the trees.
 */
import { DEFAULT_POLICY, LOOK_BACK_HOURS, type Policy } from '../model/policy.ts';
import type { Reading } from '../model/series.ts';
import type { VoteReason } from '../model/vote.ts';
import { modelOf, scoreOf } from './boosted-trees.ts';
import { GREATEST_LOG_ODDS, GREATEST_REPLACING_LOG_ODDS, logOddsAt, type Opinion } from './combine.ts';
import { logit, logOddsOf, partBetween, sigmoid } from './confidence.ts';
import { type ConsumerCurve, type ConsumerCurves, consumerCurves } from './consumer-curves.ts';
import {
  CONSUMER_FEATURES,
  consumerFeaturesOf,
  fallenShare,
  type Grower,
  levelAgo,
  riseHours,
  riseOver,
} from './consumer-features.ts';
import { CONSUMER_BASE, CONSUMER_CALIBRATION, CONSUMER_TREES } from './consumer-table.ts';
import { changePointHoursOf } from './evaluate.ts';
import type { Grid } from './floors.ts';
import { lastSegment } from './segment.ts';
import { clearRiseOf } from './steady-rise.ts';
import type { CurveEvaluation, Subject } from './subject.ts';

const MODEL = modelOf(CONSUMER_BASE, CONSUMER_TREES, CONSUMER_FEATURES);

/** Points of the host's capacity. A consumer that moved less shows no leak. */
const LEAST_RANGE = 0.5;
/** Consumers that are evaluated at the most: those that stand highest above their lowest level. */
const MOST_EVALUATED = 24;
/** Of these, as many are weighed: those whose curves are most like a leak, and more than nothing like one. */
const MOST_WEIGHED = 5;
const WEIGHED_FROM = 0.01;
/**
 * Added to what was learned: a process that fills evenly for a day looks as a leak does. On fleets that the trees had not seen it takes one false
 * alarm in six of hosts with consumers, and hardly a leak; with twice as much leaks are found later.
 */
const LEVEL = -0.2;
/** With as many hours of consumers their vote counts fully. */
const FULL_HOURS = 48;
/** Consumers whose last samples are older do not describe the present. */
const STALE_HOURS = 3;
/** That nobody grew counts fully where consumers hold this share of the host's memory. */
const FULL_SHARE = 0.5;
/** Points. Of a smaller rise no shares are stated. */
const LEAST_RISE = 1;
/** Where consumers explain this share of a rise, its growers have been found, whether they still grow or not. */
const EXPLAINING_SHARE = 0.5;
/** A fall of the last cell by the first share of the rise is a collection of garbage, and by the second a restart: the rise is gone. */
const FALLEN_SHARES = [0.1, 0.3] as const;
/** From this part of the way between them on, what a consumer gave back was the host's rise. */
const RESTARTED_PART = 0.5;
/**
 * A rise that no collected consumer explains takes no more than this from the host's own evidence: it may be the kernel's, or a file system's
 * in memory. Where the curve is plain it is reported, and pages nobody.
 */
const NOBODYS_LOG_ODDS = -2;

/** The statistical evaluator, on the curve of a consumer. */
export type EvaluateCurve = (grid: Grid) => Pick<CurveEvaluation, 'confidence' | 'evaluation' | 'lasting'>;

/** Null where there are no consumers that can be compared with the host, or where they were collected for too few hours. */
export function consumerVote(
  subject: Subject,
  readings: readonly Reading[] | undefined,
  { prior = DEFAULT_POLICY.prior }: Partial<Pick<Policy, 'prior'>>,
  evaluate: EvaluateCurve,
): Opinion | null {
  const known = weighedConsumers(subject, readings, prior, evaluate);
  if (known === null) return null;
  const { grid, curve } = subject;
  const { curves, hours, hostHours } = known;
  const { best, fallen, odds: alone } = surestOf(known.weighed, prior);
  const replaced = alone - logOddsAt(curve.confidence);
  const certainty = Math.min(1, hours / Math.min(FULL_HOURS, curve.hours));
  const held = heldShare(grid, curves);
  const growth = growthOf(grid, curves, alone > 0 ? best : null, hostHours);
  const reason = reasonOf(alone, growth.share, fallen);
  const least = reason === 'nobody_grows' ? NOBODYS_LOG_ODDS : -GREATEST_LOG_ODDS;
  const full = Math.max(least, Math.min(GREATEST_REPLACING_LOG_ODDS, replaced));
  const share = certainty * (full < 0 ? Math.min(1, held / FULL_SHARE) : 1);
  return {
    evaluator: 'consumers',
    confidence: sigmoid(alone),
    logOdds: share * full,
    replaces: { share, steadyRise: best === null ? 0 : (clearRiseOf(best.evaluation.hourly)?.rise ?? 0) },
    reason,
    facts: {
      ownConfidence: best?.confidence ?? 0,
      consumers: curves.length,
      collectedHours: hours,
      heldShare: held,
      ...growth,
    },
  };
}

/** The consumers of a host before they are weighed. */
interface WeighedConsumers extends Pick<ConsumerCurves, 'curves' | 'hours'> {
  /** Those that are most like a leak by their curves. */
  readonly weighed: readonly WeighedConsumer[];
  /** Hours since the host's own change point. */
  readonly hostHours: number;
}

export interface WeighedConsumer extends Grower {
  readonly curve: ConsumerCurve;
  /** One for each of `CONSUMER_FEATURES`. */
  readonly features: Float64Array;
}

/** Null where `consumerVote` is. */
export function weighedConsumers(
  subject: Subject,
  readings: readonly Reading[] | undefined,
  prior: number,
  evaluate: EvaluateCurve,
): WeighedConsumers | null {
  const known = readings && consumerCurves(subject, readings);
  if (!known || known.hoursAgo > STALE_HOURS || known.hours < LOOK_BACK_HOURS.least) return null;
  const { grid, curve } = subject;
  const hostHours = changePointHoursOf(curve.evaluation);
  const single = mostLikeALeak(known.curves, evaluate, MOST_WEIGHED);
  const together = mostLikeALeak(togetherOf(grid, known.curves, hostHours), evaluate, 1);
  const toRatio = (confidence: number) => logOddsAt(confidence) - logit(prior);
  const host = { grid, confidence: curve.confidence };
  const weighed = [...single, ...together].map((one): WeighedConsumer => {
    const second = single.find((other) => other !== one)?.confidence ?? 0;
    const grower = {
      curve: one.curve,
      grid: one.curve.grid,
      confidence: one.confidence,
      lasting: one.lasting(),
      evaluation: one.evaluation,
      segmentStart: lastSegment(one.curve.grid).start,
      isTogether: !single.includes(one),
    };
    return { ...grower, features: consumerFeaturesOf(grower, { host, second, toRatio }) };
  });
  return { curves: known.curves, hours: known.hours, weighed, hostHours };
}

/** The consumer that is most likely a leak, and the log-odds of one at the prior. */
function surestOf(weighed: readonly WeighedConsumer[], prior: number) {
  const [first] = weighed
    .map((one) => ({ one, score: scoreOf(MODEL, one.features) }))
    .sort((a, b) => b.score - a.score || b.one.confidence - a.one.confidence);
  const odds = logOddsOf(first?.score ?? -Infinity, CONSUMER_CALIBRATION, prior) + LEVEL;
  if (first === undefined) return { best: null, fallen: 0, odds };
  const fallen = partBetween(FALLEN_SHARES, fallenShare(first.one));
  // What was given back speaks for nothing.
  return { best: first.one, fallen, odds: odds - fallen * Math.max(0, odds - logit(prior)) };
}

function reasonOf(alone: number, share: number | undefined, fallen: number): VoteReason {
  if (alone > 0) return 'consumer_grows';
  if (fallen >= RESTARTED_PART) return 'growers_level_off';
  return share !== undefined && share >= EXPLAINING_SHARE ? 'growers_level_off' : 'nobody_grows';
}

interface EvaluatedConsumer extends ReturnType<EvaluateCurve> {
  readonly curve: ConsumerCurve;
}

/** The most like a leak first. The order of consumers never matters: of equals the one with the greater score counts. */
function mostLikeALeak(
  curves: readonly ConsumerCurve[],
  evaluate: EvaluateCurve,
  most: number,
): readonly EvaluatedConsumer[] {
  return curves
    .map((curve) => ({ curve, above: aboveLowest(curve.grid) }))
    .filter(({ above }) => above >= LEAST_RANGE)
    .sort((a, b) => b.above - a.above)
    .slice(0, MOST_EVALUATED)
    .map(({ curve }) => ({ curve, ...evaluate(curve.grid) }))
    .filter(({ confidence }) => confidence >= WEIGHED_FROM)
    .sort((a, b) => b.confidence - a.confidence || b.evaluation.score - a.evaluation.score)
    .slice(0, most);
}

/**
 * All consumers as one, where they rise together and none of them has the greater part of it: workers of many names, or the pods of a node.
 * By itself each looks like nothing.
 */
function togetherOf(host: Grid, curves: ConsumerCurves['curves'], hostHours: number): ConsumerCurve[] {
  const [first, ...others] = curves;
  if (first === undefined || others.length === 0) return [];
  const { hours, risePoints, share = 0 } = growthOf(host, curves, null, hostHours);
  const most = curves.reduce((greatest, { grid }) => Math.max(greatest, riseOver(grid, hours)), 0);
  if (share < EXPLAINING_SHARE || most >= EXPLAINING_SHARE * risePoints) return [];
  const cells = first.grid.cells.map((_, cell) => curves.reduce((sum, { grid }) => sum + (grid.cells[cell] ?? 0), 0));
  return [{ consumer: first.consumer, grid: { end: host.end, cells } }];
}

/** How far the present level is above the lowest of the window. */
function aboveLowest(grid: Grid): number {
  const levels = grid.cells.filter((level) => !Number.isNaN(level));
  return levelAgo(grid, 0) - levels.reduce((least, level) => Math.min(least, level), Infinity);
}

/** The share of the host's memory that its consumers hold; more than 1 where shared memory is counted for each. */
function heldShare(host: Grid, curves: readonly ConsumerCurve[]): number {
  const together = curves.reduce((sum, { grid }) => sum + levelAgo(grid, 0), 0);
  return together / Math.max(LEAST_RISE, levelAgo(host, 0));
}

/**
 * What grew: the rise of a grower over the hours since its change point, else of the host over those since its own; and the grower's share of the
 * host's rise, else that of all consumers together.
 */
function growthOf(host: Grid, curves: ConsumerCurves['curves'], grower: WeighedConsumer | null, hostHours: number) {
  const since = grower === null ? hostHours : changePointHoursOf(grower.evaluation);
  const hours = riseHours(since);
  const ofHost = riseOver(host, hours);
  const ofThese = (grower === null ? curves : [grower]).reduce((sum, { grid }) => sum + riseOver(grid, hours), 0);
  const share = ofHost < LEAST_RISE ? {} : { share: ofThese / ofHost };
  return { hours, risePoints: grower === null ? ofHost : ofThese, ...share };
}
