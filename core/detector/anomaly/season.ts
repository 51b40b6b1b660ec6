/**
 * The profile of a cycle, and what it leaves unexplained of points that it was not made of: each part of the reference is held against the
 * profile of the others. A profile is kept only where it foretells better than none.
 */
import { median, quantile } from '../order.ts';
import { alongCycle, slotMedians, smoothed } from './cycle.ts';
import { levelled } from './level.ts';
import type { PointSettings } from './settings.ts';

export interface Season {
  /** Empty where there is none. */
  readonly profile: number[];
  /** The values less the profile of the other parts of the reference. */
  readonly flat: Float64Array;
}

/** Neighbours on each side that a slot is smoothed over: which are best is seen on parts that were left out. */
const WIDTHS = [0, 1, 2, 4];
const MOST_PARTS = 8;
/** A profile has to foretell better by this share than none: it has many more figures. */
const LEAST_GAIN = 0.02;

export function seasonIn(times: Float64Array, values: Float64Array, scale: number, settings: PointSettings): Season {
  const { cycleMs, sparse, periodMs } = settings;
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0) + periodMs;
  const none: Season = { profile: [], flat: values };
  if (cycleMs === null || sparse || span < 2 * cycleMs) return none;
  const cycles = cyclesOf(times, cycleMs);
  const centred = withoutLevels(values, cycles);
  const parts = Math.min(MOST_PARTS, (cycles.at(-1) ?? 0) + 1);
  const partOf = (i: number) => (cycles[i] ?? 0) % parts;
  const others = Array.from({ length: parts }, (_, part) =>
    slotMedians(times, centred, cycleMs, (i) => partOf(i) !== part),
  );
  let best = none;
  let bestLoss = lossOf(values, scale, settings) * (1 - LEAST_GAIN);
  for (const width of WIDTHS) {
    const profiles = others.map((medians) => smoothed(medians, width));
    const flat = values.map((value, i) => value - alongCycle(profiles[partOf(i)] ?? [], cycleMs, times[i] ?? 0));
    const loss = lossOf(flat, scale, settings);
    if (loss >= bestLoss) continue;
    bestLoss = loss;
    best = {
      profile: smoothed(
        slotMedians(times, centred, cycleMs, () => true),
        width,
      ),
      flat,
    };
  }
  return best;
}

/** The number of the cycle of each point, from the first on. */
function cyclesOf(times: Float64Array, cycleMs: number): Int32Array {
  return Int32Array.from(times, (time) => Math.min(1e6, Math.floor((time - (times[0] ?? 0)) / cycleMs)));
}

/** Values less the median of their cycle. */
function withoutLevels(values: Float64Array, cycles: Int32Array): Float64Array {
  const centred = values.slice();
  for (let start = 0; start < values.length; ) {
    let end = start;
    while (end < values.length && cycles[end] === cycles[start]) end++;
    const middle = median(values.subarray(start, end));
    for (let i = start; i < end; i++) centred[i] = (values[i] ?? 0) - middle;
    start = end;
  }
  return centred;
}

/** The mean distance from what was expected, in which no point counts for more than the farthest tenth begins at. */
function lossOf(flat: Float64Array, scale: number, settings: PointSettings): number {
  const distances = levelled(flat, scale, settings).residuals.map(Math.abs);
  const most = quantile(distances, 0.9);
  return distances.reduce((sum, distance) => sum + Math.min(most, distance), 0) / distances.length;
}
