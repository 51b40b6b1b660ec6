/** One host of a fleet: its processes, what happens to them, its leak, and what a collector makes of it all. */
import { type BenchDeployment, type BenchSeries, HOUR_S } from '../data.ts';
import { pickFrom, type Random, within } from '../random.ts';
import { STEP_S } from '../train/bases.ts';
import { type LeakPlan, leaking, readings } from '../train/inject.ts';
import {
  addTo,
  type Layout,
  newcomer,
  type Part,
  type Parts,
  partsOf,
  reported,
  restartSome,
  totalOf,
} from './consumers.ts';
import type { Difficulty } from './difficulty.ts';
import { EVENTS, type Holder, holderOf } from './harmless.ts';
import type { Movement } from './movement.ts';

export const PER_HOUR = HOUR_S / STEP_S;

/** When all generated fleets end, so that one inspection sees all of them. */
const END = Date.UTC(2026, 0, 19);

/** Epoch milliseconds of the first of so many samples. */
export function startOf(length: number): number {
  return END - length * STEP_S * 1000;
}

/** Something harmless on one host. */
export interface Event {
  readonly name: string;
  readonly holder: Holder;
  /** Of the layout: which name holds it. */
  readonly consumer: number;
  /** Points by sample. */
  readonly added: (index: number) => number;
}

export interface HostLeak extends LeakPlan {
  readonly shape: string;
  readonly tier: BenchSeries['tier'];
  readonly rate: number;
  /** Of the layout; null where memory leaks in no process. */
  readonly consumer: number | null;
}

export interface HostPlan {
  readonly id: string;
  readonly group: string | undefined;
  readonly layout: Layout;
  readonly own: Movement;
  readonly base: readonly string[];
  readonly load: Float64Array;
  readonly level: number;
  readonly evaluatedFrom: number;
  readonly events: readonly Event[];
  readonly leak: HostLeak | null;
  readonly shared: boolean;
  readonly fleetWide: string | null;
  readonly deployments: readonly BenchDeployment[];
  readonly difficulty: Difficulty;
}

export function drawEvent(name: string, at: number, length: number, layout: Layout, random: Random): Event {
  const added = EVENTS[name]?.(length, at, random) ?? (() => 0);
  const consumer = Math.floor(random() * layout.names.length);
  return { name, holder: holderOf(name, random), consumer, added };
}

/** Nothing, one thing or two, around the evaluated part. */
export function drawEvents(
  {
    layout,
    evaluatedFrom,
    length,
    difficulty,
  }: Pick<HostPlan, 'layout' | 'evaluatedFrom' | 'difficulty'> & { length: number },
  random: Random,
): Event[] {
  const names = Array.from({ length: pickFrom(random, difficulty.events) }, () =>
    pickFrom(random, Object.keys(EVENTS)),
  );
  const hours = (length - evaluatedFrom) / PER_HOUR;
  return [...new Set(names)].map((name) => {
    const at = Math.round(evaluatedFrom + within(random, -12, hours - 2) * PER_HOUR);
    return drawEvent(name, at, length, layout, random);
  });
}

export function hostOf(plan: HostPlan, random: Random): BenchSeries {
  const { layout, load, level, difficulty, events, leak, own } = plan;
  const parts = withEvents(partsOf(layout, load, level, random, difficulty), events);
  restartSome(parts, PER_HOUR, random, difficulty);
  const healthy = totalOf(parts);
  const gaps = (values: Float64Array) => values.map((value, index) => (own.isMissing(index) ? Number.NaN : value));
  const {
    values,
    parts: held,
    truth,
  } = leak === null ? { values: healthy, parts, truth: HEALTHY } : leaked(healthy, parts, leak);
  const v = readings(gaps(values), random);
  const hasConsumers = random() >= difficulty.withoutConsumers;
  return {
    id: plan.id,
    base: [...new Set(plan.base)].join('+'),
    baseKind: 'fleet',
    step: STEP_S,
    start: new Date(startOf(v.length)).toISOString(),
    evalFrom: plan.evaluatedFrom * STEP_S,
    overlays: [...events.map(({ name }) => name), ...(plan.fleetWide === null ? [] : [`fleet: ${plan.fleetWide}`])],
    ...truth,
    leaker: leak === null || leak.consumer === null ? null : (layout.names[leak.consumer] ?? null),
    shared: plan.shared,
    fleetWide: plan.fleetWide,
    ...(plan.group !== undefined && { group: plan.group }),
    ...(plan.deployments.length > 0 && { deployments: plan.deployments }),
    v,
    ...(hasConsumers && { consumers: reported(held, PER_HOUR, random, difficulty) }),
  };
}

/** The truth of a host that does not leak. */
export const HEALTHY = {
  label: 'healthy',
  shape: 'none',
  tier: 'none',
  rate: 0,
  onset: null,
  stop: null,
  active: [],
  sat: [],
  resets: [],
} as const;

function withEvents(parts: Parts, events: readonly Event[]): Parts {
  const consumers: Part[] = [...parts.consumers];
  for (const { name, holder, consumer, added } of events) {
    const existing = parts.consumers[consumer];
    if (holder === 'none' || existing === undefined) addTo({ values: parts.unowned }, added);
    else if (holder === 'consumer') addTo(existing, added);
    else {
      const one = newcomer(`${name}-job`, parts.unowned.length);
      addTo(one, added);
      consumers.push(one);
    }
  }
  return { ...parts, consumers };
}

function leaked(healthy: Float64Array, parts: Parts, leak: HostLeak) {
  const { onset, stop, isReleased, shape, tier, rate } = leak;
  const { values, active, resets, sat } = leaking(healthy, leak);
  const grown = (index: number) => (values[index] ?? 0) - (healthy[index] ?? 0);
  const consumers = parts.consumers.map((part, index) =>
    index === leak.consumer ? { ...part, workerHours: Infinity } : part,
  );
  const leaker = leak.consumer === null ? undefined : consumers[leak.consumer];
  addTo(leaker ?? { values: parts.unowned }, grown);
  const times = { onset: onset * STEP_S, stop: isReleased ? null : stop * STEP_S };
  const truth = { label: 'leak', shape, tier, rate, ...times, active, resets, sat } as const;
  return { values, parts: { ...parts, consumers }, truth };
}
