/**
 * What the siblings of a host suggest about its rise. What rises in all of them is load, or a release; what leaves them is evidence for a
 * leak. A leak that all of them share is evident on most of them and lasts; load that all of them share is evident on few, or ends.
 */
import type { Deployment } from '../model/deployment.ts';
import type { Vote } from '../model/vote.ts';
import { modelOf, scoreOf } from './boosted-trees.ts';
import { GREATEST_LOG_ODDS, logOddsAt, type Opinion } from './combine.ts';
import { logOddsOf, partBetween } from './confidence.ts';
import type { EvaluateCurve } from './consumer-vote.ts';
import { SIBLING_FEATURES, type SiblingFeatures, siblingFeatures, siblingLine } from './sibling-features.ts';
import { SIBLING_BASE, SIBLING_CALIBRATION, SIBLING_TREES } from './sibling-table.ts';
import type { FleetRises, HostCurve, SiblingCurves } from './siblings.ts';

const MODEL = modelOf(SIBLING_BASE, SIBLING_TREES, SIBLING_FEATURES);

/** Siblings that rise by more than so many times the host's rise do something else: that they leak is no evidence for it. */
const LIKE_TIMES = 3;
/** A single sibling is half a comparison: by chance one other host does anything. */
const ENOUGH_SIBLINGS = 2;
/** What siblings share with a host takes no more from its own evidence: a leak may be on all of them, and then it is reported and pages nobody. */
const LEAST_LOG_ODDS = -3;

/** Siblings that are surer than a host with the same rise add this share of the difference at the most. */
const SURER_SHARE = 0.46;

/**
 * Added to what was learned. Rises of an hour or two are more often a job or a cache than a leak, so that without it a leak is found an hour or more
 * later than by the host alone.
 */
const LEVEL = 0.9;

/**
 * Log-odds: a rise of the host alone that is likelier a leak than .7 counts less against one, however much surer its own curve was, and from .86
 * on not at all.
 */
const LIKELY = [0.85, 1.85] as const;
/** A rise that most siblings share is said to be theirs. */
const MOSTLY_COMMON = 0.5;
/** Up to this share of theirs a rise is the host's own entirely. */
const HARDLY_COMMON = 0.3;

/** Hours before the change point, and after it, within which a deployment may have begun the rise. */
const DEPLOYED_BEFORE_HOURS = 3;
const DEPLOYED_AFTER_HOURS = 1;

const HOUR_MS = 3_600_000;

/** What hosts are compared with, and how. */
interface Comparing {
  readonly deployments: readonly Deployment[] | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The share of inspections that are of a leaking host. */
  readonly prior: number;
  /** The statistical evaluator, on the curve of the host less that of its siblings. */
  readonly evaluate: EvaluateCurve;
}

/** By the siblings of the host; by its fleet where it has none that can be compared. Null where neither has any evidence. */
export function siblingsVote(
  { own, group, fleet }: SiblingCurves,
  { deployments, now, prior, evaluate }: Comparing,
): Opinion | null {
  const features = siblingFeatures(own, group, evaluate);
  const logOdds = features === null ? fleetLogOdds(own, fleet) : groupLogOdds(own, features, prior);
  if (features === null && logOdds === 0) return null;
  const reason =
    features === null ? fleetReason(own, fleet) : groupReason(features, logOdds < 0, deployments ?? [], now);
  return { evaluator: 'siblings', logOdds, ...reason };
}

/** The difference that the siblings make to the log-odds of the host's own curve. */
function groupLogOdds(own: HostCurve, features: SiblingFeatures, prior: number): number {
  const { compared, common, siblings, rise, siblingRise } = features;
  const oddsOf = (score: number) => logOddsOf(score, SIBLING_CALIBRATION, prior) + LEVEL;
  const learned = oddsOf(scoreOf(MODEL, siblingLine(own, features)));
  // Nothing surer was measured: of a host that is, as much remains.
  const beside = learned - Math.min(logOddsAt(own.confidence), oddsOf(Infinity));
  const isItsOwn = partBetween(LIKELY, learned) * (1 - partBetween([HARDLY_COMMON, MOSTLY_COMMON], common));
  // Siblings that are no surer than the host itself add nothing to its own evidence.
  const surer = siblingRise <= LIKE_TIMES * rise ? SURER_SHARE * Math.max(0, siblings - features.own) : 0;
  const most = (1 - common) * GREATEST_LOG_ODDS + common * surer;
  const all = Math.min(beside < 0 ? (1 - isItsOwn) * beside : beside, most);
  return Math.max(LEAST_LOG_ODDS, Math.min(1, compared / ENOUGH_SIBLINGS) * all);
}

/** Until a rise has lasted for so many hours the fleet counts entirely, and from so many on no more: what lasts is no load. */
const FLEET_HOURS = [24, 60] as const;
/** How fast the log-odds fall with the ratio, and the least they fall to. (Measured on recorded hosts.) */
const FLEET_SLOPE = 1.5;
const FLEET_LEAST = -2.5;
/** Counts are compared with what chance may bring (one deviation more than it does), as if there were half a host more of each. */
const HALF = 0.5;
/** In a small fleet two hosts that begin together do not suggest one cause … */
const LEAST_USUAL = 1;
/** … and fewer than this do in none: leaks come in threes. (On recorded hosts false episodes began beside 7 to 23 others.) */
const LEAST_TOGETHER = 5;

/**
 * Rises that begin together have one cause, and leaks of different hosts have none in common: the ratio of the rate at which hosts begin to
 * rise in these hours to the usual rate. Never above 0: that no other host rises is no evidence for a leak.
 */
export function fleetLogOdds({ risingHours }: HostCurve, { together, expected }: FleetRises): number {
  if (together < LEAST_TOGETHER) return 0;
  const lasting = 1 - partBetween(FLEET_HOURS, risingHours);
  const usual = Math.max(LEAST_USUAL, expected);
  const ratio = (together + HALF) / (usual + Math.sqrt(usual) + HALF);
  return ratio <= 1 ? 0 : Math.max(FLEET_LEAST, -FLEET_SLOPE * lasting * Math.log(ratio));
}

type Reason = Pick<Vote, 'reason' | 'facts'>;

function fleetReason({ risingHours }: HostCurve, { together, expected }: FleetRises): Reason {
  return { reason: 'fleet_rises', facts: { hours: risingHours, together, expected } };
}

function groupReason(
  features: SiblingFeatures,
  isAgainst: boolean,
  deployments: readonly Deployment[],
  now: number,
): Reason {
  const { hours, compared, alike, rise, siblingRise, common } = features;
  const facts = { hours, compared, alike, rise, siblingRise };
  if (common < MOSTLY_COMMON) return { reason: isAgainst ? 'moves_beside_siblings' : 'siblings_do_not_rise', facts };
  const began = now - hours * HOUR_MS;
  const release = deployments.findLast(({ time }) => {
    return time >= began - DEPLOYED_BEFORE_HOURS * HOUR_MS && time <= began + DEPLOYED_AFTER_HOURS * HOUR_MS;
  });
  if (release === undefined) return { reason: 'siblings_rise', facts };
  return {
    reason: 'siblings_rise_since_release',
    facts: { ...facts, deployedHoursAgo: (now - release.time) / HOUR_MS },
  };
}
