/**
 * Machines that were replaced by another of the same name: a repair of a node, or of a managed group, keeps the name
 * and not the id.
 */
import type { Resource } from '../../core/model/series.ts';
import { chunksOf } from '../reading/in-flight.ts';
import { partSchema } from './answers.ts';
import { listSeries } from './listing.ts';
import { ZONE } from './nodes.ts';
import type { RequestContext } from './pages.ts';
import { endOf } from './points.ts';
import { isOneOf, MAX_ALTERNATIVES, type Query } from './requests.ts';

const MINUTE_MS = 60_000;

/**
 * Leaves out the machines that another of their name and zone has replaced: names are unique in a zone, so that only the one that
 * was seen last can run. Sends no request where every name is there once. Where the newest is not known, all stay.
 *
 * @param alive The query for the machines that run, a point for each.
 */
export async function withoutReplaced(
  context: RequestContext,
  hosts: readonly Resource[],
  alive: Query,
): Promise<Resource[]> {
  const namesakes = [...Map.groupBy(hosts, nameInZone).values()].filter((sharing) => sharing.length > 1);
  const ids = namesakes.flat().map(({ id }) => id);
  const seen = await lastSeen(context, ids, alive);
  const replaced = new Set(
    namesakes.flatMap((sharing) => {
      const times = sharing.map(({ id }) => seen.get(id) ?? Number.NaN);
      const newest = Math.max(...times);
      return sharing.filter((_, index) => (times[index] ?? Number.NaN) < newest).map(({ id }) => id);
    }),
  );
  return hosts.filter(({ id }) => !replaced.has(id));
}

/** A machine without a name shares it with no other. */
function nameInZone({ id, name, labels = {} }: Resource): string {
  return JSON.stringify(name === undefined ? [id] : [labels[ZONE], name]);
}

/** The end of the newest minute of each machine, in epoch milliseconds. Those of which it cannot be known are absent. */
async function lastSeen(context: RequestContext, ids: readonly string[], alive: Query): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  for (const some of chunksOf(ids, MAX_ALTERNATIVES)) {
    const condition = isOneOf('resource.labels.instance_id', some);
    const conditions = [...alive.conditions, condition];
    const query: Query = { ...alive, conditions, span: { ...alive.span, periodMs: MINUTE_MS } };
    for await (const listed of listSeries(context, query)) {
      if (listed.kind === 'failed') continue;
      const { instance_id: id = '' } = listed.head.resource.labels;
      const part = partSchema.safeParse(listed.series);
      const ends = part.success ? part.data.points.map((point) => endOf(point) ?? Number.NaN) : [];
      seen.set(id, Math.max(seen.get(id) ?? Number.NEGATIVE_INFINITY, ...ends));
    }
  }
  return seen;
}
