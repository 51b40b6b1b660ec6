/**
 * Models of floors, each fitted by least squares: flat and then a rising line (a leak), one step, two steps, a ramp that ends, or
 * flat and then a fill that saturates (a cache, a warm-up). Features compare their residual sums of squares (`rss`). Every fit has
 * a closed form; sums run from the end, so that all change points cost one pass.
 */

/** Flat up to the change point, then a line. */
export interface Hinge {
  /** Index of the last flat floor. */
  readonly changePoint: number;
  /** Percentage points per hour; negative when the line falls. */
  readonly slope: number;
  /** Residual sum of squares. */
  readonly rss: number;
}

/** A line shorter than this many floors is not a line. */
const LEAST_LINE = 3;

/** The best hinge over all change points; of falling and rising lines, or of rising ones alone. Null below four floors. */
export function hingeOf(floors: Float64Array, risingOnly = false): Hinge | null {
  let [best, slope, least] = [-1, 0, Infinity];
  eachHinge(floors, (changePoint, its, rss) => {
    if (rss >= least || (risingOnly && !(its > 0))) return;
    best = changePoint;
    slope = its;
    least = rss;
  });
  return best < 0 ? null : { changePoint: best, slope, rss: least };
}

/** Reports the best line of each change point and its residuals, the latest change point first. */
export function eachHinge(
  floors: Float64Array,
  report: (changePoint: number, slope: number, rss: number) => void,
): void {
  const n = floors.length;
  const { mean, total } = moments(floors);
  let sum = 0;
  let weighted = 0;
  for (let changePoint = n - 2; changePoint >= 0; changePoint--) {
    const floor = floors[changePoint + 1] ?? 0;
    sum += floor;
    weighted += (changePoint + 1) * floor;
    // x = max(0, i - changePoint): sums of x, x^2 and x y over the m floors after the change point.
    const m = n - 1 - changePoint;
    const sx = (m * (m + 1)) / 2;
    const sxx = (m * (m + 1) * (2 * m + 1)) / 6 - (sx * sx) / n;
    const sxy = weighted - changePoint * sum - sx * mean;
    if (m >= LEAST_LINE && sxx > 0) report(changePoint, sxy / sxx, total - (sxy * sxy) / sxx);
  }
}

/** The residual sum of squares of the best single step up. */
export function stepRss(floors: Float64Array): number {
  const n = floors.length;
  const { mean, total } = moments(floors);
  let best = total;
  let sum = 0;
  for (let last = n - 2; last >= 0; last--) {
    sum += floors[last + 1] ?? 0;
    const m = n - 1 - last;
    const right = sum / m - mean;
    const left = (mean * n - sum) / (n - m) - mean;
    if (right > left) best = Math.min(best, total - right * right * m - left * left * (n - m));
  }
  return best;
}

/** A half-open range of indices. */
type Range = readonly [number, number];

/** Two steps are searched in the last 96 floors (four days of hours): older ones no longer compete with a leak. */
const TWO_STEPS_FLOORS = 96;
/** They are searched at every second floor first, and then beside the best. */
const TWO_STEPS_STRIDE = 2;

/** The residual sum of squares of the best two steps (three levels, up or down). */
export function twoStepsRss(floors: Float64Array): number {
  const n = floors.length;
  const { mean, total } = moments(floors);
  const sums = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) sums[i + 1] = (sums[i] ?? 0) + (floors[i] ?? 0);
  const earliest = Math.max(1, n - TWO_STEPS_FLOORS);
  const best = (firsts: Range, seconds: Range, stride: number) => bestTwoSteps(sums, mean, firsts, seconds, stride);
  const coarse = best([earliest, n - 1], [0, n], TWO_STEPS_STRIDE);
  const { first, second } = coarse;
  const fine = best([Math.max(earliest, first - 1), first + 2], [second - 1, Math.min(n, second + 2)], 1);
  return total - Math.max(coarse.explained, fine.explained);
}

interface TwoSteps {
  /** Indices of the floors with which the second and the third level begin. */
  readonly first: number;
  readonly second: number;
  /** Sum of squares about the mean that the levels explain. */
  readonly explained: number;
}

