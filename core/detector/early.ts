/**
 * Compares hosts of one group at equal age: new hosts with those that began before them, and with those that were launched beside
 * them. A warm-up is alike for all of a group, so a host that rises faster than the others at the same age is apart from them hours
 * before its own history suffices for `detect`. Pure: no clock, no randomness, no state.
 *
 * What it cannot show: growth that all hosts have alike. That is found by `detect` once there are nine hours of history.
 */
import type { EarlyReferences, EqualAge } from '../model/equal-age.ts';
import type { Resource, Series } from '../model/series.ts';
import { type Lifetime, lifetimeOf, type Rise } from './lifetime.ts';
import { middle } from './order.ts';

const MINUTE_MS = 60_000;

/**
 * Ages at which hosts are compared, in minutes. A host is compared at the greatest that it has reached, so that hosts which began
 * some minutes after one another still have an age in common.
 */
const AGES_MIN = [20, 30, 40, 50, 60, 75, 90, 105, 120, 135, 150, 165, 180, 210, 240, 300, 360, 420, 480, 540];

/** References at the least: of three, two that differ by chance make the third one stand out. */
export const LEAST_REFERENCES = 4;

/** Below this age the limit of points is multiplied by the square of the missing share: growth and a warm-up look alike there. */
const YOUNG_MS = 60 * MINUTE_MS;

/** From the median absolute deviation to the standard deviation of a normal distribution. */
const MAD_TO_DEVIATION = 1.4826;

/** What makes a rise stand out. Chosen by bench/early.ts on generated groups and groups of recorded warm-ups. */
export interface EarlyLimits {
  /** Robust deviations above the median of the references, of many references. */
  readonly deviations: number;
  /** Of `n` references the deviations are multiplied by 1 + this / n: the spread of a few is uncertain. */
  readonly fewReferences: number;
  /** Times the median rise of the references. */
  readonly ratio: number;
  /** Percentage points above the median rise of the references. */
  readonly points: number;
  /** The deviation of the references counts as at least so many percentage points … */
  readonly leastDeviation: number;
  /** … and at least this share of their median rise. */
  readonly leastDeviationShare: number;
  /** Share of the limits that suffices at the earlier age, of what steady growth would have reached by then. */
  readonly earlier: number;
  /**
   * How much the distance from the references still grows, where steady growth is 1: a host with more load than the others rises
   * further, and then levels off as they do.
   */
  readonly lateGrowth: number;
}

export const EARLY_LIMITS: EarlyLimits = {
  deviations: 4,
  fewReferences: 3,
  ratio: 1.5,
  points: 2,
  leastDeviation: 0.4,
  leastDeviationShare: 0.1,
  earlier: 0.8,
  lateGrowth: 0.8,
};

/**
 * `too_few`: fewer than `LEAST_REFERENCES` hosts of the group have reached its age. `too_young`: it has not reached the least age.
 * `gone`: it has no recent sample. `malformed`: its series has no samples, is not as it should be, or has no capacity to compare by.
 */
export type NotComparedReason = 'too_few' | 'too_young' | 'gone' | 'malformed';

/** What became of one new host. */
export type EarlyOutcome =
  | {
      readonly kind: 'early' | 'alike';
      readonly resource: Resource;
      /** Epoch milliseconds of its first sample. */
      readonly bornAt: number;
      readonly comparison: EqualAge;
    }
  | { readonly kind: 'not_compared'; readonly resource: Resource; readonly reason: NotComparedReason };

export interface EarlyComparison {
  /** One for each new host, in the order of the series. */
  readonly hosts: readonly EarlyOutcome[];
  /** Hosts that are older than what was read: they have no small ages to compare with. */
  readonly older: number;
}

/**
 * Compares each host that began at `newFrom` (epoch ms) or later with the others of its group.
 *
 * @param group All hosts of the group, gone ones too, over the same window, whose end is now.
 */
export function compareAtEqualAge(
  group: readonly Series[],
  newFrom: number,
  limits: EarlyLimits = EARLY_LIMITS,
): EarlyComparison {
  const lifetimes = group.map((series) => lifetimeOf(series));
  const born = lifetimes.filter((lifetime) => lifetime !== undefined).filter(({ beganInWindow }) => beganInWindow);
  const isNew = ({ birth }: Lifetime) => birth >= newFrom;
  const hosts = group.flatMap((series, index): EarlyOutcome[] => {
    const lifetime = lifetimes[index];
    const { resource } = series;
    if (lifetime === undefined) return [{ kind: 'not_compared', resource, reason: 'malformed' }];
    if (!lifetime.beganInWindow || !isNew(lifetime)) return [];
    const others = born.filter((other) => other !== lifetime);
    return [outcomeOf(lifetime, { beside: others.filter(isNew), earlier: others.filter((o) => !isNew(o)) }, limits)];
  });
  return { hosts, older: lifetimes.filter((lifetime) => lifetime !== undefined && !lifetime.beganInWindow).length };
}

