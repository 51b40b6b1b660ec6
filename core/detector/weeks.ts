/**
 * The slow evaluator: growth of weeks (.02 to .2 percentage points an hour) in a deep read of 30 to 60 days. A run of 100 hours sees four
 * days of it, in which it is less than what hosts do anyway. Pure, as `detect` is; a deep read is made once a day.
 *
 * Weeks become daily floors without their weekly season; features of the line that fits them best (Sen's slope, the Mann-Kendall test,
 * least squares against steps, fills and ramps) are weighed by trees that were learned on made hosts, and the sum is calibrated.
 */
import { DEFAULT_POLICY } from '../model/policy.ts';
import type { Series } from '../model/series.ts';
import type { Exhaustion, Interval } from '../model/verdict.ts';
import type { WeeksOutlook, WeeksReason } from '../model/weeks-outlook.ts';
import { modelOf, scoreOf } from './boosted-trees.ts';
import { logOddsOf, sigmoid } from './confidence.ts';
import { type DailyFloors, dailyFloorsOf } from './daily-floors.ts';
import { DAY_HOURS, type DeepRead, deepReadOf, HOUR_MS } from './deep-read.ts';
import { median } from './order.ts';
import { hoursAtPace } from './steady-growth.ts';
import { slopeInterval } from './trend.ts';
import {
  type Days,
  LEAST_WEEKS_DAYS,
  noiseOf,
  segmentsOfWeeks,
  WEEKS_FEATURES,
  type WeeksMeasured,
  weeksFeaturesOf,
} from './weeks-features.ts';
import { WEEKS_BASE, WEEKS_CALIBRATION, WEEKS_TREES } from './weeks-table.ts';

const MODEL = modelOf(WEEKS_BASE, WEEKS_TREES, WEEKS_FEATURES);

/** Share of the hours that must hold a sample. */
const LEAST_COVERAGE = 0.5;
/** From this confidence on the reason is growth; below it, what the growth is more likely. */
const LIKELY = 0.5;

/**
 * What weeks of hourly minima show. Null where the series is malformed or has no samples.
 *
 * @param prior Share of inspections that are of a leaking host, as the policy has it.
 */
export function weeksOutlookOf(deepRead: Series, prior = DEFAULT_POLICY.prior): WeeksOutlook | null {
  const read = deepReadOf(deepRead);
  if (read === null) return null;
  const daily = dailyFloorsOf(read);
  if (daily.known < LEAST_WEEKS_DAYS || read.coverage < LEAST_COVERAGE) return unsaid(read, daily, prior);
  const found = surest(daily);
  const confidence = sigmoid(logOddsOf(found.score, WEEKS_CALIBRATION, prior));
  const { hinge } = found.measured;
  const { floors, restarts } = found.days;
  const level = levelOf(daily.floors);
  const base = {
    window: { start: read.start, end: read.end },
    coverage: read.coverage,
    capacity: read.capacity,
    confidence,
    prior,
    level,
  };
  const reason = reasonOf(found, confidence, daily);
  if (hinge === null) {
    return {
      ...base,
      reason,
      growthPerHour: NO_GROWTH,
      hours: 0,
      since: null,
      from: level,
      restarts: 0,
      exhaustion: none(read),
    };
  }
  const grown = floors.subarray(hinge.changePoint);
  const hours = (grown.length - 1) * DAY_HOURS;
  const growthPerHour = growthOf(grown);
  return {
    ...base,
    reason,
    growthPerHour,
    hours,
    since: read.end - hours * HOUR_MS,
    from: floors[hinge.changePoint] ?? level,
    restarts: restarts.filter((day) => day > hinge.changePoint).length,
    exhaustion: exhaustionOf(read, level, growthPerHour, noiseOf(floors)),
  };
}

const NO_GROWTH: Interval = { low: 0, estimate: 0, high: 0 };

function unsaid(read: DeepRead, { floors }: DailyFloors, prior: number): WeeksOutlook {
  const level =
    floors.length === 0 ? Math.min(...read.floors.filter((floor) => !Number.isNaN(floor))) : levelOf(floors);
  return {
    window: { start: read.start, end: read.end },
    coverage: read.coverage,
    capacity: read.capacity,
    confidence: prior,
    prior,
    reason: 'too_short',
    growthPerHour: NO_GROWTH,
    hours: 0,
    since: null,
    from: level,
    level,
    restarts: 0,
    exhaustion: none(read),
  };
}

function levelOf(floors: Float64Array): number {
  return median(floors.subarray(-2));
}

interface Found {
  readonly days: Days;
  readonly measured: WeeksMeasured;
  readonly score: number;
}

