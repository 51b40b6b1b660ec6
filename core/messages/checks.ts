/** What each check of a verdict compares, and how its figures are written. */
import type { Check, CheckName } from '../model/verdict.ts';
import { formatNumber } from './units.ts';

/** One clause for each check: what was compared. */
export const CHECK_DESCRIPTIONS: Readonly<Record<CheckName, string>> = {
  history: 'hours of history; a shorter one cannot be distinguished from a warm-up',
  coverage: 'share of the last day’s hours that hold a sample',
  rise_3h: 'the memory rose by this much of the capacity within 3 h, by the median of its slopes',
  rise_48h: 'the floor rose by this much of the capacity within 48 h, by the median of its slopes',
  trend_48h:
    'how steadily the floor rose for 48 h: 1 when every floor is above all before it, 0 when as many lie below',
  above_same_hour: 'the smallest rise of the floor above the same hour of the last three days',
  above_two_days_ago: 'the floor stands this much above the same hour two days ago',
  above_three_days_ago: 'the floor stands this much above the same hour three days ago',
  above_6h: 'the floor stands this much above nearly all values before the last 6 h',
  above_36h: 'the floor stands this much above nearly all values before the last 36 h',
  above_highs: 'how far the floor stands above the highs before the last 48 h, in rises of these 48 h',
  range_24h: 'the range between the lowest and the highest floor of the last day',
  change_point_rise: 'the rise of the line since its change point, in percent of the capacity',
  change_point_to_noise: 'the rise since the change point over what the line leaves unexplained',
  jump_1h: 'the greatest rise within one hour over the total rise: near 1 it was a step',
  jump_2h: 'the greatest rise within two hours over the total rise',
  fall_back: 'how far the floor fell back from a high since the change point, over the total rise',
  new_highs: 'share of the hours since the change point in which the floor reached a clearly new high',
  line_over_two_steps: 'how many times better a rising line explains the floors than two steps do',
  line_over_step_48h: 'how many times better the line explains the last 48 h than one step does',
  line_over_ramp_48h: 'how many times better the line explains the last 48 h than a ramp that has ended does',
  held_48h: 'share of the time since the best ramp of the last 48 h began that lies after its end',
  line_over_fill_near:
    'how much likelier the line is than a fill that saturates, about the change point of the last 48 h (log)',
  line_over_two_steps_near:
    'how many times better the line explains the floors about the change point of the last 48 h than two steps do',
  line_over_two_steps_24h: 'how many times better the line explains the last day than two steps do',
  flat_share_24h:
    'share of the time since the change point of the last day for which the floor has stood still at the top',
  young_rise:
    'the rise of the straight line through all that is known of the host’s first day, in percent of the capacity',
  young_rise_8h: 'the rise of the line through the last 8 h',
  young_rise_4h: 'the rise of the line through the last 4 h',
  young_rise_2h: 'the rise of the line through the last 2 h',
  young_rise_1h: 'the rise of the line through the last hour',
  young_above_6h: 'the floor of a young host stands this much above nearly all values before the last 6 h',
  young_above_3h: 'the floor of a young host stands this much above nearly all values before the last 3 h',
  young_trend:
    'how steadily the half-hourly floors rose: 1 when every one is above all before it, 0 when as many lie below',
  young_new_highs: 'share of the half hours in which the floor reached a clearly new high',
  young_never_below: 'share of the half-hourly floors that no later one fell below',
  young_range: 'the range between the lowest and the highest hourly floor of a young host',
  young_peak_range: 'the range between the lowest and the highest sample of a young host',
  young_deviation: 'how far the half-hourly floors lie from their straight line, as a standard deviation',
  young_noise: 'how far neighbouring samples lie apart, as a standard deviation',
  young_unchanged: 'share of the samples that are as the one before',
  young_fall: 'the greatest fall of the half-hourly floor from a high',
  young_jump_30min: 'the greatest rise within 30 minutes over the total rise: near 1 it was a step',
  young_jump_2h: 'the greatest rise within two hours over the total rise of a young host',
  young_bend_over_step: 'how many times better a line that begins to rise explains the first day than one step does',
  young_bend_over_ramp:
    'how many times better a line that begins to rise explains the first day than a ramp that has ended does',
  young_bend_over_fill: 'how much likelier a line that begins to rise is than a fill that saturates (log)',
  young_line_over_step: 'how many times better one straight line explains the first day than one step does',
  young_line_over_two_steps: 'how many times better one straight line explains the first day than two steps do',
  young_line_over_wave: 'how many times better one straight line explains the first day than a wave of a day does',
  young_correlation:
    'how much what the straight line leaves unexplained resembles what it leaves half an hour later: near 1 the curve is no line',
};

/** The check with its description, for receivers that do not know it by name. */
export function describedCheck(check: Check): Check & { readonly message: string } {
  return { ...check, message: CHECK_DESCRIPTIONS[check.name] };
}

const COMPARISONS = { at_least: '≥', at_most: '≤' } as const;

/** `0.12, limit ≥ 0.30 %`; `not known` of a check without a value. */
export function comparisonText({ value, comparison, limit, unit }: Omit<Check, 'name' | 'passed'>): string {
  const limits = `${COMPARISONS[comparison]} ${amount(limit, unit)}`;
  return value === null ? `not known (limit ${limits})` : `${amount(value, unit)}, limit ${limits}`;
}

/** A share is a plain number. */
function amount(value: number, unit: string): string {
  const number = String(Number(formatNumber(value))).replace('-', '−');
  return unit === '1' ? number : `${number} ${unit}`;
}
