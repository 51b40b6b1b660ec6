/** Whether a leak's memory was given back at once, as by a restart, a kill or a deployment. */
import type { Growth } from '../../model/story.ts';
import { HOUR_MS, type Verdicts } from './facts.ts';
import { highest, lowest, medianOf } from './levels.ts';

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

export function isGivenBack({ since, base }: Growth, { floors, at }: Verdicts): boolean {
  const { hourly } = floors;
  const fallAt = hourly.length - STAYS_HOURS;
  if (fallAt < 1) return false;
  const now = highest(hourly, fallAt, hourly.length);
  const age = (at - since) / HOUR_MS;
  const recent = hourly.subarray(Math.max(0, fallAt - Math.max(1, Math.min(BELOW_HOURS, age * AGE_SHARE))), fallAt);
  const held = medianOf(recent);
  if (!(held - now >= LEAST_POINTS && now <= held - (held - base) * GONE_SHARE)) return false;
  const fall = fallOf(hourly, fallAt);
  const collects = fallsBefore(hourly, fallAt, fall * ALIKE_SHARE) >= COLLECTOR_FALLS;
  const hours = collects ? BELOW_HOURS : Math.min(BELOW_HOURS, Math.max(1, age * AGE_SHARE));
  return now < lowest(hourly, fallAt - Math.floor(hours), fallAt) - (collects ? COLLECTOR_POINTS : 0);
}

/** How far the floors fell at an hour, and stayed. */
function fallOf(hourly: Float64Array, index: number): number {
  return highest(hourly, index - STAYS_HOURS, index) - highest(hourly, index, index + STAYS_HOURS);
}

/** How often the floors fell by so many points before. */
function fallsBefore(hourly: Float64Array, end: number, least: number): number {
  let falls = 0;
  for (let i = 1; i + STAYS_HOURS <= end - STAYS_HOURS; i++) {
    if (fallOf(hourly, i) < Math.max(least, LEAST_POINTS)) continue;
    falls++;
    i += STAYS_HOURS;
  }
  return falls;
}
