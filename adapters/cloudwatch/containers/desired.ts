/** How many tasks services should have, of those where the listing leaves it open. */
import type { Window } from '../../../core/model/series.ts';
import type { ListedEntries } from '../../reading/host-list.ts';
import { chunksOf } from '../../reading/in-flight.ts';
import type { Dimensions } from '../hosts.ts';
import type { RequestContext } from '../pages.ts';
import { fetchSamples, type Query } from '../samples.ts';
import { ambiguousServices, type DesiredEntry, type EcsService, serviceSet } from './ecs.ts';
import { DESIRED_TASKS } from './metrics.ts';

/** The name of the list, which is completed and not listed. */
export const DESIRED_LIST = 'desired';

/** One metric each, of the last hour: a second task that is there for a rollout is none that the service should have. */
const PERIOD_MS = 15 * 60_000;
const SPAN_MS = 4 * PERIOD_MS;

/** Services in one request, and requests: of an account with more of them the rest is read task by task. */
const AT_ONCE = 500;
const MOST_REQUESTS = 4;

/** Services that publish no such metric are left out: Container Insights was turned on within the hour. */
export async function desiredTasks(
  context: RequestContext,
  tasks: readonly Dimensions[],
  { end }: Pick<Window, 'end'>,
): Promise<ListedEntries<DesiredEntry>> {
  const services = ambiguousServices(tasks).slice(0, MOST_REQUESTS * AT_ONCE);
  const span = { window: { start: end - SPAN_MS, end }, periodMs: PERIOD_MS };
  const entries: DesiredEntry[] = [];
  for (const batch of chunksOf(services, AT_ONCE)) {
    const queries = batch.map(
      (of): Query<EcsService> => ({ metric: DESIRED_TASKS, dimensions: serviceSet(of), of, stat: 'Minimum' }),
    );
    const { results, failure } = await fetchSamples(context, queries, span);
    for (const { of, samples } of results) {
      if (samples.kind === 'failed' || samples.values.length === 0) continue;
      entries.push([of.cluster, of.service, Math.min(...samples.values)]);
    }
    if (failure) return { entries, failure };
  }
  return { entries, failure: undefined };
}
