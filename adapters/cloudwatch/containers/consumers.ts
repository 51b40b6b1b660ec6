/** The containers of a task. */
import { isEcsName } from '../../../core/messages/container-host.ts';
import {
  CONTAINER_MEMORY,
  type NotMonitored,
  type Reading,
  type Resource,
  type Series,
  type Span,
  type Unreadable,
} from '../../../core/model/series.ts';
import { type Failure, failureFor } from '../../reading/failure.ts';
import { type Consumed, readConsumed } from '../consumer-samples.ts';
import { type Dimensions, dimensionValue } from '../hosts.ts';
import { type ListingRequest, listMetrics } from '../listing.ts';
import type { RequestContext } from '../pages.ts';
import { CLUSTER, CONTAINER, MEBIBYTE, SERVICE, TASK, TASK_CONTAINER, TASK_RESERVED } from './metrics.ts';

/** A task has ten containers at the most, and a listing by its id has a few sets of each. */
const MAX_PAGES = 1;

export async function* readTaskContainers(
  context: RequestContext,
  host: Resource,
  own: Dimensions,
  span: Span,
): AsyncGenerator<Reading> {
  const consumed = await findContainers(context, own);
  if ('reason' in consumed) return yield unreadable(host, consumed);
  if (consumed.length === 0) return yield notCollected(host, taskHint(own));
  const capacity = { metric: TASK_RESERVED, dimensions: own };
  const all = await readConsumed(context, { consumed, capacity }, host, span);
  yield* all.filter((one) => one.kind === 'series').map(inBytes);
  const unread = all.find((one) => one.kind === 'unread');
  if (unread) yield unreadable(host, unread.failure);
  else if (all.length === 0) yield notCollected(host, taskHint(own));
}

/** One consumer for each container that is published under the host's own set and its name. */
async function findContainers(context: RequestContext, own: Dimensions): Promise<Consumed[] | Failure> {
  const narrowed = [...own, { Name: CONTAINER }];
  const what: ListingRequest = { ...TASK_CONTAINER, Dimensions: narrowed, RecentlyActive: 'PT3H' };
  const listing = await listMetrics(context, what, MAX_PAGES);
  if (listing.kind === 'failed') return listing.failure;
  const [malformed] = listing.malformed;
  if (malformed) return failureFor('malformed', malformed.why);
  return listing.metrics
    .filter(({ dimensions }) => dimensions.length === own.length + 1)
    .flatMap((memory) => {
      const name = dimensionValue(memory.dimensions, CONTAINER);
      return name === undefined ? [] : { consumer: { kind: 'container', name } as const, memory, looks: [] };
    });
}

function inBytes({ limit, ...mebibytes }: Series): Series {
  const values = mebibytes.values.map((value) => value * MEBIBYTE);
  return { ...mebibytes, metric: CONTAINER_MEMORY, values, ...(limit !== undefined && { limit: limit * MEBIBYTE }) };
}

function unreadable(scope: Resource, { reason, detail }: Failure): Unreadable {
  return { kind: 'unreadable', scope, reason, detail: `its containers could not be read: ${detail}` };
}

function notCollected(resource: Resource, hint: string): NotMonitored {
  return { kind: 'not_monitored', resource, reason: 'not_reported', hint };
}

/** Nobody publishes the processes of a container. */
export function noProcesses(container: Resource): NotMonitored {
  const hint =
    'Container Insights has no figures of what runs inside of a container. To see its processes, run top in it: ' +
    'kubectl exec POD -c CONTAINER -- top -b -n 1.';
  return { kind: 'not_monitored', resource: container, reason: 'unsupported', hint };
}

export function taskHint(own: Dimensions): string {
  const named = dimensionValue(own, CLUSTER);
  const cluster = named !== undefined && isEcsName(named) ? named : 'CLUSTER';
  const what = dimensionValue(own, TASK) === undefined ? `service ${dimensionValue(own, SERVICE)}` : 'this task';
  return (
    `Nobody publishes the memory of the containers of ${what}. To have it read, turn on Container Insights with enhanced observability: ` +
    `aws ecs update-cluster-settings --cluster ${cluster} --settings name=containerInsights,value=enhanced. CloudWatch bills its metrics.`
  );
}
