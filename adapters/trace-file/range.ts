/** Which values a sample of used memory can have. What lies outside is no memory, or not in its column's unit. */
import { OVER_FULL } from '../../core/model/series.ts';
import type { Fault, Measure, Sample } from './entry.ts';

const FULL: Readonly<Record<Measure, number>> = { fraction: 1, percent: 100, bytes: Number.POSITIVE_INFINITY };

const ABOVE_FULL: Readonly<Record<Measure, string>> = {
  fraction: 'fraction is above 1; is it percent?',
  percent: 'percent is above 100; is it bytes?',
  bytes: 'bytes is above limit',
};

/** What is wrong with a sample's value; undefined where it can be one, and where there is none. */
export function rangeFault({
  measure,
  value,
  limit = FULL[measure],
}: Omit<Sample, 'kind' | 'host' | 'time'>): Fault | undefined {
  if (limit <= 0) return { why: 'limit is not above 0', example: String(limit) };
  if (value === null) return undefined;
  if (value < 0) return { why: `${measure} is below 0`, example: String(value) };
  const full = Math.min(limit, FULL[measure]);
  return value > full * OVER_FULL ? { why: ABOVE_FULL[measure], example: String(value) } : undefined;
}
