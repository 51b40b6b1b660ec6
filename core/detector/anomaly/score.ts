/** What is expected of one point, and how unlikely a healthy one is as far away. */
import type { PointState } from '../../model/point-state.ts';
import { alongCycle } from './cycle.ts';
import type { PointSettings } from './settings.ts';
import { above, type Distribution, meanDistance, mirrored, upperQuantile } from './tail.ts';

/** Share of healthy points beyond each side of the band. */
const BAND_SIDE = 0.01;
/** A value beyond a limit by less is at the limit: figures of floating point. */
const LIMIT_TOLERANCE = 1e-9;

export type Usual = Pick<PointState, 'level' | 'profile' | 'spread' | 'widening'>;

export interface Scorer {
  readonly up: Distribution;
  readonly down: Distribution;
  /** Distances of the band, and of the outermost quantiles, in units of the spread. */
  readonly bandUp: number;
  readonly bandDown: number;
  readonly outerUp: number;
  readonly outerDown: number;
  /** How far a healthy point is from what was expected on average, in the same unit. */
  readonly distance: number;
}

/** What all points of one state have in common. */
export function scorerOf(state: Distribution): Scorer {
  const down = mirrored(state);
  return {
    up: state,
    down,
    bandUp: upperQuantile(state, BAND_SIDE),
    bandDown: upperQuantile(down, BAND_SIDE),
    outerUp: state.quantiles.at(-1) ?? 0,
    outerDown: down.quantiles.at(-1) ?? 0,
    distance: meanDistance(state),
  };
}

export interface Expected {
  readonly expected: number;
  readonly spread: number;
  readonly low: number;
  readonly high: number;
}

export function expectedAt(usual: Usual, scorer: Scorer, settings: PointSettings, time: number): Expected {
  const expected = usual.level + alongCycle(usual.profile, settings.cycleMs, time);
  const spread = alongCycle(usual.spread, settings.cycleMs, time);
  return {
    expected: within(expected, settings),
    spread,
    low: within(expected - spread * usual.widening.lower * scorer.bandDown, settings),
    high: within(expected + spread * usual.widening.upper * scorer.bandUp, settings),
  };
}

function within(value: number, { lower, upper }: PointSettings): number {
  return Math.min(upper ?? Infinity, Math.max(lower ?? -Infinity, value));
}

/** A residual in units of the spread, as far as it is unusual now. */
export function zOf(standard: number, { lower, upper }: Usual['widening']): number {
  return standard / (standard < 0 ? lower : upper);
}

/** In [0, 1]: 1 less the probability that a healthy residual is as far away as `z` deviations, on the side that counts. */
export function scoreOf({ up, down }: Scorer, z: number, { direction }: PointSettings): number {
  if (direction === 'up') return 1 - above(up, z);
  if (direction === 'down') return 1 - above(down, -z);
  return Math.max(0, 1 - 2 * Math.min(above(up, z), above(down, -z)));
}

export function crossesLimit(value: number, { lower, upper }: PointSettings): boolean {
  const tolerance = LIMIT_TOLERANCE * ((upper ?? 1) - (lower ?? 0));
  return (upper !== null && value > upper + tolerance) || (lower !== null && value < lower - tolerance);
}
