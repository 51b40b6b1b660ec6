/**
 * What is compared between a host and its siblings: how common its rise is, how likely their own curves leak, and the host's curve less what its
 * siblings have in common.
 */
import { logOddsAt } from './combine.ts';
import { logit, partBetween } from './confidence.ts';
import type { EvaluateCurve } from './consumer-vote.ts';
import { changePointHoursOf } from './evaluate.ts';
import { CELLS_PER_HOUR } from './floors.ts';
import { middle } from './order.ts';
import type { HostCurve } from './siblings.ts';

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
  /** The curve of the host less what its siblings have in common. */
  readonly apart: ApartCurve;
}

/** NaN where it is not known. */
interface ApartCurve {
  /** Log-odds of it, and its score. */
  readonly logOdds: number;
  readonly score: number;
  /** Hours since its change point. */
  readonly hours: number;
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
/** A sibling at the top cannot rise as the host does. */
const TOP_LEVEL = 92;
/** Fewer hours have no curve. */
const LEAST_APART_HOURS = 12;

/**
 * What the trees are asked about, in the order in which `siblingLine` returns it. 1 where more of it can only speak for a leak, 0 where it depends on
 * the others.
 */
export const SIBLING_FEATURES = [
  { name: 'own', direction: 1 },
  { name: 'rising_hours', direction: 0 },
  { name: 'apart', direction: 0 },
  { name: 'apart_score', direction: 0 },
  { name: 'apart_hours', direction: 0 },
  { name: 'common', direction: 0 },
  { name: 'siblings', direction: 1 },
  { name: 'sibling_share', direction: 0 },
  { name: 'rise', direction: 0 },
  { name: 'alike', direction: 0 },
  { name: 'compared', direction: 0 },
  { name: 'hours', direction: 0 },
] as const;

/** One for each of `SIBLING_FEATURES`. */
export function siblingLine(own: HostCurve, features: SiblingFeatures): Float64Array {
  const { apart, common, siblings, siblingRise, rise, alike, compared, hours } = features;
  return Float64Array.of(
    logOddsAt(own.confidence),
    own.risingHours,
    apart.logOdds,
    apart.score,
    apart.hours,
    common,
    siblings,
    siblingRise / rise,
    rise,
    alike / compared,
    compared,
    hours,
  );
}

/** Null where the host does not rise, or where no sibling has samples from before and after the change point. */
export function siblingFeatures(
  own: HostCurve,
  group: readonly HostCurve[],
  evaluate: EvaluateCurve,
): SiblingFeatures | null {
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
    apart: apartOf(own, group, evaluate),
  };
}

/** The host's floors less the median of its siblings', each of these about its own usual level. */
function apartOf({ floors }: HostCurve, group: readonly HostCurve[], evaluate: EvaluateCurve): ApartCurve {
  const known = group.filter(({ confidence }) => !Number.isNaN(confidence)).map((one) => aboutUsual(one.floors));
  const apart = Float64Array.from(floors, (floor, hour) => {
    const levels = Float64Array.from(known, (one) => one[hour] ?? Number.NaN).filter((level) => !Number.isNaN(level));
    return levels.length === 0 ? Number.NaN : floor - middle(levels);
  });
  if (apart.filter((level) => !Number.isNaN(level)).length < LEAST_APART_HOURS) return NOTHING_APART;
  const isKnown = (level: number) => !Number.isNaN(level);
  const hourly = apart.subarray(apart.findIndex(isKnown), apart.findLastIndex(isKnown) + 1);
  const cells = new Float64Array(hourly.length * CELLS_PER_HOUR);
  for (const [hour, level] of hourly.entries()) cells.fill(level, hour * CELLS_PER_HOUR, (hour + 1) * CELLS_PER_HOUR);
  const { confidence, evaluation } = evaluate({ end: 0, cells });
  return { logOdds: logOddsAt(confidence), score: evaluation.score, hours: changePointHoursOf(evaluation) };
}

const NOTHING_APART: ApartCurve = { logOdds: Number.NaN, score: Number.NaN, hours: Number.NaN };

function aboutUsual(floors: Float32Array): Float32Array {
  const known = Float64Array.from(floors).filter((floor) => !Number.isNaN(floor));
  const usual = known.length === 0 ? Number.NaN : middle(known);
  return floors.map((floor) => floor - usual);
}

/** How common the rise of the last hours is: 1 where the host itself does not rise in them. */
function commonOver({ floors }: HostCurve, siblings: readonly HostCurve[], hours: number): number {
  const rise = riseOver(floors, hours);
  if (!(rise > 0)) return 1;
  const siblingRise = middle(Float64Array.from(siblings, (one) => riseOver(one.floors, hours)));
  return partBetween(COMMON_SHARES, siblingRise / rise);
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
