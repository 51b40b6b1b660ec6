/**
 * The used swap of one instance, as the Ops Agent reports it of Linux and of Windows (the paging file): by device and by state. It has
 * swap in its default configuration, and reports none where no swap is enabled.
 * https://cloud.google.com/monitoring/api/metrics_opsagent#agent-swap, and for Windows, which the descriptions there leave out,
 * https://cloud.google.com/monitoring/api/metrics_agent
 */
import { PAGING_USAGE, type Reading, type Resource } from '../../core/model/series.ts';
import type { MeanSpan } from '../../core/ports/memory-source.ts';
import type { Failure } from '../reading/failure.ts';
import type { Samples } from '../reading/samples.ts';
import { isNode } from './nodes.ts';
import { BYTES, type HostMetric, instanceMemory, readCapacity, readOne } from './one-series.ts';
import type { RequestContext } from './pages.ts';
import { is, type Query } from './requests.ts';
import type { Scale } from './samples.ts';

const PERCENT: Scale = { divisor: 100, full: 1 };

/**
 * Bytes are requested first, and the host's memory only where there are any. Of percent nobody knows what they are of, so that those of
 * several devices are averaged as if they had one size.
 */
export async function readSwap(context: RequestContext, host: Resource, span: MeanSpan): Promise<Reading> {
  // Nobody can install an agent on a node.
  if (isNode(host)) return withoutSwap(host);
  const known = { kind: 'series', resource: host, metric: PAGING_USAGE, ...span } as const;
  const bytes = await readUsed(context, { ...usedSwap(host, 'bytes_used', 'REDUCE_SUM'), unit: 'By', span }, BYTES);
  if (bytes.kind === 'failed') return unreadable(host, bytes.failure);
  if (bytes.times.length > 0) {
    const limit = await readCapacity(context, instanceMemory(host.id), span);
    return { ...known, unit: 'By', ...(limit !== undefined && { limit }), times: bytes.times, values: bytes.values };
  }
  const percent = await readUsed(
    context,
    { ...usedSwap(host, 'percent_used', 'REDUCE_MEAN'), unit: '%', span },
    PERCENT,
  );
  if (percent.kind === 'failed') return unreadable(host, percent.failure);
  if (percent.times.length > 0) return { ...known, unit: '1', times: percent.times, values: percent.values };
  return withoutSwap(host);
}

/** One series for all devices. */
function usedSwap({ id }: Resource, name: string, reducer: 'REDUCE_SUM' | 'REDUCE_MEAN'): HostMetric {
  return {
    metricType: `agent.googleapis.com/swap/${name}`,
    resourceType: 'gce_instance',
    conditions: [is('resource.labels.instance_id', id), is('metric.labels.state', 'used')],
    reduction: { reducer, groupBy: ['resource.labels.instance_id'] },
  };
}

/** An answer that may be incomplete may lack a device: its sum would be of the others, in every period. */
async function readUsed(context: RequestContext, query: Query, scale: Scale): Promise<Samples> {
  const { samples, failure } = await readOne(context, query, scale);
  return failure ? { kind: 'failed', failure } : samples;
}

export function unreadable(scope: Resource, { reason, detail }: Pick<Failure, 'reason' | 'detail'>): Reading {
  return { kind: 'unreadable', scope, reason, detail: `its swap could not be read: ${detail}` };
}

function withoutSwap(resource: Resource): Reading {
  const hint =
    'No Ops Agent reports swap of this host. It does where swap is enabled, unless an exclude_metrics processor drops agent.googleapis.com/swap/*.';
  return { kind: 'not_monitored', resource, reason: 'not_reported', hint };
}
