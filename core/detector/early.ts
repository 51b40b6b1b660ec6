/**
 * Compares hosts of one group at equal age: new hosts with those that began before them, and with those that were launched beside
 * them. A warm-up is alike for all of a group, so a host that rises faster than the others at the same age is apart from them hours
 * before its own history suffices for `detect`. Pure: no clock, no randomness, no state.
 *
 * What it cannot show: growth that all hosts have alike. That is found by `detect` once there are nine hours of history.
 */
import type { EarlyReferences, EqualAge } from '../model/equal-age.ts';
import type { Resource, Series } from '../model/series.ts';
import { type Spread, spreadOf } from './leave-one-out.ts';
import { type Lifetime, lifetimeOf, type Rise } from './lifetime.ts';
import { firstNotBefore } from './order.ts';

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
 * `no_time`: time was up before.
 */
export type NotComparedReason = 'too_few' | 'too_young' | 'gone' | 'malformed' | 'no_time';

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

export interface ComparisonOptions {
  readonly limits?: EarlyLimits;
  /** Looked at before each host. */
  readonly timeIsUp?: () => boolean;
}

/**
 * Compares each host that began at `newFrom` (epoch ms) or later with the others of its group.
 *
 * @param group All hosts of the group, gone ones too, over the same window, whose end is now.
 */
export function compareAtEqualAge(
  group: readonly Series[],
  newFrom: number,
  { limits = EARLY_LIMITS, timeIsUp = () => false }: ComparisonOptions = {},
): EarlyComparison {
  const lifetimes = group.map((series) => (timeIsUp() ? 'no_time' : (lifetimeOf(series) ?? 'malformed')));
  const known = lifetimes.filter((lifetime) => typeof lifetime !== 'string');
  const born = known.filter(({ beganInWindow }) => beganInWindow);
  const [beside, earlier] = [born.filter(({ birth }) => birth >= newFrom), born.filter(({ birth }) => birth < newFrom)];
  const references = referencesOf(beside, earlier);
  const hosts = group.flatMap(({ resource }, index): EarlyOutcome[] => {
    const lifetime = lifetimes[index] ?? 'malformed';
    if (typeof lifetime === 'string') return [{ kind: 'not_compared', resource, reason: lifetime }];
    if (!lifetime.beganInWindow || lifetime.birth < newFrom) return [];
    if (timeIsUp()) return [{ kind: 'not_compared', resource, reason: 'no_time' }];
    return [outcomeOf(lifetime, references, limits)];
  });
  return { hosts, older: known.length - born.length };
}

/** Hosts that new ones are compared with at an age: every new one is among those that were launched beside it. */
interface References {
  /** How many have reached the age. */
  countAt(age: number): number;
  /** Those that began before and those that were launched beside, each where they are enough; both together where neither are. */
  setsAt(age: number): readonly ReferenceSet[];
}

interface ReferenceSet {
  readonly references: EarlyReferences;
  /** Whether a host that is compared is one of them, which is left out. */
  readonly hasOwn: boolean;
  /** By where rises are counted from; each ascending. */
  readonly rises: readonly { readonly now: Float64Array; readonly earlier: Float64Array }[];
}

/** Rises are sorted once for an age, however many hosts are compared at it. */
function referencesOf(beside: readonly Lifetime[], earlier: readonly Lifetime[]): References {
  const lengths = Float64Array.from([...beside, ...earlier], ({ length }) => length).sort();
  const setsByAge = new Map<number, readonly ReferenceSet[]>();
  return {
    countAt: (age) => lengths.length - firstNotBefore(lengths, age),
    setsAt(age) {
      const sets = setsByAge.get(age) ?? referenceSets(risesOf(beside, age), risesOf(earlier, age));
      setsByAge.set(age, sets);
      return sets;
    },
  };
}

type Rises = readonly (readonly Rise[])[];

