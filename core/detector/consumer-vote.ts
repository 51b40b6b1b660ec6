/**
 * The vote of a host's consumers: memory that leaks is somebody's. Each consumer's curve is evaluated as a host's is, and the one that is most
 * like a leak speaks for all. Where consumers are known, the host's own curve, which is their sum, adds little to them: the vote replaces it,
 * as far as the consumers were collected. `bench/train/votes.ts` fits what counts how much.
 */
import { DEFAULT_POLICY, LOOK_BACK_HOURS, type Policy } from '../model/policy.ts';
import type { Reading } from '../model/series.ts';
import type { VoteReason } from '../model/vote.ts';
import { GREATEST_LOG_ODDS, GREATEST_REPLACING_LOG_ODDS, logOddsAt, type Opinion } from './combine.ts';
import { logit, sigmoid } from './confidence.ts';
import { type ConsumerCurve, type ConsumerCurves, consumerCurves } from './consumer-curves.ts';
import {
  type ConsumerFeatures,
  consumerFeatures,
  levelAgo,
  ratioOf,
  riseHours,
  riseOver,
} from './consumer-features.ts';
import { changePointHoursOf } from './evaluate.ts';
import type { Grid } from './floors.ts';
import { clearRiseOf } from './steady-rise.ts';
import type { CurveEvaluation, Subject } from './subject.ts';
import { VOTE_WEIGHTS } from './vote-weights.ts';

/** Points of the host's capacity. A consumer that moved less shows no leak. */
const LEAST_RANGE = 0.5;
/** Consumers that are evaluated at the most: those that stand highest above their lowest level. */
const MOST_EVALUATED = 24;
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
/** From this share of its growth on, what a consumer gave back was the host's rise. */
const RESTARTED_SHARE = 0.5;
/**
 * A rise that no collected consumer explains takes no more than this from the host's own evidence: it may be the kernel's, or a file system's
 * in memory. Where the curve is plain it is reported, and pages nobody.
 */
const NOBODYS_LOG_ODDS = -2;

/** The statistical evaluator, on the curve of a consumer. */
export type EvaluateCurve = (grid: Grid) => Pick<CurveEvaluation, 'confidence' | 'evaluation'>;

/** Null where there are no consumers that can be compared with the host, or where they were collected for too few hours. */
export function consumerVote(
  subject: Subject,
  readings: readonly Reading[] | undefined,
  { prior = DEFAULT_POLICY.prior }: Partial<Pick<Policy, 'prior'>>,
  evaluate: EvaluateCurve,
): Opinion | null {
  const known = knownConsumers(subject, readings, prior, evaluate);
  if (known === null) return null;
  const { grid, curve } = subject;
  const { best, features, curves, hours, hostHours } = known;
  const alone = logit(prior) + ratioOf(features, VOTE_WEIGHTS.consumers);
  const replaced = alone - logOddsAt(curve.confidence);
  const certainty = Math.min(1, hours / Math.min(FULL_HOURS, curve.hours));
  const held = heldShare(grid, curves);
  const growth = growthOf(grid, curves, alone > 0 ? best : null, hostHours);
  const reason = reasonOf(alone, growth.share, features);
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

/** What the consumers of a host suggest before it is weighed. */
interface KnownConsumers extends Pick<ConsumerCurves, 'curves' | 'hours'> {
  readonly best: Grower | null;
  readonly features: ConsumerFeatures;
  /** Hours since the host's own change point. */
  readonly hostHours: number;
}

/** Null where `consumerVote` is. */
export function knownConsumers(
  subject: Subject,
  readings: readonly Reading[] | undefined,
  prior: number,
  evaluate: EvaluateCurve,
): KnownConsumers | null {
  const known = readings && consumerCurves(subject, readings);
  if (!known || known.hoursAgo > STALE_HOURS || known.hours < LOOK_BACK_HOURS.least) return null;
  const { grid, curve } = subject;
  const hostHours = changePointHoursOf(curve.evaluation);
  const best = mostLikeALeak([...known.curves, ...togetherOf(grid, known.curves, hostHours)], evaluate);
  const spoken = best && { ...best, grid: best.curve.grid, isTogether: !known.curves.includes(best.curve) };
  const features = consumerFeatures(spoken, curve.confidence, (one) => logOddsAt(one) - logit(prior));
  return { ...known, best, features, hostHours };
}

function reasonOf(alone: number, share: number | undefined, { fallen }: ConsumerFeatures): VoteReason {
  if (alone > 0) return 'consumer_grows';
  if (fallen >= RESTARTED_SHARE) return 'growers_level_off';
  return share !== undefined && share >= EXPLAINING_SHARE ? 'growers_level_off' : 'nobody_grows';
}

interface Grower extends ReturnType<EvaluateCurve> {
  readonly curve: ConsumerCurve;
}

/** The order of consumers never matters: of equals the one with the greater score counts. */
function mostLikeALeak(curves: readonly ConsumerCurve[], evaluate: EvaluateCurve): Grower | null {
  const moving = curves
    .map((curve) => ({ curve, above: aboveLowest(curve.grid) }))
    .filter(({ above }) => above >= LEAST_RANGE)
    .sort((a, b) => b.above - a.above)
    .slice(0, MOST_EVALUATED);
  let best: Grower | null = null;
  for (const { curve } of moving) {
    const one = { curve, ...evaluate(curve.grid) };
    const [its, most] = [one, best].map((grower) => grower?.confidence ?? -1);
    const isMore =
      its === most ? one.evaluation.score > (best?.evaluation.score ?? -Infinity) : (its ?? 0) > (most ?? 0);
    if (isMore) best = one;
  }
  return best;
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
function growthOf(host: Grid, curves: ConsumerCurves['curves'], grower: Grower | null, hostHours: number) {
  const since = grower === null ? hostHours : changePointHoursOf(grower.evaluation);
  const hours = riseHours(since);
  const ofHost = riseOver(host, hours);
  const ofThese = (grower === null ? curves : [grower.curve]).reduce((sum, { grid }) => sum + riseOver(grid, hours), 0);
  const share = ofHost < LEAST_RISE ? {} : { share: ofThese / ofHost };
  return { hours, risePoints: grower === null ? ofHost : ofThese, ...share };
}
