import { describe, expect, it } from 'vitest';
import { digestSlots } from '../../../core/tenants/digest-slots.ts';

const DAILY = { every: 'day', at: '08:00', day: 'mon', timezone: 'Europe/Berlin' } as const;

const slotsAt = (digest: Parameters<typeof digestSlots>[0], time: string) => {
  const { slot, before } = digestSlots(digest, Date.parse(time));
  return [slot, before].map((at) => new Date(at).toISOString());
};

describe('the slot of a digest', () => {
  it('is the newest one, and now itself where now is one', () => {
    expect(slotsAt(DAILY, '2026-11-20T12:00:00Z')).toEqual(['2026-11-20T07:00:00.000Z', '2026-11-19T07:00:00.000Z']);
    expect(slotsAt(DAILY, '2026-11-20T07:00:00Z')[0]).toBe('2026-11-20T07:00:00.000Z');
    expect(slotsAt(DAILY, '2026-11-20T06:59:59Z')[0]).toBe('2026-11-19T07:00:00.000Z');
  });

  it('keeps its time on the wall when clocks change', () => {
    expect(slotsAt(DAILY, '2026-10-25T12:00:00Z')).toEqual(['2026-10-25T07:00:00.000Z', '2026-10-24T06:00:00.000Z']);
    expect(slotsAt(DAILY, '2026-03-29T12:00:00Z')).toEqual(['2026-03-29T06:00:00.000Z', '2026-03-28T07:00:00.000Z']);
  });

  it('is there once on a day that skips its time, and on one that has it twice', () => {
    const early = { ...DAILY, at: '02:30' };
    const slots = (from: string, to: string) => {
      const found = new Set<string>();
      for (let at = Date.parse(from); at < Date.parse(to); at += 15 * 60_000)
        found.add(slotsAt(early, new Date(at).toISOString())[0] ?? '');
      return found.size;
    };

    expect(slots('2026-03-29T03:00:00Z', '2026-03-31T03:00:00Z')).toBe(3);
    expect(slots('2026-10-25T03:00:00Z', '2026-10-27T03:00:00Z')).toBe(3);
  });

  it('of a week is its day', () => {
    const weekly = { ...DAILY, every: 'week', day: 'fri' } as const;

    expect(slotsAt(weekly, '2026-11-25T12:00:00Z')).toEqual(['2026-11-20T07:00:00.000Z', '2026-11-13T07:00:00.000Z']);
  });
});
