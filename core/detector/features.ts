/**
 * The signs of a leak: figures that speak for or against growth, each in a unit of its own. NaN where the series is too
 * short to compare with; where no line rises, or there is none to speak of, the signs about it say so as plainly as they can.
 * Which of them weigh how much is the model's business.
 */

import { type Hinge, hingeOf } from './change-point.ts';
import { CELLS_PER_HOUR, pairFloors } from './floors.ts';
import { NO_LINE, ofComplete, ofDay, ofTwoDays } from './line-features.ts';
import { rangeOf } from './order.ts';
import { aboveBefore, aboveEarlierDays, aboveHighs, riseOf, tauOf } from './rise-features.ts';

export interface FeatureKind {
  readonly name: string;
  /** 1 when more of it speaks for a leak, -1 when more of it speaks against, as long as nothing else is known. */
  readonly direction: 1 | -1;
  /**
   * Whether that holds whatever else is known. A rise is not: 9 % in 3 h are a leak where 12 h brought 36 %, and a
   * machine that starts something where they brought 9 %.
   */
  readonly monotone: boolean;
  readonly unit: string;
  readonly message: string;
}

const ALWAYS = { direction: 1, monotone: true } as const;
const MOSTLY = { direction: 1, monotone: false } as const;
const ALWAYS_AGAINST = { direction: -1, monotone: true } as const;
const MOSTLY_AGAINST = { direction: -1, monotone: false } as const;

/** In the order in which `signsOf` gives them. */
export const FEATURES: readonly FeatureKind[] = [
  {
    name: 'rise_3h',
    ...MOSTLY,
    unit: '%',
    message: 'the memory rose by this much of the capacity within 3 h, by the median of its slopes',
  },
  {
    name: 'rise_48h',
    ...MOSTLY,
    unit: '%',
    message: 'the floor rose by this much of the capacity within 48 h, by the median of its slopes',
  },
  {
    name: 'trend_48h',
    ...MOSTLY,
    unit: '1',
    message: 'how steadily it rose for 48 h: 1 when every floor is above all before it, 0 when as many lie below',
  },
  {
    name: 'above_same_hour',
    ...ALWAYS,
    unit: '%',
    message: 'the least that the floor stands above the same hour of the last three days',
  },
  {
    name: 'above_two_days_ago',
    ...ALWAYS,
    unit: '%',
    message: 'the floor stands this much above the same hour two days ago',
  },
  {
    name: 'above_three_days_ago',
    ...ALWAYS,
    unit: '%',
    message: 'the floor stands this much above the same hour three days ago',
  },
  {
    name: 'above_6h',
    ...MOSTLY,
    unit: '%',
    message: 'the floor stands this much above nearly all that was before the last 6 h',
  },
  {
    name: 'above_36h',
    ...MOSTLY,
    unit: '%',
    message: 'the floor stands this much above nearly all that was before the last 36 h',
  },
  {
    name: 'above_highs',
    ...ALWAYS,
    unit: '1',
    message: 'how far the floor stands above the highs before the last 48 h, in rises of these 48 h',
  },
  {
    name: 'range_24h',
    ...MOSTLY_AGAINST,
    unit: '%',
    message: 'what lies between the least and the greatest floor of the last day',
  },
  {
    name: 'change_point_rise',
    ...ALWAYS,
    unit: '%',
    message: 'what the line rose by since its knee, in percent of the capacity',
  },
  { name: 'change_point_to_noise', ...ALWAYS, unit: '1', message: 'that rise over what the line leaves unexplained' },
  {
    name: 'jump_1h',
    ...MOSTLY_AGAINST,
    unit: '1',
    message: 'the greatest rise within one hour over the whole rise: near 1 it was a step',
  },
  { name: 'jump_2h', ...ALWAYS_AGAINST, unit: '1', message: 'the same within two hours' },
  {
    name: 'fall_back',
    ...MOSTLY_AGAINST,
    unit: '1',
    message: 'how far the floor fell back from a high since the knee, over the whole rise',
  },
  {
    name: 'new_highs',
    ...MOSTLY,
    unit: '1',
    message: 'share of the hours since the knee in which the floor was plainly higher than ever since',
  },
  {
    name: 'line_over_two_steps',
    ...ALWAYS,
    unit: '1',
    message: 'how many times better a rising line explains the floors than two steps do',
  },
  {
    name: 'line_over_step_48h',
    ...ALWAYS,
    unit: '1',
    message: 'how many times better the line explains the last 48 h than one step does',
  },
  {
    name: 'line_over_ramp_48h',
    ...MOSTLY,
    unit: '1',
    message: 'how many times better the line explains the last 48 h than a ramp that has ended does',
  },
  { name: 'held_48h', ...MOSTLY_AGAINST, unit: '1', message: 'the share of that ramp’s time since it ended' },
  {
    name: 'line_over_fill_near',
    ...MOSTLY,
    unit: '1',
    message: 'how much likelier the line is than a fill that saturates, about the knee of the last 48 h (log)',
  },
  {
    name: 'line_over_two_steps_near',
    ...MOSTLY,
    unit: '1',
    message: 'how many times better the line explains what lies about that knee than two steps do',
  },
  {
    name: 'line_over_two_steps_24h',
    ...MOSTLY,
    unit: '1',
    message: 'how many times better the line explains the last day than two steps do',
  },
  {
    name: 'flat_share_24h',
    ...MOSTLY_AGAINST,
    unit: '1',
    message: 'share of the time since the knee of the last day for which the floor has stood still at the top',
  },
];

/**
 * The signs of cells, their season taken out. `raw` are their hourly floors with their season, `hourly` without it and
 * without gaps, `hinge` the rising line that fits these best.
 */
export function featuresOf(
  cells: Float64Array,
  raw: Float64Array,
  hourly: Float64Array,
  hinge: Hinge | null,
): Float64Array {
  const lastTwoDays = hourly.subarray(-48);
  const twoDays = lastTwoDays.length < 48 ? new Float64Array() : pairFloors(lastTwoDays);
  const complete = hinge === null ? NO_LINE.complete : ofComplete(hourly, hinge);
  const recent = ofTwoDays(lastTwoDays, hingeOf(lastTwoDays, true));
  const day = ofDay(pairFloors(cells.subarray(-24 * CELLS_PER_HOUR)));
  const rise48h = riseOf(twoDays, 24);
  return Float64Array.of(
    riseOf(cells.subarray(-3 * CELLS_PER_HOUR), 3 * CELLS_PER_HOUR),
    rise48h,
    tauOf(twoDays),
    ...aboveEarlierDays(hourly),
    aboveBefore(hourly, 6),
    aboveBefore(hourly, 36),
    aboveHighs(hourly, rise48h),
    rangeOf(raw.subarray(-24)),
    complete.rise,
    complete.toNoise,
    complete.jump1h,
    complete.jump2h,
    complete.fallBack,
    complete.newHighs,
    complete.overTwoSteps,
    recent.overStep,
    recent.overRamp,
    recent.held,
    recent.overFillNear,
    recent.overTwoStepsNear,
    day.overTwoSteps,
    day.flatShare,
  );
}
