/** Hosts of 30 to 60 days that are evaluated over weeks: weekly habits, monthly jobs, plateaus after restarts, and slow leaks. */
import { type BenchSeries, HOUR_S } from '../data.ts';
import { pickFrom, type Random, within } from '../random.ts';
import type { Base } from '../train/bases.ts';
import { readings } from '../train/inject.ts';
import { HEALTHY } from './host.ts';
import { drawMovement } from './movement.ts';

/** Seconds between samples: what a detector receives are minima of as much. */
const STEP_S = 900;
const PER_HOUR = HOUR_S / STEP_S;
const PER_DAY = 24 * PER_HOUR;
/** Of the movements, which have a sample every five minutes. */
const MOVES_PER_STEP = 3;

/** Days before the first evaluated hour. */
const HISTORY_DAYS = 10;
const LEAK_SHARE = 0.4;
/** Points an hour, and days that it grows. */
const RATES = [0.02, 0.2] as const;
const GROWS_DAYS = [10, 40] as const;
/** Points that a leak of weeks grows at the most: where it would grow more, it is slower or ends sooner. */
const MOST_GROWN = 60;

type Added = (index: number) => number;

/** What happens over weeks to hosts that do not leak. `days` is how long the host is known. */
const SLOW_EVENTS: Readonly<Record<string, (days: number, random: Random) => Added>> = {
  weekly: (_, random) => {
    const height = within(random, 2, 15);
    const firstDay = Math.floor(random() * 7);
    const ramp = within(random, 0.1, 1.5);
    return (index) => {
      const day = (index / PER_DAY + firstDay) % 7;
      return height * Math.min(1, Math.max(0, Math.min(day / ramp, (5 - day) / ramp)));
    };
  },
  // Once a month for one to four days.
  monthlyJob: (days, random) => {
    const height = within(random, 4, 25);
    const first = within(random, 5, days - 3);
    const lasts = within(random, 1, 4);
    const ramp = within(random, 0.2, 1.2);
    return (index) => {
      const day = (index / PER_DAY - first + 300) % 30;
      return height * Math.min(1, Math.max(0, Math.min(day / ramp, (lasts - day) / ramp)));
    };
  },
  // Restarted every so often, and filled again to the same plateau within days.
  plateaus: (_, random) => {
    const depth = within(random, 5, 30);
    const every = within(random, 5, 18);
    const fills = within(random, 0.3, 2);
    const offset = within(random, 0, every);
    return (index) => -depth * Math.exp(-((index / PER_DAY + offset) % every) / fills);
  },
  // A cache that takes weeks to fill, and then is full.
  slowFill: (days, random) => {
    const height = within(random, 3, 15);
    const at = within(random, -5, days - 15);
    const fills = within(random, 1, 4);
    return (index) => Math.max(0, height * (1 - Math.exp(-(index / PER_DAY - at) / fills)));
  },
  steps: (days, random) => {
    const steps = Array.from({ length: 1 + Math.floor(random() * 3) }, () => ({
      from: within(random, 0, days) * PER_DAY,
      height: within(random, -8, 12),
    }));
    return (index) => steps.reduce((sum, { from, height }) => sum + (index >= from ? height : 0), 0);
  },
  // More load for some weeks, and less again.
  bulge: (days, random) => {
    const height = within(random, 3, 12);
    const middle = within(random, 8, days);
    const width = within(random, 2, 7);
    return (index) => height * Math.exp(-(((index / PER_DAY - middle) / width) ** 2) / 2);
  },
};

/** Times are indices of samples. */
interface SlowLeak {
  readonly onset: number;
  readonly stop: number;
  /** Points after so many hours. */
  readonly grown: (hours: number) => number;
  /** Whether the memory is given back at the stop; else it stays held. */
  readonly isReleased: boolean;
  readonly shape: string;
  readonly rate: number;
}

/** `count` hosts; the same name and chance give the same hosts. */
export function drawWeeks(name: string, count: number, pool: () => readonly Base[], random: Random): BenchSeries[] {
  return Array.from({ length: count }, (_, number) => drawHost(`${name}-${number}`, pool(), random));
}

