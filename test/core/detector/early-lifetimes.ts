/** Hosts of one group with known curves, as a source gives them. */
import type { Series } from '../../../core/model/series.ts';
import { aResource, aSeries, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';

const PERIOD = 5 * MINUTE;
const WINDOW_HOURS = 100;

/** Percentage points of a host, `hours` after its first sample. */
export type Curve = (hours: number) => number;

export interface Lifetime {
  readonly id: string;
  readonly curve: Curve;
  /** Hours after NOON at which it began; negative before. */
  readonly from?: number;
  /** Hours after NOON of its last sample; absent where it still runs. */
  readonly until?: number;
}

export const EVENT = NOON;
export const warmUp =
  (height: number, hours: number): Curve =>
  (age) =>
    20 + height * (1 - Math.exp(-age / hours));
export const climbing =
  (perHour: number): Curve =>
  (age) =>
    20 + perHour * age;

/** A little restlessness that differs from host to host, the same in every run. */
function tremble(host: number, sample: number): number {
  return 0.3 * Math.sin(host * 12.9898 + sample * 78.233);
}

/** Hours after the event at which the hosts are read. */
export function groupAt(hours: number, lifetimes: readonly Lifetime[]): Series[] {
  const end = EVENT + hours * HOUR - PERIOD;
  const window = { start: end - WINDOW_HOURS * HOUR, end };
  return lifetimes.map(({ id, curve, from = 0, until = hours }, host) => {
    const first = Math.max(window.start, EVENT + from * HOUR);
    const last = Math.min(end, EVENT + until * HOUR);
    const count = Math.max(0, Math.floor((last - first) / PERIOD));
    const times = Float64Array.from({ length: count }, (_, index) => first + index * PERIOD);
    const born = EVENT + from * HOUR;
    const values = times.map((time, index) => (curve((time - born) / HOUR) + tremble(host, index)) / 100);
    const facts = { resource: aResource({ id, group: 'web' }), window, periodMs: PERIOD, times };
    return { ...aSeries([]), ...facts, statistic: 'average', unit: '1', values };
  });
}

/** So many hosts that began within a quarter of an hour after the event. */
export function launched(count: number, name: string, curve: Curve): Lifetime[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `${name}-${index}`,
    curve,
    from: 0.05 + (index % 3) / 12,
  }));
}
