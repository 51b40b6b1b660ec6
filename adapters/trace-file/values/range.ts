/** Which values a sample of used memory can have. A value far outside is not memory, or is in another unit than its column states. */
import { OVER_FULL } from '../../../core/model/series.ts';
import type { BaseUnit, Fault } from '../entry.ts';

type Value = { readonly baseUnit: BaseUnit; readonly value: number | null; readonly limit?: number };

/** A full host, in each base unit. */
export const FULL: Readonly<Record<BaseUnit, number>> = { fraction: 1, percent: 100, bytes: Number.POSITIVE_INFINITY };

/**
 * A share of allocatable memory may exceed full without being wrong: `kubectl top nodes` divides by the memory that is left to
 * pods. Up to twice full a value may be such a share; beyond that it is in another unit. (Convention: no tool reserves
 * half of a host.)
 */
const FAR_OVER_FULL = 2;

const FAR_ABOVE: Readonly<Record<BaseUnit, string>> = {
  fraction: 'fraction is far above 1: if it is percent, add --unit percent',
  percent: 'percent is far above 100: state its unit, for example with --unit MiB',
  bytes: 'bytes is far above limit',
};

/** Bytes: a thousand times the largest host there is. A greater number is no size of memory. */
const MOST_OF_HOST = 2 ** 56;

/** What is wrong with a sample's value; undefined where it can be one, and where there is none. */
export function rangeFault({ baseUnit, value, limit = FULL[baseUnit] }: Value): Fault | undefined {
  if (!(limit > 0)) return { why: 'limit is not above 0', example: String(limit) };
  if (value === null) return undefined;
  if (value < 0) return { why: `${baseUnit} is below 0`, example: String(value) };
  if (baseUnit === 'bytes' && value > MOST_OF_HOST)
    return { why: 'bytes is more than any host has', example: String(value) };
  return value > fullOf({ baseUnit, value, limit }) * FAR_OVER_FULL
    ? { why: FAR_ABOVE[baseUnit], example: String(value) }
    : undefined;
}

/** Whether a value exceeds a full host. `rangeFault` refuses those that exceed it by far. */
export function isOverFull(sample: Value): boolean {
  return sample.value !== null && sample.value > fullOf(sample) * OVER_FULL;
}

/** Periods above full that are more than a glitch: an hour of the evaluated periods. */
const SUSTAINED_PERIODS = 4;

/**
 * The full memory of a host whose source states `full`. Where its values exceed that for a while, they were divided by less than
 * the host's memory, and full is what they reached: clamped to `full`, a leak would seem to end where it exceeds the wrong total.
 */
export function actualFull(values: Float64Array, full: number): number {
  const sustained = values.toSorted().at(-SUSTAINED_PERIODS) ?? 0;
  return sustained > full * OVER_FULL ? sustained : full;
}

function fullOf({ baseUnit, limit = FULL[baseUnit] }: Value): number {
  return Math.min(limit, FULL[baseUnit]);
}
