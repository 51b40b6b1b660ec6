/** One inspection of a series by itself: what is before a time is the reference, and everything from it on is scored. */
import type { AnomalyCheck, AnomalyEpisode, ScoredPoint } from '../../model/anomaly.ts';
import type { PointState } from '../../model/point-state.ts';
import type { PointSeries } from '../../model/points.ts';
import { firstNotBefore } from '../order.ts';
import { advance } from './advance.ts';
import { beginState, type InsufficientPoints, LEAST_POINTS } from './learn.ts';
import { ordered } from './reference.ts';
import { expectedAt, scorerOf } from './score.ts';
import type { PointSettings } from './settings.ts';

export interface ForecastPoint {
  /** Epoch milliseconds: the start of a period. */
  readonly time: number;
  readonly expected: number;
  /** The band that holds 98 % of healthy points. */
  readonly low: number;
  readonly high: number;
}

export interface InspectedPoints {
  readonly kind: 'inspected';
  readonly state: PointState;
  readonly scored: readonly ScoredPoint[];
  readonly episodes: readonly AnomalyEpisode[];
  /** The next cycle, or day. */
  readonly forecast: readonly ForecastPoint[];
  readonly checks: readonly AnomalyCheck[];
}

export type PointInspection = InspectedPoints | InsufficientPoints;

const DAY_MS = 86_400_000;
const MOST_FORECAST = 336;

/** `from` in epoch milliseconds. */
export function inspectPoints(series: PointSeries, from: number, settings: PointSettings): PointInspection {
  const points = ordered(series);
  const first = firstNotBefore(points.times, from);
  const part = (start: number, end?: number) => ({
    times: points.times.subarray(start, end),
    values: points.values.subarray(start, end),
  });
  const begun = beginState(part(0, first), settings, { start: series.window.start, end: from });
  if (begun.kind === 'insufficient') return begun;
  const { state, scored, episodes } = advance(begun, part(first), settings, series.window.end);
  return {
    kind: 'inspected',
    state,
    scored,
    episodes,
    forecast: forecastOf(state, settings),
    checks: checksOf(begun, settings),
  };
}

/** What is expected of the next cycle, or of the next day where there is none: at most 336 points, evenly spread. */
export function forecastOf(state: PointState, settings: PointSettings): ForecastPoint[] {
  const { cycleMs, periodMs } = settings;
  const span = cycleMs ?? DAY_MS;
  const step = periodMs * Math.max(1, Math.ceil(span / periodMs / MOST_FORECAST));
  const scorer = scorerOf(state);
  return Array.from({ length: Math.floor(span / step) }, (_, i) => {
    const time = state.last + (i + 1) * step;
    const { expected, low, high } = expectedAt(state, scorer, settings, time);
    return { time, expected, low, high };
  });
}

function checksOf({ learned, profile }: PointState, { cycleMs }: PointSettings): AnomalyCheck[] {
  const reference = { value: learned, limit: LEAST_POINTS, unit: '{point}', passed: learned >= LEAST_POINTS };
  const cycle = { value: profile.length > 0 ? 1 : 0, limit: 1, unit: '1', passed: profile.length > 0 };
  return [
    { name: 'reference_points', ...reference },
    ...(cycleMs === null ? [] : [{ name: 'cycle_learned', ...cycle } as const]),
  ];
}
