/** Which hosts a run inspects together: its shards. They are fixed here, so that a copy of a message writes what the first one wrote. */
import pLimit from 'p-limit';
import type { Json } from '../model/json.ts';
import type { OpenRun } from '../model/open-run.ts';
import type { RunRef } from '../model/run-ref.ts';
import { type PlannedShard, plannedShardSchema } from '../model/run-work.ts';
import type { NotMonitored, Unreadable } from '../model/series.ts';
import { ItemError } from '../ports/errors.ts';
import type { HostPlan, PlannedHost } from '../ports/memory-source.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { parsed, requireWork } from './run-work.ts';

/** About how many hosts a shard has: what a killed invocation has to read again. Four requests of 252 hosts to CloudWatch. */
const SHARD_HOSTS = 1008;

/** So many shards of hosts take one function half a minute of five. */
const SHARDS_OF_ONE_LANE = 10;

/** Lanes of a larger region: as many functions as one provider's queue has at a time. */
const LANES = 2;

/** Hosts that are inspected together, and what is known of others without a request for samples. */
export interface Shard {
  readonly hosts: readonly PlannedHost[];
  readonly readings: readonly (NotMonitored | Unreadable)[];
}

/** The hosts of a region in shards. */
export interface RegionPlan {
  readonly shards: readonly Shard[];
  readonly notDue: number;
  /** Of all hosts of the region, also of those that are not due. Undefined where not all of them are known. */
  readonly ids: ReadonlySet<string> | undefined;
  /** Those that can be read, due or not. */
  readonly hosts: readonly PlannedHost[];
}

/** As many lanes as the shards are inspected in, of about the same length. Shards without hosts take no time. */
export function lanesOf(shards: readonly Shard[]): OpenRun['lanes'] {
  const withHosts = shards.filter(({ hosts }) => hosts.length > 0).length;
  const count = withHosts > SHARDS_OF_ONE_LANE ? LANES : 1;
  const bound = (lane: number) => Math.round((lane * shards.length) / count);
  return Array.from({ length: count }, (_, lane) => ({ from: bound(lane), to: bound(lane + 1), busyUntil: 0 }));
}

/**
 * Sorts hosts by group and id, so that hosts of a group are neighbours, and divides them at entire requests of the provider. Readings fill
 * the last shard of hosts, and further ones behind it.
 *
 * @param hostsPerRequest Hosts in one request for samples.
 */
export function shardsOf({ hosts, readings }: HostPlan, hostsPerRequest: number): Shard[] {
  const size = hostsPerRequest * Math.max(1, Math.floor(SHARD_HOSTS / hostsPerRequest));
  const sorted = hosts.toSorted(byGroupAndId);
  const count = Math.ceil(sorted.length / size);
  const shards: Shard[] = Array.from({ length: count }, (_, index) => ({
    hosts: sorted.slice(index * size, (index + 1) * size),
    readings: [],
  }));
  const last = shards.at(-1);
  const room = last === undefined ? 0 : size - last.hosts.length;
  if (last !== undefined) shards[count - 1] = { ...last, readings: readings.slice(0, room) };
  for (let start = room; start < readings.length; start += size)
    shards.push({ hosts: [], readings: readings.slice(start, start + size) });
  return shards;
}

function byGroupAndId({ resource: a }: PlannedHost, { resource: b }: PlannedHost): number {
  return compareText(a.group ?? '', b.group ?? '') || compareText(a.id, b.id);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

const shardName = (shard: number) => `plan/${String(shard).padStart(5, '0')}`;

/** Objects that are written at once. */
const AT_ONCE = 8;

/** Stores the hosts of each shard. */
export async function savePlan(run: RunRef, shards: readonly Shard[], work: WorkStore): Promise<void> {
  const limit = pLimit(AT_ONCE);
  const save = async ({ hosts, readings }: Shard, number: number) => {
    const planned: Json[] = [
      ...hosts.map(({ resource, entry }) => ({ host: { resource, entry } })),
      ...readings.map((reading) => ({ reading: { ...reading } })),
    ];
    await work.put(run, shardName(number), planned);
  };
  await Promise.all(shards.map((shard, number) => limit(save, shard, number)));
}

/** Throws `StoreError` where it is not there. */
export async function loadShard(run: RunRef, number: number, work: WorkStore): Promise<Shard> {
  const name = shardName(number);
  return shardFrom(parsed(plannedShardSchema.safeParse(await requireWork(run, name, work)), name));
}

/** Undefined where it is not there any more, or cannot be read back. Throws `StoreError` where the store fails. */
export async function findShard(run: RunRef, number: number, work: Pick<WorkStore, 'get'>): Promise<Shard | undefined> {
  try {
    const planned = plannedShardSchema.safeParse(await work.get(run, shardName(number)));
    return planned.success ? shardFrom(planned.data) : undefined;
  } catch (error) {
    if (error instanceof ItemError) return undefined;
    throw error;
  }
}

function shardFrom(planned: PlannedShard): Shard {
  return {
    hosts: planned.flatMap((one) => ('host' in one ? [one.host] : [])),
    readings: planned.flatMap((one) => ('reading' in one ? [one.reading] : [])),
  };
}
