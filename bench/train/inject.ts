/**
 * Series with known truth, made to learn from: a healthy host, something harmless that happens to it, and in two of
 * five a leak. There are far more ways to be healthy or to leak than the recorded examples show.
 */
import { type BenchSeries, HOUR_S } from '../data.ts';
import { gaussian, pickFrom, type Random, within } from '../random.ts';
import { type Base, drawBase, STEP_S } from './bases.ts';

const PER_HOUR = HOUR_S / STEP_S;
/** The part at the end that windows are taken from. */
const EVALUATED_HOURS = 72;
const LEAK_SHARE = 0.4;
const CAP = 100;

/** What is added to a base, by sample. `at` is where it begins, or its middle, as an index. */
export type Overlay = (length: number, at: number, random: Random) => (index: number) => number;

/** What happens to hosts that do not leak. */
export const HARMLESS: Readonly<Record<string, Overlay>> = {
  cachefill: (_, at, random) => {
    const height = within(random, 2, 30);
    const hours = within(random, 1, 16) * PER_HOUR;
    return (index) => (index < at ? 0 : height * (1 - Math.exp(-(index - at) / hours)));
  },
  // A fill that ends all at once, as one that reads a file of known size does.
  bounded: (_, at, random) => {
    const height = within(random, 2, 25);
    const hours = within(random, 2, 14) * PER_HOUR;
    return (index) => height * Math.min(1, Math.max(0, (index - at) / hours));
  },
  rampAndHold: (_, at, random) => {
    const height = within(random, 2, 25);
    const ramp = within(random, 0.5, 5) * PER_HOUR;
    const hold = within(random, 6, 40) * PER_HOUR;
    return (index) => height * Math.min(1, Math.max(0, Math.min((index - at) / ramp, (at + hold - index) / ramp)));
  },
  steps: (length, at, random) => {
    const steps = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, number) => ({
      from: number === 0 ? at : within(random, at, length),
      height: within(random, -10, 15),
    }));
    return (index) => steps.reduce((sum, { from, height }) => sum + (index >= from ? height : 0), 0);
  },
  daily: (_, at, random) => {
    const height = within(random, 2, 12);
    const sharpness = random() < 0.5 ? 1 : within(random, 2, 8);
    return (index) => height * ((1 + Math.sin((2 * Math.PI * (index - at)) / (24 * PER_HOUR))) / 2) ** sharpness;
  },
  batch: (_, at, random) => {
    const height = within(random, 2, 15);
    const every = pickFrom(random, [1, 2, 6, 12, 24]) * PER_HOUR;
    const lasts = every * within(random, 0.2, 0.8);
    return (index) => ((((index - at) % every) + every) % every < lasts ? height : 0);
  },
  restart: (_, at, random) => {
    const depth = within(random, 3, 15);
    const hours = within(random, 0.3, 6) * PER_HOUR;
    return (index) => (index < at ? 0 : -depth * Math.exp(-(index - at) / hours));
  },
  collector: (_, at, random) => {
    const height = within(random, 1, 15);
    const every = within(random, 0.3, 10) * PER_HOUR;
    return (index) => height * (((((index - at) % every) + every) % every) / every);
  },
  wandering: (length, _, random) => {
    const noise = within(random, 0.3, 3);
    const memory = 1 - 1 / within(random, 12, 200);
    const levels = new Float64Array(length);
    for (let i = 1; i < length; i++) {
      levels[i] = memory * (levels[i - 1] ?? 0) + Math.sqrt(1 - memory * memory) * noise * gaussian(random);
    }
    return (index) => levels[index] ?? 0;
  },
};

/** Growth after so many hours, in percentage points, at `rate` points per hour on the mean. */
export type Leak = (rate: number, random: Random) => (hours: number) => number;

export const LEAKS: Readonly<Record<string, Leak>> = {
  linear: (rate) => (hours) => rate * hours,
  exponential: (rate, random) => {
    const bend = within(random, 1, 4);
    const span = within(random, 12, 60);
    return (hours) => (rate * span * Math.expm1((bend * hours) / span)) / Math.expm1(bend);
  },
  creep: (rate, random) => {
    const span = within(random, 12, 60);
    const power = within(random, 0.5, 0.9);
    return (hours) => rate * span * (hours / span) ** power;
  },
  staircase: (rate, random) => jumps(rate, within(random, 1, 6), within(random, 0.2, 0.6), random),
  bursts: (rate, random) => jumps(rate, within(random, 0.3, 2), 1, random),
  sawtooth: (rate, random) => {
    const height = within(random, 1, 10);
    const every = within(random, 0.3, 6);
    return (hours) => rate * hours + (height * (hours % every)) / every;
  },
  load: (rate, random) => {
    const phase = within(random, 0, 24);
    const swing = within(random, 0.4, 1);
    const turn = (hours: number) => Math.sin((2 * Math.PI * (hours + phase)) / 24);
    return (hours) => rate * (hours - ((24 * swing) / (2 * Math.PI)) * (turn(hours) - turn(0)));
  },
};

const LONGEST_LEAK_HOURS = 200;

/** Jumps of varying height, so many hours apart on the mean. */
function jumps(rate: number, hoursApart: number, spread: number, random: Random): (hours: number) => number {
  const levels = new Float64Array(LONGEST_LEAK_HOURS * PER_HOUR);
  let next = 0;
  let level = 0;
  for (let i = 0; i < levels.length; i++) {
    if (i >= next) {
      level += rate * hoursApart * within(random, 1 - spread, 1 + spread);
      next = i + hoursApart * PER_HOUR * within(random, 1 - spread, 1 + spread);
    }
    levels[i] = level;
  }
  return (hours) => levels[Math.min(levels.length - 1, Math.floor(hours * PER_HOUR))] ?? 0;
}

