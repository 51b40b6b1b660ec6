/** Scores what subscribers received against the truth: each figure of the path with how many it rests on. */
import { HOUR_S, leaksAt, windowEnds } from './data.ts';
import type { Received } from './path-replay.ts';
import type { PathHost } from './path-sets.ts';
import { type Growth, growthsOf, leakSeconds } from './path-truth.ts';
import { decile } from './score.ts';

export interface Replayed extends PathHost {
  readonly received: readonly Received[];
}

export interface Figure {
  /** NaN where there is nothing to count. */
  readonly value: number;
  /** What it rests on: `12 of 44`, `509 leak-days`. */
  readonly of: string;
}

const DAY_S = 24 * HOUR_S;
const WEEK_S = 7 * DAY_S;
/** An end that follows a restart so closely is not false: until then nobody can know whether it was cured. */
const AFTER_RESTART_S = 12 * HOUR_S;

/** Kinds that report a leak, kinds after which its incident is running, and kinds that report its end. */
const FINDS: ReadonlySet<string> = new Set(['suspected', 'opened', 'worse']);
const RUNS: ReadonlySet<string> = new Set([...FINDS, 'better', 'reminder', 'escalated']);
const ENDS: ReadonlySet<string> = new Set(['recovered', 'cleared']);

/** Ends that were reported while the leak goes on. */
export function falseEnds({ series, received }: Replayed): readonly Received[] {
  return received.filter(({ kind, at, finding }) => {
    if (finding !== undefined || !ENDS.has(kind) || !leaksAt(series, at)) return false;
    return !series.resets.some((reset) => at >= reset && at - reset < AFTER_RESTART_S);
  });
}

export function falseEndsPerLeakDay(hosts: readonly Replayed[]): Figure {
  const ends = sum(hosts.map((host) => falseEnds(host).length));
  const days = sum(hosts.map(({ series }) => leakSeconds(series))) / DAY_S;
  return { value: ends / days, of: `${ends} in ${days.toFixed(0)} leak-days` };
}

/** Incidents that report the leak while it lasts, of leaks that were reported. */
export function incidentsPerLeak(hosts: readonly Replayed[]): Figure {
  const counts = hosts.map(incidentsOf).filter((count) => count > 0);
  return { value: mean(counts), of: counted(counts.length, 'leak') };
}

function incidentsOf({ series, received }: Replayed): number {
  const during = received.filter(({ kind, at }) => FINDS.has(kind) && leaksAt(series, at));
  return new Set(during.map(({ incident }) => incident)).size;
}

/** Pages from the onset on, of leaks of one growth that were paged. */
export function pagesPerLeak(hosts: readonly Replayed[]): Figure {
  const single = hosts.filter(({ series }) => growthsOf(series).length === 1);
  const counts = single.map(({ series, received }) => pagesBetween(received, series.onset ?? 0, Infinity));
  const paged = counts.filter((count) => count > 0);
  return { value: mean(paged), of: counted(paged.length, 'leak') };
}

function pagesBetween(received: readonly Received[], after: number, until: number): number {
  return received.filter(({ pages, at }) => pages && at > after && at <= until).length;
}

interface Cycle extends Growth {
  readonly host: Replayed;
  readonly hours: number;
}

/** The growths that lie within the replay and were ended by a kill. */
export function killCycles(hosts: readonly Replayed[]): Cycle[] {
  return hosts.flatMap((host) =>
    growthsOf(host.series)
      .filter(({ from, end }) => end === 'killed' && from >= host.series.evalFrom)
      .map((growth) => ({ ...growth, host, hours: (growth.to - growth.from) / HOUR_S })),
  );
}

/** Pages in a cycle, of the cycles that were paged. */
export function pagesPerCycle(cycles: readonly Cycle[]): Figure {
  const counts = cycles.map(({ host, from, to }) => pagesBetween(host.received, from, to));
  const paged = counts.filter((count) => count > 0);
  return { value: mean(paged), of: counted(paged.length, 'cycle') };
}

/** A page that comes later is of no use. */
const IN_TIME_S = HOUR_S;

/** Share of the cycles with a page an hour or more before their end. */
export function pagedInTime(cycles: readonly Cycle[]): Figure {
  const paged = cycles.filter(({ host, from, to }) => pagesBetween(host.received, from, to - IN_TIME_S) > 0);
  return share(paged.length, cycles.length);
}

interface Ended {
  /** Hours from the end of a growth to the first report of an end; Infinity where none came. */
  readonly hours: number;
  /** Hours that the replay goes on after the end. */
  readonly watched: number;
}

