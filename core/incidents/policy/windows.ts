/** Maintenance windows and quiet hours as intervals of time, in time zones whose clocks change. */
import { Cron } from 'croner';
import type { MaintenanceWindow, QuietHours } from '../../model/alerts.ts';
import { cronText, parseCron } from '../../model/cron.ts';
import type { Window } from '../../model/series.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * Windows of one kind that are expanded at the most: those that begin every quarter of an hour for six weeks. A config that an earlier version
 * accepted may have one that begins every minute.
 */
const MOST_WINDOWS = 4032;

type Recurring = Pick<MaintenanceWindow, 'cron' | 'durationMinutes' | 'timezone'>;

/**
 * Every interval of the windows that touches `from <= t < to`, in order; those that touch or overlap are joined. They are not clipped: the
 * first may begin before `from` and the last end after `to`. When clocks go forward, a window whose beginning is skipped begins at the end of
 * the skipped hour; when they go back, one that would begin twice begins once where its cron names the hour.
 *
 * @param from Epoch milliseconds, as `to`.
 */
export function expandWindows(windows: readonly Recurring[], from: number, to: number): Window[] {
  return joined(windows.flatMap((window) => expand(window, from, to)));
}

interface Expanded {
  readonly from: number;
  readonly to: number;
  readonly intervals: readonly Window[];
}

/** Of each window what it was last expanded to: every change of a decision needs the same. */
const lastExpanded = new WeakMap<Recurring, Expanded>();

function expand(window: Recurring, from: number, to: number): readonly Window[] {
  const last = lastExpanded.get(window);
  if (last?.from === from && last.to === to) return last.intervals;
  const intervals = intervalsOf(window, from, to);
  lastExpanded.set(window, { from, to, intervals });
  return intervals;
}

function intervalsOf({ cron, durationMinutes, timezone }: Recurring, from: number, to: number): Window[] {
  const duration = durationMinutes * MINUTE_MS;
  const schedule = opened(cron, timezone);
  const intervals: Window[] = [];
  // What began before and goes on counts too. The library finds what is later than its reference alone.
  let at = schedule.nextRun(new Date(from - duration));
  while (at !== null && at.getTime() < to && intervals.length < MOST_WINDOWS) {
    intervals.push({ start: at.getTime(), end: at.getTime() + duration });
    at = schedule.nextRun(at);
  }
  return intervals;
}

function opened(cron: string, timezone: string): Cron {
  const parsed = parseCron(cron);
  return new Cron(parsed.kind === 'cron' ? cronText(parsed.fields) : cron, { timezone, paused: true });
}

function joined(windows: readonly Window[]): Window[] {
  const result: { start: number; end: number }[] = [];
  for (const { start, end } of windows.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}

/** The end of the window that a time lies in, epoch milliseconds; windows that follow each other at once are one. Undefined outside. */
export function windowEnd(windows: readonly Recurring[], now: number): number | undefined {
  return expandWindows(windows, now, now + DAY_MS).find(({ start, end }) => start <= now && now < end)?.end;
}

/**
 * The end of the quiet hours that a time lies in, epoch milliseconds; undefined outside. Those that follow each other at once are one, as a
 * Saturday and a Sunday.
 */
export function quietEnd(quiet: readonly QuietHours[], now: number): number | undefined {
  let end: number | undefined;
  for (let days = 0; days < MOST_DAYS; days++) {
    const ends = quiet.map((one) => endOf(one, end ?? now)).filter((one) => one !== undefined);
    if (ends.length === 0) return end;
    end = Math.max(...ends);
  }
  return end;
}

/** Days in a row that are looked at: quiet hours all day and every day would have no end. */
const MOST_DAYS = 7;

/** `days` are those on which they begin; where they end when they begin they last a day. */
function endOf({ from, to, days, timezone }: QuietHours, now: number): number | undefined {
  const begins = opened(cronAt(from, days), timezone);
  const start = begins.previousRuns(1, new Date(now + 1))[0];
  const end = start && opened(cronAt(to), timezone).nextRun(start)?.getTime();
  return end !== undefined && now < end ? end : undefined;
}

function cronAt(time: string, days: readonly string[] = ['*']): string {
  const [hour, minute] = time.split(':').map(Number);
  return `${minute} ${hour} * * ${days.join(',')}`;
}
