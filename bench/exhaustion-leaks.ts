/**
 * Leaks that reach their limit, made on recorded and invented hosts with peaks of their own. Half of them have a rate as the other
 * series of the bench do and are followed for three days; the others fill their host within a drawn time, of up to two weeks.
 */
import { type BenchSeries, HOUR_S } from './data.ts';
import { pickFrom, type Random, randomFrom, within } from './random.ts';
import { type Base, drawBase, STEP_S } from './train/bases.ts';

const PER_HOUR = HOUR_S / STEP_S;

export interface FillingLeak {
  readonly series: BenchSeries;
  /** Seconds from the start of the series to the first sample at the limit. */
  readonly fullAt: number;
}

/** Percent of capacity: a host may be full, or be killed, a little before 100 %. */
export type Limits = readonly [lowest: number, highest: number];

/** Growth after so many hours, in hours of mean growth. */
type Growth = (hours: number) => number;

/** `span` is about how many hours it takes to fill the host. */
type Shape = (span: number, random: Random) => Growth;

const SHAPES: Readonly<Record<string, Shape>> = {
  linear: () => (hours) => hours,
  exponential: (span, random) => {
    const bend = within(random, 1.2, 4.5);
    return (hours) => (span * Math.expm1((bend * hours) / span)) / Math.expm1(bend);
  },
  creep: (span, random) => {
    const power = within(random, 0.45, 0.9);
    return (hours) => span * (hours / span) ** power;
  },
  staircase: (span, random) => {
    const apart = logWithin(random, 0.5, Math.max(1, Math.min(8, span / 5)));
    const spread = within(random, 0.05, 0.6);
    const even = () => apart * within(random, 1 - spread, 1 + spread);
    return inSteps(span, even, even);
  },
  sawtooth: () => (hours) => hours,
  load: (_, random) => {
    const phase = within(random, 0, 24);
    const swing = within(random, 0.4, 1);
    const turn = (hours: number) => Math.sin((2 * Math.PI * (hours + phase)) / 24);
    return (hours) => hours - ((24 * swing) / (2 * Math.PI)) * (turn(hours) - turn(0));
  },
  bursty: (span, random) => {
    const apart = logWithin(random, 0.3, Math.max(0.6, Math.min(6, span / 6)));
    const uneven = () => -Math.log(1 - random()) * apart;
    return inSteps(span, uneven, uneven);
  },
};
export const SHAPE_NAMES: readonly string[] = Object.keys(SHAPES);

/** A level that rises by `height` every `apart` hours, for three times the span. */
function inSteps(span: number, apart: () => number, height: () => number): Growth {
  const times = [0];
  const levels = [0];
  for (let [time, level] = [0, 0]; time < 3 * span; ) {
    time += apart() + 0.001;
    level += height();
    times.push(time);
    levels.push(level);
  }
  return (hours) => levels[times.findLastIndex((time) => time <= hours)] ?? 0;
}

function logWithin(random: Random, low: number, high: number): number {
  return Math.exp(within(random, Math.log(low), Math.log(high)));
}

/** `count` leaks, as many of each shape, on hosts of the pool. The same seed gives the same leaks. */
export function fillingLeaks(pool: readonly Base[], count: number, seed: number, limits: Limits): FillingLeak[] {
  const random = randomFrom(seed);
  const leaks: FillingLeak[] = [];
  for (let tried = 0; leaks.length < count; tried++) {
    const shape = SHAPE_NAMES[leaks.length % SHAPE_NAMES.length] ?? 'linear';
    const leak = fillingLeak(pool, `filling-${seed}-${tried}`, shape, within(random, limits[0], limits[1]), random);
    if (leak !== null) leaks.push(leak);
  }
  return leaks;
}

/** A leak is followed for so many hours before it may be called one. */
const LEAST_LEAK_HOURS = 4;

