/**
 * What the siblings of a host suggest about its rise. What rises in all of them is load, or a release; what leaves them is evidence for a
 * leak. A leak that all of them share is evident on most of them and lasts; load that all of them share is evident on few, or ends.
 */

import type { Deployment } from '../model/deployment.ts';
import type { Vote } from '../model/vote.ts';
import type { Opinion } from './combine.ts';
import { logit } from './confidence.ts';
import { middle } from './order.ts';
import type { FleetRises, HostCurve, SiblingCurves } from './siblings.ts';

/** What of the comparison the vote is made of. */
export interface SiblingFeatures {
  /** Hours since the host's own change point, over which rises are compared. */
  readonly hours: number;
  /** Siblings that it is fair to compare with. */
  readonly compared: number;
  /** Those of them that rose by half as much or more. */
  readonly alike: number;
  /** Percentage points: of the host, and the median of the siblings. */
  readonly rise: number;
  readonly siblingRise: number;
  /** How common the rise is: 0 where the siblings did not rise, 1 where they rose as much or nearly as much. */
  readonly common: number;
  /** Log-odds of the host's own curve, and the median of the siblings' own curves. */
  readonly own: number;
  readonly siblings: number;
}

/** Rises are compared over at least so many hours, and at most three days. */
const LEAST_HOURS = 4;
const MOST_HOURS = 72;
/** A rise of the siblings below the first share of the host's counts as none, and above the second as the same. */
const COMMON_SHARES = [0.2, 0.6] as const;
/** Log-odds of an own curve beyond these count as these. */
const OWN_BOUNDS = [-4, 5] as const;
/** A sibling whose level differs by more percentage points does other work. */
const LEVEL_POINTS = 25;
/** A sibling rises alike from this share of the host's rise on. */
const ALIKE_SHARE = 0.5;
/** Siblings that rise by more than so many times the host's rise do something else: that they leak is no evidence for it. */
const LIKE_TIMES = 3;
/** A sibling at the top cannot rise as the host does. */
const TOP_LEVEL = 92;
/** A single sibling is half a comparison: by chance one other host does anything. */
const ENOUGH_SIBLINGS = 2;
/** What siblings share with a host takes no more from its own evidence: a leak may be on all of them, and then it is reported and pages nobody. */
const LEAST_LOG_ODDS = -3;

/**
 * Log-odds by how common the rise is. Rounded by hand from fits on generated groups, and raised so that leaks are found little
 * later; `bench/train/siblings.ts` fits them anew. A rise of the host alone: the longer it lasts, the less is it a job or a cache. A rise of all:
 * their own curves are independent views of one rise, so that the host's own counts for less and that of the others for more.
 */
const SIBLING_WEIGHTS = {
  alone: { base: -0.55, perLogHours: 0.46 },
  common: { base: -0.17, perLogHours: 0.3, siblings: 0.46, own: -0.64 },
} as const;
/** Hours at which the base holds. */
const BASE_HOURS = 12;

/** A rise that most siblings share is said to be theirs. */
const MOSTLY_COMMON = 0.5;

/** Hours before the change point, and after it, within which a deployment may have begun the rise. */
const DEPLOYED_BEFORE_HOURS = 3;
const DEPLOYED_AFTER_HOURS = 1;

const HOUR_MS = 3_600_000;

/** By the siblings of the host; by its fleet where it has none that can be compared. Null where neither has any evidence. */
export function siblingsVote(
  { own, group, fleet }: SiblingCurves,
  { deployments, now }: { readonly deployments: readonly Deployment[] | undefined; readonly now: number },
): Opinion | null {
  const features = siblingFeatures(own, group);
  const logOdds = features === null ? fleetLogOdds(own, fleet) : groupLogOdds(features);
  if (logOdds === 0) return null;
  const reason =
    features === null ? fleetReason(own, fleet) : groupReason(features, logOdds < 0, deployments ?? [], now);
  return { evaluator: 'siblings', logOdds, ...reason };
}

