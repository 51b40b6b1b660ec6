/**
 * The signs of a leak: figures that speak for or against growth, each in a unit of its own, each monotone. NaN where the
 * series is too short to say. Which of them weigh how much is the model's business.
 */
import { CELLS_PER_HOUR, type Grid, pairFloors } from './floors.ts';
import { type Hinge, hingeOf, saturationRest, stepRest, twoStepsRest } from './knee.ts';
import { median, quantile } from './order.ts';
import { slopeOf } from './trend.ts';

export interface SignKind {
  readonly name: string;
  /** 1 when more of it speaks for a leak, -1 when more of it speaks against. */
  readonly direction: 1 | -1;
  readonly unit: string;
  readonly says: string;
}

/** In the order in which `signsOf` gives them. */
export const SIGNS: readonly SignKind[] = [
  { name: 'rise_6h', direction: 1, unit: '%', says: 'the floor rose by this much of the capacity within 6 h' },
  { name: 'rise_12h', direction: 1, unit: '%', says: 'the floor rose by this much of the capacity within 12 h' },
  { name: 'growth_72h', direction: 1, unit: '%', says: 'the floor stands this much above where it stood 72 h ago' },
  {
    name: 'above_same_hour',
    direction: 1,
    unit: '%',
    says: 'the least that the floor stands above the same hour of the last three days',
  },
  {
    name: 'above_two_days_ago',
    direction: 1,
    unit: '%',
    says: 'the floor stands this much above the same hour two days ago',
  },
  {
    name: 'above_three_days_ago',
    direction: 1,
    unit: '%',
    says: 'the floor stands this much above the same hour three days ago',
  },
  {
    name: 'above_highs',
    direction: 1,
    unit: '1',
    says: 'how far the floor stands above the highs before the last 48 h, in rises of these 48 h',
  },
  {
    name: 'knee_rise',
    direction: 1,
    unit: '%',
    says: 'what the line rose by since its knee, in percent of the capacity',
  },
  { name: 'knee_to_noise', direction: 1, unit: '1', says: 'that rise over what the line leaves unexplained' },
  {
    name: 'jump_share',
    direction: -1,
    unit: '1',
    says: 'the greatest rise within two hours over the whole rise: near 1 it was a step',
  },
  {
    name: 'flat_share',
    direction: -1,
    unit: '1',
    says: 'share of the time since the knee for which the floor has stood still at the top',
  },
  {
    name: 'line_over_step',
    direction: 1,
    unit: '1',
    says: 'how many times better a rising line explains the floors than one step does',
  },
  {
    name: 'line_over_two_steps',
    direction: 1,
    unit: '1',
    says: 'how many times better a rising line explains the floors than two steps do',
  },
  {
    name: 'line_over_fill',
    direction: 1,
    unit: '1',
    says: 'how many times better a rising line explains the floors than a fill that saturates',
  },
  { name: 'line_over_step_48h', direction: 1, unit: '1', says: 'the line against the step within the last 48 h' },
  { name: 'flat_share_48h', direction: -1, unit: '1', says: 'the time stood still since the knee of the last 48 h' },
];

/** The signs of a grid without gaps at its end, its season taken out. `hourly` are its hourly floors without gaps, `hinge` theirs. */
export function signsOf(grid: Grid, hourly: Float64Array, hinge: Hinge | null): Float64Array {
  const whole = kneeSigns(hourly, hinge);
  const lastTwoDays = hourly.subarray(-48);
  const recent = kneeSigns(lastTwoDays, hingeOf(lastTwoDays, true));
  return Float64Array.of(
    riseOf(grid.cells.subarray(-6 * CELLS_PER_HOUR)),
    riseOf(pairFloors(grid.cells.subarray(-12 * CELLS_PER_HOUR))),
    growthOver(hourly, 72),
    ...aboveEarlierDays(hourly),
    aboveHighs(hourly),
    whole.rise,
    whole.toNoise,
    whole.jumpShare,
    whole.flatShare,
    whole.overStep,
    twoStepsRest(hourly) / whole.rest,
    saturationRest(hourly) / whole.rest,
    recent.overStep,
    recent.flatShare,
  );
}

const BLOCKS = 24;
const LEAST_RISE = 0.05;

/** Sen's rise over 24 floors; NaN when there are fewer, or when too many hold no sample. */
function riseOf(floors: Float64Array): number {
  const whole = floors.length < BLOCKS ? null : filled(floors);
  return whole === null ? Number.NaN : slopeOf(whole) * (BLOCKS - 1);
}

