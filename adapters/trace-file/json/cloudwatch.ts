/** What `aws cloudwatch get-metric-data` and `get-metric-statistics` print. */
import * as z from 'zod';
import { parseInput } from '../../../core/model/issues.ts';
import type { Entry, Malformed } from '../entry.ts';
import { printable } from '../printable.ts';
import { isOtherMetric, type Meaning, meaningOfColumn, meaningOfMetric } from '../values/names.ts';
import { unitOfWord } from '../values/unit.ts';
import { type DocumentContext, type DocumentReader, firstIssue, hasFields } from './document.ts';
import { type DocumentSeries, entriesOfSeries, inferredUnit } from './document-series.ts';

const resultSchema = z.object({
  Id: z.string().optional(),
  Label: z.string().optional(),
  Timestamps: z.array(z.unknown()),
  Values: z.array(z.unknown()),
  StatusCode: z.string().optional(),
});
type Result = z.infer<typeof resultSchema>;

const dataSchema = z.object({ MetricDataResults: z.array(resultSchema), NextToken: z.string().nullish() });

/** The document in its full form: `--query` may have reduced it to its results, or to one of them. */
function fullForm(json: unknown): unknown {
  if (Array.isArray(json)) return { MetricDataResults: json };
  return hasFields(json, 'MetricDataResults') ? json : { MetricDataResults: [json] };
}

/** The states of a result whose series has all its samples, or all that this page holds. */
const COMPLETE = new Set([undefined, 'Complete']);

/** `aws cloudwatch get-metric-data`: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataResult.html */
export const getMetricData: DocumentReader = {
  name: 'aws cloudwatch get-metric-data',
  matches: (json) => hasFields(json, 'MetricDataResults') || hasFields(json, 'Timestamps', 'Values'),
  read(json, context) {
    const parsed = parseInput(dataSchema, fullForm(json));
    if (!parsed.success) return firstIssue(parsed.error);
    const { MetricDataResults: results, NextToken } = parsed.data;
    const memory = results.filter((result) => !isOther(result));
    if (memory.length === 0 && results.length > 0) return noMemory(results.map(({ Label, Id }) => Label || (Id ?? '')));
    return dataEntries(memory, typeof NextToken === 'string', context);
  },
};

/** Whether the label names another metric than memory, or the id does (`cpu1`) where the label names no metric. */
function isOther({ Label = '', Id = '' }: Result): boolean {
  return isOtherMetric(Label) || (meaningOfColumn(Label) === undefined && isOtherMetric(Id.replace(/\d+$/, '')));
}

function noMemory(names: readonly string[]): string {
  return `it holds no memory (${printable(names.join(', '), MOST_SHOWN)}); query the metric mem_used_percent of the namespace CWAgent`;
}

/** Characters of the names of metrics that are shown. */
const MOST_SHOWN = 120;

function* dataEntries(results: readonly Result[], hasMore: boolean, context: DocumentContext): Generator<Entry> {
  const hosts = hostsOf(results, context.fileHost);
  const { series, remarks } = inferredUnit(
    results.map((result, index) => seriesOf(result, hosts[index] ?? context.fileHost)),
    context.options,
  );
  yield* remarks;
  if (hasMore) yield { kind: 'malformed', why: 'the document has a NextToken: it is not the last page of its results' };
  for (const [index, one] of series.entries()) {
    const result = results[index];
    const status = result?.StatusCode;
    const fault = result && lengthFault(result, one.host);
    if (fault) {
      yield fault;
      continue;
    }
    if (!COMPLETE.has(status)) {
      yield {
        kind: 'malformed',
        host: one.host,
        why: 'its StatusCode is not Complete: some of its samples are missing',
        example: status ?? '',
      };
    }
    yield* entriesOfSeries(one, context.options);
  }
}

/** Where a time or a value is missing, all others may belong to another one. */
function lengthFault({ Timestamps, Values }: Result, host: string): Malformed | undefined {
  if (Timestamps.length === Values.length) return undefined;
  const example = `${Timestamps.length} and ${Values.length}`;
  return { kind: 'malformed', host, isGrid: true, why: 'its Timestamps and Values differ in number', example };
}

function seriesOf({ Label = '', Timestamps, Values }: Result, host: string): DocumentSeries {
  const points = Timestamps.map((time, index) => ({ time, value: Values[index] }));
  return { host, meaning: labelMeaning(Label), points };
}

/** A label that names a host and nothing of memory states no unit. */
function labelMeaning(label: string): Meaning {
  const { kind, scale } = meaningOfMetric(label);
  return kind === 'other' || kind === 'total' ? { kind: 'used', scale } : { kind, scale };
}

/** The hosts of results: by label, unless it names a metric; by id where labels are not distinct. */
function hostsOf(results: readonly Result[], fileHost: string): string[] {
  const labels = results.map(({ Label = '' }) => (meaningOfColumn(Label) === undefined ? Label : ''));
  const isNamed = labels.every((label) => label !== '') && new Set(labels).size === labels.length;
  if (isNamed) return labels;
  if (results.length === 1) return [fileHost];
  return results.map(({ Id }, index) => Id ?? `${fileHost} ${index + 1}`);
}

const statisticsSchema = z.object({
  Label: z.string().nullish(),
  Datapoints: z.array(
    z.object({
      Timestamp: z.unknown().optional(),
      Average: z.unknown().optional(),
      Minimum: z.unknown().optional(),
      Maximum: z.unknown().optional(),
      Unit: z.string().nullish(),
    }),
  ),
});

/**
 * `aws cloudwatch get-metric-statistics`:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
 */
export const getMetricStatistics: DocumentReader = {
  name: 'aws cloudwatch get-metric-statistics',
  matches: (json) => !Array.isArray(json) && hasFields(json, 'Datapoints'),
  read(json, { fileHost, options }) {
    const parsed = parseInput(statisticsSchema, json);
    if (!parsed.success) return firstIssue(parsed.error);
    const { Label, Datapoints } = parsed.data;
    if (isOtherMetric(Label ?? '')) return noMemory([Label ?? '']);
    const named = labelMeaning(Label ?? '');
    const scale = unitOfWord(Datapoints[0]?.Unit ?? '') ?? named.scale;
    const points = Datapoints.map(({ Timestamp, Average, Minimum, Maximum }) => ({
      time: Timestamp,
      value: Average ?? Minimum ?? Maximum,
    }));
    const { series, remarks } = inferredUnit(
      [{ host: fileHost, meaning: { kind: named.kind, scale }, points }],
      options,
    );
    return [...remarks, ...series.flatMap((one) => [...entriesOfSeries(one, options)])];
  },
};
