/** The memory of containers of Kubernetes and of tasks of ECS, as CloudWatch holds it, of one AWS account and region. */
import * as z from 'zod';
import { admits, type HostFilter } from '../../../core/model/host-filter.ts';
import {
  MEMORY_UTILIZATION,
  type Reading,
  type Resource,
  type Scope,
  type Span,
  type Window,
} from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import type {
  HostPlan,
  Listed,
  MemorySource,
  Meter,
  PlannedHost,
  ReadRequest,
} from '../../../core/ports/memory-source.ts';
import { untilConsumerStops } from '../../reading/abort.ts';
import { entryOf, listAll, listedOf, pageOf, requireList } from '../../reading/host-list.ts';
import { onceUnlessFailed } from '../../reading/once.ts';
import { requireMetric } from '../../reading/require-metric.ts';
import type { Host } from '../hosts.ts';
import { dimensionsOf, listedEntrySchema, listOf } from '../lists.ts';
import type { RequestContext } from '../pages.ts';
import { readHosts } from '../rounds.ts';
import { batchSize } from '../samples.ts';
import { noProcesses, readTaskContainers } from './consumers.ts';
import { DESIRED_LIST, desiredTasks } from './desired.ts';
import { desiredEntrySchema } from './ecs.ts';
import {
  type Completed,
  type ContainerInventory,
  clustersWithoutLimits,
  inventoryOf,
  NOT_COMPLETED,
  setsOf,
} from './inventory.ts';
import { CONTAINER_LISTS, type ContainerListName, type ContainerLists, LISTINGS } from './lists.ts';
import { NODE_MEMORY_LIST, nodeMemoryOf, nodeMemorySchema, withoutLimit } from './node-memory.ts';

/** Without a signal nothing ends the requests. */
export type OpenContext = (meter: Meter, signal?: AbortSignal) => RequestContext;

export interface ContainersOptions {
  /** What is the same for all of CloudWatch's metrics. */
  readonly terms: Pick<MemorySource, 'ingestionDelayMs' | 'retentionMs' | 'price'> & { readonly scope: Scope };
  /** @param share The part of the account's rate that may be used. */
  openWith(share: number): OpenContext;
}

/**
 * Reads one metric for each host, a fraction of its limit; of a container without a limit, of the memory of its node, which becomes bytes
 * without a limit where the memory of its cluster's nodes is published. A read with
 * `includeGone` yields no more than one without: CloudWatch lists each pod of two weeks, and not when it ended.
 */
export function containersSource({ terms, openWith }: ContainersOptions): MemorySource {
  const { scope } = terms;
  const open = openWith(1);
  const source = sourceOf(open, terms, listedContainers(scope));
  return {
    ...source,
    listing: {
      lists: CONTAINER_LISTS,
      async page(list, { token }, meter, signal) {
        const name = requireList(list, CONTAINER_LISTS);
        return await pageOf(listOf(open(meter, signal), scope, LISTINGS[name]), token);
      },
      async complete(listed, { window }, meter, signal) {
        const { desired, memory } = await completedOf(open(meter, signal), listsOf(listed), scope, window);
        return new Map<string, Listed>([...listed, [DESIRED_LIST, desired], [NODE_MEMORY_LIST, memory]]);
      },
      plan: (listed, filters) => planOf(inventoryOf(listsOf(listed), completedIn(listed), scope), filters),
      hostsPerRequest: batchSize,
      sourceOf: (planned, share = 1) => sourceOf(openWith(share), terms, givenContainers(planned)),
    },
  };
}

interface KnownContainers {
  /** @param window The evaluated one; absent where a count suffices, which is not billed. */
  inventory(context: RequestContext, window?: Window): Promise<ContainerInventory>;
}

/** Containers that are listed when they are needed. */
function listedContainers(scope: Scope): KnownContainers {
  const lists = onceUnlessFailed((context: RequestContext) => listAllOf(context, scope));
  const complete = onceUnlessFailed(
    async (context: RequestContext, window: Window) => completedOf(context, await lists(context), scope, window),
    ({ desired, memory }) => desired.failure === undefined && memory.failure === undefined,
  );
  return {
    async inventory(context, window) {
      const listed = await lists(context);
      return inventoryOf(listed, window ? await complete(context, window) : NOT_COMPLETED, scope);
    },
  };
}

async function completedOf(
  context: RequestContext,
  lists: ContainerLists,
  scope: Scope,
  window: Window,
): Promise<Completed> {
  const desired = await desiredTasks(context, setsOf('tasks', lists.tasks.entries), window);
  return { desired, memory: await nodeMemoryOf(context, clustersWithoutLimits(lists, scope), window) };
}