/** A line through fewer floors than this is drawn through gaps. */
const LEAST_KNOWN = 0.6 * BLOCKS;

/** With gaps filled from the left, and at the front from the right; null when too much is missing. */
function filled(floors: Float64Array): Float64Array | null {
  const first = floors.findIndex((floor) => !Number.isNaN(floor));
  let last = floors[first] ?? 0;
  let known = 0;
  const whole = floors.map((floor) => {
    if (Number.isNaN(floor)) return last;
    known++;
    last = floor;
    return floor;
  });
  return known < LEAST_KNOWN ? null : whole;
}

/** Levels are medians of three hours: one odd hour is no level. */
const LEVEL_HOURS = 3;

function levelBefore(hourly: Float64Array, hoursAgo: number): number {
  const end = hourly.length - hoursAgo;
  return end < LEVEL_HOURS ? Number.NaN : median(hourly.subarray(end - LEVEL_HOURS, end));
}

function growthOver(hourly: Float64Array, hours: number): number {
  return levelBefore(hourly, 0) - levelBefore(hourly, hours - LEVEL_HOURS);
}

/** The least of the differences to the same hour one, two and three days ago, and the latter two. */
function aboveEarlierDays(hourly: Float64Array): [least: number, two: number, three: number] {
  const now = levelBefore(hourly, 0);
  const [one, two, three] = [
    now - levelBefore(hourly, 24),
    now - levelBefore(hourly, 48),
    now - levelBefore(hourly, 72),
  ];
  const known = [one, two, three].filter((difference) => !Number.isNaN(difference));
  return [known.length > 0 ? Math.min(...known) : Number.NaN, two, three];
}

const HIGHS_HOURS = 48;
/** Two weeks before are what "earlier highs" means; less than four hours have none. */
const LONGEST_PAST_HOURS = 14 * 24;
const LEAST_PAST_HOURS = 4;

function aboveHighs(hourly: Float64Array): number {
  const past = hourly.subarray(-HIGHS_HOURS - LONGEST_PAST_HOURS, -HIGHS_HOURS);
  if (past.length < LEAST_PAST_HOURS) return Number.NaN;
  const floors = pairFloors(hourly.subarray(-HIGHS_HOURS));
  const rise = Math.abs(riseOf(floors));
  return ((floors.at(-1) ?? 0) - quantile(past, 0.95)) / Math.max(rise, LEAST_RISE);
}

interface KneeSigns {
  readonly rest: number;
  readonly rise: number;
  readonly toNoise: number;
  readonly jumpShare: number;
  readonly flatShare: number;
  readonly overStep: number;
}

const NO_KNEE: KneeSigns = { rest: Number.NaN, rise: 0, toNoise: 0, jumpShare: 1, flatShare: 1, overStep: 0 };
/** Fewer hourly floors than this have no knee that means anything. */
const LEAST_HOURLY = 8;

function kneeSigns(hourly: Float64Array, hinge: Hinge | null): KneeSigns {
  if (hinge === null || hourly.length < LEAST_HOURLY) return NO_KNEE;
  const n = hourly.length;
  const rest = Math.max(hinge.rest, 1e-4 * n);
  const rise = hinge.slope * (n - 1 - hinge.knee);
  const divisor = Math.max(rise, LEAST_RISE);
  return {
    rest,
    rise,
    toNoise: rise / (Math.sqrt(rest / n) + 0.02),
    jumpShare: greatestJump(hourly, hinge.knee) / divisor,
    flatShare: flatHours(hourly, hinge.knee, 0.1 * rise) / (n - 1 - hinge.knee),
    overStep: stepRest(hourly) / rest,
  };
}

function greatestJump(hourly: Float64Array, knee: number): number {
  let jump = 0;
  for (let i = knee + 1; i < hourly.length; i++) {
    jump = Math.max(jump, (hourly[i] ?? 0) - (hourly[Math.max(knee, i - 2)] ?? 0));
  }
  return jump;
}

function flatHours(hourly: Float64Array, knee: number, slack: number): number {
  const top = hourly.at(-1) ?? 0;
  let first = hourly.length - 1;
  while (first > knee && top - (hourly[first] ?? 0) < slack) first--;
  return hourly.length - 1 - first;
}
