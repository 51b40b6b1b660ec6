/**
 * The rule that leaks had before, to compare with: the free memory above the floor, divided by past growth, in wider bounds where the
 * pattern is curved.
 */
import type { Outlook } from '../core/detector/outlook.ts';
import { type ForecastHours, hoursAtPace, type Pace, STEADY_PACE } from '../core/detector/steady-growth.ts';

const CURVED: Readonly<Record<string, Pace>> = {
  exponential: { slow: 0.3, likely: 1.25, fast: 3 },
  creep: { slow: 0.3, likely: 1, fast: 2 },
};

/** Growth must be above 0. */
export function plainHours({ level, growth, lateGrowth, deviation, pattern }: Outlook): ForecastHours {
  const ahead = pattern?.name === 'exponential' ? Math.max(growth.estimate, lateGrowth) : growth.estimate;
  return hoursAtPace(Math.max(0, 100 - level), ahead, deviation, CURVED[pattern?.name ?? ''] ?? STEADY_PACE);
}