interface References {
  readonly earlier: readonly Lifetime[];
  readonly beside: readonly Lifetime[];
}

function outcomeOf(lifetime: Lifetime, references: References, limits: EarlyLimits): EarlyOutcome {
  const { resource, length, isGone } = lifetime;
  const notCompared = (reason: NotComparedReason): EarlyOutcome => ({ kind: 'not_compared', resource, reason });
  if (isGone) return notCompared('gone');
  const ages = AGES_MIN.map((minutes) => minutes * MINUTE_MS).filter((age) => age <= length);
  if (ages.length === 0) return notCompared('too_young');
  // Those who began some minutes later have not reached the greatest age yet: at the one before it there may be more of them.
  const tried = ages.slice(-AGES_TRIED).reverse();
  const reached = [...references.earlier, ...references.beside];
  const counts = tried.map((age) => reached.filter((other) => other.length >= age).length);
  const best = tried[counts.indexOf(Math.max(...counts))] ?? 0;
  const compared = comparisonsAt(lifetime, references, best, limits);
  const apart = compared.find(({ isApart }) => isApart);
  const [first] = compared;
  if (first === undefined) return notCompared('too_few');
  return { kind: apart ? 'early' : 'alike', resource, bornAt: lifetime.birth, comparison: (apart ?? first).facts };
}

/** The greatest ages at which references are looked for: more would compare what was long ago. */
const AGES_TRIED = 2;

interface Compared {
  readonly isApart: boolean;
  readonly facts: EqualAge;
}

/** With those that began before and with those beside it, each where they are enough; with both together where neither are. */
function comparisonsAt(
  lifetime: Lifetime,
  { earlier, beside }: References,
  age: number,
  limits: EarlyLimits,
): Compared[] {
  const own = lifetime.risesAt(age);
  if (own === undefined) return [];
  const sets: [EarlyReferences, (readonly Rise[])[]][] = [
    ['beside', risesOf(beside, age)],
    ['earlier', risesOf(earlier, age)],
  ];
  const both = sets.flatMap(([, rises]) => rises);
  const enough = sets.filter(([, { length }]) => length >= LEAST_REFERENCES);
  if (enough.length === 0 && both.length >= LEAST_REFERENCES) enough.push(['both', both]);
  return enough.flatMap(([references, others]) =>
    own.map((rise, index) => {
      const same = others.map((rises) => rises[index]).filter((other) => other !== undefined);
      return compare(rise, references, same, age, limits);
    }),
  );
}

function risesOf(lifetimes: readonly Lifetime[], age: number): (readonly Rise[])[] {
  return lifetimes.map((lifetime) => lifetime.risesAt(age)).filter((rises) => rises !== undefined);
}

function compare(
  own: Rise,
  references: EarlyReferences,
  others: readonly Rise[],
  age: number,
  limits: EarlyLimits,
): Compared {
  const now = standOut(
    own.now,
    Float64Array.from(others, (other) => other.now),
    limits,
  );
  const earlier = standOut(
    own.earlier,
    Float64Array.from(others, (other) => other.earlier),
    limits,
  );
  const points = limits.points * Math.max(1, YOUNG_MS / age) ** 2;
  const share = limits.earlier * (1 - own.lateShare);
  const isStillGrowing = now.excess - earlier.excess >= limits.lateGrowth * own.lateShare * now.excess;
  return {
    isApart: isOver(now, { ...limits, points }, 1) && isOver(earlier, { ...limits, points }, share) && isStillGrowing,
    facts: {
      ageHours: age / (60 * MINUTE_MS),
      fromHours: own.from / (60 * MINUTE_MS),
      level: own.level / 100,
      rise: own.now / 100,
      references,
      compared: others.length,
      others: { low: now.low / 100, median: now.median / 100, high: now.high / 100 },
      deviations: now.deviations,
    },
  };
}

/** How far a rise is above those of the references, in percentage points and in their deviations. */
interface StandOut {
  readonly rise: number;
  readonly count: number;
  readonly low: number;
  readonly median: number;
  readonly high: number;
  readonly excess: number;
  readonly deviations: number;
}

function standOut(rise: number, others: Float64Array, limits: EarlyLimits): StandOut {
  const typical = middle(others);
  const spread = MAD_TO_DEVIATION * middle(others.map((value) => Math.abs(value - typical)));
  const deviation = Math.max(spread, limits.leastDeviation, limits.leastDeviationShare * Math.abs(typical));
  const excess = rise - typical;
  return {
    rise,
    count: others.length,
    low: Math.min(...others),
    median: typical,
    high: Math.max(...others),
    excess,
    deviations: excess / deviation,
  };
}

/** @param share Of the limits that suffices. */
function isOver({ rise, count, median, excess, deviations }: StandOut, limits: EarlyLimits, share: number): boolean {
  return (
    deviations >= share * limits.deviations * (1 + limits.fewReferences / count) &&
    excess >= share * limits.points &&
    rise >= (1 + share * (limits.ratio - 1)) * Math.max(0, median)
  );
}
