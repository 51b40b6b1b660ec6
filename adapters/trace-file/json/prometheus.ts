/** What Prometheus answers to a range query: https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries */
import * as z from 'zod';
import { parseInput } from '../../../core/model/issues.ts';
import type { Entry } from '../entry.ts';
import { hostOfLabels, meaningOfMetric } from '../values/names.ts';
import { type UnitName, unitOfValues } from '../values/unit.ts';
import { type DocumentContext, type DocumentReader, firstIssue, hasFields } from './document.ts';
import { availableRemarks, type DocumentSeries, entriesOfSeries, inferredUnit, numberOf } from './document-series.ts';

const matrixSchema = z.array(
  z.object({ metric: z.record(z.string(), z.string()), values: z.array(z.tuple([z.unknown(), z.unknown()])) }),
);
type Matrix = z.infer<typeof matrixSchema>;

const answerSchema = z.object({
  status: z.string(),
  error: z.string().optional(),
  data: z.object({ resultType: z.string().optional(), result: z.unknown() }).optional(),
});

export const prometheusRange: DocumentReader = {
  name: 'Prometheus query_range',
  matches: (json) =>
    hasFields(json, 'metric', 'values') ||
    (!Array.isArray(json) && (hasFields(json, 'status', 'data') || hasFields(json, 'status', 'error'))),
  read(json, context) {
    const result = resultOf(json);
    if ('fault' in result) return result.fault;
    const parsed = parseInput(matrixSchema, result.result);
    if (!parsed.success) return firstIssue(parsed.error);
    return parsed.data.length === 0
      ? 'its result is empty: the query found no series'
      : entriesOfMatrix(parsed.data, context);
  },
};

/** The matrix in an answer, or the matrix alone as `promtool query range` and `jq .data.result` print it. */
function resultOf(json: unknown): { readonly result: unknown } | { readonly fault: string } {
  if (Array.isArray(json)) return { result: json };
  if (hasFields(json, 'metric')) return { result: [json] };
  const parsed = parseInput(answerSchema, json);
  if (!parsed.success) return { fault: firstIssue(parsed.error) };
  const { status, error, data } = parsed.data;
  if (status !== 'success') return { fault: `the query failed: ${error ?? status}` };
  const type = data?.resultType ?? 'nothing';
  if (type !== 'matrix')
    return { fault: `its result is a ${type} and not a matrix: query a range of time (query_range)` };
  return { result: data?.result };
}

function* entriesOfMatrix(matrix: Matrix, { fileHost, options }: DocumentContext): Generator<Entry> {
  const hosts = hostsOf(matrix, fileHost);
  const all = matrix.map(({ metric, values }, index) => ({
    host: hosts[index] ?? fileHost,
    meaning: meaningOfMetric(metric['__name__'] ?? ''),
    points: values.map(([time, value]) => ({ time, value })),
  }));
  const limits = new Map(all.filter(({ meaning }) => meaning.kind === 'total').map((one) => [one.host, limitOf(one)]));
  const memory = all.filter(({ meaning }) => meaning.kind !== 'total' && meaning.kind !== 'other');
  const { series, remarks } = inferredUnit(memory, options, ratioOrLarger);
  yield* remarks;
  yield* availableRemarks(matrix.map(({ metric }) => metric['__name__'] ?? ''));
  for (const one of series) yield* entriesOfSeries({ ...one, limit: limits.get(one.host) }, options);
}

/** Prometheus counts shares from 0 to 1: https://prometheus.io/docs/practices/naming/#base-units */
function ratioOrLarger(values: Iterable<number>): UnitName | undefined {
  const numbers = [...values];
  return numbers.every((number) => number >= 0 && number <= 1) ? 'fraction' : unitOfValues(numbers);
}

/** The newest value of a series of totals, in bytes. */
function limitOf({ meaning, points }: DocumentSeries): number | undefined {
  const newest = points.map(({ value }) => numberOf(value)).findLast((number) => typeof number === 'number');
  return newest == null ? undefined : newest * (meaning.scale?.factor ?? 1);
}

/** Hosts by the label that names one; by all labels where that is not distinct among series of one metric. */
function hostsOf(matrix: Matrix, fileHost: string): string[] {
  const short = matrix.map(({ metric }) => hostOfLabels(metric) ?? '');
  const keys = matrix.map(({ metric }, index) => JSON.stringify([metric['__name__'], short[index]]));
  const isUnique = short.every((host) => host !== '') && new Set(keys).size === keys.length;
  if (isUnique) return short;
  if (matrix.length === 1) return [fileHost];
  return matrix.map(({ metric }, index) => allLabels(metric) || `${fileHost} ${index + 1}`);
}

function allLabels(metric: Readonly<Record<string, string>>): string {
  return Object.entries(metric)
    .filter(([name]) => name !== '__name__')
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}
