/** Points as they are learned from and scored: in order, finite, and with the zeros of a series that is sparse. */
import type { PointSeries } from '../../model/points.ts';
import type { Window } from '../../model/series.ts';
import type { PointSettings } from './settings.ts';

export type Points = Pick<PointSeries, 'times' | 'values'>;

/** Beyond it a value is taken as this one: differences and squares stay finite. */
const GREATEST_VALUE = 1e100;

export function referenceOf(points: Points, settings: PointSettings, window: Window | undefined): Points {
  const own = ordered(points);
  const { times, values } = settings.sparse ? withZeros(own, settings, window) : own;
  return { times: times.slice(-settings.referencePoints), values: values.slice(-settings.referencePoints) };
}

/** In order, without repetitions and what is not finite. */
export function ordered({ times, values }: Points): Points {
  const usable: [number, number][] = [];
  for (let i = 0; i < times.length; i++) {
    const [time, value] = [times[i] ?? Number.NaN, values[i] ?? Number.NaN];
    if (Number.isFinite(time) && Number.isFinite(value)) usable.push([time, limited(value)]);
  }
  usable.sort(([a], [b]) => a - b);
  const kept = usable.filter(([time], i) => time !== usable[i + 1]?.[0]);
  return { times: Float64Array.from(kept, ([time]) => time), values: Float64Array.from(kept, ([, value]) => value) };
}

export function limited(value: number): number {
  // The sum makes 0 of -0, which JSON does not know.
  return Math.min(GREATEST_VALUE, Math.max(-GREATEST_VALUE, value)) + 0;
}

function withZeros({ times, values }: Points, settings: PointSettings, window: Window | undefined): Points {
  const { periodMs, referencePoints } = settings;
  const end = window?.end ?? (times.at(-1) ?? 0) + periodMs;
  const start = Math.max(window?.start ?? times[0] ?? end, end - referencePoints * periodMs);
  const n = Math.max(0, Math.floor((end - start) / periodMs));
  const first = end - n * periodMs;
  const filled = new Float64Array(n);
  times.forEach((time, i) => {
    const slot = Math.floor((time - first) / periodMs);
    if (slot >= 0 && slot < n) filled[slot] = values[i] ?? 0;
  });
  return { times: Float64Array.from(filled, (_, i) => first + i * periodMs), values: filled };
}
