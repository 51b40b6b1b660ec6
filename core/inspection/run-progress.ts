/** Who works on which part of an open run: what its record states, and how it is changed while others change it too. */
import { CLOCK_SKEW_MS } from '../model/message.ts';
import type { OpenRun } from '../model/open-run.ts';
import type { RunRef } from '../model/run-ref.ts';
import type { Versioned } from '../ports/conditional-put.ts';
import { StoreError } from '../ports/errors.ts';
import type { OpenRunStore } from '../ports/open-run-store.ts';
import type { FinishedShard, ShardStore } from '../ports/shard-store.ts';

/** Writes that are tried when others win the race: a run has two lanes, and copies of their messages. */
const ATTEMPTS = 8;

type Lane = OpenRun['lanes'][number];

/** Whether both are the same inspection: the schedule's runs of a region share one record. */
export function isSameRun(a: RunRef, b: RunRef): boolean {
  return a.scheduledTime === b.scheduledTime && a.request === b.request;
}

/**
 * Changes the record of a run as it is now.
 *
 * @param change Gives the record to store, or undefined where there is nothing to change.
 * @returns What was stored; undefined where nothing was, or the record is of another run.
 */
export async function changeOpenRun(
  run: RunRef,
  store: OpenRunStore,
  change: (open: OpenRun) => OpenRun | undefined,
): Promise<Versioned<OpenRun> | undefined> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const current = await store.get(run);
    if (current === undefined || !isSameRun(current.value.run, run)) return undefined;
    const value = change(current.value);
    if (value === undefined) return undefined;
    if ((await store.put(value, current.version)) === 'stored') return { value, version: current.version + 1 };
  }
  const { account, region } = run.scope;
  throw new StoreError(
    `The open inspection of ${account} ${region ?? ''} was changed by others ${ATTEMPTS} times in a row; the message is tried again.`,
  );
}

/** The first lane that has shards left to inspect and on which nobody works; undefined where there is none. */
export function freeLane({ lanes }: OpenRun, done: ReadonlySet<number>, now: number): number | undefined {
  const index = lanes.findIndex((lane) => !isHeld(lane.busyUntil, now) && openShards(lane, done).length > 0);
  return index < 0 ? undefined : index;
}

/** The shards of a lane that are still to be inspected. */
export function openShards({ from, to }: Pick<Lane, 'from' | 'to'>, done: ReadonlySet<number>): number[] {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  return numbers.filter((shard) => !done.has(shard));
}

export function withLane(open: OpenRun, index: number, busyUntil: number): OpenRun {
  return { ...open, lanes: open.lanes.map((lane, at) => (at === index ? { ...lane, busyUntil } : lane)) };
}

/** Shards that are inspected, in order of their numbers. */
export async function finishedShards(open: OpenRun, shards: ShardStore): Promise<readonly FinishedShard[]> {
  const finished = await Array.fromAsync(shards.list(open.run));
  return finished.filter(({ shard }) => shard < open.shards);
}

/** A function works for a quarter of an hour at most. What is held for longer was written by one whose clock was ahead. */
const LONGEST_MS = 15 * 60_000;

/** Whether a function works on what it holds until then, as far as clocks can be trusted. Epoch milliseconds. */
export function isHeld(until: number, now: number): boolean {
  return until > now && until <= now + LONGEST_MS + CLOCK_SKEW_MS;
}

/**
 * When the run last made progress, epoch milliseconds; the present while somebody works on it. Times that lie in the future do not
 * count: they would keep the run open until then.
 */
export function lastProgress(open: OpenRun, finished: readonly FinishedShard[], now: number): number {
  if ([open.closingUntil, ...open.lanes.map(({ busyUntil }) => busyUntil)].some((until) => isHeld(until, now)))
    return now;
  const times = [open.progressAt, ...finished.map(({ finishedAt }) => finishedAt)];
  return Math.min(now, Math.max(0, ...times.filter((time) => time <= now + CLOCK_SKEW_MS)));
}
