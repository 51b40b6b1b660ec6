/** Figures along a cycle: learned in equal slots, read between their middles by a straight line. */
import { median } from '../order.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Slots of a profile: quarters of an hour of a day, hours of a week. They are what a state has room for. */
export function slotsOf(cycleMs: number): number {
  return cycleMs <= DAY_MS ? 96 : 168;
}

/** The value of `along` at a time. O(1). */
export function alongCycle(along: readonly number[], cycleMs: number | null, time: number): number {
  const n = along.length;
  if (n === 0) return 0;
  if (n === 1 || cycleMs === null) return along[0] ?? 0;
  const position = phaseOf(time, cycleMs) * n - 0.5;
  const slot = Math.floor(position);
  const share = position - slot;
  const before = along[(slot + n) % n] ?? 0;
  const after = along[(slot + 1) % n] ?? 0;
  return before + share * (after - before);
}

/** In [0, 1). */
export function phaseOf(time: number, cycleMs: number): number {
  const rest = time % cycleMs;
  return (rest < 0 ? rest + cycleMs : rest) / cycleMs;
}

export function slotAt(time: number, cycleMs: number, slots: number): number {
  return Math.min(slots - 1, Math.floor(phaseOf(time, cycleMs) * slots));
}

/** The median of the values of each slot, smoothed over its neighbours; `fallback` of a slot without any. */
export function profileOf(times: Float64Array, values: Float64Array, cycleMs: number, slots: number): number[] {
  const bySlot: number[][] = Array.from({ length: slots }, () => []);
  for (let i = 0; i < times.length; i++) bySlot[slotAt(times[i] ?? 0, cycleMs, slots)]?.push(values[i] ?? 0);
  const medians = bySlot.map((some) => (some.length === 0 ? Number.NaN : median(Float64Array.from(some))));
  const filled = withoutHoles(medians);
  return filled.map((own, i) => {
    const before = filled[(i + slots - 1) % slots] ?? own;
    const after = filled[(i + 1) % slots] ?? own;
    return (before + 2 * own + after) / 4;
  });
}

/** Slots without a value have the last one before them. */
function withoutHoles(values: readonly number[]): number[] {
  let last = values.findLast((value) => !Number.isNaN(value)) ?? 0;
  return values.map((value) => {
    if (!Number.isNaN(value)) last = value;
    return last;
  });
}