/** The segment that looks most like a leak: an older event may hide growth in one, and the lack of history in another. */
function surest({ floors, restarts }: DailyFloors): Found {
  const [first, ...others] = segmentsOfWeeks(floors, restarts).map((days): Found => {
    const measured = weeksFeaturesOf(days);
    return { days, measured, score: scoreOf(MODEL, measured.features) };
  });
  if (first === undefined) throw new RangeError('there are no days to look at');
  return others.reduce((best, one) => (one.score > best.score ? one : best), first);
}

const FEATURE_INDEX = new Map<string, number>(WEEKS_FEATURES.map(({ name }, index) => [name, index]));

/** A rise below so many percentage points, or deviations from day to day, is none. */
const LEAST_RISE = 1;
const LEAST_RISE_DEVIATIONS = 3;
/** From here on a ramp has ended, and a rise is one jump or two. */
const HELD = 0.3;
const MOSTLY = 0.6;

function reasonOf({ days, measured }: Found, confidence: number, daily: DailyFloors): WeeksReason {
  const feature = (name: (typeof WEEKS_FEATURES)[number]['name']) => {
    return measured.features[FEATURE_INDEX.get(name) ?? -1] ?? Number.NaN;
  };
  const { hinge } = measured;
  const rise = feature('rise');
  if (confidence < LIKELY && isRefill(daily)) return 'refill';
  if (hinge === null || !(rise >= LEAST_RISE && feature('rise_to_noise') >= LEAST_RISE_DEVIATIONS)) return 'no_growth';
  if (confidence >= LIKELY) {
    return days.restarts.some((day) => day > hinge.changePoint) ? 'grows_across_restarts' : 'grows';
  }
  if (feature('two_jumps') >= MOSTLY) return 'steps';
  if (feature('held') >= HELD || feature('recent_growth') < HELD) return 'levelled_off';
  return 'within_habits';
}

/** A plateau ranges by less than this share of what the restart gave back; a refill takes so many days at most. */
const PLATEAU_SHARE = 0.4;
const REFILL_DAYS = 10;

/** Whether memory was on a plateau before the last restart, and is not above it since. */
function isRefill({ floors, restarts }: DailyFloors): boolean {
  const last = restarts.at(-1);
  if (last === undefined) return false;
  const before = floors.subarray(Math.max(0, last - 3), last);
  if (before.length < 3) return false;
  const plateau = Math.max(...before);
  const depth = plateau - Math.min(...floors.subarray(last));
  const isPlateau = plateau - Math.min(...before) <= PLATEAU_SHARE * depth;
  return isPlateau && floors.length - last <= REFILL_DAYS && levelOf(floors) <= plateau + noiseOf(floors);
}

/** The interval of Sen's slope is widened by half, as that of shorter growth is: hosts move beside a leak for days. */
const WIDER = 1.5;

function growthOf(grown: Float64Array): Interval {
  if (grown.length < 2) return NO_GROWTH;
  const { low, estimate, high } = slopeInterval(grown);
  return {
    low: (estimate - WIDER * (estimate - low)) / DAY_HOURS,
    estimate: estimate / DAY_HOURS,
    high: (estimate + WIDER * (high - estimate)) / DAY_HOURS,
  };
}

/** Growth of weeks goes on at its pace or at half or twice of it. */
const MOST_FASTER = 2;
const FURTHEST_HOURS = 365 * DAY_HOURS;

function exhaustionOf(read: DeepRead, level: number, { low, estimate, high }: Interval, deviation: number): Exhaustion {
  if (!read.limitKnown) return { kind: 'cannot_say', reason: 'capacity_unknown' };
  if (!(estimate > 0)) return { kind: 'cannot_say', reason: 'no_growth' };
  const slow = Math.min(1, Math.max(1 / MOST_FASTER, low / estimate));
  const fast = Math.max(1, Math.min(MOST_FASTER, high / estimate));
  const { earliest, likely, latest } = hoursAtPace(Math.max(0, 100 - level), estimate, deviation, {
    slow,
    likely: 1,
    fast,
  });
  if (!(likely <= FURTHEST_HOURS)) return { kind: 'cannot_say', reason: 'too_far' };
  const at = (hours: number) => Math.round(read.end + hours * HOUR_MS);
  return {
    kind: 'expected',
    earliest: at(earliest),
    likely: at(likely),
    latest: latest <= FURTHEST_HOURS ? at(latest) : null,
  };
}

function none({ limitKnown }: DeepRead): Exhaustion {
  return { kind: 'cannot_say', reason: limitKnown ? 'no_growth' : 'capacity_unknown' };
}