/** The best steps that begin in these ranges. A level explains the square of its sum about the mean, over its length. */
function bestTwoSteps(sums: Float64Array, mean: number, firsts: Range, seconds: Range, stride: number): TwoSteps {
  const n = sums.length - 1;
  const all = sums[n] ?? 0;
  let [first, second, explained] = [0, 0, 0];
  for (let a = firsts[0]; a < firsts[1]; a += stride) {
    const untilA = sums[a] ?? 0;
    const one = untilA - mean * a;
    const oneExplains = (one * one) / a;
    for (let b = Math.max(a + 1, seconds[0]); b < seconds[1]; b += stride) {
      const untilB = sums[b] ?? 0;
      const two = untilB - untilA - mean * (b - a);
      const three = all - untilB - mean * (n - b);
      const explains = oneExplains + (two * two) / (b - a) + (three * three) / (n - b);
      if (!(explains > explained)) continue;
      first = a;
      second = b;
      explained = explains;
    }
  }
  return { first, second, explained };
}

/** Flat, then a line, then flat again. */
export interface Ramp {
  /** Residual sum of squares. */
  readonly rss: number;
  /** Share of the time since the ramp began that lies after its end. */
  readonly held: number;
}

/** Beginnings and ends of ramps are searched at every second floor. */
const RAMP_STRIDE = 2;

/** The best rising ramp; where none rises, the mean. Tries all pairs of beginnings and ends: `floors` are two days at most. */
export function rampOf(floors: Float64Array): Ramp {
  const n = floors.length;
  const { mean, total } = moments(floors);
  const sums = new Float64Array(n + 1);
  const weighted = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    sums[i + 1] = (sums[i] ?? 0) + (floors[i] ?? 0);
    weighted[i + 1] = (weighted[i] ?? 0) + i * (floors[i] ?? 0);
  }
  const between = (of: Float64Array, from: number, to: number) => (of[to] ?? 0) - (of[from] ?? 0);
  let best: Ramp = { rss: total, held: 0 };
  for (let a = 0; a < n - 4; a += RAMP_STRIDE) {
    for (let b = a + RAMP_STRIDE; b < n - 1; b += RAMP_STRIDE) {
      // x = 0 up to a, (i - a) / length up to b, 1 after it: sums of x, x^2 and x y.
      const length = b - a;
      const after = n - 1 - b;
      const sx = (length + 1) / 2 + after;
      const sxx = ((length + 1) * (2 * length + 1)) / (6 * length) + after - (sx * sx) / n;
      const line = (between(weighted, a + 1, b + 1) - a * between(sums, a + 1, b + 1)) / length;
      const sxy = line + between(sums, b + 1, n) - sx * mean;
      const rss = sxy > 0 && sxx > 1e-9 ? total - (sxy * sxy) / sxx : total;
      if (rss < best.rss) best = { rss, held: after / (n - 1 - a) };
    }
  }
  return best;
}

/** Time constants of fills, in hours. Warm-ups and cache fills of the real hosts last from a few hours to a day. */
const TIME_CONSTANTS = [2, 4, 8, 16];

/** What the best saturating fill, level + height (1 - exp(-(i - changePoint) / constant)),. Returns its residual sum of squares. */
export function saturationRss(floors: Float64Array): number {
  const { mean, total } = moments(floors);
  return TIME_CONSTANTS.reduce(
    (least, constant) => Math.min(least, saturationRssAt(floors, constant, mean, total)),
    total,
  );
}

function saturationRssAt(floors: Float64Array, constant: number, mean: number, total: number): number {
  const n = floors.length;
  const decay = Math.exp(-1 / constant);
  let best = total;
  let sum = 0;
  let decayed = 0; // sum of decay^(i - changePoint) y over the floors after the change point
  let power = 1; // decay^m
  for (let changePoint = n - 2; changePoint >= 0; changePoint--) {
    const floor = floors[changePoint + 1] ?? 0;
    sum += floor;
    decayed = decay * (floor + decayed);
    power *= decay;
    const m = n - 1 - changePoint;
    const geometric = (decay * (1 - power)) / (1 - decay);
    const squares = (decay * decay * (1 - power * power)) / (1 - decay * decay);
    const sx = m - geometric;
    const sxx = m - 2 * geometric + squares - (sx * sx) / n;
    const sxy = sum - decayed - sx * mean;
    if (m >= LEAST_LINE && sxx > 1e-9 && sxy > 0) best = Math.min(best, total - (sxy * sxy) / sxx);
  }
  return best;
}

/** The mean, and the sum of squares about it. */
export function moments(values: Float64Array): { mean: number; total: number } {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  const mean = sum / values.length;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const deviation = (values[i] ?? 0) - mean;
    total += deviation * deviation;
  }
  return { mean, total };
}
