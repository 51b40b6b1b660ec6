/**
 * The cron expressions of EventBridge Scheduler, read by the scheduler's own rules: six fields, of which one of the two for days is
 * `?`, and days of the week from 1, which is Sunday.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */

/** A time by the clock on the wall of the schedule's zone. */
export interface WallTime {
  readonly minute: number;
  readonly hour: number;
  readonly monthDay: number;
  readonly month: number;
  /** 0 is Sunday. */
  readonly weekDay: number;
}

/** Whether the schedule fires in the minute of this time. */
export type Fires = (time: WallTime) => boolean;

interface Field {
  readonly first: number;
  readonly last: number;
  readonly names?: readonly string[];
}

const MONTH_NAMES = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const DAY_NAMES = 'SUN MON TUE WED THU FRI SAT'.split(' ');

const MINUTES: Field = { first: 0, last: 59 };
const HOURS: Field = { first: 0, last: 23 };
const MONTH_DAYS: Field = { first: 1, last: 31 };
const MONTHS: Field = { first: 1, last: 12, names: MONTH_NAMES };
const WEEK_DAYS: Field = { first: 1, last: 7, names: DAY_NAMES };

/** Undefined where the scheduler refuses the expression, or the sandbox does not know it (`L`, `W`, `#`, years). */
export function parseSchedulerCron(expression: string): Fires | undefined {
  const [, body = ''] = /^cron\((.*)\)$/.exec(expression) ?? [];
  const [minute = '', hour = '', monthDay = '', month = '', weekDay = '', year = '', ...more] = body.split(' ');
  if (year !== '*' || more.length > 0) return undefined;
  if ((monthDay === '?') === (weekDay === '?')) return undefined;
  const minutes = read(minute, MINUTES);
  const hours = read(hour, HOURS);
  const monthDays = monthDay === '?' ? 'any' : read(monthDay, MONTH_DAYS);
  const months = read(month, MONTHS);
  const weekDays = weekDay === '?' ? 'any' : read(weekDay, WEEK_DAYS);
  if (!minutes || !hours || !monthDays || !months || !weekDays) return undefined;
  return (time) =>
    minutes.has(time.minute) &&
    hours.has(time.hour) &&
    months.has(time.month) &&
    (monthDays === 'any' || monthDays.has(time.monthDay)) &&
    (weekDays === 'any' || weekDays.has(time.weekDay + 1));
}

function read(text: string, field: Field): ReadonlySet<number> | undefined {
  const items = text.split(',').map((item) => readItem(item, field));
  return items.includes(undefined) ? undefined : new Set(items.flatMap((values) => values ?? []));
}

/** One of the items between commas: `*`, `5`, `2-6`, or one of these with a step. */
function readItem(item: string, field: Field): number[] | undefined {
  const [, from = '', to, step] = /^([^-/]+)(?:-([^-/]+))?(?:\/(\d+))?$/.exec(item) ?? [];
  const first = from === '*' ? field.first : numberOf(from, field);
  const isOpen = from === '*' || step !== undefined;
  const last = to !== undefined ? numberOf(to, field) : isOpen ? field.last : first;
  if (first === undefined || last === undefined || first > last || step === '0') return undefined;
  const values: number[] = [];
  for (let value = first; value <= last; value += Number(step ?? 1)) values.push(value);
  return values;
}

function numberOf(text: string, { first, last, names = [] }: Field): number | undefined {
  const named = names.indexOf(text);
  const value = named >= 0 ? first + named : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= first && value <= last ? value : undefined;
}
