/** A source of containers that are listed, planned and read, as those of several clouds are. */
import { admits, type HostFilter } from '../../core/model/host-filter.ts';
import { MEMORY_UTILIZATION, type Reading, type Resource, type Window } from '../../core/model/series.ts';
import type {
  HostPlan,
  Listed,
  MemorySource,
  Meter,
  PlannedHost,
  ReadRequest,
} from '../../core/ports/memory-source.ts';
import { untilConsumerStops } from './abort.ts';
import { onceUnlessFailed } from './once.ts';
import { requireMetric } from './require-metric.ts';

/** What one cloud does of it. `Context` is what the requests of one read share. */
export interface ContainerReads<Context, Host extends { readonly resource: Resource }> {
  /** What the source states of itself. */
  readonly described: Omit<MemorySource, 'read' | 'listing'>;
  /** Rejects with `SourceError` where the scope cannot be reached. */
  open(meter: Meter, signal: AbortSignal): Context | Promise<Context>;
  /** All lists; one that failed is what its failure states. */
  list(context: Context, window: Window): Promise<ReadonlyMap<string, Listed>>;
  plan(listed: ReadonlyMap<string, Listed>, filters: readonly HostFilter[]): HostPlan;
  hostOf(planned: PlannedHost): Host;
  read(context: Context, hosts: readonly Host[], request: ReadRequest): AsyncIterable<Reading>;
  /** The lists page by page. */
  readonly listing: Pick<NonNullable<MemorySource['listing']>, 'lists' | 'page' | 'complete' | 'hostsPerRequest'>;
}

/**
 * Reads working sets in bytes, with the container's limit where it has one. Containers that are gone are not read, whatever is requested:
 * what a rollout replaced is a part of its workload's host.
 */
export function containerSourceOf<Context, Host extends { readonly resource: Resource }>(
  reads: ContainerReads<Context, Host>,
): MemorySource {
  const listOnce = onceUnlessFailed(reads.list);
  return {
    ...sourceOf(reads, async (context, { span, filters }) => {
      const { hosts, readings } = reads.plan(await listOnce(context, span.window), filters);
      return { hosts: hosts.map(reads.hostOf), readings };
    }),
    listing: {
      ...reads.listing,
      plan: reads.plan,
      sourceOf(planned) {
        const hosts = planned.map(reads.hostOf);
        return sourceOf(reads, async (_, { filters }) => ({
          hosts: hosts.filter(({ resource }) => admits(filters, resource)),
          readings: [],
        }));
      },
    },
  };
}

type FindHosts<Context, Host> = (
  context: Context,
  request: ReadRequest,
) => Promise<{ readonly hosts: readonly Host[]; readonly readings: readonly Reading[] }>;

function sourceOf<Context, Host extends { readonly resource: Resource }>(
  { described, open, read }: ContainerReads<Context, Host>,
  find: FindHosts<Context, Host>,
): MemorySource {
  return {
    ...described,
    read(request, meter, signal) {
      requireMetric(request.metric, [MEMORY_UTILIZATION]);
      return untilConsumerStops(signal, async function* opened(either) {
        const context = await open(meter, either);
        const { hosts, readings } = await find(context, request);
        yield* readings;
        yield* read(context, hosts, request);
      });
    },
  };
}
