import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atExpression, cronExpression } from '../../../adapters/scheduler/expression.ts';
import { SchedulerError } from '../../../core/ports/errors.ts';
import { cronIssue, firings } from '../../../core/tenants/schedule.ts';
import { parseSchedulerCron, type WallTime } from '../../../sandbox/aws/scheduler-cron.ts';
import { crons, zones } from '../../fixtures/schedules.ts';

const MINUTE = 60_000;

describe('cronExpression', () => {
  it.each([
    ['0 * * * *', 'cron(0 * * * ? *)'],
    ['*/15 * * * *', 'cron(0,15,30,45 * * * ? *)'],
    ['30 6 * * 1-5', 'cron(30 6 ? * MON,TUE,WED,THU,FRI *)'],
    ['0 0 * * 0,7', 'cron(0 0 ? * SUN *)'],
    ['0 0 * * FRI-SUN', 'cron(0 0 ? * SUN,FRI,SAT *)'],
    ['0 12 1 jan,jul *', 'cron(0 12 1 1,7 ? *)'],
    ['5 10-20/5 * * *', 'cron(5 10,15,20 * * ? *)'],
    ['10/20 3 * * *', 'cron(10,30,50 3 * * ? *)'],
    ['0 4 * * 7/1', 'cron(0 4 ? * SUN *)'],
    ['0 4 * * */2', 'cron(0 4 ? * SUN,TUE,THU,SAT *)'],
    ['0 4 1-31 * *', 'cron(0 4 * * ? *)'],
  ])('writes %s as EventBridge Scheduler takes it', (cron, expression) => {
    expect(cronExpression(cron)).toBe(expression);
  });

  it.each([
    ['0 0 L * *', /day of the month is not understood/],
    ['0 0 13 * 5', /the scheduler takes one of the two/],
  ])('refuses %s', (cron, message) => {
    expect(() => cronExpression(cron)).toThrow(SchedulerError);
    expect(() => cronExpression(cron)).toThrow(message);
  });

  it('is as long as the scheduler takes, whatever cron a config may have', () => {
    const valid = crons.filter((cron) => cronIssue(cron) === undefined);
    fc.assert(fc.property(valid, (cron) => cronExpression(cron).length <= 256));

    const longest = '0,15,30,45 1-23 2-31 2-12 *';
    expect(cronIssue(longest)).toBeUndefined();
    expect(cronExpression(longest).length).toBeLessThanOrEqual(256);
  });

  it('fires, by the scheduler’s own rules, in the minutes in which the cron fires and in no other', () => {
    fc.assert(
      fc.property(crons, zones, fc.integer({ min: 0, max: 600_000 }), (cron, timezone, minutes) => {
        const fires = parseSchedulerCron(cronExpression(cron));
        const from = Date.UTC(2026, 0, 1) + minutes * MINUTE;
        const day = Array.from({ length: 24 * 60 }, (_, index) => from + (index + 1) * MINUTE);
        const [first, last] = [day[0] ?? 0, day.at(-1) ?? 0];
        const inDay: number[] = [];
        for (const at of firings({ cron, timezone }, from)) {
          if (at > last) break;
          inDay.push(at);
        }

        const expected = day.filter((at) => fires?.(wallTime(at, timezone)));

        expect(fires).toBeDefined();
        if (keepsItsClock(timezone, first, last)) expect(inDay).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});

describe('atExpression', () => {
  it.each([
    [Date.UTC(2026, 10, 20, 12), 'at(2026-11-20T12:00:00)'],
    [Date.UTC(2026, 10, 20, 12) + 1, 'at(2026-11-20T12:00:01)'],
    [Date.UTC(2026, 11, 31, 23, 59, 59, 999), 'at(2027-01-01T00:00:00)'],
  ])('writes %i in seconds of UTC, never earlier', (at, expression) => {
    expect(atExpression(at)).toBe(expression);
  });
});

/** Whether the zone's clock shows, over the span, as many minutes as pass: it is then not changed within. */
function keepsItsClock(timezone: string, from: number, to: number): boolean {
  const shown = (at: number) => {
    const { month, monthDay, hour, minute } = wallTime(at, timezone);
    return Date.UTC(2026, month - 1, monthDay, hour, minute);
  };
  const year = 365 * 24 * 60 * MINUTE;
  return (shown(to) - shown(from) + year) % year === to - from;
}

function wallTime(at: number, timeZone: string): WallTime {
  const format = formatOf(timeZone);
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const weekDay = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(parts['weekday'] ?? '');
  const numberOf = (type: string) => Number(parts[type]);
  return {
    minute: numberOf('minute'),
    hour: numberOf('hour'),
    monthDay: numberOf('day'),
    month: numberOf('month'),
    weekDay,
  };
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    weekday: 'short',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}
