/** Figures along a cycle: learned in equal slots, read between their middles by a straight line. */
import { median } from '../order.ts';

const DAY_MS = 86_400_000;

/** Slots of a profile: quarters of an hour of a day, hours of a week. They are what a state has room for. */
function slotsOf(cycleMs: number): number {
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
function phaseOf(time: number, cycleMs: number): number {
  const rest = time % cycleMs;
  return (rest < 0 ? rest + cycleMs : rest) / cycleMs;
}

export function slotAt(time: number, cycleMs: number, slots: number): number {
  return Math.min(slots - 1, Math.floor(phaseOf(time, cycleMs) * slots));
}

/** The median of the values of each slot that count; slots without any have that of the one before. */
export function slotMedians(
  times: Float64Array,
  values: Float64Array,
  cycleMs: number,
  counts: (index: number) => boolean,
): number[] {
  const bySlot: number[][] = Array.from({ length: slotsOf(cycleMs) }, () => []);
  for (let i = 0; i < times.length; i++) {
    if (counts(i)) bySlot[slotAt(times[i] ?? 0, cycleMs, bySlot.length)]?.push(values[i] ?? 0);
  }
  return withoutHoles(bySlot.map((some) => (some.length === 0 ? Number.NaN : median(Float64Array.from(some)))));
}

/** Means over `width` neighbours on each side, which weigh the less the further they are. */
export function smoothed(values: readonly number[], width: number): number[] {
  if (width === 0) return [...values];
  const n = values.length;
  return values.map((_, i) => {
    let [sum, weights] = [0, 0];
    for (let offset = -width; offset <= width; offset++) {
      const weight = width + 1 - Math.abs(offset);
      sum += weight * (values[(i + offset + n) % n] ?? 0);
      weights += weight;
    }
    return sum / weights;
  });
}

function withoutHoles(values: readonly number[]): number[] {
  let last = values.findLast((value) => !Number.isNaN(value)) ?? 0;
  return values.map((value) => {
    if (!Number.isNaN(value)) last = value;
    return last;
  });
}
