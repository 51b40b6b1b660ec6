import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronIssue, nextFirings, slotAt, slotOfMessage, timezoneIssue } from '../../../core/tenants/schedule.ts';

const NOON = Date.parse('2026-11-20T12:00:00Z');
const HOURLY = { cron: '0 * * * *', timezone: 'UTC' };

describe('cronIssue', () => {
  it.each(['0 * * * *', '*/15 * * * *', '0 0 29 2 *', '0 6 * * MON'])('finds nothing wrong with %s', (cron) => {
    expect(cronIssue(cron)).toBeUndefined();
  });

  it.each(['0 0 31 2 *', '0 0 30 2 *', '0 0 31 4,6,9,11 *'])('refuses %s, a date that does not exist', (cron) => {
    expect(cronIssue(cron)).toBe('never fires: no date is like this');
  });

  it.each(['0 0 L * *', '0 0 13 * 5', '@hourly', '', '0 * * * * *'])('refuses %s, which no scheduler takes', (cron) => {
    expect(cronIssue(cron)).toMatch(/is not understood|takes one of the two/);
  });

  it('finds out about every cron without failing itself', () => {
    const fields = fc.constantFrom(
      '*',
      '0',
      '5',
      '*/20',
      '3/40',
      '10-50/5',
      '7',
      'SUN',
      'FRI-SUN',
      'JAN',
      '31',
      'x',
      '',
    );
    fc.assert(
      fc.property(fc.array(fields, { minLength: 4, maxLength: 6 }), (cron) => {
        const issue = cronIssue(cron.join(' '));
        if (issue === undefined)
          expect(nextFirings({ cron: cron.join(' '), timezone: 'UTC' }, NOON, 1)).toHaveLength(1);
      }),
    );
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

describe('timezoneIssue', () => {
  it.each(['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'US/Pacific', 'Etc/GMT+5', 'America/Argentina/Buenos_Aires'])(
    'finds nothing wrong with %s',
    (timezone) => {
      expect(timezoneIssue(timezone)).toBeUndefined();
    },
  );

  it('names the spelling of a zone in another case', () => {
    expect(timezoneIssue('europe/berlin')).toBe('must be written Europe/Berlin');
    expect(timezoneIssue('EUROPE/Berlin')).toBe('must be written Europe/Berlin');
  });

  it.each(['SST', 'PST', 'EST5EDT', 'utc', 'GMT', `Area/${'x'.repeat(50)}`])(
    'refuses %s, which the scheduler may not take, or not in this meaning',
    (timezone) => {
      expect(timezoneIssue(timezone)).toMatch(/must be (UTC or an IANA time zone|written)/);
    },
  );

  it('finds nothing wrong with any zone that the runtime lists by its area', () => {
    const zones = Intl.supportedValuesOf('timeZone').filter((zone) => zone.includes('/'));

    expect(zones.length).toBeGreaterThan(400);
    expect(zones.filter((zone) => timezoneIssue(zone) !== undefined)).toEqual([]);
  });
});

describe('slotAt', () => {
  it.each([
    ['2026-11-20T12:00:00Z', '2026-11-20T12:00:00.000Z'],
    ['2026-11-20T12:00:00.001Z', '2026-11-20T12:00:00.000Z'],
    ['2026-11-20T12:09:59Z', '2026-11-20T12:00:00.000Z'],
    ['2026-11-20T11:59:59.999Z', '2026-11-20T11:00:00.000Z'],
  ])('is the last firing at or before %s', (sentAt, slot) => {
    expect(slotAt(HOURLY, Date.parse(sentAt))).toBe(Date.parse(slot));
  });

  it('counts each hour of the night in which a summer ends, and a daily slot of it once', () => {
    const [hourly, daily] = ['0 * * * *', '30 2 * * *'].map((cron) => ({ cron, timezone: 'Europe/Berlin' }));
    const sentAt = ['00:05', '01:05', '02:05'].map((time) => Date.parse(`2026-10-25T${time}:00Z`));

    expect(sentAt.map((at) => slotAt(hourly ?? HOURLY, at))).toEqual(sentAt.map((at) => at - 5 * 60_000));
    expect(sentAt.map((at) => slotAt(daily ?? HOURLY, at + 30 * 60_000))).toEqual(
      Array(3).fill(Date.parse('2026-10-25T00:30:00Z')),
    );
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

describe('slotOfMessage', () => {
  it('is the firing itself for a message that is dated by a clock some seconds behind', () => {
    expect(slotOfMessage(HOURLY, NOON)).toBe(NOON);
    expect(slotOfMessage(HOURLY, NOON - 1)).toBe(NOON);
    expect(slotOfMessage(HOURLY, NOON - 9_000)).toBe(NOON);
  });

  it('is the firing before it for a message that was sent earlier', () => {
    expect(slotOfMessage(HOURLY, NOON - 11_000)).toBe(NOON - 3_600_000);
  });
});
