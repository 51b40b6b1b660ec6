/**
 * Compares hosts of one group at equal age: new hosts with those that began before them, and with those that were launched beside
 * them. A warm-up is alike for all of a group, so a host that rises faster than the others at the same age is apart from them hours
 * before its own history suffices for `detect`. Pure: no clock, no randomness, no state.
 *
 * What it cannot show: growth that all hosts have alike. That is found by `detect` once there are nine hours of history.
 */
import type { EarlyReferences, EqualAge } from '../model/equal-age.ts';
import type { Resource, Series } from '../model/series.ts';
import { type CleanedSamples, clean, levelOf } from './clean.ts';
import { median } from './order.ts';

const MINUTE_MS = 60_000;

/**
 * Ages at which hosts are compared, in minutes. A host is compared at the greatest that it has reached, so that hosts which began
 * some minutes after one another still have an age in common.
 */
const AGES_MIN = [20, 30, 40, 50, 60, 75, 90, 105, 120, 135, 150, 165, 180, 210, 240, 300, 360, 420, 480, 540];

/** References at the least: of three, two that differ by chance make the third one stand out. */
export const LEAST_REFERENCES = 4;

/** A first sample this close to the start of what was read is no birth: some samples may be missing there. */
const BIRTH_MARGIN_MS = 30 * MINUTE_MS;

/** A host without a sample for this long is gone: it is a reference, and not compared itself. */
const GONE_AFTER_MS = 30 * MINUTE_MS;

/** A level is the median over this share of the age, so that a garbage collection or a request does not decide. */
const LEVEL_SHARE = 1 / 6;

/** The earlier age, as a share of the age, at which a host has to be apart as well. */
const EARLIER_SHARE = 2 / 3;

/**
 * Rises are counted from just after the birth, and also from this share of the age on: after a warm-up that was higher in one host
 * than in another, only what still grows separates them.
 */
const WARM_SHARE = 1 / 3;

/** From this age on, in milliseconds; before it the levels would overlap. */
const WARM_FROM_MS = 60 * MINUTE_MS;

/** Below this age the limit of points is multiplied by the square of the missing share: growth and a warm-up look alike there. */
const YOUNG_MS = 60 * MINUTE_MS;

/** Share of a level's periods that must hold a sample. */
const LEAST_COVERAGE = 0.5;

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

/** What levels at an age are taken from. */
interface Levels {
  readonly samples: CleanedSamples;
  readonly periodMs: number;
  /** The time of the first sample. */
  readonly birth: number;
  /** Milliseconds from the birth to the end of the last sample. */
  readonly length: number;
}

/** A host from its first sample on. */
interface Lifetime extends Levels {
  readonly resource: Resource;
  /** Whether its first sample is not merely the first one that was read. */
  readonly beganInWindow: boolean;
  readonly isGone: boolean;
  /** Its rises at an age, computed once: every host is a reference of all others. */
  risesAt(age: number): readonly Rise[] | undefined;
}

/** Undefined where the series cannot be compared: it is malformed, empty, or in bytes of an unknown total. */
function lifetimeOf({ window, periodMs, resource, ...series }: Series): Lifetime | undefined {
  const samples = clean({ window, periodMs, resource, ...series });
  const birth = samples?.times[0];
  const last = samples?.times.at(-1);
  if (samples === undefined || birth === undefined || last === undefined || !samples.limitKnown) return undefined;
  if (!(periodMs > 0)) return undefined;
  const levels: Levels = { samples, periodMs, birth, length: last + periodMs - birth };
  const known = new Map<number, readonly Rise[] | undefined>();
  return {
    ...levels,
    resource,
    beganInWindow: birth >= window.start + BIRTH_MARGIN_MS,
    isGone: window.end - last > GONE_AFTER_MS + periodMs,
    risesAt(age) {
      if (!known.has(age)) known.set(age, risesAt(levels, age));
      return known.get(age);
    },
  };
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

/** How far a level rose from one age on, in percentage points. */
interface Rise {
  /** The age in milliseconds from which it is counted. */
  readonly from: number;
  /** The level at the age, in percent of the limit. */
  readonly level: number;
  /** To the age itself. */
  readonly now: number;
  /** To `EARLIER_SHARE` of it. */
  readonly earlier: number;
  /** How much of steady growth falls between the two. */
  readonly lateShare: number;
}

function risesOf(lifetimes: readonly Lifetime[], age: number): (readonly Rise[])[] {
  return lifetimes.map((lifetime) => lifetime.risesAt(age)).filter((rises) => rises !== undefined);
}

/** From just after the birth, and of a host that is old enough from `WARM_SHARE` on. Undefined where it has not reached the age, or lacks the samples. */
function risesAt(lifetime: Levels, age: number): readonly Rise[] | undefined {
  if (lifetime.length < age) return undefined;
  const width = Math.max(2 * lifetime.periodMs, age * LEVEL_SHARE);
  const earlier = levelIn(lifetime, age * EARLIER_SHARE - width, width);
  const now = levelIn(lifetime, age - width, width);
  const starts = age >= WARM_FROM_MS ? [0, age * WARM_SHARE] : [0];
  const rises = starts.map((from): Rise | undefined => {
    const first = levelIn(lifetime, from, width);
    if (first === undefined || earlier === undefined || now === undefined) return undefined;
    const lateShare = (age * (1 - EARLIER_SHARE)) / (age - from - width);
    return { from, level: now, now: now - first, earlier: earlier - first, lateShare };
  });
  return rises.every((rise) => rise !== undefined) ? rises : undefined;
}

/** The median level of the periods that begin within `width` ms from an age on, in percent; undefined where too few have a sample. */
function levelIn({ samples, birth, periodMs }: Levels, age: number, width: number): number | undefined {
  const from = firstNotBefore(samples.times, birth + age);
  const to = firstNotBefore(samples.times, birth + age + width);
  if (to - from < Math.max(1, Math.floor((width / periodMs) * LEAST_COVERAGE))) return undefined;
  return middle(samples.values.subarray(from, to).map((value) => levelOf(value, samples.capacity)));
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

/** The median; of an even number of values the mean of the two in the middle. */
function middle(values: Float64Array): number {
  return (median(values) - median(values.map((value) => -value))) / 2;
}

/** The index of the first of ascending times that is not before `time`. */
function firstNotBefore(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const half = (low + high) >>> 1;
    if ((times[half] ?? Number.POSITIVE_INFINITY) < time) low = half + 1;
    else high = half;
  }
  return low;
}
