import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronIssue, nextFirings, schedulerExpression, slotAt } from '../../../core/tenants/schedule.ts';

const NOON = Date.parse('2026-11-20T12:00:00Z');
const HOURLY = { cron: '0 * * * *', timezone: 'UTC' };

describe('schedulerExpression', () => {
  it.each([
    ['0 * * * *', 'cron(0 * * * ? *)'],
    ['*/15 * * * *', 'cron(0,15,30,45 * * * ? *)'],
    ['30 6 * * 1-5', 'cron(30 6 ? * MON,TUE,WED,THU,FRI *)'],
    ['0 0 * * 0,7', 'cron(0 0 ? * SUN *)'],
    ['0 12 1 jan,jul *', 'cron(0 12 1 1,7 ? *)'],
    ['5 10-20/5 * * *', 'cron(5 10,15,20 * * ? *)'],
    ['10/20 3 * * *', 'cron(10,30,50 3 * * ? *)'],
    ['0 4 * * */2', 'cron(0 4 ? * SUN,TUE,THU,SAT *)'],
  ])('writes %s as EventBridge Scheduler takes it', (cron, text) => {
    expect(schedulerExpression(cron)).toEqual({ kind: 'expression', text });
  });

  it.each([
    ['0 0 L * *', /day of the month is not understood/],
    ['0 0 * * 5#2', /day of the week is not understood/],
    ['0 25 * * *', /hour is not understood/],
    ['5-1 * * * *', /minute is not understood/],
    ['*/0 * * * *', /minute is not understood/],
    ['0 0 13 * 5', /the scheduler takes one of the two/],
    ['0 * * *', /not understood/],
  ])('refuses %s and names what is not understood', (cron, message) => {
    expect(schedulerExpression(cron)).toEqual({ kind: 'unsupported', message: expect.stringMatching(message) });
  });
});

describe('cronIssue', () => {
  it.each(['0 * * * *', '*/15 * * * *', '0 0 29 2 *', '0 6 * * MON'])('finds nothing wrong with %s', (cron) => {
    expect(cronIssue(cron)).toBeUndefined();
  });

  it('refuses a date that does not exist', () => {
    expect(cronIssue('0 0 31 2 *')).toBe('never fires: no date is like this');
  });

  it.each([
    ['* * * * *', 1],
    ['*/10 * * * *', 10],
    ['0,59 * * * *', 1],
    ['5,55 0,23 * * *', 10],
  ])('refuses %s, which fires more often than an inspection may take', (cron, minutes) => {
    expect(cronIssue(cron)).toContain(`fires every ${minutes} min at times; at least 15 min`);
  });
});

describe('slotAt', () => {
  it.each([
    ['2026-11-20T12:00:00Z', '2026-11-20T12:00:00.000Z'],
    ['2026-11-20T12:00:00.001Z', '2026-11-20T12:00:00.000Z'],
    ['2026-11-20T12:09:59Z', '2026-11-20T12:00:00.000Z'],
    ['2026-11-20T11:59:59.999Z', '2026-11-20T11:00:00.000Z'],
  ])('is the last firing at or before a message that was sent at %s', (sentAt, slot) => {
    expect(slotAt(HOURLY, Date.parse(sentAt))).toBe(Date.parse(slot));
  });

  it('counts in the time zone of the schedule, and over the hour that a summer begins with', () => {
    const daily = { cron: '30 6 * * *', timezone: 'Europe/Berlin' };

    expect(slotAt(daily, Date.parse('2026-03-29T05:00:00Z'))).toBe(Date.parse('2026-03-29T04:30:00Z'));
    expect(slotAt(daily, Date.parse('2026-03-28T05:00:00Z'))).toBe(Date.parse('2026-03-27T05:30:00Z'));
  });

  it('is the firing itself for every message between it and the next one', () => {
    const schedules = fc.constantFrom(HOURLY, { cron: '*/15 * * * *', timezone: 'Asia/Kolkata' });
    fc.assert(
      fc.property(
        schedules,
        fc.integer({ min: 0, max: 364 * 24 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (schedule, hour, part) => {
          const [first = 0, second = 0] = nextFirings(schedule, NOON + hour * 3_600_000, 2);

          expect(slotAt(schedule, Math.floor(first + part * (second - first)))).toBe(first);
        },
      ),
      { numRuns: 200 },
    );
  });
});