/** Null where what was drawn does not fill the host while the series lasts. */
function fillingLeak(pool: readonly Base[], id: string, shape: string, limit: number, random: Random) {
  const base = drawBase(pool, within(random, 5, 20), id, random);
  const values = base.values.map(peaksOf(random));
  const plan = planOf(limit - middleOf(values), values.length / PER_HOUR, shape, random);
  if (plan === null) return null;
  const onset = Math.round(plan.onset * PER_HOUR);
  const growth = SHAPES[shape]?.(plan.span, random) ?? Number;
  const teeth = shape === 'sawtooth' ? { height: within(random, 1, 10), hours: within(random, 0.3, 6) } : null;
  const start = growth(0);
  let full = -1;
  for (let i = onset; i < values.length && full < 0; i++) {
    const hours = (i - onset) / PER_HOUR;
    const tooth = teeth === null ? 0 : (teeth.height * (hours % teeth.hours)) / teeth.hours;
    values[i] = (values[i] ?? Number.NaN) + plan.rate * (growth(hours) - start) + tooth;
    if ((values[i] ?? 0) >= limit) full = i;
  }
  if (full < Math.max(onset + LEAST_LEAK_HOURS * PER_HOUR, (plan.from + 1) * PER_HOUR)) return null;
  const resolution = pickFrom(random, [0.01, 0.01, 0.1, 1]);
  const readings = Array.from(values.subarray(0, full + 1), (value) =>
    Number.isNaN(value) ? null : Math.min(limit, Math.max(0, Math.round(value / resolution) * resolution)),
  );
  const times = { onset: onset * STEP_S, evalFrom: Math.round(plan.from * HOUR_S), active: [[onset, full]] as const };
  return { series: seriesOf(id, base, shape, plan.rate, readings, times), fullAt: full * STEP_S };
}

function seriesOf(
  id: string,
  base: Base,
  shape: string,
  rate: number,
  v: readonly (number | null)[],
  { onset, evalFrom, active }: Pick<BenchSeries, 'evalFrom' | 'active'> & { readonly onset: number },
): BenchSeries {
  const about = { id, base: base.hosts.join('+'), baseKind: base.kind, overlays: [], tier: 'none' } as const;
  const seconds = active.map(([from, to]) => [from * STEP_S, to * STEP_S] as const);
  const truth = { onset, stop: null, active: seconds, sat: [], resets: [], evalFrom };
  return { ...about, ...truth, step: STEP_S, label: 'leak', shape, rate, v };
}

/** In hours and percentage points per hour. */
interface Plan {
  readonly onset: number;
  readonly span: number;
  readonly rate: number;
  /** The hour from which windows are evaluated. */
  readonly from: number;
}

/** As the tiers of the injected series: percentage points per hour, and how long before the evaluated days it may begin. */
const TIERS = [
  { rates: [0.06, 0.4], earliest: -60 },
  { rates: [0.4, 2], earliest: -30 },
  { rates: [2, 8], earliest: -4 },
] as const;
const EVALUATED_HOURS = 72;
const LATEST_ONSET = 44;
/** History that a leak has before it. */
const LEAST_BEFORE = 30;
const RATES = [0.05, 8] as const;

function planOf(room: number, hours: number, shape: string, random: Random): Plan | null {
  if (!(room > 3)) return null;
  const plan = random() < 0.5 ? byRate(room, hours, shape, random) : bySpan(room, hours, random);
  return plan.rate < RATES[0] || plan.rate > RATES[1] || plan.onset < LEAST_BEFORE / 2 ? null : plan;
}

function byRate(room: number, hours: number, shape: string, random: Random): Plan {
  const { rates, earliest } = pickFrom(random, TIERS);
  const rate = logWithin(random, rates[0], rates[1]);
  const from = hours - EVALUATED_HOURS;
  const onset = from + within(random, earliest, LATEST_ONSET);
  return { onset, rate, from, span: shape === 'exponential' ? within(random, 12, 60) : room / rate };
}

function bySpan(room: number, hours: number, random: Random): Plan {
  const span = logWithin(random, 8, 0.95 * (hours - LEAST_BEFORE - 10));
  const onset = within(random, LEAST_BEFORE, Math.max(LEAST_BEFORE + 1, hours - 1.05 * span));
  return { onset, span, rate: room / span, from: onset };
}

function middleOf(values: Float64Array): number {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  return known[known.length >> 1] ?? Number.NaN;
}

type Peaks = (value: number, index: number) => number;

/** What a host does beside its leak: nothing, collections, batches, spikes or days. */
function peaksOf(random: Random): Peaks {
  const what = random();
  if (what < 0.2) {
    const height = within(random, 1, 12);
    const every = within(random, 0.3, 8) * PER_HOUR;
    return (value, index) => value + (height * (index % every)) / every;
  }
  if (what < 0.4) {
    const height = within(random, 2, 12);
    const every = pickFrom(random, [1, 2, 6, 12, 24]) * PER_HOUR;
    const lasts = every * within(random, 0.1, 0.6);
    return (value, index) => value + (index % every < lasts ? height : 0);
  }
  if (what < 0.55) {
    const share = within(random, 0.005, 0.1);
    const height = within(random, 2, 15);
    return (value) => value + (random() < share ? height * random() : 0);
  }
  if (what < 0.65) {
    const height = within(random, 2, 10) / 2;
    const phase = within(random, 0, 24);
    return (value, index) => value + height * (1 + Math.sin((2 * Math.PI * (index / PER_HOUR + phase)) / 24));
  }
  return (value) => value;
}
