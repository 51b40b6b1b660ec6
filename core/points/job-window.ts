/** Which points an inspection of a job reads. Pure, so that a retry takes in the same points and names its results alike. */
import type { AnomalyJob } from '../model/anomaly-job.ts';
import type { Window } from '../model/series.ts';
import { minutesBetween, PERIODS_AT_ONCE } from '../tenants/job-schedule.ts';

const MINUTE_MS = 60_000;

/**
 * What is caught up with at the most, in milliseconds: after a longer interruption the states are of another time, and the points are
 * left out, which is stated.
 */
const MOST_CATCH_UP_MS = 24 * 60 * MINUTE_MS;

/** Periods that are read again, for points that came late: the newest ones of a series that lags behind. */
const LATE_PERIODS = 5;

/**
 * How long something that could not be read is tried again: its points are read with the next ones until then, and once where inspections are farther
 * apart. Milliseconds.
 */
const MOST_UNREAD_MS = 60 * MINUTE_MS;

type Timing = Pick<AnomalyJob, 'everyMinutes' | 'periodSeconds' | 'delaySeconds' | 'referencePoints'>;

export function periodMsOf({ periodSeconds }: Pick<AnomalyJob, 'periodSeconds'>): number {
  return periodSeconds * 1000;
}

/** Milliseconds that one inspection takes in: a number of periods. */
export function stepMsOf(job: Pick<Timing, 'everyMinutes' | 'periodSeconds'>): number {
  const periodMs = periodMsOf(job);
  return Math.max(1, Math.floor((minutesBetween(job) * MINUTE_MS) / periodMs)) * periodMs;
}

/**
 * Where the points of an inspection end that was due at a time: the last step that is over and old enough. Epoch milliseconds.
 *
 * @param ingestionDelayMs Of the source: a job cannot have points before they arrive.
 */
export function endOfPoints(job: Timing, scheduledTime: number, ingestionDelayMs = 0): number {
  const step = stepMsOf(job);
  const delay = Math.max(job.delaySeconds * 1000, ingestionDelayMs);
  return Math.floor((scheduledTime - delay) / step) * step;
}

export interface Due {
  /** Points that are taken in, part by part, as long as there is time. */
  readonly parts: readonly Window[];
  /** What is left out because it lies too far back; null where nothing is. */
  readonly skipped: Window | null;
}

/**
 * @param watermark Where the last inspection ended; undefined where there was none: then the last step is scored, and what is before it is
 *   learned from.
 */
export function pointsDue(
  job: Timing,
  watermark: number | undefined,
  { scheduledTime, ingestionDelayMs }: { readonly scheduledTime: number; readonly ingestionDelayMs: number },
): Due {
  const end = endOfPoints(job, scheduledTime, ingestionDelayMs);
  const from = watermark ?? end - stepMsOf(job);
  const start = Math.max(from, end - MOST_CATCH_UP_MS);
  const skipped = start > from ? { start: from, end: start } : null;
  return { parts: start < end ? partsOf(job, { start, end }) : [], skipped };
}

function partsOf(job: Timing, { start, end }: Window): Window[] {
  const step = stepMsOf(job);
  const length = step * Math.max(1, Math.floor((PERIODS_AT_ONCE * periodMsOf(job)) / step));
  const parts: Window[] = [];
  for (let at = start; at < end; ) {
    const next = Math.min(end, (Math.floor(at / step) + length / step) * step);
    parts.push({ start: at, end: next });
    at = next;
  }
  return parts;
}

/** The steps of a part. Results are kept by them, so that it does not matter in how many parts points were taken in. */
export function cellsOf(job: Timing, { start, end }: Window): number[] {
  const step = stepMsOf(job);
  const cells = [start];
  for (let at = (Math.floor(start / step) + 1) * step; at < end; at += step) cells.push(at);
  return cells;
}

/** What is read for a part: also what may have come late, and what could not be read before. */
export function readWindow(job: Timing, part: Window, unreadFrom: number | null): Window {
  const late = part.start - LATE_PERIODS * periodMsOf(job);
  const unread =
    unreadFrom === null ? late : Math.max(unreadFrom, part.start - Math.max(MOST_UNREAD_MS, stepMsOf(job)));
  return aligned({ start: Math.min(late, unread), end: part.end }, periodMsOf(job));
}

/** What a series is learned from that is new, and the part that is scored behind it. */
export function learningWindow(job: Timing, part: Window): Window {
  const periodMs = periodMsOf(job);
  return aligned({ start: part.start - job.referencePoints * periodMs, end: part.end }, periodMs);
}

function aligned({ start, end }: Window, periodMs: number): Window {
  return { start: Math.floor(start / periodMs) * periodMs, end: Math.ceil(end / periodMs) * periodMs };
}
