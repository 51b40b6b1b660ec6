/**
 * metrics:getBatch of Azure Monitor. Shapes: the example MetricBatchExample of monitor/data-plane/…/2024-02-01 in the Azure
 * REST specification, empty periods and `errorCode` among them; the refusal of an unknown metric as clients have reported it.
 */
import * as z from 'zod';
import { plainMessage } from '../../core/model/issues.ts';
import { HOST_BYTES } from '../scenario/consumers.ts';
import { foldPeriods, type StatisticName } from '../statistics.ts';
import type { AzureHost } from './hosts.ts';
import { azureHosts, exists } from './hosts.ts';
import { type AzureContext, AzureError, type AzureRequest } from './protocol.ts';

const MAX_RESOURCES = 50;
const MINUTE = 60_000;

/** Metrics are kept so long. */
const RETENTION_MS = 93 * 24 * 60 * MINUTE;

const GRAINS: Readonly<Record<string, number>> = {
  PT1M: MINUTE,
  PT5M: 5 * MINUTE,
  PT15M: 15 * MINUTE,
  PT30M: 30 * MINUTE,
  PT1H: 60 * MINUTE,
  PT6H: 360 * MINUTE,
  PT12H: 720 * MINUTE,
  P1D: 1440 * MINUTE,
};

const bodySchema = z.object({ resourceids: z.array(z.string()).min(1) });

const querySchema = z.object({
  starttime: z.iso.datetime(),
  endtime: z.iso.datetime(),
  interval: z.string(),
  metricnamespace: z.string(),
  metricnames: z.string(),
  aggregation: z.enum(['average', 'minimum', 'maximum', 'total']),
  'api-version': z.literal('2024-02-01'),
  // With a filter the answer would be limited to `top` series.
  filter: z.never('no filter is expected').optional(),
});

type MetricsQuery = z.output<typeof querySchema>;

const STATISTICS: Readonly<Record<MetricsQuery['aggregation'], StatisticName>> = {
  average: 'Average',
  minimum: 'Minimum',
  maximum: 'Maximum',
  total: 'Sum',
};

export function getBatch(request: AzureRequest, context: AzureContext): object {
  const query = querySchema.parse(Object.fromEntries(request.url.searchParams), { error: plainMessage });
  const { resourceids } = bodySchema.parse(JSON.parse(request.body), { error: plainMessage });
  refuseInvalid(query, resourceids, context);
  const known = new Map(
    azureHosts(context.fleet, request.subscription, request.region)
      .filter((each) => isOfNamespace(each, query))
      .map((each) => [each.host.resource.id, each]),
  );
  const values = resourceids.map((id) => {
    const host = known.get(id.toLowerCase());
    if (host === undefined || !exists(host, context.now) || strikes(context, 'resource_gone', id)) {
      throw new AzureError(404, 'ResourceNotFound', `The Resource '${id}' was not found.`);
    }
    return resultOf(host, query, request, context);
  });
  return { values: context.fault?.kind === 'truncated' ? values.slice(0, Math.ceil(values.length / 2)) : values };
}

function refuseInvalid(
  { metricnamespace, metricnames, interval }: MetricsQuery,
  ids: readonly string[],
  context: AzureContext,
) {
  if (ids.length > MAX_RESOURCES) {
    throw new AzureError(400, 'BadRequest', `The number of resources must not exceed ${MAX_RESOURCES}.`);
  }
  if (GRAINS[interval] === undefined) throw new AzureError(400, 'BadRequest', `Invalid interval ${interval}.`);
  if (!Object.hasOwn(METRIC_UNITS, metricnames) || context.fault?.kind === 'unknown_metric') {
    const [provider, ...type] = metricnamespace.split('/');
    const reported = `provider: ${provider}, resource Type: ${type.join('/')}, metric: ${metricnames}, Valid metrics: Percentage CPU`;
    throw new AzureError(400, 'BadRequest', `Failed to find metric configuration for ${reported}`);
  }
}

const METRIC_UNITS: Readonly<Record<string, string>> = {
  'Available Memory Percentage': 'Percent',
  'Available Memory Bytes': 'Bytes',
  'Percentage CPU': 'Percent',
  'mem/used_percent': 'Percent',
};

