/** What `az monitor metrics list` prints: https://learn.microsoft.com/rest/api/monitor/metrics/list */
import * as z from 'zod';
import { describeIssues } from '../../../core/model/issues.ts';
import type { Entry } from '../entry.ts';
import { type Meaning, meaningOfMetric } from '../meaning.ts';
import { unitOfWord } from '../unit.ts';
import { type DocumentContext, type DocumentReader, hasFields } from './document.ts';
import { availableRemarks, type DocumentSeries, entriesOfSeries } from './series.ts';

const pointSchema = z.object({
  timeStamp: z.unknown().optional(),
  average: z.unknown().optional(),
  minimum: z.unknown().optional(),
  maximum: z.unknown().optional(),
});

const metricSchema = z.object({
  id: z.string().optional(),
  name: z.object({ value: z.string() }),
  unit: z.string().nullish(),
  timeseries: z.array(
    z.object({
      data: z.array(pointSchema),
      metadatavalues: z.array(z.object({ value: z.string() })).nullish(),
    }),
  ),
});
type Metric = z.infer<typeof metricSchema>;

const listSchema = z.object({ value: z.array(metricSchema) });

/** The document as it is, of which `--query` may leave no more than its metrics or one of them. */
function completed(json: unknown): unknown {
  if (Array.isArray(json)) return { value: json };
  return hasFields(json, 'timeseries') ? { value: [json] } : json;
}

export const azureMetrics: DocumentReader = {
  name: 'az monitor metrics list',
  matches: (json) =>
    hasFields(json, 'timeseries') ||
    (hasFields(json, 'value', 'timespan') && !Array.isArray(json)) ||
    (hasFields(json, 'value', 'interval') && !Array.isArray(json)),
  read(json, context) {
    const parsed = listSchema.safeParse(completed(json));
    if (!parsed.success) return describeIssues(parsed.error)[0] ?? 'it is not as expected';
    const metrics = memoryMetrics(parsed.data.value, context);
    if (metrics.length === 0) {
      const names = parsed.data.value.map(({ name }) => name.value).join(', ');
      return `it holds no memory (${names || 'no metric'}); ask for --metrics "Available Memory Percentage"`;
    }
    return entriesOfMetrics(metrics, context);
  },
};

/** The metrics of memory; the percentage alone where it is there, because it needs no size of the machine. */
function memoryMetrics(metrics: readonly Metric[], { options }: DocumentContext): Metric[] {
  const memory = metrics.filter(
    ({ name }) => /memory|\bmem\b|mem_/i.test(name.value) && meaningOf(name.value).kind !== 'other',
  );
  const shares = memory.filter(({ name, unit }) => scaleOfMetric(name.value, unit)?.measure === 'percent');
  return shares.length > 0 && options.unit === undefined ? shares : memory;
}

function* entriesOfMetrics(metrics: readonly Metric[], { fileHost, options }: DocumentContext): Generator<Entry> {
  yield* availableRemarks(metrics.map(({ name }) => name.value));
  for (const metric of metrics) {
    for (const series of seriesOf(metric, fileHost)) yield* entriesOfSeries(series, options);
  }
}

function seriesOf({ id, name, unit, timeseries }: Metric, fileHost: string): DocumentSeries[] {
  const machine = /\/virtualMachines\/([^/]+)/i.exec(id ?? '')?.[1] ?? fileHost;
  return timeseries.map(({ data, metadatavalues }) => ({
    host: metadatavalues?.map(({ value }) => value).join(' ') || machine,
    meaning: { kind: meaningOf(name.value).kind, scale: scaleOfMetric(name.value, unit) },
    points: data.map(({ timeStamp, average, minimum, maximum }) => ({
      time: timeStamp,
      value: average ?? minimum ?? maximum,
    })),
  }));
}

function meaningOf(name: string): Meaning {
  return meaningOfMetric(name);
}

function scaleOfMetric(name: string, unit: string | null | undefined): Meaning['scale'] {
  return unitOfWord(unit ?? '') ?? meaningOf(name).scale;
}
