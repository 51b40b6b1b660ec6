/** Steps from day to day about their trend. */
import { median } from '../detector/order.ts';

/** With fewer steps the trend would be the noise. */
const LEAST_STEPS = 3;

export interface Steps {
  /** The median step from a day to the next; 0 where there are too few. */
  readonly trend: number;
  /** Each less the trend; empty where there are too few. */
  readonly steps: readonly number[];
}

/** @param levels Of consecutive days; NaN of a day that is not known. */
export function stepsOf(levels: readonly number[]): Steps {
  const steps = levels.slice(1).map((level, index) => level - (levels[index] ?? Number.NaN));
  const known = steps.filter((step) => !Number.isNaN(step));
  if (known.length < LEAST_STEPS) return { trend: 0, steps: [] };
  const trend = median(Float64Array.from(known));
  return { trend, steps: known.map((step) => step - trend) };
}
