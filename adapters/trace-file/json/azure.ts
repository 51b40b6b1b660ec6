/** What `az monitor metrics list` prints: https://learn.microsoft.com/rest/api/monitor/metrics/list */
import * as z from 'zod';
import { parseInput } from '../../../core/model/issues.ts';
import type { Entry } from '../entry.ts';
import { type Meaning, meaningOfMetric } from '../values/names.ts';
import { unitOfWord } from '../values/unit.ts';
import { type DocumentContext, type DocumentReader, firstIssue, hasFields } from './document.ts';
import { availableRemarks, type DocumentSeries, entriesOfSeries } from './document-series.ts';

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

/** The document in its full form: `--query` may have reduced it to its metrics, or to one of them. */
function fullForm(json: unknown): unknown {
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
    const parsed = parseInput(listSchema, fullForm(json));
    if (!parsed.success) return firstIssue(parsed.error);
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
    ({ name }) => /memory|\bmem\b|mem_/i.test(name.value) && meaningOfMetric(name.value).kind !== 'other',
  );
  const shares = memory.filter(({ name, unit }) => scaleOfMetric(name.value, unit)?.baseUnit === 'percent');
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
    meaning: { kind: meaningOfMetric(name.value).kind, scale: scaleOfMetric(name.value, unit) },
    points: data.map(({ timeStamp, average, minimum, maximum }) => ({
      time: timeStamp,
      value: average ?? minimum ?? maximum,
    })),
  }));
}

function scaleOfMetric(name: string, unit: string | null | undefined): Meaning['scale'] {
  return unitOfWord(unit ?? '') ?? meaningOfMetric(name).scale;
}
