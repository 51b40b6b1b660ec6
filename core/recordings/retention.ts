/**
 * What becomes of a host's days in a recording: each is archived a day after it is over, and purged a month later. Both by the host's own newest
 * sample: what a host that crashed has left stays as it is.
 */
import { ARCHIVED_MS, LIVE_MS } from '../model/recording.ts';
import type { RecordedHost } from '../ports/recording-store.ts';
import { dayOf, endOfDay } from './days.ts';

/** How far the clock of a host may be ahead of ours, in milliseconds: what is dated later shows nothing of the present. */
export const MOST_AHEAD_MS = 10 * 60_000;

/** Live parts of a day that are not merged: each is a read for whoever looks at the recording. */
const MOST_PARTS = 24;

export interface HostPlan {
  /** Live days that become an archive, oldest first; the samples of those that have one already came late. */
  readonly archive: readonly string[];
  /** Archived days that go. */
  readonly purge: readonly string[];
  /** Live days whose parts become one. */
  readonly merge: readonly string[];
}

/** @param newest The host's own newest sample, epoch milliseconds. */
export function planFor({ liveDays, archivedDays }: RecordedHost, newest: number): HostPlan {
  const live = liveDays.map(({ day }) => day);
  const archive = live.filter((day) => endOfDay(day) + LIVE_MS <= newest);
  const newestDay = [...live, ...archivedDays].toSorted().at(-1);
  const purge = archivedDays.filter(
    (day) => endOfDay(day) + ARCHIVED_MS <= newest && day !== newestDay && !live.includes(day),
  );
  // Beside an archive, live parts keep their names: by these it is known which of them it has.
  const merge = liveDays
    .filter(({ day, parts }) => parts > MOST_PARTS && !archive.includes(day) && !archivedDays.includes(day))
    .map(({ day }) => day);
  return { archive, purge, merge };
}

/** The newest day of which there may be samples that are not dated ahead of our clock. */
export function newestDayOf({ liveDays, archivedDays }: RecordedHost, now: number): string | undefined {
  const last = dayOf(now + MOST_AHEAD_MS);
  return [...liveDays.map(({ day }) => day), ...archivedDays]
    .filter((day) => day <= last)
    .toSorted()
    .at(-1);
}
