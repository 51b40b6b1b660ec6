/** What hosts of a fleet do beside using memory. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activityAt, type Happening } from '../../../sandbox/scenario/activity.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';

const anyMinute = fc.integer({ min: -30 * 24 * 60, max: 60 }).map((minute) => NOON + minute * MINUTE);
const anyHappening = fc.constantFrom<(Happening | undefined)[]>(undefined, 'spike', 'shift', 'fills', 'errors');

/** The mean over some hours before a time. */
function mean(curve: (time: number) => number, end: number, hours: number): number {
  const times = Array.from({ length: hours * 60 }, (_, minute) => end - (minute + 1) * MINUTE);
  return times.reduce((sum, time) => sum + curve(time), 0) / times.length;
}

describe('the activity of a host', () => {
  it('is what can be, and the same each time', () => {
    fc.assert(
      fc.property(fc.string(), anyMinute, anyHappening, (name, time, happening) => {
        const [one, other] = [activityAt(name, NOON, happening), activityAt(name, NOON, happening)];
        const fractions = [one.cpu(time), ...one.fileSystems.map(({ used }) => used(time))];
        expect(fractions.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
        expect(one.load(time)).toBeGreaterThanOrEqual(0);
        expect(Number.isInteger(one.errors.received(time)) && one.errors.received(time) >= 0).toBe(true);
        expect([other.cpu(time), other.load(time), other.errors.sent(time)]).toEqual([
          one.cpu(time),
          one.load(time),
          one.errors.sent(time),
        ]);
      }),
    );
  });

  it('has the cycle of a day', () => {
    const { cpu } = activityAt('web-1', NOON);

    expect(mean(cpu, NOON - 19 * HOUR, 4) - mean(cpu, NOON - 7 * HOUR, 4)).toBeGreaterThan(0.05);
  });

  it.each<[Happening, (host: ReturnType<typeof activityAt>) => number]>([
    ['spike', ({ cpu }) => mean(cpu, NOON - 2 * HOUR, 1) - mean(cpu, NOON - 26 * HOUR, 1)],
    ['shift', ({ cpu }) => mean(cpu, NOON, 8) - mean(cpu, NOON - 24 * HOUR, 8)],
    ['fills', ({ fileSystems }) => (fileSystems[1]?.used(NOON) ?? 0) - (fileSystems[1]?.used(NOON - 72 * HOUR) ?? 0)],
    ['errors', ({ errors }) => mean(errors.received, NOON, 1) - mean(errors.received, NOON - HOUR, 24)],
  ])('shows what happens to it: %s', (happening, difference) => {
    expect(difference(activityAt('web-1', NOON, happening))).toBeGreaterThan(0.2);
    expect(Math.abs(difference(activityAt('web-1', NOON)))).toBeLessThan(0.2);
  });
});
