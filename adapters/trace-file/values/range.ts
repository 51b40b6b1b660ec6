/** Which values a sample of used memory can have. What lies far outside is no memory, or not in the unit that its column states. */
import { OVER_FULL } from '../../core/model/series.ts';
import type { Fault, Measure } from './entry.ts';

type Value = { readonly measure: Measure; readonly value: number | null; readonly limit?: number };

export const FULL: Readonly<Record<Measure, number>> = { fraction: 1, percent: 100, bytes: Number.POSITIVE_INFINITY };

/**
 * Shares of what may be allocated pass full without being wrong: `kubectl top nodes` divides by the memory that is left to pods.
 * Up to twice full a value may be one; beyond that it is in another unit. (Convention: no tool reserves half of a host.)
 */
const FAR_OVER_FULL = 2;

const FAR_ABOVE: Readonly<Record<Measure, string>> = {
  fraction: 'fraction is far above 1: if it is percent, add --unit percent',
  percent: 'percent is far above 100: state its unit, for example with --unit MiB',
  bytes: 'bytes is far above limit',
};

/** Bytes: a thousand times the largest host there is. A greater number is no size of memory. */
const MOST_OF_HOST = 2 ** 56;

/** What is wrong with a sample's value; undefined where it can be one, and where there is none. */
export function rangeFault({ measure, value, limit = FULL[measure] }: Value): Fault | undefined {
  if (!(limit > 0)) return { why: 'limit is not above 0', example: String(limit) };
  if (value === null) return undefined;
  if (value < 0) return { why: `${measure} is below 0`, example: String(value) };
  if (measure === 'bytes' && value > MOST_OF_HOST)
    return { why: 'bytes is more than any host has', example: String(value) };
  return value > fullOf({ measure, value, limit }) * FAR_OVER_FULL
    ? { why: FAR_ABOVE[measure], example: String(value) }
    : undefined;
}

/** Whether a value is more than there can be, though not by so much that it is refused. */
export function isOverFull(sample: Value): boolean {
  return sample.value !== null && sample.value > fullOf(sample) * OVER_FULL;
}

/** Periods that have to pass full before it is more than a glitch: an hour of those that are evaluated. */
const SUSTAINED_PERIODS = 4;

/**
 * What full is for a host that is stated to have `full`. Where its values pass that for a while, whatever they are divided by is
 * less than the host's memory, and full is what they reached: clamped, a leak would end where it passes the wrong total.
 */
export function actualFull(values: Float64Array, full: number): number {
  const sustained = values.toSorted().at(-SUSTAINED_PERIODS) ?? 0;
  return sustained > full * OVER_FULL ? sustained : full;
}

function fullOf({ measure, limit = FULL[measure] }: Value): number {
  return Math.min(limit, FULL[measure]);
}
