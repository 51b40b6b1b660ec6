/** What a recording has of one host, read back: live samples where they are there, else archived hours. */
import type { ArchivedHour, RecordedSample } from '../model/recording.ts';
import type { Window } from '../model/series.ts';
import type {
  LivePart,
  RecordedHost,
  RecordedProcess,
  RecordedSamples,
  RecordingRef,
} from '../ports/recording-store.ts';
import { joinedParts } from './archive.ts';
import { endOfDay, startOf } from './days.ts';
import { byProcess, type ProcessOfHost, processKey } from './join.ts';

/** What is read of recordings, and never written. */
export type RecordedReader = Pick<RecordedSamples, 'hosts' | 'live' | 'archive'>;

export interface ProcessHistory extends ProcessOfHost {
  /** In order of time, one of each moment. */
  readonly live: readonly RecordedSample[];
  /** In order of time; hours of which live samples are there may be among them. */
  readonly archived: readonly ArchivedHour[];
}

export interface HistoryQuery {
  readonly of: RecordingRef;
  readonly host: RecordedHost;
  /** Half-open, epoch milliseconds. */
  readonly window: Window;
}

/** The processes of one host, in order of their names. Those without a sample in the window are left out. Throws `StoreError`. */
export async function readHistory(
  reader: RecordedReader,
  { of, host, window }: HistoryQuery,
): Promise<readonly ProcessHistory[]> {
  const isWithin = (day: string) => startOf(day) < window.end && endOfDay(day) > window.start;
  const parts: LivePart[] = [];
  // Live days first: what is archived meanwhile is read twice, and not missed.
  for (const { day } of host.liveDays)
    if (isWithin(day)) for await (const part of reader.live(of, host.host, day)) parts.push(part);
  const hours: RecordedProcess<ArchivedHour>[] = [];
  for (const day of new Set([...host.archivedDays, ...host.liveDays.map((live) => live.day)].toSorted()))
    if (isWithin(day)) hours.push(...((await reader.archive(of, host.host, day))?.hours ?? []));
  return historiesOf(joinedParts(parts), hours, window);
}

function historiesOf(
  live: readonly RecordedProcess<RecordedSample>[],
  hours: readonly RecordedProcess<ArchivedHour>[],
  { start, end }: Window,
): readonly ProcessHistory[] {
  const byKey = new Map<string, ProcessOfHost & { live: RecordedSample[]; archived: ArchivedHour[] }>();
  const entry = ({ kept: _, ...of }: RecordedProcess<unknown>) => {
    const key = processKey(of);
    const known = byKey.get(key) ?? { ...of, live: [], archived: [] };
    byKey.set(key, known);
    return known;
  };
  for (const one of live) entry(one).live.push(...one.kept.filter(({ time }) => time >= start && time < end));
  for (const one of hours) entry(one).archived.push(...one.kept.filter(({ hour }) => hour >= start && hour < end));
  return [...byKey.values()].filter((one) => one.live.length + one.archived.length > 0).toSorted(byProcess);
}