/** Containers that were planned before. Throws `SourceError` for a host that another version planned. */
function givenContainers(planned: readonly PlannedHost[]): KnownContainers {
  const inventory = { hosts: planned.map(hostOf), unknown: [], missing: [] };
  return { inventory: () => Promise.resolve(inventory) };
}

async function listAllOf(context: RequestContext, scope: Scope): Promise<ContainerLists> {
  const list = (name: ContainerListName) => listAll(listOf(context, scope, LISTINGS[name]));
  const [containers, limits, pods, pod_limits, tasks, services] = await Promise.all([
    list('containers'),
    list('limits'),
    list('pods'),
    list('pod_limits'),
    list('tasks'),
    list('services'),
  ]);
  return { containers, limits, pods, pod_limits, tasks, services };
}

function listsOf(listed: ReadonlyMap<string, Listed>): ContainerLists {
  const list = (name: ContainerListName) => listedOf(listed, name, listedEntrySchema);
  return {
    containers: list('containers'),
    limits: list('limits'),
    pods: list('pods'),
    pod_limits: list('pod_limits'),
    tasks: list('tasks'),
    services: list('services'),
  };
}

function completedIn(listed: ReadonlyMap<string, Listed>): Completed {
  const { desired, memory } = NOT_COMPLETED;
  return {
    desired: listed.has(DESIRED_LIST) ? listedOf(listed, DESIRED_LIST, desiredEntrySchema) : desired,
    memory: listed.has(NODE_MEMORY_LIST) ? listedOf(listed, NODE_MEMORY_LIST, nodeMemorySchema) : memory,
  };
}

const ENDED = 'This task is no longer listed: it has ended, or was replaced.';

/** Namespace, metric, and the name and value of each dimension in turn. */
const hostEntrySchema = z.tuple([z.string(), z.string()], z.string()).readonly();

function planOf({ hosts, unknown, missing }: ContainerInventory, filters: readonly HostFilter[]): HostPlan {
  const planned = hosts
    .filter(({ best }) => admits(filters, best.resource))
    .map(({ best }): PlannedHost => {
      const { metric, dimensions, resource } = best;
      const entry = [metric.Namespace, metric.MetricName, ...dimensions.flatMap(({ Name, Value }) => [Name, Value])];
      return { resource, entry };
    });
  return { hosts: planned, readings: [...missing, ...unknown.filter((one) => isAdmitted(one, filters))] };
}

function isAdmitted({ scope }: ContainerInventory['unknown'][number], filters: readonly HostFilter[]): boolean {
  return 'id' in scope && admits(filters, scope);
}

function hostOf(planned: PlannedHost): Host {
  const { resource } = planned;
  const [Namespace, MetricName, ...dimensions] = entryOf(planned, hostEntrySchema);
  const best = { metric: { Namespace, MetricName }, dimensions: dimensionsOf(dimensions), resource };
  return { id: resource.id, best, others: [] };
}

function sourceOf(open: OpenContext, terms: ContainersOptions['terms'], known: KnownContainers): MemorySource {
  async function countHosts(filters: readonly HostFilter[], meter: Meter, signal?: AbortSignal): Promise<number> {
    const { hosts, unknown } = await known.inventory(open(meter, signal));
    const unread = unknown.filter((one) => isAdmitted(one, filters));
    return hosts.filter(({ best }) => admits(filters, best.resource)).length + unread.length;
  }

  async function* readAll(context: RequestContext, request: ReadRequest): AsyncGenerator<Reading> {
    const { filters, span } = request;
    const { hosts, unknown, missing } = await known.inventory(context, span.window);
    yield* missing;
    yield* unknown.filter((one) => isAdmitted(one, filters));
    const admitted = hosts.filter(({ best }) => admits(filters, best.resource));
    for await (const reading of readHosts(context, admitted, { metric: request.metric, span })) {
      yield withoutLimit(reading);
    }
  }

  async function* readOne(context: RequestContext, resource: Resource, span: Span): AsyncGenerator<Reading> {
    if (resource.kind === 'container') return yield noProcesses(resource);
    try {
      const { hosts } = await known.inventory(context, span.window);
      const host = hosts.find(({ id }) => id === resource.id);
      if (host) yield* readTaskContainers(context, resource, host.best.dimensions, span);
      else yield { kind: 'not_monitored', resource, reason: 'stopped_reporting', hint: ENDED };
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      yield { kind: 'unreadable', scope: resource, reason: error.reason, detail: error.message };
    }
  }

  return {
    ...terms,
    read(request, meter, signal) {
      requireMetric(request.metric, [MEMORY_UTILIZATION]);
      return untilConsumerStops(signal, (either) => readAll(open(meter, either), request));
    },
    countHosts,
    consumers: (host, span, meter, signal) =>
      untilConsumerStops(signal, (either) => readOne(open(meter, either), host, span)),
  };
}
