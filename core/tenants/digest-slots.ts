/** When a digest is due. Days have 23 to 25 hours where clocks change. */
import { Cron } from 'croner';
import type { Alerts } from '../model/alerts.ts';

export interface DigestSlots {
  /** The newest slot that is not later than now, epoch milliseconds; and the one before. */
  readonly slot: number;
  readonly before: number;
}

/** Throws where the runtime does not know the time zone. */
export function digestSlots({ every, at, day, timezone }: NonNullable<Alerts['digest']>, now: number): DigestSlots {
  const [hour, minute] = at.split(':').map(Number);
  const schedule = new Cron(`${minute} ${hour} * * ${every === 'week' ? day : '*'}`, { timezone, paused: true });
  // The library finds what is earlier than its reference alone.
  const [slot, before] = schedule.previousRuns(2, new Date(now + 1)).map((date) => date.getTime());
  if (slot === undefined || before === undefined) throw new RangeError(`A digest at ${at} has no slot before now.`);
  return { slot, before };
}
