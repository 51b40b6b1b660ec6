/**
 * What distinguishes growth that goes on from a start that settles, in minutes. Everything is measured on floors: the level below which
 * memory does not fall again. A saw-tooth of garbage collection, a batch's phase and a replaced worker return to their floor; a leak lifts it.
 */
import { median } from './order.ts';
import { slopeOf } from './trend.ts';

/** In the order of their weights. */
export const JOB_FEATURES = ['steadiest', 'step', 'peaks', 'rise'] as const;
export type JobFeature = (typeof JOB_FEATURES)[number];

export interface JobGrowth {
  /** What is evaluated, in milliseconds since the job began. */
  readonly from: number;
  readonly to: number;
  /** The floor at both ends, in bytes: of a line through it. */
  readonly first: number;
  readonly last: number;
  readonly bytesPerMinute: number;
  readonly features: Readonly<Record<JobFeature, number>>;
}

/** Blocks of the evaluated time, each with its least and greatest sample: a multiple of 3. */
const BLOCKS = 24;
const THIRD = BLOCKS / 3;
const MINUTE = 60_000;
const MIB = 1024 * 1024;
/** Growth below this is the noise of a page here and there; it keeps ratios finite. */
const LEAST_RISE = 64 * 1024;

/** Growth of a series (times ascending, with values of the same length, at least 24 samples) over its full length. */
export function growthOf(times: readonly number[], values: readonly number[]): JobGrowth {
  const from = times[0] ?? 0;
  const to = times.at(-1) ?? from;
  const { lows, highs } = blocksOf(times, values);
  const floors = suffixMinima(lows);
  const minutes = (to - from) / MINUTE;
  const { first, last } = lineThrough(floors);
  const features = featuresOf({ highs, floors, values });
  return { from, to, first, last, bytesPerMinute: (last - first) / minutes, features };
}

/** The ends of Sen's line: an unfinished saw at the end of the floors does not bend it. */
function lineThrough(floors: readonly number[]): { first: number; last: number } {
  const slope = slopeOf(Float64Array.from(floors));
  const first = Math.max(0, median(Float64Array.from(floors, (floor, index) => floor - slope * index)));
  return { first, last: first + slope * (floors.length - 1) };
}

interface Blocks {
  readonly lows: readonly number[];
  readonly highs: readonly number[];
}

function featuresOf(given: Pick<Blocks, 'highs'> & { floors: readonly number[]; values: readonly number[] }) {
  const { highs, floors, values } = given;
  const rise = Math.max((floors.at(-1) ?? 0) - (floors[0] ?? 0), LEAST_RISE);
  const [begin = 0, middle = 0, end = 0] = thirds(floors).map((growth) => (3 * growth) / rise);
  const ceilings = thirds(prefixMaxima(highs)).map((growth) => (3 * growth) / rise);
  const level = median(Float64Array.from(values));
  return {
    // 1 where each third grows alike, 0 where one does not grow.
    steadiest: clamp(Math.min(begin, middle, end), 0, 1),
    // The largest jump of the floor as a share of its rise.
    step: clamp(Math.max(...floors.map((floor, index) => floor - (floors[index - 1] ?? floor))) / rise, 0, 1),
    // As `steadiest`, of the greatest samples: a heap that is as large as it may be has room below its peaks.
    peaks: clamp(Math.min(...ceilings), 0, 1),
    // Against the level of the middle. Not per minute: a slow leak of a long job is one too.
    rise: Math.log2(clamp(rise / Math.max(level, MIB), 2 ** -8, 2)),
  };
}

/** The least and the greatest sample of each block; a block without samples has those of the block before it. */
function blocksOf(times: readonly number[], values: readonly number[]): Blocks {
  const from = times[0] ?? 0;
  const length = Math.max(1, (times.at(-1) ?? from) - from);
  const lows = new Array<number>(BLOCKS).fill(Number.POSITIVE_INFINITY);
  const highs = new Array<number>(BLOCKS).fill(Number.NEGATIVE_INFINITY);
  times.forEach((time, index) => {
    const block = Math.min(BLOCKS - 1, Math.floor(((time - from) / length) * BLOCKS));
    const value = values[index] ?? 0;
    lows[block] = Math.min(lows[block] ?? value, value);
    highs[block] = Math.max(highs[block] ?? value, value);
  });
  for (let block = 1; block < BLOCKS; block += 1) {
    if (lows[block] === Number.POSITIVE_INFINITY) lows[block] = lows[block - 1] ?? 0;
    if (highs[block] === Number.NEGATIVE_INFINITY) highs[block] = highs[block - 1] ?? 0;
  }
  return { lows, highs };
}

/** The level below which none that follows falls. */
function suffixMinima(values: readonly number[]): number[] {
  const minima = [...values];
  for (let index = minima.length - 2; index >= 0; index -= 1)
    minima[index] = Math.min(minima[index] ?? 0, minima[index + 1] ?? 0);
  return minima;
}

function prefixMaxima(values: readonly number[]): number[] {
  const maxima = [...values];
  for (let index = 1; index < maxima.length; index += 1)
    maxima[index] = Math.max(maxima[index] ?? 0, maxima[index - 1] ?? 0);
  return maxima;
}

/** The growth of each third of the blocks. */
function thirds(levels: readonly number[]): number[] {
  const at = (index: number) => levels[Math.min(index, BLOCKS - 1)] ?? 0;
  return [0, 1, 2].map((third) => at((third + 1) * THIRD) - at(third * THIRD));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
