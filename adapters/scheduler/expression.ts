/** Cron expressions and times in the syntax of EventBridge Scheduler. */
import { type CronValues, parseCron, WEEK_DAYS } from '../../core/model/cron.ts';
import { SchedulerError } from '../../core/ports/errors.ts';

/**
 * Every value is listed, because the scheduler's steps and days of the week count differently from cron's. One of the two fields
 * of days is always `?`. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 *
 * Throws `SchedulerError` where the cron cannot be scheduled.
 *
 * @example cronExpression('0 * * * *') // cron(0 * * * ? *)
 * @example cronExpression('30 6 * * 1-5') // cron(30 6 ? * MON,TUE,WED,THU,FRI *)
 */
export function cronExpression(cron: string): string {
  const parsed = parseCron(cron);
  if (parsed.kind === 'unsupported')
    throw new SchedulerError(`The cron ${cron} cannot be scheduled: ${parsed.message}.`);
  const { minutes, hours, monthDays, months, weekDays } = parsed.fields;
  const days =
    weekDays === 'every' ? `${text(monthDays)} ${text(months)} ?` : `? ${text(months)} ${dayNames(weekDays)}`;
  return `cron(${text(minutes)} ${text(hours)} ${days} *)`;
}

/** Minutes between the first two firings of an hour; 60 where it has one. Throws nothing: a cron that cannot be scheduled has 60. */
export function minutesApart(cron: string): number {
  const parsed = parseCron(cron);
  if (parsed.kind === 'unsupported') return 60;
  const { minutes } = parsed.fields;
  if (minutes === 'every') return 1;
  const [first = 0, second] = minutes;
  return (second ?? first + 60) - first;
}

/** @param at Epoch milliseconds; the scheduler takes seconds, of UTC where the schedule names it. */
export function atExpression(at: number): string {
  const seconds = new Date(Math.ceil(at / 1000) * 1000).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
  return `at(${seconds})`;
}

function text(values: CronValues): string {
  return values === 'every' ? '*' : values.join(',');
}

function dayNames(days: readonly number[]): string {
  return days.map((day) => WEEK_DAYS[day]).join(',');
}
