/**
 * Hosts of 30 to 60 days with a known truth: weekly habits, monthly jobs, deployments, restarts and refills, and in every second one a leak
 * of .02 to .2 percentage points an hour that lasts 10 to 40 days. The same seed makes the same hosts.
 */
import { type BenchSeries, HOUR_S } from './data.ts';
import { pickFrom, type Random, randomFrom, within } from './random.ts';
import type { Base } from './train/bases.ts';
import { PER_DAY, WEEKS_STEP_S, weeksBase } from './weeks-bases.ts';
import { type Added, HARMLESS_WEEKS, WEEKS_LEAKS } from './weeks-overlays.ts';

const DAY_S = 24 * HOUR_S;
/** History before the first evaluation. */
const HISTORY_DAYS = 100 / 24;
/** Percentage points an hour. */
const RATES = [0.02, 0.2] as const;
const LASTS_DAYS = [10, 40] as const;
const FULL = 97;

export interface WeeksSets {
  readonly leaks: readonly BenchSeries[];
  readonly healthy: readonly BenchSeries[];
}

/** Leaks of weeks, or leaks of hours to days that begin after weeks of history. */
export type LeaksOf = 'weeks' | 'days';

/** How many leaking and how many healthy hosts. */
export interface Counts {
  readonly leaks: number;
  readonly healthy: number;
}

/** Hosts on bases of `minimaOf`. */
export function weeksSeries(
  pool: readonly Base[],
  counts: Counts,
  seed: number,
  leaksOf: LeaksOf = 'weeks',
): WeeksSets {
  const random = randomFrom(seed);
  const made = (leaks: boolean) =>
    Array.from({ length: leaks ? counts.leaks : counts.healthy }, (_, number) =>
      hostOf(pool, `${leaksOf}-${seed}-${leaks ? 'leak' : 'ok'}-${number}`, leaks ? leaksOf : null, random),
    );
  return { leaks: made(true), healthy: made(false) };
}

function hostOf(pool: readonly Base[], id: string, leaksOf: LeaksOf | null, random: Random): BenchSeries {
  const days = within(random, 30, 60);
  const base = weeksBase(pool, days, id, random);
  const names = overlaysOf(random, leaksOf !== null);
  const overlays = names.map((name) => HARMLESS_WEEKS[name]?.(days, random) ?? (() => 0));
  const values = base.values.map((value, index) =>
    overlays.reduce((sum, added) => sum + added(index / PER_DAY), value),
  );
  const about = {
    id,
    base: base.hosts.join('+'),
    baseKind: base.kind,
    overlays: names,
    step: WEEKS_STEP_S,
    evalFrom: Math.ceil(HISTORY_DAYS * 24) * HOUR_S,
    sat: [],
    start: new Date(Math.floor(random() * 365) * DAY_S * 1000).toISOString(),
  };
  const truth =
    leaksOf === null
      ? { ...HEALTHY, v: readings(values, random) }
      : grown(values, leaksOf === 'weeks' ? ofWeeks(values, days, random) : ofDays(values, days, random), days, random);
  return { ...about, ...truth };
}

const HEALTHY = {
  label: 'healthy',
  shape: 'none',
  tier: 'none',
  onset: null,
  stop: null,
  active: [],
  resets: [],
} as const;

function overlaysOf(random: Random, leaks: boolean): string[] {
  const names = Object.keys(HARMLESS_WEEKS);
  const count = pickFrom(random, leaks ? [0, 0, 1, 1, 2, 3] : [0, 1, 1, 2, 2, 3, 4]);
  return [...new Set(Array.from({ length: count }, () => pickFrom(random, names)))];
}

interface Plan {
  readonly shape: string;
  /** Days. */
  readonly onset: number;
  readonly lasts: number;
  readonly perDay: number;
}

function ofWeeks(values: Float64Array, days: number, random: Random): Plan {
  const shape = pickFrom(random, Object.keys(WEEKS_LEAKS));
  const lasts = within(random, LASTS_DAYS[0], Math.min(LASTS_DAYS[1], days - 6));
  const perDay = Math.min(24 * logWithin(random, RATES[0], RATES[1]), roomOf(values) / lasts);
  const onset = random() < 0.1 ? 0 : within(random, 4, days - lasts);
  return { shape, onset, lasts, perDay };
}

const DAYS_SHAPES = ['linear', 'linear', 'exponential', 'creep', 'bends', 'load'];
const DAYS_RATES = [0.06, 6] as const;
const DAYS_HOURS = [8, 90] as const;

/** Leaks of hours to days, three weeks or more after the beginning. */
function ofDays(values: Float64Array, days: number, random: Random): Plan {
  const shape = pickFrom(random, DAYS_SHAPES);
  const rate = logWithin(random, DAYS_RATES[0], DAYS_RATES[1]);
  const hours = Math.min(within(random, DAYS_HOURS[0], DAYS_HOURS[1]), roomOf(values) / rate);
  const onset = within(random, 21, days - 4);
  return { shape, onset, lasts: hours / 24, perDay: 24 * rate };
}

/** Percentage points that a leak may take. */
function roomOf(values: Float64Array): number {
  return FULL - 10 - Math.max(0, medianOf(values));
}

function grown(values: Float64Array, { shape, onset, lasts, perDay }: Plan, days: number, random: Random) {
  const added: Added = WEEKS_LEAKS[shape]?.(perDay, lasts, random) ?? (() => 0);
  const end = pickFrom(random, ['level', 'restart'] as const);
  const leaking = values.map((value, index) => {
    const since = index / PER_DAY - onset;
    if (since <= 0 || (since > lasts && end === 'restart')) return value;
    return value + added(Math.min(since, lasts));
  });
  const stop = Math.min(onset + lasts, days);
  const times = { onset: onset * DAY_S, stop: stop * DAY_S, active: [[onset * DAY_S, stop * DAY_S]] } as const;
  const resets = end === 'restart' && onset + lasts < days ? [stop * DAY_S] : [];
  const tier = perDay < 0.4 * 24 ? 'slow' : perDay < 2 * 24 ? 'medium' : 'fast';
  return { label: 'leak', shape, tier, rate: perDay / 24, resets, ...times, v: readings(leaking, random) } as const;
}

function logWithin(random: Random, low: number, high: number): number {
  return Math.exp(within(random, Math.log(low), Math.log(high)));
}

/** As a collector would report them: rounded, within bounds, some of them missing. */
function readings(values: Float64Array, random: Random): (number | null)[] {
  const resolution = pickFrom(random, [0.01, 0.01, 0.1, 1]);
  const missing = random() < 0.15 ? within(random, 0, 0.08) : 0;
  const gapAt = random() < 0.25 ? Math.floor(random() * values.length) : Infinity;
  const gapEnd = gapAt + within(random, 0.1, 3) * PER_DAY;
  return Array.from(values, (value, index) => {
    if (Number.isNaN(value) || random() < missing || (index >= gapAt && index < gapEnd)) return null;
    return Math.min(99.5, Math.max(0, Math.round(value / resolution) * resolution));
  });
}

function medianOf(values: Float64Array): number {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  return known[known.length >> 1] ?? 0;
}
