/** One series of a document as entries: what the readers of documents share. */
import type { Entry } from '../entry.ts';
import type { TraceOptions } from '../options.ts';
import { type Meaning, meaningOfMetric } from '../values/names.ts';
import { sampleOf } from '../values/sample.ts';
import { readTime } from '../values/time.ts';
import { scaleOf, unitOfValues } from '../values/unit.ts';

export interface DocumentSeries {
  readonly host: string;
  readonly meaning: Meaning;
  readonly points: readonly { readonly time: unknown; readonly value: unknown }[];
  /** Bytes. */
  readonly limit?: number | undefined;
}

export function* entriesOfSeries(
  { host, meaning, points, limit }: DocumentSeries,
  options: TraceOptions,
): Generator<Entry> {
  for (const { time, value } of points) {
    const at = readTime(time, options.timeZone);
    const number = numberOf(value);
    if (typeof at === 'object') yield { kind: 'malformed', host, ...at };
    else if (number === undefined)
      yield { kind: 'malformed', host, why: 'the value is no number', example: String(value) };
    else yield sampleOf(host, at, number === null ? null : { ...meaning, number, limit }, options);
  }
}

/** Prometheus writes numbers as text, and `NaN` where there is none. Null for none, undefined for what is no number. */
export function numberOf(value: unknown): number | null | undefined {
  if (value === null || value === undefined || value === 'NaN') return null;
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/**
 * Gives series without a unit the unit that the size of all their values suggests, with a remark that names it. They stay as
 * they are where `--unit` was given or the values fit several units.
 */
export function inferredUnit(
  series: readonly DocumentSeries[],
  { unit }: TraceOptions,
  unitOf: (values: Iterable<number>) => ReturnType<typeof unitOfValues> = unitOfValues,
): { readonly series: readonly DocumentSeries[]; readonly remarks: readonly Entry[] } {
  const without = series.filter(({ meaning }) => meaning.kind === 'used' && meaning.scale === undefined);
  if (unit !== undefined || without.length === 0) return { series, remarks: [] };
  const inferred = unitOf(numbersOf(without));
  const scale = scaleOf(inferred);
  if (scale === undefined) return { series, remarks: [] };
  return {
    series: series.map((one) => (without.includes(one) ? { ...one, meaning: { kind: 'used', scale } } : one)),
    remarks: [
      {
        kind: 'remark',
        text: `it states no unit, and its values are read as ${inferred} by their size; --unit names another.`,
      },
    ],
  };
}

function* numbersOf(series: readonly DocumentSeries[]): Generator<number> {
  for (const { points } of series) {
    for (const { value } of points) {
      const number = numberOf(value);
      if (typeof number === 'number') yield number;
    }
  }
}

/** The remark that available memory was turned into used, where some of these metrics are available memory. */
export function availableRemarks(metrics: readonly string[]): Entry[] {
  const [metric] = metrics.filter((name) => meaningOfMetric(name).kind === 'available');
  if (metric === undefined) return [];
  return [{ kind: 'remark', text: `${metric} is read as available memory: what is used is the rest.` }];
}
