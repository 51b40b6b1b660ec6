import { describe, expect, it } from 'vitest';
import { formatDuration, formatDurationRange, formatWindow } from '../../../core/messages/times.ts';
import {
  binaryScale,
  counted,
  formatGrowth,
  formatGrowthInterval,
  formatLevel,
  formatNumber,
  formatRise,
  formatUsd,
} from '../../../core/messages/units.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';

const DAY = 24 * HOUR;
const MEBIBYTE = 1024 ** 2;

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [0.00001, '0'],
    [0.0011, '0.0011'],
    [0.042, '0.042'],
    [0.4, '0.40'],
    [2.345, '2.35'],
    [-2, '-2.00'],
    [12.34, '12.3'],
    [1204.4, '1204'],
  ])('writes %d as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe('levels and growth', () => {
  it('writes fractions as percent and bytes with a binary prefix', () => {
    expect(formatLevel(0.7134, '1')).toBe('71.3 %');
    expect(formatLevel(3.21 * 1024 ** 3, 'By')).toBe('3.21 GiB');
  });

  it('writes growth with its sign', () => {
    expect(formatGrowth(0.0042, '1')).toBe('+0.42 %/h');
    expect(formatGrowth(-0.0042, '1')).toBe('−0.42 %/h');
    expect(formatGrowth(12.3 * MEBIBYTE, 'By')).toBe('+12.3 MiB/h');
  });

  it('writes an interval in the unit of its estimate', () => {
    const interval = { low: 900 * 1024, estimate: 1.5 * MEBIBYTE, high: 2 * MEBIBYTE };

    expect(formatGrowthInterval(interval, 'By')).toBe('+1.50 MiB/h (0.88 to 2.00)');
    expect(formatGrowthInterval({ low: -0.001, estimate: 0.002, high: 0.005 }, '1')).toBe('+0.20 %/h (−0.10 to 0.50)');
  });

  it.each([
    [{ low: 0.00497, estimate: 0.005, high: 0.00504 }, '+0.50 %/h (0.497 to 0.504)'],
    [{ low: -0.00504, estimate: -0.005, high: -0.00497 }, '−0.50 %/h (−0.504 to −0.497)'],
    [{ low: 0.12311, estimate: 0.12312, high: 0.12314 }, '+12.3 %/h (12.311 to 12.314)'],
    [{ low: 0.0000111, estimate: 0.0000112, high: 0.0000113 }, '+0.0011 %/h (0.00111 to 0.00113)'],
    [{ low: 0.004, estimate: 0.004, high: 0.004 }, '+0.40 %/h (0.40 to 0.40)'],
    [{ low: 1e-8, estimate: 2e-8, high: 3e-8 }, '+0 %/h (0 to 0)'],
  ])('keeps digits of an interval until its ends differ: %j', (interval, text) => {
    expect(formatGrowthInterval(interval, '1')).toBe(text);
  });

  it('keeps digits of a rise until its ends differ', () => {
    const rise = { low: 1.7201 * 1024 ** 3, estimate: 1.721 * 1024 ** 3, high: 1.7219 * 1024 ** 3 };

    expect(formatRise(rise)).toBe('+1.72 GiB (1.720 to 1.722)');
  });

  it('stops at the largest prefix', () => {
    expect(binaryScale(1024 ** 7)).toEqual({ factor: 1024 ** 5, suffix: 'PiB' });
  });
});

describe('formatDuration', () => {
  it.each([
    [20_000, 'under 1 min'],
    [45 * MINUTE, '45 min'],
    [59.7 * MINUTE, '1 h'],
    [130 * MINUTE, '2 h 10 min'],
    [14.4 * HOUR, '14 h'],
    [47 * HOUR, '47 h'],
    [76 * HOUR, '3 d 4 h'],
    [72 * HOUR, '3 d'],
    [41.4 * DAY, '41 d'],
    [4000 * DAY, '4,000 d'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('formatDurationRange', () => {
  it('writes the unit once where both ends have it', () => {
    expect(formatDurationRange(2 * DAY, 6 * DAY)).toBe('2–6 d');
    expect(formatDurationRange(20 * HOUR, 3 * DAY)).toBe('20 h–3 d');
  });

  it('writes that there is no end', () => {
    expect(formatDurationRange(2 * DAY, null)).toBe('2 d or more');
  });

  it('is undefined where the ends do not differ', () => {
    expect(formatDurationRange(71 * HOUR, 73 * HOUR)).toBeUndefined();
  });

  it('writes ends that are close in one unit', () => {
    expect(formatDurationRange(119 * MINUTE, 125 * MINUTE)).toBe('119–125 min');
    expect(formatDurationRange(119.6 * MINUTE, 120.4 * MINUTE)).toBeUndefined();
    expect(formatDurationRange(47 * HOUR, 60 * HOUR)).toBe('47–60 h');
    expect(formatDurationRange(26 * HOUR, 57 * HOUR)).toBe('26–57 h');
    expect(formatDurationRange(90 * MINUTE, 5 * HOUR)).toBe('90 min–5 h');
  });

  it('counts what is past as now', () => {
    expect(formatDurationRange(-5 * HOUR, 90 * MINUTE)).toBe('0–90 min');
  });
});

describe('formatWindow', () => {
  it('writes the year once where it is the same', () => {
    expect(formatWindow({ start: NOON - 100 * HOUR, end: NOON })).toBe('2026-11-16 08:00 – 11-20 12:00 UTC');
    expect(formatWindow({ start: NOON, end: NOON + 60 * DAY })).toBe('2026-11-20 12:00 – 2027-01-19 12:00 UTC');
  });
});

describe('formatUsd', () => {
  it('keeps the digits that a small sum needs', () => {
    expect([0, 0.00037, 0.27, 12.346].map(formatUsd)).toEqual(['$0', '$0.00037', '$0.27', '$12.35']);
  });
});

describe('counted', () => {
  it('writes no, one and many', () => {
    expect([counted(0, 'host'), counted(1, 'host'), counted(1200, 'host'), counted(2, 'match', 'matches')]).toEqual([
      'no hosts',
      '1 host',
      '1,200 hosts',
      '2 matches',
    ]);
  });
});
