/**
 * When an account is inspected: a cron expression of five fields as people write it, as EventBridge Scheduler takes it, and the
 * slot for which a message stands.
 */
import { Cron } from 'croner';

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
const MINUTES_PER_DAY = 24 * 60;

interface Field {
  readonly name: string;
  readonly least: number;
  readonly greatest: number;
  readonly names?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const MINUTE: Field = { name: 'minute', least: 0, greatest: 59 };
const HOUR: Field = { name: 'hour', least: 0, greatest: 23 };
const DAY_OF_MONTH: Field = { name: 'day of the month', least: 1, greatest: 31 };
const MONTH: Field = { name: 'month', least: 1, greatest: 12, names: ['', ...MONTHS] };
/** 7 is Sunday too. */
const DAY_OF_WEEK: Field = { name: 'day of the week', least: 0, greatest: 7, names: DAYS };

/** A leap year's beginning: a date that exists at all comes within the years after it. */
const LEAP_YEAR = Date.UTC(2024, 0, 1);

/** What is wrong with a cron expression, in words that follow `schedule.cron: `; undefined where it can be scheduled. */
export function cronIssue(cron: string): string | undefined {
  const expression = schedulerExpression(cron);
  if (expression.kind === 'unsupported') return expression.message;
  if (nextFirings({ cron, timezone: 'UTC' }, LEAP_YEAR, 1).length === 0) return 'never fires: no date is like this';
  const minutes = leastMinutesBetween(cron);
  if (minutes * MINUTE_MS >= LEAST_CADENCE_MS) return undefined;
  const least = LEAST_CADENCE_MS / MINUTE_MS;
  return `fires every ${minutes} min at times; at least ${least} min must lie between two inspections`;
}

/** Minutes between the two firings of a day, or of two days in a row, that are nearest to each other. */
function leastMinutesBetween(cron: string): number {
  const [minuteText = '', hourText = ''] = cron.trim().split(/\s+/);
  const minutes = valuesOf(minuteText, MINUTE) ?? [];
  const times = (valuesOf(hourText, HOUR) ?? []).flatMap((hour) => minutes.map((minute) => hour * 60 + minute));
  const [first = 0] = times;
  return Math.min(...[...times.slice(1), first + MINUTES_PER_DAY].map((time, index) => time - (times[index] ?? time)));
}

export type SchedulerExpression =
  | { readonly kind: 'expression'; readonly text: string }
  | { readonly kind: 'unsupported'; readonly message: string };

/**
 * The expression in the syntax of EventBridge Scheduler, with every value listed, because its steps and days of the week count
 * differently from cron's. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 *
 * @example schedulerExpression('0 * * * *') // cron(0 * * * ? *)
 * @example schedulerExpression('30 6 * * 1-5') // cron(30 6 ? * MON,TUE,WED,THU,FRI *)
 */
export function schedulerExpression(cron: string): SchedulerExpression {
  const fields = cron.trim().split(/\s+/);
  const [minutes, hours, monthDays, months, weekDays] = [MINUTE, HOUR, DAY_OF_MONTH, MONTH, DAY_OF_WEEK].map(
    (field, index) => ({ field, values: valuesOf(fields[index] ?? '', field) }),
  );
  const parts = [minutes, hours, monthDays, months, weekDays];
  const unknown = parts.find((part) => part?.values === undefined);
  if (fields.length !== parts.length || unknown !== undefined) {
    const what = unknown?.field.name ?? 'number of fields';
    return unsupported(
      `its ${what} is not understood; numbers, names, lists, ranges and steps are, for example 0 6-18/2 * * MON-FRI`,
    );
  }
  const days = [...new Set(weekDays?.values?.map((day) => day % DAYS.length))].sort((a, b) => a - b);
  const anyMonthDay = isEvery(monthDays);
  const anyWeekDay = days.length === DAYS.length;
  if (!anyMonthDay && !anyWeekDay) {
    return unsupported('names days of the month and days of the week; the scheduler takes one of the two');
  }
  const month = isEvery(months) ? '*' : listed(months);
  const monthDay = anyMonthDay && !anyWeekDay ? '?' : anyMonthDay ? '*' : listed(monthDays);
  const weekDay = anyWeekDay ? '?' : days.map((day) => DAYS[day]).join(',');
  const time = [minutes, hours].map((part) => (isEvery(part) ? '*' : listed(part))).join(' ');
  return { kind: 'expression', text: `cron(${time} ${monthDay} ${month} ${weekDay} *)` };
}

interface Part {
  readonly field: Field;
  readonly values: readonly number[] | undefined;
}

function unsupported(message: string): SchedulerExpression {
  return { kind: 'unsupported', message };
}

function isEvery(part: Part | undefined): boolean {
  return part?.values?.length === (part === undefined ? 0 : part.field.greatest - part.field.least + 1);
}

function listed(part: Part | undefined): string {
  return part?.values?.join(',') ?? '';
}

/** The values of one field in order, each once; undefined where it is not understood. */
function valuesOf(text: string, field: Field): number[] | undefined {
  const values = new Set<number>();
  for (const item of text.toUpperCase().split(',')) {
    const [, range = '', step = '1'] = /^([^/]+)(?:\/(\d{1,2}))?$/.exec(item) ?? [];
    const bounds = boundsOf(range, field, item.includes('/'));
    if (bounds === undefined || Number(step) < 1) return undefined;
    for (let value = bounds[0]; value <= bounds[1]; value += Number(step)) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

/** First and last value of `*`, `5`, `MON-FRI` or, with a step, `10` (which then means 10 and all after it). */
function boundsOf(range: string, field: Field, hasStep: boolean): [number, number] | undefined {
  const { least, greatest } = field;
  if (range === '*') return [least, field === DAY_OF_WEEK ? greatest - 1 : greatest];
  const ends = range.split('-').map((end) => numberOf(end, field));
  const [first, last = hasStep ? greatest : first] = ends;
  if (ends.length > 2 || first === undefined || last === undefined || first > last) return undefined;
  return [first, last];
}

function numberOf(text: string, { least, greatest, names = [] }: Field): number | undefined {
  const named = text === '' ? -1 : names.indexOf(text);
  const value = named >= 0 ? named : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= greatest ? value : undefined;
}

/**
 * The slot for which a message stands that was sent at `sentAt` (epoch ms): the schedule's last firing at or before it.
 * A retry carries the time at which it was first sent, so that it evaluates the same samples. Undefined where the
 * schedule has not fired by then.
 */
export function slotAt({ cron, timezone }: Schedule, sentAt: number): number | undefined {
  // A firing at the very time of the reference is not before it: one millisecond later it is.
  const [slot] = new Cron(cron, { timezone, paused: true }).previousRuns(1, new Date(sentAt + 1));
  return slot?.getTime();
}

/** The next firings after `from` (epoch ms), in order; fewer than `count` where there are no more. */
export function nextFirings({ cron, timezone }: Schedule, from: number, count: number): number[] {
  return new Cron(cron, { timezone, paused: true }).nextRuns(count, new Date(from)).map((at) => at.getTime());
}
