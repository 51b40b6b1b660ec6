/** Hand-made series of the bench: an hour per sample unless a test passes another step. */
import type { BenchSeries } from '../../bench/data.ts';

export const HOUR_S = 3600;

export function aBenchSeries(overrides: Partial<BenchSeries> = {}): BenchSeries {
  return {
    id: 'made/1',
    base: 'made',
    baseKind: 'quiet',
    step: HOUR_S,
    label: 'healthy',
    shape: 'none',
    tier: 'none',
    overlays: [],
    onset: null,
    stop: null,
    active: [],
    sat: [],
    resets: [],
    evalFrom: 0,
    v: new Array<number>(20).fill(50),
    ...overrides,
  };
}

/** Leaks from an hour to the end. */
export function aLeak(fromHour: number, overrides: Partial<BenchSeries> = {}): BenchSeries {
  const { v, step } = aBenchSeries(overrides);
  const [from, end] = [fromHour * HOUR_S, v.length * step];
  return aBenchSeries({
    label: 'leak',
    shape: 'linear',
    tier: 'slow',
    onset: from,
    stop: end,
    active: [[from, end]],
    ...overrides,
  });
}
