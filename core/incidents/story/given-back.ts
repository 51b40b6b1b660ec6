/** Whether a leak's memory was given back at once, as by a restart, a kill or a deployment. */
import { type Floors, HOUR_MS, type Verdicts } from './facts.ts';
import type { Growing } from './growth.ts';
import { highest, hourAt, lowest, medianOf } from './levels.ts';

/** Hours that the memory has to stay given back: a process that restarts beside it is no end. */
const STAYS_HOURS = 2;
/** It falls below everything of so many hours at the most. */
const BELOW_HOURS = 24;
/** … and of this share of its age. */
const AGE_SHARE = 0.5;
/** Share of the growth that is gone. */
const GONE_SHARE = 0.5;
/** The least fall, in points: less is noise. */
const LEAST_POINTS = 4;
/** A host that fell so this often in its lookback window has a collector: its falls come in hours … */
const COLLECTOR_FALLS = 3;
/** … of at least this share of this fall, … */
const ALIKE_SHARE = 0.5;
/** … and so they have to go below what a collection leaves behind. */
const COLLECTOR_POINTS = 3;
/** A kill leaves as much as the kills before did, within this share of its fall; what a collector leaves rises with the leak. */
const RESTARTED_SHARE = 0.2;

export function isGivenBack(story: Growing, { floors, at }: Verdicts): boolean {
  const { since, base } = story.growth;
  const { hourly } = floors;
  const fallAt = hourly.length - STAYS_HOURS;
  if (fallAt < 1) return false;
  const now = highest(hourly, fallAt, hourly.length);
  const age = (at - since) / HOUR_MS;
  const recent = hourly.subarray(Math.max(0, fallAt - Math.max(1, Math.min(BELOW_HOURS, age * AGE_SHARE))), fallAt);
  const held = medianOf(recent);
  if (!(held - now >= LEAST_POINTS && now <= held - (held - base) * GONE_SHARE)) return false;
  const collects = fallsAlike(floors, fallAt).filter(isCollectionOf(story, floors, fallAt)).length >= COLLECTOR_FALLS;
  const hours = collects ? BELOW_HOURS : Math.min(BELOW_HOURS, Math.max(1, age * AGE_SHARE));
  return now < lowest(hourly, fallAt - Math.floor(hours), fallAt) - (collects ? COLLECTOR_POINTS : 0);
}

/** How far the floors fell at an hour, and stayed. */
function fallOf(hourly: Float64Array, index: number): number {
  return highest(hourly, index - STAYS_HOURS, index) - highest(hourly, index, index + STAYS_HOURS);
}

/** The hours before at which the floors fell like that. */
function fallsAlike({ hourly }: Floors, fallAt: number): number[] {
  const least = Math.max(LEAST_POINTS, fallOf(hourly, fallAt) * ALIKE_SHARE);
  const falls: number[] = [];
  for (let i = 1; i + STAYS_HOURS <= fallAt - STAYS_HOURS; i++) {
    if (fallOf(hourly, i) < least) continue;
    falls.push(i);
    i += STAYS_HOURS;
  }
  return falls;
}

/**
 * Whether a fall before may be a collector's. It may not where it lies within earlier cycles that kills ended, and this fall too takes the
 * memory back to where they began: a host that is killed twice a day would fall as often as one whose collector runs so, and the next kill
 * would be no end.
 */
function isCollectionOf({ firstAt, ended }: Growing, floors: Floors, fallAt: number): (fall: number) => boolean {
  if (ended?.how !== 'memory_given_back') return () => true;
  const { hourly } = floors;
  const [first, last] = [hourAt(floors, firstAt), hourAt(floors, ended.at)];
  const restarted = lowest(hourly, first, fallAt) + RESTARTED_SHARE * fallOf(hourly, fallAt);
  const isKill = highest(hourly, fallAt, hourly.length) <= restarted;
  return (fall) => !isKill || fall < first || fall >= last;
}