/** The ends of growths during which an incident was running: one that nobody heard of need not be taken back. */
export function endsOf(hosts: readonly Replayed[], ends: readonly Growth['end'][], leastHours = 0): Ended[] {
  return hosts.flatMap(({ series, received }) =>
    growthsOf(series)
      .filter(({ from, to, end }) => ends.includes(end) && to - from >= leastHours * HOUR_S)
      .filter(({ to }) => isRunning(received, to))
      .map(({ to }): Ended => {
        const reported =
          received.find(({ kind, at, finding }) => finding === undefined && ENDS.has(kind) && at > to)?.at ?? Infinity;
        return { hours: (reported - to) / HOUR_S, watched: (series.v.length * series.step - to) / HOUR_S };
      }),
  );
}

/** That there is no data ends nothing. */
function isRunning(received: readonly Received[], at: number): boolean {
  const last = received.findLast((event) => event.finding === undefined && event.kind !== 'no_data' && event.at <= at);
  return last !== undefined && RUNS.has(last.kind);
}

export function medianHours(ends: readonly Ended[]): Figure {
  const never = ends.filter(({ hours }) => hours === Infinity).length;
  const value = decile(
    ends.map(({ hours }) => hours),
    0.5,
  );
  return { value, of: `${counted(ends.length, 'end')}, ${never} never reported` };
}

/** Share of the hours, from the first report of a growth until it ends, in which an incident of the leak was running. */
export function runningShare(hosts: readonly Replayed[]): Figure {
  let [running, hours] = [0, 0];
  for (const { series, received } of hosts) {
    const ends = windowEnds(series);
    for (const { from, to } of growthsOf(series)) {
      const first = received.find(({ kind, at, finding }) => isReport(kind, finding) && at > from && at <= to);
      const reported = first === undefined ? [] : ends.filter((at) => at >= first.at && at <= to);
      hours += reported.length;
      running += reported.filter((at) => isRunning(received, at)).length;
    }
  }
  return share(running, hours);
}

function isReport(kind: string, finding: Received['finding']): boolean {
  return finding === undefined && FINDS.has(kind);
}

/** Of the ends after which the replay goes on for so long. */
export function shareWithin(ends: readonly Ended[], limit: number): Figure {
  const known = ends.filter(({ watched }) => watched >= limit);
  return share(known.filter(({ hours }) => hours <= limit).length, known.length);
}

export function perHostWeek(hosts: readonly Replayed[], counts: (event: Received) => boolean): Figure {
  const weeks = sum(hosts.map(({ series }) => windowEnds(series).length * HOUR_S)) / WEEK_S;
  const events = sum(hosts.map(({ received }) => received.filter(counts).length));
  return { value: events / weeks, of: `${events} in ${weeks.toFixed(0)} host-weeks` };
}

/** When a leak was first reported and first paged: hours after its onset, or after the replay began; null where never. */
export interface Delay {
  readonly id: string;
  readonly report: number | null;
  readonly page: number | null;
}

export function delaysOf(hosts: readonly Replayed[]): Delay[] {
  return hosts.map(({ series, received }) => {
    const during = received.filter(({ kind, at }) => FINDS.has(kind) && leaksAt(series, at));
    const since = Math.max(series.onset ?? 0, series.evalFrom);
    const hoursTo = (event: Received | undefined) => {
      return event === undefined ? null : Number(((event.at - since) / HOUR_S).toFixed(2));
    };
    return { id: series.id, report: hoursTo(during[0]), page: hoursTo(during.find(({ pages }) => pages)) };
  });
}

/** The median of those that came. */
export function medianDelay(delays: readonly Delay[], kind: 'report' | 'page'): Figure {
  const known = delays.map((delay) => delay[kind]).filter((hours) => hours !== null);
  return { value: decile(known, 0.5), of: `${known.length} of ${delays.length} leaks` };
}

export function pagedCount(delays: readonly Delay[]): Figure {
  const { length } = delays.filter(({ page }) => page !== null);
  return { value: length, of: `${length} of ${counted(delays.length, 'leak')}` };
}

/** Share of the leaks that were reported, or paged, before and are not now. */
export function lost(before: readonly Delay[], now: readonly Delay[], kind: 'report' | 'page'): Figure {
  const kept = new Set(now.filter((delay) => delay[kind] !== null).map(({ id }) => id));
  const known = before.filter((delay) => delay[kind] !== null);
  return share(known.filter(({ id }) => !kept.has(id)).length, known.length);
}

/** Days from the beginning of each growth to its first page; Infinity where none came. */
export function firstPages({ series, received }: Replayed): number[] {
  return growthsOf(series).map(({ from, to }) => {
    const page = received.find(({ pages, at }) => pages && at > from && at <= to);
    return ((page?.at ?? Infinity) - from) / DAY_S;
  });
}

/** In another unit. */
export function scaled({ value, of }: Figure, by: number): Figure {
  return { value: value * by, of };
}

function share(part: number, of: number): Figure {
  return { value: part / of, of: `${part} of ${of}` };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