/** The log-likelihood ratio of a rise with these features. */
function groupLogOdds(features: SiblingFeatures): number {
  const { hours, compared, common, own, siblings, rise, siblingRise } = features;
  const { alone, common: shared } = SIBLING_WEIGHTS;
  const logHours = Math.log(hours / BASE_HOURS);
  // A short rise of its own is more often a job than a leak. That is for the host's own curve to know, and its siblings never count against it.
  const byItself = Math.max(0, alone.base + alone.perLogHours * logHours);
  const together = shared.base + shared.perLogHours * logHours + shared.siblings * siblings + shared.own * own;
  // Siblings that are no surer than the host itself add nothing to its own evidence.
  const isTheirs = siblingRise <= LIKE_TIMES * rise;
  const most = isTheirs ? shared.siblings * Math.max(0, siblings - own) : 0;
  const all = (1 - common) * byItself + common * Math.min(together, most);
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
  const [full, none] = FLEET_HOURS;
  const lasting = Math.min(1, Math.max(0, (none - risingHours) / (none - full)));
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
  if (!isAgainst && common < MOSTLY_COMMON) return { reason: 'siblings_do_not_rise', facts };
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

/** Null where the host does not rise, or where no sibling has samples from before and after the change point. */
export function siblingFeatures(own: HostCurve, group: readonly HostCurve[]): SiblingFeatures | null {
  const { floors } = own;
  const last = floors.length - 1;
  const first = floors.findIndex((floor) => !Number.isNaN(floor));
  const hours = Math.min(Math.max(LEAST_HOURS, own.risingHours), MOST_HOURS, last - first - 2);
  const rise = riseOver(floors, hours);
  if (first < 0 || !(rise > 0)) return null;
  const level = levelAt(floors, last - hours);
  const fair = group.filter((one) => isFair(one, hours, level));
  if (fair.length === 0) return null;
  const rises = Float64Array.from(fair, (one) => riseOver(one.floors, hours));
  return {
    hours,
    compared: fair.length,
    alike: rises.filter((one) => one >= ALIKE_SHARE * rise).length,
    rise,
    siblingRise: middle(rises),
    common: Math.min(commonOver(own, fair, hours), stillCommon(own, fair, hours)),
    own: boundedLogit(own.confidence),
    siblings: middle(Float64Array.from(fair, ({ confidence }) => boundedLogit(confidence))),
  };
}

/** How common the rise of the last hours is: 1 where the host itself does not rise in them. */
function commonOver({ floors }: HostCurve, siblings: readonly HostCurve[], hours: number): number {
  const rise = riseOver(floors, hours);
  if (!(rise > 0)) return 1;
  const [none, same] = COMMON_SHARES;
  const siblingRise = middle(Float64Array.from(siblings, (one) => riseOver(one.floors, hours)));
  return Math.min(1, Math.max(0, (siblingRise / rise - none) / (same - none)));
}

/**
 * How common the rise of the last third is. Siblings that stepped up once, or filled and stand still, rose as far and do not rise as the
 * host does, which goes on.
 */
function stillCommon(own: HostCurve, siblings: readonly HostCurve[], hours: number): number {
  const late = Math.round(hours / 3);
  return late < LEAST_HOURS ? 1 : commonOver(own, siblings, late);
}

/** Whether a sibling is as old as the rise, began it at a similar level, and can rise still: a host that does nothing is no comparison. */
function isFair({ confidence, floors }: HostCurve, hours: number, level: number): boolean {
  const last = floors.length - 1;
  const isKnown = !Number.isNaN(confidence) && !Number.isNaN(riseOver(floors, hours));
  const canRise = levelAt(floors, last) < TOP_LEVEL;
  return isKnown && canRise && Math.abs(levelAt(floors, last - hours) - level) <= LEVEL_POINTS;
}

function boundedLogit(confidence: number): number {
  const [least, most] = OWN_BOUNDS;
  return Math.min(most, Math.max(least, logit(confidence)));
}

/** The rise of the floor over the last hours; NaN where no sample is near its beginning or its end. */
function riseOver(floors: Float32Array, hours: number): number {
  const last = floors.length - 1;
  return levelAt(floors, last) - levelAt(floors, last - hours);
}

/** The median of the three floors up to an index; the mean of as many as are known where one is not. NaN where none is. */
function levelAt(floors: Float32Array, index: number): number {
  let [sum, least, most, known] = [0, Infinity, -Infinity, 0];
  for (let i = index - 2; i <= index; i++) {
    const floor = floors[i] ?? Number.NaN;
    if (Number.isNaN(floor)) continue;
    sum += floor;
    if (floor < least) least = floor;
    if (floor > most) most = floor;
    known++;
  }
  return known === 3 ? sum - least - most : sum / known;
}
