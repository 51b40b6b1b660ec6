/**
 * How memory moves: functions from hours to percentage points of memory, to be added up. Hour 0 is the time of the fleet and hours
 * before it are negative, so that a scenario does not depend on the hour of the day at which it is set.
 */
import { smoothNoiseAt, uniformAt } from './random.ts';

export type Shape = (hour: number) => number;

const DAY = 24;
const WEEK = 7 * DAY;

export function sum(...shapes: readonly Shape[]): Shape {
  return (hour) => {
    let total = 0;
    for (const shape of shapes) total += shape(hour);
    return total;
  };
}

/** One shape until `hour`, another from then on. */
export function switchAt(at: number, before: Shape, after: Shape): Shape {
  return (hour) => (hour < at ? before(hour) : after(hour));
}

export function flat(level: number): Shape {
  return () => level;
}

/**
 * What every host does: jitter from minute to minute, drift over a third of an hour and over some hours. `size` is
 * about its greatest.
 */
export function noise(seed: number, size: number): Shape {
  return (hour) =>
    size *
    (0.3 * (2 * uniformAt(seed, Math.round(hour * 60)) - 1) +
      0.35 * smoothNoiseAt(seed + 1, hour * 3) +
      0.35 * smoothNoiseAt(seed + 2, hour / 5));
}

/** Rises without end by `perHour` from an hour on. */
export function linear({ from, perHour }: { from: number; perHour: number }): Shape {
  return (hour) => Math.max(0, hour - from) * perHour;
}

/** Rises by `perHour` from an hour on, falls by all of `height` when it has risen so far, and begins again. */
export function fillingAgain({ from, perHour, height }: { from: number; perHour: number; height: number }): Shape {
  return (hour) => (hour < from ? 0 : modulo((hour - from) * perHour, height));
}

/** Doubles every `doubling` hours, and has added `atZero` at hour 0. */
export function exponential({ from, doubling, atZero }: { from: number; doubling: number; atZero: number }): Shape {
  const offset = 2 ** (from / doubling);
  return (hour) => (hour < from ? 0 : (atZero * (2 ** (hour / doubling) - offset)) / (1 - offset));
}

/** Jumps by `step` every `every` hours and keeps it. */
export function staircase({ from, every, step }: { from: number; every: number; step: number }): Shape {
  return (hour) => Math.max(0, Math.floor((hour - from) / every)) * step;
}

/** Climbs by `height` and falls back at once, as a garbage-collected heap does. */
export function sawtooth({ every, height }: { every: number; height: number }): Shape {
  return (hour) => (modulo(hour, every) / every) * height;
}

/**
 * Grows by `perHour` on average in small grains of irregular size, as a fragmenting allocator does: pages that are never
 * handed back. Grains are laid per quarter of an hour over the 60 days around hour 0.
 */
export function creep({ from, perHour, seed }: { from: number; perHour: number; seed: number }): Shape {
  const grains = new Float64Array(60 * DAY * 4);
  for (let i = 1; i < grains.length; i++) {
    // One in four is something, a square of a uniform is 1/3 on average, and 12 makes that 1.
    const grain = uniformAt(seed, 2 * i) < 0.25 ? uniformAt(seed, 2 * i + 1) ** 2 * 12 : 0;
    grains[i] = (grains[i - 1] ?? 0) + (grain * perHour) / 4;
  }
  return (hour) => grains[Math.min(grains.length - 1, Math.max(0, Math.round((hour - from) * 4)))] ?? 0;
}

/** Rises by `height` and levels off: two thirds of it within `settle` hours. Warm-ups and caches that fill. */
export function saturating({ from, height, settle }: { from: number; height: number; settle: number }): Shape {
  return (hour) => (hour < from ? 0 : height * (1 - Math.exp((from - hour) / settle)));
}

/** Rises evenly by `height` from one hour to another and holds. */
export function ramp({ from, to, height }: { from: number; to: number; height: number }): Shape {
  return (hour) => height * Math.min(1, Math.max(0, (hour - from) / (to - from)));
}

/** A daily hump of `height`, at its top at `peak` (an hour of any day). */
export function daily({ peak, height }: { peak: number; height: number }): Shape {
  return (hour) => (height * (1 + Math.cos((2 * Math.PI * (hour - peak)) / DAY))) / 2;
}

/** The daily hump, on the five days after `monday` (the hour at which a week begins) and not on the two after them. */
export function workdays({ monday, peak, height }: { monday: number; peak: number; height: number }): Shape {
  const hump = daily({ peak, height });
  return (hour) => (modulo(hour - monday, WEEK) < 5 * DAY ? hump(hour) : 0);
}

/** A job that runs at `at` every day for `lasts` hours. */
export function batch({ at, lasts, height }: { at: number; lasts: number; height: number }): Shape {
  return (hour) => (modulo(hour - at, DAY) < lasts ? height : 0);
}

/** Rounds to multiples of a step, as some agents do. */
export function rounded(step: number, shape: Shape): Shape {
  return (hour) => Math.round(shape(hour) / step) * step;
}

function modulo(value: number, period: number): number {
  return value - Math.floor(value / period) * period;
}
