/**
 * Healthy hosts of 30 to 60 days at 15 minutes, to make leaks of weeks on: recorded hosts, lengthened where they are shorter and added
 * up, and plain inventions. Values are percent of capacity.
 */
import { gaussian, pickFrom, type Random, within } from './random.ts';
import type { Base } from './train/bases.ts';

export const WEEKS_STEP_S = 900;
export const PER_DAY = 96;
const FINE_PER_STEP = 3;

/** A recorded host as 15-minute minima; NaN where samples are missing. */
export function minimaOf({ values, ...base }: Base): Base {
  const minima = Float64Array.from({ length: Math.floor(values.length / FINE_PER_STEP) }, (_, index) => {
    const known = values.subarray(index * FINE_PER_STEP, (index + 1) * FINE_PER_STEP).filter((v) => !Number.isNaN(v));
    return known.length === 0 ? Number.NaN : Math.min(...known);
  });
  return { ...base, values: minima };
}

/** A host of so many days, and of whom it was made. `pool` has bases of `minimaOf`, each at least five days long. */
export function weeksBase(pool: readonly Base[], days: number, name: string, random: Random): Base {
  const level = within(random, 8, 55);
  const kind = random();
  if (kind < 0.3) return lengthened(pickFrom(random, pool), days, level, within(random, 0.3, 1.3), random);
  if (kind < 0.6) return addedUp(pool, days, level, random);
  return invented(days, level, name, random);
}

/** Runs of four to all days of the host, one after the other, each at the level where the one before ended. */
function lengthened({ hosts, values }: Base, days: number, level: number, size: number, random: Random): Base {
  const length = Math.round(days * PER_DAY);
  const has = Math.floor(values.length / PER_DAY);
  const out = new Float64Array(length);
  for (let at = 0; at < length; ) {
    const run = Math.min(has, Math.floor(within(random, 4, has + 1)));
    const from = Math.floor(random() * (has - run + 1)) * PER_DAY;
    const part = values.subarray(from, from + run * PER_DAY);
    const middle = medianOf(part);
    for (let i = 0; i < part.length && at < length; i++) out[at++] = level + ((part[i] ?? Number.NaN) - middle) * size;
  }
  return { hosts, kind: 'lengthened', values: out };
}

function addedUp(pool: readonly Base[], days: number, level: number, random: Random): Base {
  const count = 2 + Math.floor(random() * 5);
  const parts = Array.from({ length: count }, () => {
    return lengthened(pickFrom(random, pool), days, 0, within(random, 0.3, 1.2), random);
  });
  const values = Float64Array.from({ length: Math.round(days * PER_DAY) }, (_, index) => {
    return level + parts.reduce((sum, part) => sum + (part.values[index] ?? Number.NaN), 0) / count;
  });
  return { hosts: [...new Set(parts.flatMap(({ hosts }) => hosts))], kind: 'added up', values };
}

/** A level with noise of two kinds: of hours, and of days. */
function invented(days: number, level: number, name: string, random: Random): Base {
  const noise = random() < 0.2 ? 0 : 10 ** within(random, -2, 0.2);
  const memory = within(random, 0.3, 0.98);
  const slowNoise = random() < 0.3 ? 0 : 10 ** within(random, -1.5, 0.3);
  const slowMemory = 1 - 1 / (within(random, 0.5, 6) * PER_DAY);
  let [fast, slow] = [0, 0];
  const values = Float64Array.from({ length: Math.round(days * PER_DAY) }, () => {
    fast = memory * fast + Math.sqrt(1 - memory * memory) * noise * gaussian(random);
    slow = slowMemory * slow + Math.sqrt(1 - slowMemory * slowMemory) * slowNoise * gaussian(random);
    return level + fast + slow;
  });
  return { hosts: [`invented/${name}`], kind: 'invented', values };
}

function medianOf(values: Float64Array): number {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  return known[known.length >> 1] ?? 0;
}