/** Percentage points per hour. */
export const TIERS = { slow: [0.06, 0.4], medium: [0.4, 2], fast: [2, 8] } as const;

/** `count` series on hosts of the pool; the same name and chance give the same series. */
export function injected(name: string, pool: readonly Base[], count: number, random: Random): BenchSeries[] {
  return Array.from({ length: count }, (_, number) => {
    const base = drawBase(pool, within(random, 5, 12), `${name}-${number}`, random);
    const evaluatedFrom = base.values.length - EVALUATED_HOURS * PER_HOUR;
    const names = happening(random);
    const overlays = names.map((name) => {
      const at = Math.round(evaluatedFrom + within(random, -12, EVALUATED_HOURS - 2) * PER_HOUR);
      return HARMLESS[name]?.(base.values.length, at, random) ?? (() => 0);
    });
    const healthy = base.values.map((value, index) => overlays.reduce((sum, overlay) => sum + overlay(index), value));
    const about = { id: `${name}-${number}`, base: base.hosts.join('+'), baseKind: base.kind, overlays: names };
    return random() < LEAK_SHARE
      ? { ...about, ...withLeak(healthy, evaluatedFrom, random) }
      : { ...about, ...HEALTHY, evalFrom: evaluatedFrom * STEP_S, v: readings(healthy, random) };
  });
}

const HEALTHY = {
  step: STEP_S,
  label: 'healthy',
  shape: 'none',
  tier: 'none',
  onset: null,
  stop: null,
  active: [],
  sat: [],
  resets: [],
} as const;

/** Nothing, one thing or two. */
function happening(random: Random): string[] {
  const names = Object.keys(HARMLESS);
  const count = pickFrom(random, [0, 1, 1, 1, 2]);
  return [...new Set(Array.from({ length: count }, () => pickFrom(random, names)))];
}

/** How long before the evaluated part a leak may have begun: the slower, the longer. Hours. */
export const EARLIEST = { slow: -60, medium: -30, fast: -4 } as const;
const LATEST_HOURS = 44;
/** Leaks that end before the series does: somebody restarted or mended what leaked. */
const STOPPED_SHARE = 0.25;

function withLeak(healthy: Float64Array, evaluatedFrom: number, random: Random) {
  const shape = pickFrom(random, Object.keys(LEAKS));
  const tier = pickFrom(random, ['slow', 'medium', 'medium', 'fast'] as const);
  const [low, high] = TIERS[tier];
  const rate = Math.exp(within(random, Math.log(low), Math.log(high)));
  const grown = LEAKS[shape]?.(rate, random) ?? (() => 0);
  const begun = evaluatedFrom + within(random, EARLIEST[tier], LATEST_HOURS) * PER_HOUR;
  const onset = Math.max(PER_HOUR, Math.round(begun));
  const restartsAtCap = random() < 0.5;
  const stop = random() < STOPPED_SHARE ? Math.round(within(random, onset, healthy.length)) : healthy.length;
  const isReleased = random() < 0.5;
  const { values, ...truth } = leaking(healthy, { onset, stop, grown, restartsAtCap, isReleased });
  // Memory that was released before it was full is healthy at once. Memory that is still held stays unclear for hours:
  // `stop` marks that time.
  const times = { onset: onset * STEP_S, stop: isReleased ? null : stop * STEP_S, evalFrom: evaluatedFrom * STEP_S };
  return { step: STEP_S, label: 'leak', shape, tier, ...times, ...truth, v: readings(values, random) } as const;
}

export interface LeakPlan {
  /** Indices of samples. */
  readonly onset: number;
  readonly stop: number;
  /** Percentage points after so many hours. */
  readonly grown: (hours: number) => number;
  /** Whether the process is restarted when memory is full; else memory stays full. */
  readonly restartsAtCap: boolean;
  /** Whether the memory is given back at the stop; else it stays held. */
  readonly isReleased: boolean;
}

/** The values of a host that leaks, and what is true of it, in seconds. */
export function leaking(healthy: Float64Array, { onset, stop, grown, restartsAtCap, isReleased }: LeakPlan) {
  const values = Float64Array.from(healthy);
  const active: [number, number][] = [];
  const resets: number[] = [];
  let full: number | null = null;
  let from = onset;
  for (let i = onset; i < (isReleased ? stop : values.length); i++) {
    const value = (healthy[i] ?? Number.NaN) + grown((Math.min(i, stop) - from) / PER_HOUR);
    values[i] = value;
    if (i >= stop || !(value >= CAP)) continue;
    // A host that is full without the leak is not helped by restarts.
    if (!restartsAtCap || i - from < PER_HOUR) {
      full ??= i;
      continue;
    }
    active.push([from * STEP_S, i * STEP_S]);
    resets.push(i * STEP_S);
    from = i;
  }
  active.push([from * STEP_S, stop * STEP_S]);
  const sat = full === null ? [] : [[full * STEP_S, values.length * STEP_S]];
  return { values, active, resets, sat };
}

/** As a collector would report them: rounded, within bounds, some of them missing. */
export function readings(values: Float64Array, random: Random): (number | null)[] {
  const resolution = pickFrom(random, [0.01, 0.01, 0.1, 1]);
  const missing = random() < 0.2 ? within(random, 0, 0.1) : 0;
  const gapAt = random() < 0.15 ? Math.floor(random() * values.length) : Infinity;
  const gapEnd = gapAt + within(random, 0.5, 6) * PER_HOUR;
  return Array.from(values, (value, index) => {
    if (Number.isNaN(value) || random() < missing || (index >= gapAt && index < gapEnd)) return null;
    return Math.min(CAP, Math.max(0, Math.round(value / resolution) * resolution));
  });
}
