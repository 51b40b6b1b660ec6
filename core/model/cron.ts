/**
 * A cron expression of five fields as people write it, with every value listed. Schedulers count steps and days of the week
 * differently from cron: from the values each can be written in the form that it takes.
 */

/** `every` where a field names all of its values. */
export type CronValues = readonly number[] | 'every';

/** The values of each field, in order and each once. */
export interface CronFields {
  readonly minutes: CronValues;
  readonly hours: CronValues;
  readonly monthDays: CronValues;
  /** 1 is January. */
  readonly months: CronValues;
  /** 0 is Sunday. */
  readonly weekDays: CronValues;
}

export type ParsedCron =
  | { readonly kind: 'cron'; readonly fields: CronFields }
  /** `message` follows `schedule.cron: `. */
  | { readonly kind: 'unsupported'; readonly message: string };

interface Field {
  readonly name: string;
  readonly least: number;
  readonly greatest: number;
  readonly names?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** By their numbers. */
export const WEEK_DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;

const MINUTE: Field = { name: 'minute', least: 0, greatest: 59 };
const HOUR: Field = { name: 'hour', least: 0, greatest: 23 };
const DAY_OF_MONTH: Field = { name: 'day of the month', least: 1, greatest: 31 };
const MONTH: Field = { name: 'month', least: 1, greatest: 12, names: ['', ...MONTHS] };
/** 7 is Sunday too. */
const DAY_OF_WEEK: Field = { name: 'day of the week', least: 0, greatest: 7, names: WEEK_DAYS };

/** Lists, ranges, steps and names of months and days are understood; cron's extensions (`L`, `W`, `#`) are not. */
export function parseCron(text: string): ParsedCron {
  const [minute = '', hour = '', monthDay = '', month = '', weekDay = '', ...more] = text.trim().split(/\s+/);
  if (weekDay === '' || more.length > 0) return notUnderstood('number of fields');
  const minutes = valuesOf(minute, MINUTE);
  if (minutes === undefined) return notUnderstood(MINUTE.name);
  const hours = valuesOf(hour, HOUR);
  if (hours === undefined) return notUnderstood(HOUR.name);
  const monthDays = valuesOf(monthDay, DAY_OF_MONTH);
  if (monthDays === undefined) return notUnderstood(DAY_OF_MONTH.name);
  const months = valuesOf(month, MONTH);
  if (months === undefined) return notUnderstood(MONTH.name);
  const weekDays = weekDaysOf(weekDay);
  if (weekDays === undefined) return notUnderstood(DAY_OF_WEEK.name);
  if (monthDays !== 'every' && weekDays !== 'every') {
    return unsupported('names days of the month and days of the week; the scheduler takes one of the two');
  }
  return { kind: 'cron', fields: { minutes, hours, monthDays, months, weekDays } };
}

/** The same expression in one form: values alone, without names, ranges and steps. */
export function cronText({ minutes, hours, monthDays, months, weekDays }: CronFields): string {
  const fields = [minutes, hours, monthDays, months, weekDays];
  return fields.map((values) => (values === 'every' ? '*' : values.join(','))).join(' ');
}

function notUnderstood(what: string): ParsedCron {
  return unsupported(
    `its ${what} is not understood; numbers, names, lists, ranges and steps are, for example 0 6-18/2 * * MON-FRI`,
  );
}

function unsupported(message: string): ParsedCron {
  return { kind: 'unsupported', message };
}

/** Undefined where the field is not understood. */
function valuesOf(text: string, field: Field): CronValues | undefined {
  const values = new Set<number>();
  for (const item of text.toUpperCase().split(',')) {
    const [, range = '', step = '1'] = /^([^/]+)(?:\/(\d{1,2}))?$/.exec(item) ?? [];
    const bounds = boundsOf(range, field, item.includes('/'));
    if (bounds === undefined || Number(step) < 1) return undefined;
    for (let value = bounds[0]; value <= bounds[1]; value += Number(step)) values.add(value);
  }
  return inOrder(values, field.greatest - field.least + 1);
}

function weekDaysOf(text: string): CronValues | undefined {
  const values = valuesOf(text, DAY_OF_WEEK);
  if (values === undefined || values === 'every') return values;
  return inOrder(new Set(values.map((day) => day % WEEK_DAYS.length)), WEEK_DAYS.length);
}

function inOrder(values: ReadonlySet<number>, count: number): CronValues {
  return values.size === count ? 'every' : [...values].sort((a, b) => a - b);
}

/** First and last value of `*`, `5`, `MON-FRI` or, with a step, `10` (which then means 10 and all after it). */
function boundsOf(range: string, field: Field, hasStep: boolean): [number, number] | undefined {
  const { least, greatest } = field;
  // Sunday has two numbers, of which `*` counts one: its steps begin with 0 and end with 6.
  const last = field === DAY_OF_WEEK ? greatest - 1 : greatest;
  if (range === '*') return [least, last];
  const ends = range.split('-').map((end) => numberOf(end, field));
  // As a beginning, 7 is the Sunday at the week's end, with nothing after it.
  const [first, named = hasStep ? Math.max(first ?? least, last) : first] = ends;
  if (ends.length > 2 || first === undefined || named === undefined) return undefined;
  // FRI-SUN ends with the Sunday after it.
  const end = field === DAY_OF_WEEK && named === 0 && first > 0 ? greatest : named;
  return first > end ? undefined : [first, end];
}

function numberOf(text: string, { least, greatest, names = [] }: Field): number | undefined {
  const named = text === '' ? -1 : names.indexOf(text);
  const value = named >= 0 ? named : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= greatest ? value : undefined;
}
