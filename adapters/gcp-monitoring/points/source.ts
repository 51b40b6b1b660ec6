/** Points of the machines of a project and region, metric after metric. */
import { periodIssue } from '../../../core/model/point-periods.ts';
import type { PointMetric, PointReading } from '../../../core/model/points.ts';
import { MEMORY_UTILIZATION, type Reading } from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import type { PointsRequest, ReadRequest, SamplesRequest } from '../../../core/ports/memory-source.ts';
import { memoryPoints } from '../../reading/points.ts';
import type { Hosts } from '../memory-metric.ts';
import type { RequestContext } from '../pages.ts';
import { MACHINE_METRICS } from './catalogue.ts';
import { readFeed } from './feeds.ts';
import { type PointSpan, readMachines } from './read.ts';

/** What the source has anyway. */
export interface PointsAccess {
  find(
    context: RequestContext,
    request: ReadRequest,
  ): Promise<{ readonly hosts: Hosts; readonly readings: readonly Reading[] }>;
  readMemory(context: RequestContext, hosts: Hosts, request: SamplesRequest): AsyncIterable<Reading>;
}

export async function* readPoints(
  context: RequestContext,
  { find, readMemory }: PointsAccess,
  request: PointsRequest,
): AsyncGenerator<PointReading> {
  refusePeriod(request.periodMs);
  const { window, periodMs, filters, metrics } = request;
  const span = { window, periodMs, statistic: 'average' } as const;
  const { hosts, readings } = await find(context, { metric: MEMORY_UTILIZATION, span, filters });
  for (const reading of readings) {
    if (reading.kind === 'unreadable') yield { ...reading, metric: null };
  }
  for (const metric of metrics) {
    if (metric.feed) yield* readFeed(context, { ...metric, feed: metric.feed }, hosts, filters, span);
    else if (metric.name === MEMORY_UTILIZATION) {
      for await (const reading of readMemory(context, hosts, { metric: MEMORY_UTILIZATION, span })) {
        yield memoryPoints(reading, window, periodMs);
      }
    } else yield* readCatalogued(context, metric, hosts, span);
  }
}

async function* readCatalogued(
  context: RequestContext,
  metric: PointMetric,
  hosts: Hosts,
  span: PointSpan,
): AsyncGenerator<PointReading> {
  const machine = MACHINE_METRICS.get(metric.name);
  if (machine) {
    yield* readMachines(context, machine, metric, hosts, span);
    return;
  }
  const hint = `Cloud Monitoring has no ${metric.name}: name it in the config of this account as a feed.`;
  for (const resource of hosts.wanted) {
    yield { kind: 'not_monitored', resource, metric: metric.name, reason: 'unsupported', hint };
  }
}

function refusePeriod(periodMs: number): void {
  const message = periodIssue('gcp', periodMs / 1000);
  if (message === undefined) return;
  throw new SourceError(message, { reason: 'malformed', retryable: false });
}
