/** How long a leak has to stand still until its cycle is over. */
import type { Growth } from '../../model/story.ts';
import { HOUR_MS, type Verdicts } from './facts.ts';
import { medianOf } from './levels.ts';
import { type Pauses, pausesOf } from './pauses.ts';

/** Points that it would have grown by: less than that is noise on most hosts. */
const GROWN_POINTS = 4;
/** A leak of weeks pauses for days, and one of a day for hours. */
const GROWN_AGES = 0.2;
/** One that paused before, as a leak in steps does, may do so again. */
const LONGEST_PAUSES = 1.5;
const WAIT_HOURS = { least: 4, most: 72 } as const;

/**
 * Hours without any growth that end a cycle, between 4 and 72.
 *
 * @param age Hours from its beginning until it grew last.
 * @param longestPause Hours that it paused before and went on.
 */
export function waitHours(rates: readonly number[], age: number, longestPause: number): number {
  const rate = medianOf(rates);
  const untilGrown = rate > 0 ? GROWN_POINTS / rate : WAIT_HOURS.most;
  const hours = Math.max(WAIT_HOURS.least, untilGrown, age * GROWN_AGES, longestPause * LONGEST_PAUSES);
  return Math.min(WAIT_HOURS.most, hours);
}

/** Without a sign of growth in the verdicts, it takes so many hours at the least: they are less certain than a curve that is flat. */
const LEAST_QUIET_HOURS = 12;
/** From this confidence on it may be a leak as well as not, however flat the curve is. */
const UNSURE = 0.5;
/** A curve is flat when its floors lie apart by no more than this share of what the leak would have grown. */
const FLAT_SHARE = 0.2;

/**
 * Whether the leak has stood still for long enough: by its verdicts, none of which was a sign of growth for so long, or by its floors,
 * which have been flat. A confidence takes half a day to fall after a leak has stopped; a flat curve is known within hours.
 *
 * @param quietHours Hours with samples since the last inspection that was leaking, doubtful or full.
 */
export function standsStill({ since, rates }: Growth, facts: Verdicts, quietHours: number): boolean {
  const pauses = pausesOf(facts.floors, since);
  const wait = (hours: number) => {
    return waitHours(rates, (facts.at - since) / HOUR_MS - hours, pauses.longest);
  };
  if (quietHours >= Math.max(LEAST_QUIET_HOURS, wait(quietHours))) return true;
  if (facts.isFull || facts.confidence >= UNSURE) return false;
  return isFlat(pauses, medianOf(rates)) && pauses.current >= wait(pauses.current);
}

function isFlat({ current, range }: Pauses, rate: number): boolean {
  return range <= FLAT_SHARE * rate * current;
}
