import { describe, expect, it } from 'vitest';
import { expandWindows, quietEnd, windowEnd } from '../../../../core/incidents/policy/windows.ts';
import { formatWindow } from '../../../../core/messages/times.ts';
import { quietHoursOf } from './changes.ts';

const SUNDAYS = { cron: '30 2 * * 0', durationMinutes: 60, timezone: 'Europe/Berlin' };

function at(text: string): number {
  return Date.parse(text);
}

describe('maintenance windows', () => {
  it('are intervals in their time zone, which keeps its clock through the year', () => {
    const windows = expandWindows([SUNDAYS], at('2026-10-17T00:00Z'), at('2026-11-02T00:00Z'));

    expect(windows.map(formatWindow)).toEqual([
      '2026-10-18 00:30 – 10-18 01:30 UTC',
      '2026-10-25 00:30 – 10-25 01:30 UTC',
      '2026-11-01 01:30 – 11-01 02:30 UTC',
    ]);
  });

  it('begin at the end of an hour that a clock skips', () => {
    const windows = expandWindows([SUNDAYS], at('2026-03-28T12:00Z'), at('2026-03-30T00:00Z'));

    expect(windows.map(formatWindow)).toEqual(['2026-03-29 01:00 – 03-29 02:00 UTC']);
  });

  it('that began before, or overlap, are one', () => {
    const daily = { cron: '0 22 * * *', durationMinutes: 180, timezone: 'UTC' };
    const late = { cron: '0 0 * * *', durationMinutes: 120, timezone: 'UTC' };

    const windows = expandWindows([late, daily], at('2026-11-20T23:00Z'), at('2026-11-21T12:00Z'));

    expect(windows.map(formatWindow)).toEqual(['2026-11-20 22:00 – 11-21 02:00 UTC']);
    expect(windowEnd([late, daily], at('2026-11-20T23:00Z'))).toBe(at('2026-11-21T02:00Z'));
    expect(windowEnd([late, daily], at('2026-11-21T02:00Z'))).toBeUndefined();
  });
});

describe('a maintenance window that begins often', () => {
  it('is expanded once for all changes of a decision', () => {
    let reads = 0;
    const window = {
      get cron() {
        reads++;
        return '*/15 * * * *';
      },
      durationMinutes: 7 * 1440,
      timezone: 'UTC',
    };

    const ends = [1, 2, 3].map(() => windowEnd([window], at('2026-11-20T12:00Z')));

    expect(ends).toEqual(Array(3).fill(at('2026-11-28T11:45Z')));
    expect(reads).toBe(1);
  });
});

describe('quiet hours', () => {
  const nights = quietHoursOf({ from: '22:00', to: '07:00', timezone: 'Europe/Berlin' });

  it.each([
    ['2026-11-20T21:00Z', '2026-11-21T06:00Z'],
    ['2026-11-21T05:59Z', '2026-11-21T06:00Z'],
    ['2026-11-21T06:00Z', undefined],
    ['2026-11-20T20:59Z', undefined],
    ['2026-07-20T20:00Z', '2026-07-21T05:00Z'],
    ['2026-10-24T20:00Z', '2026-10-25T06:00Z'],
  ])('at %s end at %s', (now, end) => {
    expect(quietEnd([nights], at(now))).toBe(end === undefined ? undefined : at(end));
  });

  it('of entire days follow each other', () => {
    const weekend = quietHoursOf({ from: '00:00', to: '00:00', days: ['sat', 'sun'] });

    expect(quietEnd([weekend, nights], at('2026-11-21T12:00Z'))).toBe(at('2026-11-23T06:00Z'));
    expect(quietEnd([weekend], at('2026-11-20T12:00Z'))).toBeUndefined();
  });

  it('on all days of the week still have an end', () => {
    const always = quietHoursOf({ from: '00:00', to: '00:00' });

    expect(quietEnd([always], at('2026-11-21T12:00Z'))).toBe(at('2026-11-28T00:00Z'));
  });
});
