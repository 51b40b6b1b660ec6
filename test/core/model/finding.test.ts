import { describe, expect, it } from 'vitest';
import { type Severity, severityOf } from '../../../core/model/finding.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 2, 1);
const DAY_HOURS = 24;
const severity = (earliest: number, likely: number, radius?: { affected: number; hosts: number }) =>
  severityOf(
    { kind: 'expected', earliest: NOW + earliest * HOUR, likely: NOW + likely * HOUR, latest: null },
    NOW,
    radius,
  );

describe('severityOf', () => {
  it.each<[Severity, number]>([
    ['critical', 5.9],
    ['high', 6],
    ['high', 23.9],
    ['medium', 24],
    ['medium', 7 * DAY_HOURS - 0.1],
    ['low', 7 * DAY_HOURS],
  ])('is %s with %d hours to the likely exhaustion', (expected, likely) => {
    expect(severity(likely, likely)).toBe(expected);
  });

  it('is critical where exhaustion may come within three hours and is likely within twelve', () => {
    expect(severity(2.9, 11.9)).toBe('critical');
    expect(severity(3, 11.9)).toBe('high');
    expect(severity(2.9, 12)).toBe('high');
  });

  it('is high or medium by the earliest time where the likely one is within twice the threshold', () => {
    expect(severity(11, 47)).toBe('high');
    expect(severity(11, 49)).toBe('medium');
    expect(severity(2 * DAY_HOURS, 13 * DAY_HOURS)).toBe('medium');
    expect(severity(2 * DAY_HOURS, 15 * DAY_HOURS)).toBe('low');
  });

  it('is a step higher where half of a group of hosts is affected, but not for what is far away', () => {
    expect(severity(30, 30, { affected: 3, hosts: 6 })).toBe('high');
    expect(severity(1, 1, { affected: 3, hosts: 6 })).toBe('critical');
    expect(severity(30, 30, { affected: 2, hosts: 6 })).toBe('medium');
    expect(severity(30, 30, { affected: 1, hosts: 1 })).toBe('medium');
    expect(severity(8 * DAY_HOURS, 8 * DAY_HOURS, { affected: 6, hosts: 6 })).toBe('low');
  });

  it('is low where exhaustion is not known', () => {
    expect(severityOf({ kind: 'cannot_say', reason: 'no_growth' }, NOW, { affected: 6, hosts: 6 })).toBe('low');
  });
});
