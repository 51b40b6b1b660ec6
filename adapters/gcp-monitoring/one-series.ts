/** A metric of one host whose series are reduced to one, and a host's capacity, which is such a metric. */
import type { Span } from '../../core/model/series.ts';
import type { Failure } from '../reading/failure.ts';
import { listSeriesIfAny } from './listing.ts';
import type { RequestContext } from './pages.ts';
import { is, type Query } from './requests.ts';
import { createCollector, type Scale } from './samples.ts';

/** What of one host is requested, whatever the span. */
export type HostMetric = Omit<Query, 'span' | 'unit'>;

export const BYTES: Scale = { divisor: 1, full: Number.POSITIVE_INFINITY };

/** The samples of a query that one series answers, whether it has every period, and what failed. A metric that nobody writes has none. */
export async function readOne(context: RequestContext, query: Query, scale: Scale) {
  const collector = createCollector(query.span, scale);
  let failure: Failure | undefined;
  for await (const listed of listSeriesIfAny(context, query)) {
    if (listed.kind === 'failed') failure ??= listed.failure;
    else collector.add('', listed.series);
  }
  const isComplete = collector.isComplete('', false);
  return { samples: collector.take(''), failure, isComplete };
}

/** A host's capacity in bytes, or undefined where it cannot be had: shares of the host are then not known, and that is all. */
export async function readCapacity(context: RequestContext, metric: HostMetric, { window }: Pick<Span, 'window'>) {
  const span: Span = { window, periodMs: window.end - window.start, statistic: 'average' };
  const { samples, failure } = await readOne(context, { ...metric, unit: 'By', span }, BYTES);
  return failure || samples.kind === 'failed' ? undefined : samples.values[0];
}

/** The Ops Agent's bytes in all states, which add up to an instance's memory. https://cloud.google.com/monitoring/api/metrics_opsagent#agent-memory */
export function instanceMemory(instanceId: string): HostMetric {
  return {
    metricType: 'agent.googleapis.com/memory/bytes_used',
    resourceType: 'gce_instance',
    conditions: [is('resource.labels.instance_id', instanceId)],
    reduction: { reducer: 'REDUCE_SUM', groupBy: ['resource.labels.instance_id'] },
  };
}
