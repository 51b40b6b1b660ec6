/** The name of the growth's shape. On noisy hosts a name is weak, so each has a confidence of its own, and none is an answer. */
import type { Pattern, PatternName } from '../model/verdict.ts';
import type { Horizon } from './horizon.ts';

/** Names a shape below this confidence would only mislead. */
const LEAST_CONFIDENCE = 0.4;

/** The best-supported shape of a rising horizon, or null. */
export function patternOf({ floors, rise, signalToNoise }: Horizon, cells: Float64Array): Pattern | null {
  if (!(rise > 0)) return null;
  const steps = increments(floors);
  const support: Record<PatternName, number> = {
    sawtooth: sawtoothSupport(cells, rise),
    staircase: staircaseSupport(steps, rise),
    exponential: bendSupport(floors, rise),
    creep: bendSupport(floors.map((floor) => -floor).reverse(), rise),
    linear: 0.5,
  };
  const [name, strength] = best(support);
  // Below ten times its noise a rise has no shape that could be seen.
  const confidence = strength * Math.min(1, Math.max(0, signalToNoise) / 10);
  return confidence >= LEAST_CONFIDENCE ? { name, confidence } : null;
}

function best(support: Record<PatternName, number>): [PatternName, number] {
  const names: readonly PatternName[] = ['sawtooth', 'staircase', 'exponential', 'creep', 'linear'];
  const name = names.reduce((leader, other) => (support[other] > support[leader] ? other : leader));
  return [name, support[name]];
}

function increments(floors: Float64Array): Float64Array {
  return floors.subarray(1).map((floor, index) => floor - (floors[index] ?? floor));
}

/** Falls of at least half the horizon's rise, three or more, while the floor climbs. */
function sawtoothSupport(cells: Float64Array, rise: number): number {
  let falls = 0;
  let high = -Infinity;
  for (const level of cells) {
    if (Number.isNaN(level)) continue;
    if (high - level >= Math.max(0.5 * rise, 1)) {
      falls++;
      high = level;
    } else high = Math.max(high, level);
  }
  return falls >= 3 ? Math.min(1, 0.5 + falls / 12) : 0;
}

/** The share of the growth that came in its three greatest increments, when the rest stood still. */
function staircaseSupport(steps: Float64Array, rise: number): number {
  const sorted = Float64Array.from(steps).sort();
  const greatest = sorted.slice(-3).reduce((sum, step) => sum + step, 0);
  const standing = steps.filter((step) => Math.abs(step) < rise / 60).length / steps.length;
  return standing >= 0.5 ? Math.min(1, greatest / rise) * standing : 0;
}

/** How much of a straight line's rise is missing at the middle: 0 on a line, 1 when everything grew in the second half. */
function bendSupport(floors: Float64Array, rise: number): number {
  const middle = ((floors[11] ?? 0) + (floors[12] ?? 0)) / 2;
  const line = ((floors[0] ?? 0) + (floors[23] ?? 0)) / 2;
  const missing = (line - middle) / (rise / 2);
  return missing > 0.15 ? Math.min(1, 0.4 + missing) : 0;
}
