/** Slots and firings, compared with the library that counts them one after the other, over many crons and zones. */
import { Cron } from 'croner';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronText, parseCron } from '../../../core/model/cron.ts';
import { cronIssue, nextFirings, slotAt, slotOfMessage } from '../../../core/tenants/schedule.ts';
import { crons, zones } from '../../fixtures/schedules.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Times of two years, those of all changes of clocks included. */
const times = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) });

/** Within hours of a change of the clock in Berlin, New York and Lord Howe. */
const changes = fc
  .constantFrom('2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-03-08T07:00Z', '2026-11-01T06:00Z', '2026-04-04T15:00Z')
  .chain((change) => fc.integer({ min: -8 * HOUR, max: 8 * HOUR }).map((offset) => Date.parse(change) + offset));

const schedules = fc.record({ cron: crons, timezone: zones }).filter(({ cron }) => cronIssue(cron) === undefined);

/** Firings after a time and up to another, counted one by one. */
function firingsBetween({ cron, timezone }: { cron: string; timezone: string }, from: number, to: number): number[] {
  const parsed = parseCron(cron);
  const library = new Cron(parsed.kind === 'cron' ? cronText(parsed.fields) : cron, { timezone, paused: true });
  const firings: number[] = [];
  for (let at = library.nextRun(new Date(from)); at !== null && at.getTime() <= to; at = library.nextRun(at)) {
    firings.push(at.getTime());
  }
  return firings;
}

describe('the slot of a time', () => {
  it('is the last of the firings at or before it', () => {
    fc.assert(
      fc.property(schedules, fc.oneof(times, changes), (schedule, time) => {
        const firings = firingsBetween(schedule, time - 20 * DAY, time);

        const slot = slotAt(schedule, time);

        if (firings.length > 0) expect(slot).toBe(firings.at(-1));
        else expect(slot ?? 0).toBeLessThanOrEqual(time - 20 * DAY);
      }),
      // Each run lists the firings of twenty days.
      { numRuns: 60 },
    );
  });

  it('is a firing: its own slot, and the first firing after the millisecond before it', () => {
    fc.assert(
      fc.property(schedules, fc.oneof(times, changes), (schedule, time) => {
        const slot = slotAt(schedule, time);

        if (slot === undefined) return;
        expect(slotAt(schedule, slot)).toBe(slot);
        expect(slotAt(schedule, slot - 1)).not.toBe(slot);
        expect(nextFirings(schedule, slot - 1, 1)).toEqual([slot]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the slot of a message', () => {
  it('is the same for all messages that the scheduler sends about one firing, however late it tries', () => {
    const delays = fc.integer({ min: -10_000, max: 14 * 60_000 });
    // Where clocks change by less than an hour, firings of that night may be nearer to each other.
    const hourly = schedules.filter(({ timezone }) => timezone !== 'Australia/Lord_Howe');
    fc.assert(
      fc.property(hourly, fc.oneof(times, changes), delays, (schedule, from, delay) => {
        const [firing] = nextFirings(schedule, from, 1);

        if (firing !== undefined) expect(slotOfMessage(schedule, firing + delay)).toBe(firing);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the next firings', () => {
  it('are those that the library counts, in order, and none is left out', () => {
    fc.assert(
      fc.property(schedules, fc.oneof(times, changes), (schedule, from) => {
        const firings = nextFirings(schedule, from, 10);

        expect(firings).toEqual(firingsBetween(schedule, from, firings.at(-1) ?? from));
      }),
      { numRuns: 200 },
    );
  });

  it('are the same for the cron and for its values alone', () => {
    const ofLibrary = crons.filter((cron) => !/(^|[ ,])\d+\//.test(cron));
    fc.assert(
      fc.property(ofLibrary, zones, times, (cron, timezone, from) => {
        const runs = new Cron(cron, { timezone, paused: true }).nextRuns(5, new Date(from));

        expect(nextFirings({ cron, timezone }, from, 5)).toEqual(runs.map((at) => at.getTime()));
      }),
      { numRuns: 200 },
    );
  });
});
