/**
 * The features of a leak: figures that speak for or against growth, each in a unit of its own. A feature is NaN where the series
 * is too short for its comparison. Where no line rises, or hardly one, the features about the line take their least leaky value.
 * The model decides how much each of them weighs.
 */

import type { Check, CheckName } from '../model/verdict.ts';
import { type Hinge, hingeOf } from './change-point.ts';
import { CELLS_PER_HOUR, pairFloors } from './floors.ts';
import { allHoursFeatures, dayFeatures, NO_LINE, twoDayFeatures } from './line-features.ts';
import { rangeOf } from './order.ts';
import { aboveBefore, aboveEarlierDays, aboveHighs, senRise, tauOf } from './rise-features.ts';

export interface FeatureKind {
  readonly name: CheckName;
  /** 1 when more of it speaks for a leak, -1 when more of it speaks against, as long as nothing else is known. */
  readonly direction: 1 | -1;
  /**
   * Whether that holds whatever the other features are. It does not for a rise: 9 % in 3 h are a leak where 12 h brought 36 %,
   * and a machine that starts something where 12 h brought 9 % as well.
   */
  readonly monotone: boolean;
  readonly unit: string;
}

const ALWAYS = { direction: 1, monotone: true } as const;
const MOSTLY = { direction: 1, monotone: false } as const;
const ALWAYS_AGAINST = { direction: -1, monotone: true } as const;
const MOSTLY_AGAINST = { direction: -1, monotone: false } as const;

/** In the order in which `featuresOf` returns them. */
export const FEATURES: readonly FeatureKind[] = [
  { name: 'rise_3h', ...MOSTLY, unit: '%' },
  { name: 'rise_48h', ...MOSTLY, unit: '%' },
  { name: 'trend_48h', ...MOSTLY, unit: '1' },
  { name: 'above_same_hour', ...ALWAYS, unit: '%' },
  { name: 'above_two_days_ago', ...ALWAYS, unit: '%' },
  { name: 'above_three_days_ago', ...ALWAYS, unit: '%' },
  { name: 'above_6h', ...MOSTLY, unit: '%' },
  { name: 'above_36h', ...MOSTLY, unit: '%' },
  { name: 'above_highs', ...ALWAYS, unit: '1' },
  { name: 'range_24h', ...MOSTLY_AGAINST, unit: '%' },
  { name: 'change_point_rise', ...ALWAYS, unit: '%' },
  { name: 'change_point_to_noise', ...ALWAYS, unit: '1' },
  { name: 'jump_1h', ...MOSTLY_AGAINST, unit: '1' },
  { name: 'jump_2h', ...ALWAYS_AGAINST, unit: '1' },
  { name: 'fall_back', ...MOSTLY_AGAINST, unit: '1' },
  { name: 'new_highs', ...MOSTLY, unit: '1' },
  { name: 'line_over_two_steps', ...ALWAYS, unit: '1' },
  { name: 'line_over_step_48h', ...ALWAYS, unit: '1' },
  { name: 'line_over_ramp_48h', ...MOSTLY, unit: '1' },
  { name: 'held_48h', ...MOSTLY_AGAINST, unit: '1' },
  { name: 'line_over_fill_near', ...MOSTLY, unit: '1' },
  { name: 'line_over_two_steps_near', ...MOSTLY, unit: '1' },
  { name: 'line_over_two_steps_24h', ...MOSTLY, unit: '1' },
  { name: 'flat_share_24h', ...MOSTLY_AGAINST, unit: '1' },
];

/**
 * The features of cells without their season. `raw` are the hourly floors with their season, `hourly` those without it, both
 * without gaps; `hinge` is the rising line that fits `hourly` best.
 */
export function featuresOf(
  cells: Float64Array,
  raw: Float64Array,
  hourly: Float64Array,
  hinge: Hinge | null,
): Float64Array {
  const lastTwoDays = hourly.subarray(-48);
  const twoDays = lastTwoDays.length < 48 ? new Float64Array() : pairFloors(lastTwoDays);
  const allHours = hinge === null ? NO_LINE.allHours : allHoursFeatures(hourly, hinge);
  const recent = twoDayFeatures(lastTwoDays, hingeOf(lastTwoDays, true));
  const day = dayFeatures(pairFloors(cells.subarray(-24 * CELLS_PER_HOUR)));
  const rise48h = senRise(twoDays, 24);
  return Float64Array.of(
    senRise(cells.subarray(-3 * CELLS_PER_HOUR), 3 * CELLS_PER_HOUR),
    rise48h,
    tauOf(twoDays),
    ...aboveEarlierDays(hourly),
    aboveBefore(hourly, 6),
    aboveBefore(hourly, 36),
    aboveHighs(hourly, rise48h),
    rangeOf(raw.subarray(-24)),
    allHours.rise,
    allHours.toNoise,
    allHours.jump1h,
    allHours.jump2h,
    allHours.fallBack,
    allHours.newHighs,
    allHours.overTwoSteps,
    recent.overStep,
    recent.overRamp,
    recent.held,
    recent.overFillNear,
    recent.overTwoStepsNear,
    day.overTwoSteps,
    day.flatShare,
  );
}

/** One check per feature. The verdict rests on their sum, so a feature may fail while the sum passes, and vice versa. */
export function featureChecks(
  features: Float64Array,
  limits: readonly number[],
  kinds: readonly FeatureKind[] = FEATURES,
): Check[] {
  return kinds.map(({ name, direction, unit }, index) => {
    const limit = limits[index] ?? 0;
    const found = features[index] ?? Number.NaN;
    const value = Number.isNaN(found) ? null : found;
    if (direction === 1) return atLeast(name, value, limit, unit);
    return { name, value, comparison: 'at_most', limit, unit, passed: value === null || value <= limit };
  });
}

/** A check without a value passes: missing history is no evidence against growth, and costs confidence instead. */
export function atLeast(name: CheckName, value: number | null, limit: number, unit: string): Check {
  return { name, value, comparison: 'at_least', limit, unit, passed: value === null || value >= limit };
}
