/** The used swap of a host, where the agent publishes it: bytes beside the host's capacity, or percent of swap. */
import { PAGING_USAGE, type Reading, type Resource } from '../../core/model/series.ts';
import type { MeanSpan } from '../../core/ports/memory-source.ts';
import type { Failure } from '../reading/failure.ts';
import type { DimensionedMetric, Host } from './hosts.ts';
import { inNamespace, isSameMeasurement, LINUX_CAPACITY, LINUX_MEMORY, SWAP_BYTES, SWAP_PERCENT } from './metrics.ts';
import type { RequestContext } from './pages.ts';
import { fetchSamples, type Query } from './samples.ts';

type Asked = 'bytes' | 'percent' | 'capacity';

/**
 * One request for three metrics, by the dimensions of the host's memory: the agent gives all of its sections the same ones. Nothing is listed:
 * a metric that does not exist has no samples.
 */
export async function readSwap(
  context: RequestContext,
  { best, others }: Host,
  resource: Resource,
  span: MeanSpan,
): Promise<Reading> {
  const memory = [best, ...others].find(({ metric }) => isSameMeasurement(metric, LINUX_MEMORY));
  if (memory === undefined) return withoutSwap(resource);
  const { dimensions, metric } = memory;
  const query = (of: Asked, name: DimensionedMetric['metric'], stat: Query<Asked>['stat']): Query<Asked> => {
    return { of, stat, metric: inNamespace(metric.Namespace, name), dimensions };
  };
  const { results, failure } = await fetchSamples(
    context,
    [
      query('bytes', SWAP_BYTES, 'Average'),
      query('percent', SWAP_PERCENT, 'Average'),
      query('capacity', LINUX_CAPACITY, 'Maximum'),
    ],
    span,
  );
  const samples = new Map(results.map((one) => [one.of, one.samples]));
  const [bytes, percent, capacity] = [samples.get('bytes'), samples.get('percent'), samples.get('capacity')];
  const limit = capacity?.kind === 'samples' ? capacity.values.at(-1) : undefined;
  const known = { kind: 'series', resource, metric: PAGING_USAGE, ...span } as const;
  if (bytes?.kind === 'samples' && bytes.times.length > 0) {
    const { times, values } = bytes;
    return { ...known, unit: 'By', ...(limit !== undefined && { limit }), times, values };
  }
  if (percent?.kind === 'samples' && percent.times.length > 0) {
    return { ...known, unit: '1', times: percent.times, values: percent.values.map((value) => value / 100) };
  }
  const failed = failure ?? [bytes, percent].find((one) => one?.kind === 'failed')?.failure;
  return failed === undefined ? withoutSwap(resource) : unreadable(resource, failed);
}

function unreadable(scope: Resource, { reason, detail }: Failure): Reading {
  return { kind: 'unreadable', scope, reason, detail: `its swap could not be read: ${detail}` };
}

function withoutSwap(resource: Resource): Reading {
  const hint =
    'No agent publishes swap of this host. Where it has any, add to "metrics_collected" in the agent’s configuration: "swap": { "measurement": ["swap_used"] }.';
  return { kind: 'not_monitored', resource, reason: 'not_reported', hint };
}
