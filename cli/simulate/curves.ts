/** How metrics of simulated hosts move, and what goes wrong with them: pure functions of the time. */
import { MEMORY_UTILIZATION, type Window } from '../../core/model/series.ts';
import { seedOf, smoothAt, uniformAt } from './random.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const INJECTIONS = ['spike', 'dip', 'shift', 'season', 'flat', 'fills', 'none'] as const;
export type Injection = (typeof INJECTIONS)[number];

/** What goes wrong with one series, and when: from `start` to before `end`, epoch milliseconds. */
export interface Injected extends Window {
  readonly kind: Exclude<Injection, 'none'>;
}

/** How the healthy values of a metric move, in its unit. */
interface Habit {
  /** Its level lies from `level` to `level + spread`, by the host. */
  readonly level: number;
  readonly spread: number;
  /** What the afternoon adds. */
  readonly daily: number;
  /** The sizes of noise that lasts for minutes, and of noise from step to step. */
  readonly drift: number;
  readonly jitter: number;
  /** What an anomaly is at the least: beyond everything that is usual. */
  readonly much: number;
  readonly lower: number;
  readonly upper: number;
}

const HABITS: Readonly<Record<string, Habit>> = {
  [MEMORY_UTILIZATION]: fraction({ level: 0.4, spread: 0.2, daily: 0.06, drift: 0.01, jitter: 0.004, much: 0.2 }),
  'system.cpu.utilization': fraction({ level: 0.12, spread: 0.1, daily: 0.2, drift: 0.03, jitter: 0.02, much: 0.4 }),
  'system.filesystem.utilization': fraction({
    level: 0.4,
    spread: 0.2,
    daily: 0.02,
    drift: 0.002,
    jitter: 0,
    much: 0.25,
  }),
  'system.cpu.load_average.1m': {
    level: 0.5,
    spread: 0.5,
    daily: 1,
    drift: 0.2,
    jitter: 0.1,
    much: 3,
    lower: 0,
    upper: 512,
  },
};

const OWN_METRIC: Habit = { level: 80, spread: 40, daily: 30, drift: 4, jitter: 3, much: 90, lower: 0, upper: 1e9 };

function fraction(habit: Omit<Habit, 'lower' | 'upper'>): Habit {
  return { ...habit, lower: 0, upper: 1 };
}

const ERRORS = 'system.network.errors';
/** Errors of an hour, and of one that has too many of them. */
const ERRORS_AN_HOUR = 2;
const MANY_ERRORS_AN_HOUR = 3000;

export interface SeriesPlan {
  readonly metric: string;
  readonly seed: number;
  readonly stepMs: number;
  readonly injected: Injected | undefined;
}

/** The value of a series at a time: the start of a step. */
export function valueAt(plan: SeriesPlan, time: number): number {
  if (plan.metric === ERRORS) return errorsAt(plan, time);
  const habit = HABITS[plan.metric] ?? OWN_METRIC;
  const value = injectedAt(plan, habit, time);
  return Math.min(habit.upper, Math.max(habit.lower, value));
}

function healthyAt({ seed, stepMs }: SeriesPlan, habit: Habit, time: number, isDaily = true): number {
  const level = habit.level + habit.spread * uniformAt(seed, 1);
  const noise = habit.drift * smoothAt(seed + 1, time / (7 * MINUTE)) + habit.jitter * jitterAt(seed, time, stepMs);
  return level + noise + habit.daily * (isDaily ? dayAt(time) : 0.5);
}

/** From 0 in the night to 1 in the afternoon, UTC. */
function dayAt(time: number): number {
  return (1 + Math.cos((2 * Math.PI * (time - 15 * HOUR)) / DAY)) / 2;
}

/** In [-1, 1), another one at each step. */
function jitterAt(seed: number, time: number, stepMs: number): number {
  const step = Math.floor(time / stepMs);
  return uniformAt(seed + 2, step) + uniformAt(seed + 3, step) - 1;
}

function injectedAt(plan: SeriesPlan, habit: Habit, time: number): number {
  const { injected } = plan;
  const healthy = healthyAt(plan, habit, time);
  if (injected === undefined || time < injected.start || time >= injected.end) return healthy;
  switch (injected.kind) {
    case 'spike':
    case 'shift':
      return healthy + habit.much;
    case 'dip':
      return healthy - habit.much;
    case 'season':
      return healthyAt(plan, habit, time, false) + habit.daily * (0.5 - dayAt(time));
    case 'flat':
      return healthyAt(plan, habit, injected.start);
    case 'fills': {
      const most = habit.upper === 1 ? 0.97 : healthy + 3 * habit.much;
      const share = (time - injected.start) / (injected.end - injected.start);
      return healthy + Math.max(0, most - healthy) * share;
    }
  }
}

/** Integer errors of a step: as many as happen by chance at this rate. */
function errorsAt({ seed, stepMs, injected }: SeriesPlan, time: number): number {
  const isMany = injected !== undefined && time >= injected.start && time < injected.end;
  if (isMany && (injected.kind === 'flat' || injected.kind === 'dip' || injected.kind === 'season')) return 0;
  const expected = ((isMany ? MANY_ERRORS_AN_HOUR : ERRORS_AN_HOUR) * stepMs) / HOUR;
  const full = Math.floor(expected);
  return full + (uniformAt(seed + 4, Math.floor(time / stepMs)) < expected - full ? 1 : 0);
}

/** How long what passes lasts: six points of the five minutes that an inspection has by default. Five may be reported. */
const PASSES_MS = 30 * MINUTE;

/** An anomaly in the last third of a window: what passes is over before it ends, everything else lasts. */
export function injectionIn(
  kind: Injection,
  { start, end }: Window,
  seed: number,
  stepMs: number,
): Injected | undefined {
  if (kind === 'none') return undefined;
  const length = end - start;
  const aligned = (time: number) => start + Math.floor((time - start) / stepMs) * stepMs;
  const passes = kind === 'spike' || kind === 'dip';
  const onset = aligned(start + length * (0.68 + 0.14 * uniformAt(seed, 5)));
  const lasts = Math.max(5 * stepMs, Math.min(PASSES_MS, length / 12));
  return { kind, start: onset, end: passes ? Math.min(end, aligned(onset + lasts)) : end };
}

/** Each series has a seed of its own. */
export function seriesSeed(seed: number, host: string, metric: string): number {
  return seedOf(`${seed}/${host}/${metric}`);
}
