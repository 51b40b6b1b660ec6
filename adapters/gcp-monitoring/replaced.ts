/**
 * Machines that were replaced by another of the same name: a repair of a node, or of a managed group, keeps the name
 * and not the id.
 */
import * as z from 'zod';
import type { Resource } from '../../core/model/series.ts';
import { chunksOf } from '../reading/in-flight.ts';
import { partSchema } from './answers.ts';
import { listSeries } from './listing.ts';
import { ZONE } from './nodes.ts';
import type { RequestContext } from './pages.ts';
import { endOf } from './points.ts';
import { isOneOf, MAX_ALTERNATIVES, type Query } from './requests.ts';

const MINUTE_MS = 60_000;

/** A machine's id, and the end of its newest minute in epoch milliseconds; 0 where there was none. */
export const seenEntrySchema = z.tuple([z.string(), z.number()]).readonly();

export type SeenEntry = z.output<typeof seenEntrySchema>;

/**
 * When each of the machines that share their name and zone was seen last. Sends no request where every name is there once. Those of
 * which it cannot be known are left out.
 *
 * @param alive The query for the machines that run, a point for each.
 */
export async function lastSeen(
  context: RequestContext,
  hosts: readonly Resource[],
  alive: Query,
): Promise<SeenEntry[]> {
  const ids = namesakesOf(hosts)
    .flat()
    .map(({ id }) => id);
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
      seen.set(id, Math.max(seen.get(id) ?? 0, ...ends));
    }
  }
  return [...seen].filter(([, end]) => Number.isFinite(end));
}

/**
 * Leaves out the machines that another of their name and zone has replaced: names are unique in a zone, so that only the one that
 * was seen last can run. Where the newest is not known, all stay.
 */
export function withoutReplaced(hosts: readonly Resource[], lastSeenAt: readonly SeenEntry[]): Resource[] {
  const seen = new Map(lastSeenAt);
  const replaced = new Set(
    namesakesOf(hosts).flatMap((sharing) => {
      const times = sharing.map(({ id }) => seen.get(id) ?? Number.NaN);
      const newest = Math.max(...times);
      return sharing.filter((_, index) => (times[index] ?? Number.NaN) < newest).map(({ id }) => id);
    }),
  );
  return hosts.filter(({ id }) => !replaced.has(id));
}

function namesakesOf(hosts: readonly Resource[]): Resource[][] {
  return [...Map.groupBy(hosts, nameInZone).values()].filter((sharing) => sharing.length > 1);
}

/** A machine without a name shares it with no other. */
function nameInZone({ id, name, labels = {} }: Resource): string {
  return JSON.stringify(name === undefined ? [id] : [labels[ZONE], name]);
}