function drawHost(id: string, pool: readonly Base[], random: Random): BenchSeries {
  const days = Math.round(within(random, 30, 60));
  const length = days * PER_DAY;
  const movement = drawMovement(pool, length * MOVES_PER_STEP, id, random);
  const deviation = Math.min(4, Math.max(0.1, movement.deviation));
  const level = within(random, 15, 60);
  const names = [
    ...new Set(
      Array.from({ length: pickFrom(random, [0, 1, 1, 2, 2]) }, () => pickFrom(random, Object.keys(SLOW_EVENTS))),
    ),
  ];
  const events = names.map((event) => SLOW_EVENTS[event]?.(days, random) ?? (() => 0));
  const healthy = Float64Array.from({ length }, (_, index) => {
    if (movement.isMissing(index * MOVES_PER_STEP)) return Number.NaN;
    const load = deviation * leastOf(movement.values, index * MOVES_PER_STEP);
    return events.reduce((sum, added) => sum + added(index), level + load);
  });
  const leak = random() < LEAK_SHARE ? drawSlowLeak(days, random) : null;
  const { values, truth } = leak === null ? { values: healthy, truth: HEALTHY } : leaked(healthy, leak);
  return {
    id,
    base: movement.hosts.join('+'),
    baseKind: 'weeks',
    step: STEP_S,
    start: new Date(END - length * STEP_S * 1000).toISOString(),
    evalFrom: HISTORY_DAYS * 24 * HOUR_S,
    overlays: names,
    ...truth,
    leaker: null,
    shared: false,
    fleetWide: null,
    v: readings(values, random),
  };
}

/** When all of them end. */
const END = Date.UTC(2026, 1, 28);

function leastOf(values: Float64Array, from: number): number {
  return Math.min(...values.subarray(from, from + MOVES_PER_STEP));
}

function drawSlowLeak(days: number, random: Random): SlowLeak {
  const [low, high] = RATES;
  const rate = Math.exp(within(random, Math.log(low), Math.log(high)));
  const longest = Math.min(GROWS_DAYS[1], MOST_GROWN / rate / 24, days - 2);
  const lasts = within(random, GROWS_DAYS[0], Math.max(GROWS_DAYS[0], longest));
  const onset = Math.round(within(random, 2, Math.max(2, days - lasts)) * PER_DAY);
  const stop = Math.min(days * PER_DAY, onset + Math.round(lasts * PER_DAY));
  const shape = pickFrom(random, Object.keys(SLOW_SHAPES));
  const grown = SLOW_SHAPES[shape]?.(rate, lasts * 24, random) ?? (() => 0);
  return { shape, rate, grown, onset, stop, isReleased: random() < 0.6 };
}

/** Points after so many hours, of a leak that lasts `lasts` hours. */
const SLOW_SHAPES: Readonly<
  Record<string, (rate: number, lasts: number, random: Random) => (hours: number) => number>
> = {
  linear: (rate) => (hours) => rate * hours,
  exponential: (rate, lasts, random) => {
    const bend = within(random, 1, 2.5);
    return (hours) => (rate * lasts * Math.expm1((bend * hours) / lasts)) / Math.expm1(bend);
  },
  creep: (rate, lasts, random) => {
    const power = within(random, 0.6, 0.9);
    return (hours) => rate * lasts * (hours / lasts) ** power;
  },
  staircase: (rate, _, random) => {
    const every = within(random, 8, 36);
    return (hours) => rate * every * Math.floor(hours / every);
  },
  sawtooth: (rate, _, random) => {
    const height = within(random, 1, 6);
    const every = within(random, 2, 30);
    return (hours) => rate * hours + (height * (hours % every)) / every;
  },
  load: (rate, _, random) => {
    const swing = within(random, 0.4, 1);
    return (hours) => rate * (hours - ((24 * swing) / (2 * Math.PI)) * Math.sin((2 * Math.PI * hours) / 24));
  },
};

function leaked(healthy: Float64Array, { onset, stop, grown, isReleased, shape, rate }: SlowLeak) {
  const values = healthy.map((value, index) => {
    if (index < onset || (isReleased && index >= stop)) return value;
    return value + grown((Math.min(index, stop) - onset) / PER_HOUR);
  });
  const full = values.findIndex((value) => value >= 100);
  const isEnded = isReleased && stop < values.length;
  return {
    values,
    truth: {
      label: 'leak',
      shape,
      tier: 'slow',
      rate,
      onset: onset * STEP_S,
      // Memory that is still held stays unclear for hours after the stop; what was given back is healthy at once.
      stop: isReleased ? null : stop * STEP_S,
      active: [[onset * STEP_S, stop * STEP_S]],
      resets: isEnded ? [stop * STEP_S] : [],
      sat: full < 0 ? [] : [[full * STEP_S, values.length * STEP_S]],
    } as const,
  };
}
