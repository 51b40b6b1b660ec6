/** Points of the machines of a subscription and region, metric after metric. */
import { periodIssue } from '../../../core/model/point-periods.ts';
import type { PointMetric, PointReading } from '../../../core/model/points.ts';
import { MEMORY_UTILIZATION, type Reading, type Scope } from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import type { PointsRequest, SamplesRequest } from '../../../core/ports/memory-source.ts';
import { memoryPoints } from '../../reading/points.ts';
import type { Clients } from '../clients.ts';
import type { Host, Inventory } from '../inventory.ts';
import { admitted } from '../plan.ts';
import { LOG_METRICS, noWorkspaceHint } from './catalogue.ts';
import { readLogs } from './logs.ts';
import { readFeed, readProcessors } from './platform.ts';

/** What the source has anyway. */
export interface PointsAccess {
  readonly scope: Scope;
  readonly workspace: string | undefined;
  inventoryOf(clients: Clients): Promise<Inventory>;
  readMemory(clients: Clients, hosts: readonly Host[], request: SamplesRequest): AsyncIterable<Reading>;
}

export async function* readPoints(
  clients: Clients,
  access: PointsAccess,
  request: PointsRequest,
): AsyncGenerator<PointReading> {
  const { window, periodMs, filters, metrics } = request;
  refusePeriod(periodMs);
  const { hosts, readings } = admitted(await access.inventoryOf(clients), access.scope, filters);
  for (const reading of readings) yield { ...reading, metric: null };
  const span = { window, periodMs };
  for (const metric of metrics) {
    if (metric.feed) yield* readFeed(clients, access.scope, { ...metric, feed: metric.feed }, hosts, span);
    else if (metric.name === 'system.cpu.utilization') yield* readProcessors(clients, metric, hosts, span);
    else if (metric.name === MEMORY_UTILIZATION) {
      const samples = { metric: MEMORY_UTILIZATION, span: { ...span, statistic: 'average' } } as const;
      for await (const reading of access.readMemory(clients, hosts, samples)) {
        yield memoryPoints(reading, window, periodMs);
      }
    } else yield* readLogged(clients, access, metric, hosts, request);
  }
}

async function* readLogged(
  clients: Clients,
  { workspace }: PointsAccess,
  metric: PointMetric,
  hosts: readonly Host[],
  { window, periodMs }: PointsRequest,
): AsyncGenerator<PointReading> {
  const log = LOG_METRICS.get(metric.name);
  const resources = hosts.map(({ resource }) => resource);
  if (log && workspace !== undefined) {
    yield* readLogs(clients, workspace, log, metric, resources, { window, periodMs });
    return;
  }
  const hint = log ? noWorkspaceHint(metric.name) : `Azure has no ${metric.name}: name it in the config as a feed.`;
  for (const resource of resources) {
    yield { kind: 'not_monitored', resource, metric: metric.name, reason: 'unsupported', hint };
  }
}

function refusePeriod(periodMs: number): void {
  const message = periodIssue('azure', periodMs / 1000);
  if (message === undefined) return;
  throw new SourceError(message, { reason: 'malformed', retryable: false });
}
