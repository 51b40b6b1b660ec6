/**
 * When an account is inspected: whether its schedule can run at all, the slot for which a message stands, and the next slots. An
 * adapter writes the cron in its scheduler's form (adapters/scheduler/expression.ts).
 */
import { Cron } from 'croner';
import { closest, distance } from 'fastest-levenshtein';
import { cronText, parseCron } from '../model/cron.ts';
import { isTimeZone } from '../model/time-zone.ts';

export interface Schedule {
  /** minute hour day-of-month month day-of-week */
  readonly cron: string;
  /** IANA name. */
  readonly timezone: string;
}

/**
 * The least distance of two inspections, in milliseconds. Samples are minima of 15 minutes, so that more frequent inspections read
 * the same ones again; and an inspection may take that long, with its continuations.
 */
const LEAST_CADENCE_MS = 15 * 60_000;

const MINUTE_MS = 60_000;
const HOURS_PER_DAY = 24;
const MINUTES_PER_HOUR = 60;

/**
 * How far the clock that dates a message may be behind the clock of the scheduler that sent it, in milliseconds. Without it a
 * message that is sent at the very firing would stand for the firing before. It is far below the least cadence.
 */
const CLOCK_TOLERANCE_MS = 10_000;

/** A leap year's beginning: a date that exists at all comes within the years after it. */
const LEAP_YEAR = Date.UTC(2024, 0, 1);

/** What is wrong with a cron expression, in words that follow `schedule.cron: `; undefined where it can be scheduled. */
export function cronIssue(cron: string): string | undefined {
  return issueOf(cron, 'fires', 'two inspections');
}

/** As `cronIssue`, for when a window begins. */
export function windowIssue(cron: string): string | undefined {
  return issueOf(cron, 'begins', 'two beginnings of a window');
}

function issueOf(cron: string, verb: string, between: string): string | undefined {
  const issue = dateIssue(cron);
  const parsed = parseCron(cron);
  if (issue !== undefined || parsed.kind === 'unsupported') return issue;
  const { minutes, hours } = parsed.fields;
  const least = leastMinutesBetween(
    minutes === 'every' ? numbersBelow(MINUTES_PER_HOUR) : minutes,
    hours === 'every' ? numbersBelow(HOURS_PER_DAY) : hours,
  );
  if (least * MINUTE_MS >= LEAST_CADENCE_MS) return undefined;
  const allowed = LEAST_CADENCE_MS / MINUTE_MS;
  return `${verb} every ${least} min at times; at least ${allowed} min must lie between ${between}`;
}

/** What is wrong with a cron expression however often it may fire; undefined where there are dates like it. */
function dateIssue(cron: string): string | undefined {
  const parsed = parseCron(cron);
  if (parsed.kind === 'unsupported') return parsed.message;
  const isReached = nextFirings({ cron, timezone: 'UTC' }, LEAP_YEAR, 1).length > 0;
  return isReached ? undefined : 'never fires: no date is like this';
}

/**
 * Minutes between the two firings of a day, or of two days in a row, that are nearest to each other by the clock on the wall.
 * Changes of the clock bring none nearer, because the same minutes fire in each hour; but those by less than an hour may.
 */
function leastMinutesBetween(minutes: readonly number[], hours: readonly number[]): number {
  const times = hours.flatMap((hour) => minutes.map((minute) => hour * MINUTES_PER_HOUR + minute));
  const [first = 0] = times;
  const following = [...times.slice(1), first + HOURS_PER_DAY * MINUTES_PER_HOUR];
  return Math.min(...following.map((time, index) => time - (times[index] ?? time)));
}

function numbersBelow(count: number): readonly number[] {
  return [...Array(count).keys()];
}

/**
 * What is wrong with a time zone, in words that follow `schedule.timezone: `. The runtime takes names in any case and short names
 * such as SST, which mean something else elsewhere; EventBridge Scheduler takes names of the IANA database as they are written.
 */
export function timezoneIssue(timezone: string): string | undefined {
  if (timezone === 'UTC') return undefined;
  const known = Intl.supportedValuesOf('timeZone').find((name) => name.toLowerCase() === timezone.toLowerCase());
  if (known !== undefined && known !== timezone) return `must be written ${known}`;
  // Names that the database keeps for older ones, such as Asia/Kolkata or US/Pacific, are not listed.
  const hasForm = /^[A-Z][A-Za-z]{1,13}(\/[A-Z][\w+-]*){1,2}$/.test(timezone) && timezone.length <= MAX_ZONE_LENGTH;
  if (!hasForm) return 'must be UTC or an IANA time zone with its area, for example Europe/Berlin';
  return isTimeZone(timezone) ? undefined : `is no time zone that is known${nearZone(timezone)}`;
}

/** Typing mistakes between a name and the one that is probably meant, at the most. */
const MOST_MISTAKES = 3;

function nearZone(name: string): string {
  const near = closest(name, Intl.supportedValuesOf('timeZone'));
  return distance(name, near) > MOST_MISTAKES ? '' : `. Did you mean ${near}?`;
}

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
const MAX_ZONE_LENGTH = 50;

/**
 * The slot for which a scheduled message stands that was sent at `sentAt` (epoch ms): the schedule's last firing before it. A retry
 * carries the time at which it was first sent, so that it evaluates the same samples. Undefined where the schedule has not
 * fired by then.
 *
 * When clocks go back, an hour has all of its slots twice unless the cron names one hour alone; when they go forward, what is due
 * in the missing hour is due at its end. The scheduler then sends fewer messages, each within minutes after one of these slots.
 */
export function slotOfMessage(schedule: Schedule, sentAt: number): number | undefined {
  return slotAt(schedule, sentAt + CLOCK_TOLERANCE_MS);
}

/** The schedule's last firing at or before a time (epoch ms); undefined where it has not fired by then. */
export function slotAt(schedule: Schedule, time: number): number | undefined {
  // A firing at the very time of the reference is not before it: one millisecond later it is.
  const [slot] = open(schedule).previousRuns(1, new Date(time + 1));
  return slot?.getTime();
}

/** The next firings after `from` (epoch ms), in order; fewer than `count` where there are no more. */
export function nextFirings(schedule: Schedule, from: number, count: number): number[] {
  return open(schedule)
    .nextRuns(count, new Date(from))
    .map((at) => at.getTime());
}

/** All firings after `from` (epoch ms), in order. */
export function* firings(schedule: Schedule, from: number): Generator<number, void> {
  const cron = open(schedule);
  for (let at = cron.nextRun(new Date(from)); at !== null; at = cron.nextRun(at)) yield at.getTime();
}

/** A cron that is not of our form, in a config of a version that took it, is read as the library reads it. */
function open({ cron, timezone }: Schedule): Cron {
  const parsed = parseCron(cron);
  return new Cron(parsed.kind === 'cron' ? cronText(parsed.fields) : cron, { timezone, paused: true });
}
