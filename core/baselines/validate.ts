/**
 * When a baseline is refreshed, and whether the new one replaces the old one: only where it foretells days that neither was learned from
 * at least as well. Pure: the time is that of what was read.
 */
import { DAY_HOURS, type DeepRead, deepReadOf, HOUR_MS } from '../detector/deep-read.ts';
import { median } from '../detector/order.ts';
import type { Baseline, BaselineSegment, RefreshReason, Validation } from '../model/baseline.ts';
import type { Series } from '../model/series.ts';
import { learnBaseline } from './learn.ts';
import type { Excluded } from './pieces.ts';
import { withoutSeason } from './week-season.ts';

/** The newest days, on which a baseline is tested before it is used. */
export const TEST_DAYS = 7;
/** Fewer hours than this cannot be compared. */
const LEAST_TEST_HOURS = 2 * DAY_HOURS;
/** Errors that differ by less than this share, and by less than so many percentage points, are alike. */
const ALIKE_SHARE = 0.03;
const ALIKE_POINTS = 0.02;

export interface RefreshInput {
  /** Deep reads: one of a host, or those of the hosts of a group. */
  readonly reads: readonly Series[];
  readonly excluded?: readonly Excluded[];
  readonly previous: Baseline | null;
}

export interface Refresh {
  /** What to use from now on; null where there is nothing, or where the level before the newest days foretells them better. */
  readonly baseline: Baseline | null;
  /** `replaced`: store it. `kept`: the previous one goes on. `none`: there is none, or the previous one is to be deleted. */
  readonly outcome: 'replaced' | 'kept' | 'none';
  readonly reason: RefreshReason;
  /** Of the candidate; null where nothing could be learned or tested. */
  readonly validation: Validation | null;
  /** What was learned from and what was not, for whoever asks why. */
  readonly segments: readonly BaselineSegment[];
}

/** Learns from all but the newest days, tests on these, and decides which baseline is used. */
export function refreshBaseline({ reads, excluded = [], previous }: RefreshInput): Refresh {
  const end = Math.max(...reads.map(({ window }) => window.end));
  const until = end - TEST_DAYS * DAY_HOURS * HOUR_MS;
  const learning = learnBaseline({ reads, excluded, until });
  const kept = { baseline: previous, outcome: previous === null ? 'none' : 'kept' } as const;
  if (learning.kind === 'unlearned') {
    return { ...kept, reason: 'unlearned', validation: null, segments: learning.segments };
  }
  const candidate = learning.baseline;
  const { segments } = candidate;
  const tested = { reads, excluded, until };
  const [own, before] = [errorOf(candidate, tested), previous === null ? null : errorOf(previous, tested)];
  if (own === null) return { ...kept, reason: 'untested', validation: null, segments };
  const validation: Validation = { ...own, previous: before === null ? null : before.error };
  const replaced = { baseline: { ...candidate, validation }, outcome: 'replaced', validation, segments } as const;
  if (before !== null && isWorse(own.error, before.error)) {
    const reason = isWorse(before.error, own.withoutBaseline) ? 'worse_than_none' : 'worse_than_previous';
    return reason === 'worse_than_none'
      ? { baseline: null, outcome: 'none', reason, validation, segments }
      : { ...kept, reason, validation, segments };
  }
  if (isWorse(own.error, own.withoutBaseline)) {
    return { baseline: null, outcome: 'none', reason: 'worse_than_none', validation, segments };
  }
  if (before === null) return { ...replaced, reason: 'first' };
  return { ...replaced, reason: isWorse(before.error, own.error) ? 'better' : 'as_good' };
}

function isWorse(error: number, than: number): boolean {
  return error > than * (1 + ALIKE_SHARE) + ALIKE_POINTS;
}

export interface Tested {
  readonly reads: readonly Series[];
  readonly excluded?: readonly Excluded[];
  /** What lies later is foretold, in epoch milliseconds. */
  readonly until: number;
}

/** How well a baseline foretells what lies after `until`; null where fewer than `leastHours` can be compared. */
export function errorOf(
  baseline: Baseline,
  { reads, excluded = [], until }: Tested,
  leastHours = LEAST_TEST_HOURS,
): Omit<Validation, 'previous'> | null {
  let [hours, error, withoutBaseline] = [0, 0, 0];
  const season = Float64Array.from(baseline.season, (points) => points / 100);
  for (const read of reads.map(deepReadOf).filter((one) => one !== null)) {
    const from = Math.max(0, Math.round((until - read.start) / HOUR_MS));
    const calm = withoutSeason(read.floors, read.start, season);
    const [level, plainLevel] = [levelBefore(calm, from), levelBefore(read.floors, from)];
    if (Number.isNaN(level)) continue;
    for (let hour = from; hour < read.floors.length; hour++) {
      const floor = read.floors[hour] ?? Number.NaN;
      if (Number.isNaN(floor) || isExcluded(read, hour, excluded)) continue;
      hours++;
      error += Math.abs((calm[hour] ?? 0) - level);
      withoutBaseline += Math.abs(floor - plainLevel);
    }
  }
  if (hours < leastHours) return null;
  return {
    hours: Math.min(1440, hours),
    error: rounded(error / hours),
    withoutBaseline: rounded(withoutBaseline / hours),
  };
}

function isExcluded({ start }: DeepRead, hour: number, excluded: readonly Excluded[]): boolean {
  const time = start + hour * HOUR_MS;
  return excluded.some((span) => time + HOUR_MS > span.start && time < span.end);
}

/** The median of the day before; NaN where nothing of it is known. */
function levelBefore(floors: Float64Array, hour: number): number {
  return median(floors.slice(Math.max(0, hour - DAY_HOURS), hour).filter((floor) => !Number.isNaN(floor)));
}

function rounded(points: number): number {
  return Math.round(points * 1000) / 1000;
}

/** Days after which a baseline is learned anew. */
const REFRESH_DAYS = 7;
/** Daily errors whose mean is compared. */
const COMPARED_ERRORS = 7;
/** It does worse where the mean of its last errors is so many times the error of its validation, and so many points above it. */
const WORSE_TIMES = 1.5;
const WORSE_POINTS = 0.5;

export interface RefreshRule {
  readonly previous: Baseline | null;
  /** Its error of each day since it was learned, the newest last, see `dayError`; null of a day that cannot be compared. */
  readonly errors: readonly (number | null)[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Why a baseline is learned anew now; null where it goes on. */
export function refreshDue({ previous, errors, now }: RefreshRule): 'none_yet' | 'age' | 'worse' | null {
  if (previous === null) return 'none_yet';
  if (now - previous.learnedAt >= REFRESH_DAYS * DAY_HOURS * HOUR_MS) return 'age';
  const last = errors.filter((error) => error !== null).slice(-COMPARED_ERRORS);
  const expected = previous.validation?.error;
  if (last.length < COMPARED_ERRORS || expected === undefined) return null;
  const mean = last.reduce((sum, error) => sum + error, 0) / last.length;
  return mean > WORSE_TIMES * expected && mean > expected + WORSE_POINTS ? 'worse' : null;
}

/** The error of a baseline over the newest day of a read; null where it cannot be compared. */
export function dayError(baseline: Baseline, tested: Omit<Tested, 'until'>): number | null {
  const end = Math.max(...tested.reads.map(({ window }) => window.end));
  const found = errorOf(baseline, { ...tested, until: end - DAY_HOURS * HOUR_MS }, DAY_HOURS / 2);
  return found === null ? null : found.error;
}
