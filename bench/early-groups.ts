/** Groups of hosts that were launched together, for the bench of the comparison at equal age: generated, and made of recorded warm-ups. */
import type { Series } from '../core/model/series.ts';
import type { BenchSeries } from './data.ts';
import { gaussian, pickFrom, type Random, within } from './random.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** As the comparison reads: averages of five minutes. */
const PERIOD = 5 * MINUTE;

/** How memory rises after a start, as percentage points over hours; the same program, so the same for all of a group. */
export type WarmUp = (random: Random) => Curve;

/** Percentage points of a host `hours` after its start, without its level, its load and its noise. */
export type Curve = (hours: number) => number;

/** How a host differs from the others of its group. */
export type Behaviour = 'none' | 'leaks' | 'has twice the load';

export interface GroupPlan {
  readonly warmUp: WarmUp;
  readonly size: number;
  /** Hosts that are unusual, the first ones. */
  readonly unusual: number;
  readonly behaviour: Behaviour;
  /** Percentage points per hour that an unusual host leaks beside its warm-up. */
  readonly leakPerHour: number;
  /** Standard deviation of a sample, in percentage points. */
  readonly noise: number;
  /** Standard deviation of the load of hosts, as a share: a warm-up is so much higher or lower. */
  readonly spread: number;
  /** Hosts of the group that began one to three days before and are gone. */
  readonly gone: number;
  /** Hours after the launch at which the group is compared. */
  readonly ageHours: number;
}

export interface Group {
  readonly series: readonly Series[];
  /** Epoch milliseconds of the event. */
  readonly at: number;
}

const START = 0;
const LAUNCH = START + 90 * HOUR;
/** Between the launch and the first sample, and between hosts. */
const BOOT = 2 * MINUTE;
const STAGGER = 8 * MINUTE;
/** What is younger than this is not shown yet. */
const INGESTION_DELAY = 5 * MINUTE;

export function groupOf(plan: GroupPlan, random: Random): Group {
  const { warmUp, size, unusual, gone, ageHours, behaviour } = plan;
  const curve = warmUp(random);
  const end = floor(LAUNCH + ageHours * HOUR - INGESTION_DELAY);
  const window = { start: START, end };
  const fresh = Array.from({ length: size }, (_, index) => {
    const from = LAUNCH + BOOT + within(random, 0, STAGGER);
    return lifetimeOf(
      `new-${index}`,
      { window, from, to: end },
      curve,
      plan,
      index < unusual ? behaviour : 'none',
      random,
    );
  });
  const before = Array.from({ length: gone }, (_, index) => {
    const from = LAUNCH - within(random, 24, 72) * HOUR;
    const span = { window, from, to: from + within(random, 12, 20) * HOUR };
    return lifetimeOf(`gone-${index}`, span, curve, plan, 'none', random);
  });
  return { series: [...fresh, ...before], at: LAUNCH };
}

interface Span {
  readonly window: Series['window'];
  readonly from: number;
  readonly to: number;
}

function lifetimeOf(
  id: string,
  { window, from, to }: Span,
  curve: Curve,
  { noise, spread, leakPerHour }: GroupPlan,
  behaviour: Behaviour,
  random: Random,
): Series {
  const load = Math.exp(spread * gaussian(random)) * (behaviour === 'has twice the load' ? 2 : 1);
  const leak = behaviour === 'leaks' ? leakPerHour : 0;
  const level = within(random, 15, 25);
  const count = Math.max(0, Math.floor((to - floor(from)) / PERIOD));
  let wander = 0;
  const values = Float64Array.from({ length: count }, (_, index) => {
    const hours = (index * PERIOD) / HOUR;
    // Half of the variance stays for some periods, as load does.
    wander = 0.8 * wander + noise * Math.SQRT1_2 * 0.6 * gaussian(random);
    const percent = level + load * curve(hours) + leak * hours + wander + noise * Math.SQRT1_2 * gaussian(random);
    return Math.min(100, Math.max(0, percent)) / 100;
  });
  return {
    kind: 'series',
    resource: { provider: 'local', account: 'bench', region: 'bench', id, group: 'web' },
    metric: 'system.memory.utilization',
    unit: '1',
    statistic: 'average',
    window,
    periodMs: PERIOD,
    times: Float64Array.from({ length: count }, (_, index) => floor(from) + index * PERIOD),
    values,
  };
}

function floor(time: number): number {
  return Math.floor(time / PERIOD) * PERIOD;
}

export const flat: WarmUp = () => () => 0;

/** Steady growth of all hosts: a cache that fills for days, or a slow leak of the common program. */
export const growing: WarmUp = (random) => {
  const perHour = within(random, 0.5, 1.5);
  return (hours) => perHour * hours;
};

/** To a plateau that is nearly reached after three times `timeHours`. */
export function saturating(timeHours: number): WarmUp {
  return (random) => {
    const height = within(random, 5, 25);
    return (hours) => height * (1 - Math.exp(-hours / timeHours));
  };
}

/** The first hours of real processes that do not leak, each a curve of its own: with its collections, caches and batches. */
export function recorded(series: readonly BenchSeries[]): WarmUp {
  const healthy = series.filter(({ label, id }) => label === 'healthy' && id.endsWith('_rss'));
  const curves = healthy.map(curveOf);
  return (random) => pickFrom(random, curves);
}

/** Averages of five minutes, less the first one. */
function curveOf({ v, step }: BenchSeries): Curve {
  const perPeriod = PERIOD / 1000 / step;
  const averages = Array.from({ length: Math.floor(v.length / perPeriod) }, (_, index) => {
    const known = v.slice(index * perPeriod, (index + 1) * perPeriod).filter((value) => value !== null);
    return known.reduce((sum, value) => sum + value, 0) / known.length;
  });
  const [first = 0] = averages;
  return (hours) => {
    const value = averages[Math.min(averages.length - 1, Math.round((hours * HOUR) / PERIOD))] ?? first;
    return Number.isNaN(value) ? 0 : value - first;
  };
}