function referenceSets(beside: Rises, earlier: Rises): ReferenceSet[] {
  const others = beside.length - 1;
  const sets: ReferenceSet[] = [];
  if (others >= LEAST_REFERENCES) sets.push(referenceSet('beside', beside));
  if (earlier.length >= LEAST_REFERENCES) sets.push(referenceSet('earlier', earlier));
  const both = [...beside, ...earlier];
  if (sets.length === 0 && both.length - 1 >= LEAST_REFERENCES) sets.push(referenceSet('both', both));
  return sets;
}

function referenceSet(references: EarlyReferences, rises: Rises): ReferenceSet {
  const starts = rises[0]?.length ?? 0;
  const sorted = (index: number, figure: 'now' | 'earlier') =>
    Float64Array.from(rises, (each) => each[index]?.[figure] ?? Number.NaN).sort();
  return {
    references,
    hasOwn: references !== 'earlier',
    rises: Array.from({ length: starts }, (_, index) => ({
      now: sorted(index, 'now'),
      earlier: sorted(index, 'earlier'),
    })),
  };
}

function risesOf(lifetimes: readonly Lifetime[], age: number): Rises {
  return lifetimes.map((lifetime) => lifetime.risesAt(age)).filter((rises) => rises !== undefined);
}

function outcomeOf(lifetime: Lifetime, references: References, limits: EarlyLimits): EarlyOutcome {
  const { resource, length, isGone } = lifetime;
  const notCompared = (reason: NotComparedReason): EarlyOutcome => ({ kind: 'not_compared', resource, reason });
  if (isGone) return notCompared('gone');
  const ages = AGES_MIN.map((minutes) => minutes * MINUTE_MS).filter((age) => age <= length);
  if (ages.length === 0) return notCompared('too_young');
  // Those who began some minutes later have not reached the greatest age yet: at the one before it there may be more of them.
  const tried = ages.slice(-AGES_TRIED).reverse();
  const counts = tried.map((age) => references.countAt(age));
  const best = tried[counts.indexOf(Math.max(...counts))] ?? 0;
  const own = lifetime.risesAt(best) ?? [];
  const compared = references
    .setsAt(best)
    .flatMap((set) => own.map((rise, index) => compare(rise, set, index, best, limits)));
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

function compare(
  own: Rise,
  { references, hasOwn, rises }: ReferenceSet,
  index: number,
  age: number,
  limits: EarlyLimits,
): Compared {
  const others = rises[index] ?? { now: NO_RISES, earlier: NO_RISES };
  const now = standOut(own.now, spreadOf(others.now, hasOwn ? own.now : undefined), limits);
  const earlier = standOut(own.earlier, spreadOf(others.earlier, hasOwn ? own.earlier : undefined), limits);
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
      compared: now.count,
      others: { low: now.low / 100, median: now.median / 100, high: now.high / 100 },
      deviations: now.deviations,
    },
  };
}

const NO_RISES = new Float64Array();

/** How far a rise is above those of the references, in percentage points and in their deviations. */
interface StandOut extends Omit<Spread, 'deviation'> {
  readonly rise: number;
  readonly excess: number;
  readonly deviations: number;
}

function standOut(rise: number, { deviation: spread, ...others }: Spread, limits: EarlyLimits): StandOut {
  const floor = Math.max(limits.leastDeviation, limits.leastDeviationShare * Math.abs(others.median));
  const excess = rise - others.median;
  return { rise, ...others, excess, deviations: excess / Math.max(MAD_TO_DEVIATION * spread, floor) };
}

/** @param share Of the limits that suffices. */
function isOver({ rise, count, median, excess, deviations }: StandOut, limits: EarlyLimits, share: number): boolean {
  return (
    deviations >= share * limits.deviations * (1 + limits.fewReferences / count) &&
    excess >= share * limits.points &&
    rise >= (1 + share * (limits.ratio - 1)) * Math.max(0, median)
  );
}
