/** Generated points for tests of anomaly inspection. */

import { gaussian, randomFrom } from '../../../../bench/random.ts';
import type { PointSettings } from '../../../../core/detector/anomaly/settings.ts';

export const MINUTES_5 = 300_000;
export const DAY_MS = 86_400_000;
export const CPU: PointSettings = {
  periodMs: MINUTES_5,
  cycleMs: DAY_MS,
  referencePoints: 2016,
  threshold: 0.99,
  direction: 'up',
  lower: 0,
  upper: 1,
  sparse: false,
  fills: false,
  leastEffect: null,
};
/** Without limits, and in both directions. */
export const FREE: PointSettings = { ...CPU, direction: 'both', lower: null, upper: null };

/** A day's curve with normal noise, from epoch 0 on. */
export function daily(points: number, seed: number, noise = 0.02) {
  const random = randomFrom(seed);
  const times = Float64Array.from({ length: points }, (_, i) => i * MINUTES_5);
  return {
    times,
    values: times.map((time) => 0.4 + 0.2 * Math.sin((2 * Math.PI * time) / DAY_MS) + noise * gaussian(random)),
  };
}

export function between({ times, values }: { times: Float64Array; values: Float64Array }, from: number, to?: number) {
  return { times: times.slice(from, to), values: values.slice(from, to) };
}