/** Where an agent on the machine publishes what it measures: https://learn.microsoft.com/azure/azure-monitor/vm/vminsights-overview */
const GUEST = 'azure.vm.linux.guestmetrics';
const GUEST_METRICS: readonly string[] = ['mem/used_percent'];

function isOfNamespace({ kind }: AzureHost, { metricnamespace, metricnames }: MetricsQuery): boolean {
  if (GUEST_METRICS.includes(metricnames)) return metricnamespace === GUEST;
  return `microsoft.compute/${kind}`.toLowerCase() === metricnamespace.toLowerCase();
}

function strikes({ fault }: AzureContext, kind: string, id: string): boolean {
  return fault?.kind === kind && (fault.only?.some((part) => id.includes(part)) ?? true);
}

function resultOf(
  { host, id, kind }: AzureHost,
  query: MetricsQuery,
  request: AzureRequest,
  context: AzureContext,
): object {
  const { metricnames: name, starttime, endtime, interval } = query;
  const errorCode = failureOf(host, id, context) ?? 'Success';
  const failed = errorCode !== 'Success';
  return {
    starttime,
    endtime,
    interval,
    value: [
      {
        id: `${id}/providers/Microsoft.Insights/metrics/${name}`,
        type: 'Microsoft.Insights/metrics',
        name: { value: name, localizedValue: name },
        displayDescription: 'Physical memory immediately available for allocation to a process or for system use',
        unit: METRIC_UNITS[name],
        timeseries: failed ? [] : [{ metadatavalues: [], data: dataOf(host, query, context) }],
        errorCode,
        ...(failed && { errorMessage: 'The metric could not be read.' }),
      },
    ],
    namespace: `microsoft.compute/${kind}`.toLowerCase(),
    resourceregion: request.region,
    resourceid: id,
  };
}

/** How one host fails inside a good answer: by the scenario, or by a fault. */
function failureOf(host: AzureHost['host'], id: string, context: AzureContext): string | undefined {
  if (host.failsWith === 'forbidden' || strikes(context, 'metric_forbidden', id)) return 'Forbidden';
  if (host.failsWith === 'internal_error' || strikes(context, 'metric_error', id)) return 'InternalServerError';
  return undefined;
}

/** When a metric has samples of a host, and which: its memory and its own agent's need its operating system, its processor does not. */
function publishedAs(metric: string, host: AzureHost['host']) {
  switch (metric) {
    case 'Percentage CPU':
      return { published: [host.runs], value: (time: number) => 100 * (host.activity?.cpu(time) ?? 0.2) };
    case 'mem/used_percent':
      return { published: host.activity ? host.reports : [], value: (time: number) => 100 * host.used(time) };
    case 'Available Memory Percentage': {
      const published = host.naming === 'bytes_only' ? [] : host.reports;
      return { published, value: (time: number) => 100 * (1 - host.used(time)) };
    }
    default:
      return { published: host.reports, value: (time: number) => HOST_BYTES * (1 - host.used(time)) };
  }
}

/** Every period of the requested time; one without a sample has a time and nothing else. */
function dataOf(host: AzureHost['host'], query: MetricsQuery, { now, fault }: AzureContext): object[] {
  const { starttime, endtime, interval, metricnames, aggregation } = query;
  const periodMs = GRAINS[interval] ?? MINUTE;
  const metric = { cadenceMs: MINUTE, ...publishedAs(metricnames, host) };
  const window = {
    start: Math.max(Date.parse(starttime), now - RETENTION_MS),
    end: Math.min(Date.parse(endtime), now),
  };
  const { times, values } = foldPeriods(metric, window, periodMs, STATISTICS[aggregation]);
  const byTime = new Map(times.map((time, index) => [time, values[index]]));
  const periods = Math.ceil((Date.parse(endtime) - window.start) / periodMs);
  return Array.from({ length: periods }, (_, period) => {
    const time = window.start + period * periodMs;
    const value = byTime.get(time);
    const timeStamp = new Date(time).toISOString();
    if (fault?.kind === 'malformed') return { timeStamp, [aggregation]: 'plenty' };
    return value === undefined ? { timeStamp } : { timeStamp, [aggregation]: value };
  });
}
