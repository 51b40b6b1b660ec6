/** Series with a known shape for the detector's tests: percent of capacity on a grid, with seeded noise, ending at a fixed time. */
import { gaussian, randomFrom } from '../../../bench/random.ts';
import type { Series } from '../../../core/model/series.ts';

const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
/** The end of every window in these tests: 2026-03-01T00:00:00Z. */
export const NOW = Date.UTC(2026, 2, 1);

/** Percent of capacity at `hour`, counted from the first sample. */
export type Shape = (hour: number) => number;

interface Sampling {
  readonly hours?: number;
  readonly minutes?: number;
  /** Standard deviation of the noise, in percentage points. */
  readonly noise?: number;
  readonly seed?: number;
}

/** Samples a shape as an adapter would deliver it: fractions, times at the start of each period. */
export function seriesOf(shape: Shape, { hours = 100, minutes = 15, noise = 0.3, seed = 1 }: Sampling = {}): Series {
  const count = Math.round((hours * 60) / minutes);
  const random = randomFrom(seed);
  const start = NOW - hours * HOUR_MS;
  const times = Float64Array.from({ length: count }, (_, index) => start + index * minutes * MINUTE_MS);
  const values = times.map((time) => (shape((time - start) / HOUR_MS) + noise * gaussian(random)) / 100);
  return withSamples(times, values, { window: { start, end: NOW }, periodMs: minutes * MINUTE_MS });
}

export function withSamples(times: Float64Array, values: Float64Array, rest: Partial<Series> = {}): Series {
  return {
    kind: 'series',
    resource: { provider: 'local', account: 'test', region: 'here', id: 'host' },
    metric: 'system.memory.utilization',
    unit: '1',
    statistic: 'minimum',
    window: { start: NOW - 100 * HOUR_MS, end: NOW },
    periodMs: 15 * MINUTE_MS,
    ...rest,
    times,
    values,
  };
}

const day = (hour: number) => Math.sin((2 * Math.PI * hour) / 24);

/** Shapes that a healthy host may show for 100 h. */
export const HEALTHY: Readonly<Record<string, Shape>> = {
  'a flat host at 95 %': () => 95,
  'a warm-up that ends on a plateau': (h) => 60 - 30 * Math.exp(-h / 3),
  'a cache that filled and is full': (h) => Math.min(70, 40 + 0.6 * h),
  'a daily season': (h) => 50 + 8 * day(h),
  'a weekly season': (h) => 50 + (h % 168 < 72 ? 6 : 0) + 5 * day(h),
  "a collector's sawtooth on a flat floor": (h) => 40 + 20 * ((h / 1.3) % 1),
  'a batch job that came and stays for ten hours': (h) => (h > 70 && h < 80 ? 65 : 40),
  'a step to a new level': (h) => (h > 60 ? 55 : 40),
  'a restart with a normal warm-up': (h) => (h < 70 ? 60 : 60 - 35 * Math.exp(-(h - 70) / 2)),
};

/** Shapes that leak and have done so for long enough to be seen. */
export const LEAKING: Readonly<Record<string, Shape>> = {
  'linear growth': (h) => 30 + 0.5 * h,
  'linear growth that began a day ago': (h) => 30 + Math.max(0, h - 76),
  'exponential growth': (h) => 25 + 3 * Math.exp(h / 35),
  'a staircase': (h) => 30 + 3 * Math.floor(h / 4),
  'a sawtooth on a rising floor': (h) => 30 + 0.4 * h + 12 * ((h / 1.3) % 1),
  'slow creep': (h) => 30 + 4 * Math.sqrt(h),
};
