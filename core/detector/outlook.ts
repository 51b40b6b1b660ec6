/** How a judged floor grows, and what that says of the hours to come. */
import type { Interval, Pattern } from '../model/verdict.ts';
import type { Measured } from './evaluate.ts';
import type { Grid } from './floors.ts';
import { growthOf, LEAST_GROWTH_HOURS } from './growth.ts';
import { median } from './order.ts';
import { patternOf } from './pattern.ts';
import { residualsAbout } from './trend.ts';

/** In percent of capacity and hours. */
export interface Outlook {
  /** Of the day's mean hour: at another the season would say how far away exhaustion is. */
  readonly level: number;
  readonly growth: Interval;
  /** Hours before the end that growth is measured over. */
  readonly hours: number;
  /** Growth per hour to reckon with: of the last third of these hours where it is ever faster, and no less than over all of them. */
  readonly ahead: number;
  /** Standard deviation of the hourly floors of these hours about a line of that slope. */
  readonly deviation: number;
  /** Of a leak, where its shape has a name. */
  readonly pattern: Pattern | null;
}

/** @param hours Since the knee of a leak; of a steady host, whose growth has no shape, what its growth is told of. */
export function outlookOf(measured: Measured, grid: Grid, hours: number, isLeaking: boolean): Outlook {
  const { hourly } = measured;
  const growthHours = Math.max(LEAST_GROWTH_HOURS, hours);
  const growth = growthOf(hourly, growthHours);
  const pattern = isLeaking ? patternOf(measured, grid, hours) : null;
  const isFaster = pattern?.name === 'exponential';
  return {
    level: hourly.at(-1) ?? 0,
    growth,
    hours: growthHours,
    ahead: isFaster
      ? Math.max(growth.estimate, growthOf(hourly, Math.ceil(growthHours / 3)).estimate)
      : growth.estimate,
    deviation: deviationAbout(hourly.subarray(-growthHours), growth.estimate),
    pattern,
  };
}

/** Standard deviation of floors about a line of this slope; 0 of nothing. */
function deviationAbout(floors: Float64Array, slope: number): number {
  const rests = residualsAbout(floors, slope);
  const middle = median(rests);
  let squares = 0;
  for (let i = 0; i < rests.length; i++) squares += ((rests[i] ?? 0) - middle) ** 2;
  return rests.length === 0 ? 0 : Math.sqrt(squares / rests.length);
}
