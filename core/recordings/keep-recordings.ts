/**
 * Archives and purges what recordings have, hourly. Safe where it is interrupted, runs twice at once or samples come meanwhile: live parts go only
 * when the archive that has them was written under the version that was read, and was read back.
 */
import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import pLimit from 'p-limit';
import type { Recording } from '../model/recording.ts';
import type {
  ArchivedDay,
  LivePart,
  RecordedHost,
  RecordedSamples,
  RecordingRef,
  RecordingStore,
} from '../ports/recording-store.ts';
import { archiveWith, joinedParts } from './archive.ts';
import { DAY_MS, endOfDay, HOUR_MS } from './days.ts';
import { endOf } from './match.ts';
import { MOST_AHEAD_MS, newestDayOf, planFor } from './retention.ts';

export interface KeepPorts {
  readonly recordings: Pick<RecordingStore, 'list' | 'remove'>;
  readonly samples: RecordedSamples;
}

/** What was done; days are those of one host. */
export interface KeepOutcome {
  readonly archivedDays: number;
  readonly purgedDays: number;
  readonly mergedDays: number;
  /** Deleted recordings of which nothing is left. */
  readonly removed: number;
  /** What could not be done, and is tried again by the next run. `host` is null where it concerns the entire recording. */
  readonly failures: readonly KeepFailure[];
}

export interface KeepFailure {
  readonly recording: string;
  readonly host: string | null;
  readonly error: unknown;
}

/** Whoever matched samples with the recording before it was deleted has stored them by then, in milliseconds. */
const WRITES_END_MS = HOUR_MS;

/** Nothing changes any more in a recording that ended so long ago, in milliseconds: hosts send what is a week old at the most. */
const SETTLED_MS = 31 * DAY_MS;

/** Hosts at a time: each holds a day of its samples in memory. */
const HOSTS_AT_ONCE = 4;

const NOTHING = { archivedDays: 0, purgedDays: 0, mergedDays: 0 };
type HostOutcome = typeof NOTHING;

/**
 * Keeps the recordings of one tenant. One that fails does not keep the others waiting. Throws `StoreError` where recordings cannot be listed.
 *
 * @param now Epoch milliseconds.
 */
export async function keepRecordings(tenant: string, ports: KeepPorts, now: number): Promise<KeepOutcome> {
  const failures: KeepFailure[] = [];
  const total = { ...NOTHING, removed: 0 };
  const attempt = async (recording: string, host: string | null, work: () => Promise<void>) => {
    await work().catch((error: unknown) => failures.push({ recording, host, error }));
  };
  for (const recording of await ports.recordings.list(tenant)) {
    const of = { tenant, id: recording.id };
    await attempt(recording.id, null, async () => {
      if (recording.deletedAt !== undefined) total.removed += await removeDeleted(recording, ports, now);
      else if (now - endOf(recording) < SETTLED_MS)
        await pLimit(HOSTS_AT_ONCE).map(await ports.samples.hosts(of), (host) =>
          attempt(recording.id, host.host, async () => {
            const done = await keepHost(of, host, ports.samples, now);
            total.archivedDays += done.archivedDays;
            total.purgedDays += done.purgedDays;
            total.mergedDays += done.mergedDays;
          }),
        );
    });
  }
  return { ...total, failures };
}

/** Completes a deletion, which may have been interrupted. Returns how many recordings are gone. */
async function removeDeleted(recording: Recording, { recordings, samples }: KeepPorts, now: number): Promise<number> {
  const { tenant, id, deletedAt = now } = recording;
  await samples.removeAll({ tenant, id });
  if (now - deletedAt < WRITES_END_MS) return 0;
  await recordings.remove(tenant, id);
  return 1;
}

async function keepHost(
  of: RecordingRef,
  host: RecordedHost,
  samples: RecordedSamples,
  now: number,
): Promise<HostOutcome> {
  const newestDay = newestDayOf(host, now);
  if (newestDay === undefined) return NOTHING;
  // Most hours there is nothing to do, whatever the time of the newest sample is within its day.
  const atMost = planFor(host, Math.min(endOfDay(newestDay), now + MOST_AHEAD_MS));
  if ([atMost.archive, atMost.purge, atMost.merge].every(({ length }) => length === 0)) return NOTHING;
  const newest = await newestSample(of, host, newestDay, samples, now);
  if (newest === undefined) return NOTHING;
  const plan = planFor(host, newest);
  const done = { ...NOTHING };
  for (const day of plan.archive) done.archivedDays += await archiveDay(of, host.host, day, samples);
  for (const day of plan.merge) done.mergedDays += await mergeDay(of, host.host, day, samples);
  for (const day of plan.purge) {
    await samples.removeArchive(of, host.host, day);
    done.purgedDays++;
  }
  return done;
}

/** The newest time of the day that is not ahead of our clock; of an archive the beginning of its last hour. */
async function newestSample(
  of: RecordingRef,
  { host }: RecordedHost,
  day: string,
  samples: RecordedSamples,
  now: number,
): Promise<number | undefined> {
  let newest: number | undefined;
  const see = (time: number) => {
    if (time <= now + MOST_AHEAD_MS && (newest === undefined || time > newest)) newest = time;
  };
  for await (const { live } of samples.live(of, host, day))
    for (const { kept } of live) for (const { time } of kept) see(time);
  const archive = await samples.archive(of, host, day);
  for (const { kept } of archive?.hours ?? []) for (const { hour } of kept) see(hour);
  return newest;
}

/** Returns 1 where the live samples are in the archive and gone; 0 where another run was faster. */
async function archiveDay(of: RecordingRef, host: string, day: string, samples: RecordedSamples): Promise<0 | 1> {
  const parts = await Array.fromAsync(samples.live(of, host, day));
  const before = await samples.archive(of, host, day);
  const archive = archiveWith(before, parts);
  if (before === undefined || !isSame(before, archive)) {
    if ((await samples.putArchive(of, host, day, archive, before?.version)) === 'conflict') return 0;
    const stored = await samples.archive(of, host, day);
    if (stored === undefined || !isSame(stored, archive)) return 0;
  }
  await samples.removeLive(of, host, day, namesOf(parts));
  return 1;
}

function isSame(a: ArchivedDay, b: ArchivedDay): boolean {
  return isDeepStrictEqual({ hours: a.hours, parts: a.parts }, { hours: b.hours, parts: b.parts });
}

/** Makes one part of many. Whoever reads meanwhile sees samples twice, and none too few. */
async function mergeDay(of: RecordingRef, host: string, day: string, samples: RecordedSamples): Promise<0 | 1> {
  const parts = await Array.fromAsync(samples.live(of, host, day));
  const names = namesOf(parts);
  const name = `merged-${hash('sha256', JSON.stringify(names), 'hex').slice(0, 32)}`;
  const merged = joinedParts(parts);
  await samples.putLive(of, day, name, merged);
  const stored = (await Array.fromAsync(samples.live(of, host, day))).find((part) => part.name === name);
  if (!isDeepStrictEqual(stored?.live, merged)) return 0;
  await samples.removeLive(of, host, day, names);
  return 1;
}

function namesOf(parts: readonly LivePart[]): string[] {
  return parts.map(({ name }) => name).sort();
}
