/** The memory of a host as the parts that processes hold, and what a collector reports of each. */
import type { BenchConsumer } from '../data.ts';
import { gaussian, pickFrom, type Random, within } from '../random.ts';
import type { Difficulty } from './difficulty.ts';

/** What one process, or all workers of one name, really hold, in points by sample. */
export interface Part {
  readonly name: string;
  readonly values: Float64Array;
  /** Memory that it shares with others, which a collector counts for each of them. */
  readonly counted: number;
  /** How many workers there are at a time: 1 for a process that does not fork. */
  readonly workers: number;
  /** Hours until a worker is replaced; Infinity where workers stay. */
  readonly workerHours: number;
}

/** A host as its parts. What no process holds is the kernel's, shared memory and noise. */
export interface Parts {
  readonly unowned: Float64Array;
  readonly consumers: readonly Part[];
}

// biome-ignore format: a list of names
const NAMES = [
  'java', 'node', 'python3', 'postgres', 'nginx', 'redis-server', 'gunicorn', 'sidekiq', 'mysqld', 'dotnet', 'ruby', 'beam.smp',
  'envoy', 'fluent-bit', 'telegraf', 'dockerd', 'containerd', 'sshd', 'systemd-journald', 'chronyd', 'celery', 'php-fpm',
  'haproxy', 'memcached', 'rabbitmq', 'consul', 'vector', 'amazon-ssm-agent', 'api', 'worker', 'scheduler', 'search',
];
const FORKING = new Set(['gunicorn', 'postgres', 'php-fpm', 'celery', 'nginx', 'sidekiq', 'worker']);

export interface Layout {
  readonly names: readonly string[];
  /** Of each name: its share of the constant memory, and of the load. */
  readonly held: readonly number[];
  readonly load: readonly number[];
  readonly workers: readonly number[];
  readonly workerHours: readonly number[];
  readonly counted: readonly number[];
}

/** What hosts of one group run, 4 to 15 names: siblings have the same layout. */
export function drawLayout(random: Random): Layout {
  const count = 4 + Math.floor(random() * 12);
  const names = shuffled(NAMES, random).slice(0, count);
  const busy = names.map(() => (random() < 0.45 ? exponential(random) : 0.02));
  const forks = names.map((name) => FORKING.has(name) && random() < 0.7);
  return {
    names,
    held: sharesOf(names.map(() => exponential(random))),
    load: sharesOf(busy),
    workers: forks.map((isForking) => (isForking ? 2 + Math.floor(random() * 3) : 1)),
    workerHours: forks.map((isForking) => (isForking && random() < 0.6 ? within(random, 8, 80) : Infinity)),
    counted: names.map((name) => (FORKING.has(name) && random() < 0.5 ? within(random, 0.5, 4) : 0)),
  };
}

function shuffled<T>(all: readonly T[], random: Random): T[] {
  return all
    .map((one) => ({ one, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ one }) => one);
}

function exponential(random: Random): number {
  return -Math.log(1 - random()) + 0.02;
}

function sharesOf(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Lays the load of a host, in points around 0, and its level out over what it runs. */
export function partsOf(
  layout: Layout,
  load: Float64Array,
  level: number,
  random: Random,
  difficulty: Difficulty,
): Parts {
  const kernel = within(random, 2, 8);
  const deepest = load.reduce((least, value) => Math.min(least, value), 0);
  const held = Math.max(3, level + deepest - kernel);
  const unowned = wandering(load.length, 0.15, random).map((value) => kernel + value);
  const consumers = layout.names.map((name, index) => {
    const ofLoad = layout.load[index] ?? 0;
    const always = held * (layout.held[index] ?? 0);
    const own = wandering(load.length, difficulty.consumerNoise * always, random);
    return {
      name,
      values: load.map((value, at) => Math.max(0, always + ofLoad * (value - deepest) + (own[at] ?? 0))),
      counted: layout.counted[index] ?? 0,
      workers: layout.workers[index] ?? 1,
      workerHours: layout.workerHours[index] ?? Infinity,
    };
  });
  return { unowned, consumers };
}

/** Noise that keeps most of what it was, with a deviation of `noise`. */
function wandering(length: number, noise: number, random: Random): Float64Array {
  const memory = 1 - 1 / within(random, 4, 150);
  let value = 0;
  return Float64Array.from({ length }, () => {
    value = memory * value + Math.sqrt(1 - memory * memory) * noise * gaussian(random);
    return value;
  });
}

/** What all parts hold together. */
export function totalOf({ unowned, consumers }: Parts): Float64Array {
  const total = Float64Array.from(unowned);
  for (const { values } of consumers)
    for (let i = 0; i < total.length; i++) total[i] = (total[i] ?? 0) + (values[i] ?? 0);
  return total;
}

/** Adds to a part by sample; a process never holds less than nothing. */
export function addTo({ values }: Pick<Part, 'values'>, added: (index: number) => number): void {
  for (let i = 0; i < values.length; i++) values[i] = Math.max(0, (values[i] ?? 0) + added(i));
}

/** A process that begins in the middle of the series, such as a batch job; it holds nothing before. */
export function newcomer(name: string, length: number): Part {
  return { name, values: new Float64Array(length), counted: 0, workers: 1, workerHours: Infinity };
}

/** Processes are restarted now and then: what one holds is gone, and comes back within minutes to hours. */
export function restartSome({ consumers }: Parts, perHour: number, random: Random, difficulty: Difficulty): void {
  const length = consumers[0]?.values.length ?? 0;
  const chance = difficulty.restartsPerDay / (24 * perHour);
  for (let at = 0; at < length; at++) {
    if (random() >= chance) continue;
    const { values } = pickFrom(random, consumers);
    const lost = within(random, 0.3, 0.9);
    const back = within(random, 0.1, 2) * perHour;
    for (let i = at; i < length && i < at + 8 * back; i++) {
      values[i] = (values[i] ?? 0) * (1 - lost * Math.exp(-(i - at) / back));
    }
  }
}

/** What a collector reports of each process: rounded, with samples missing, shared memory counted again. */
export function reported(parts: Parts, perHour: number, random: Random, difficulty: Difficulty): BenchConsumer[] {
  const kind = random() < 0.3 ? 'container' : 'process';
  const missing = random() < 0.4 ? within(random, 0, difficulty.missing) : 0;
  return parts.consumers
    .flatMap((part) => {
      return workersOf(part, perHour, random).map(({ since, until, share }): BenchConsumer => {
        const length = part.values.length;
        const v = Array.from(part.values.subarray(0, until), (value, index) => {
          if (index < since || random() < missing) return null;
          const held = value * share;
          return held <= 0 ? null : Math.round((held + part.counted) * (1 + 0.002 * gaussian(random)) * 100) / 100;
        });
        const lived = { ...(since > 0 && { since }), ...(until < length && { until }) };
        return { name: part.name, kind, v: withNulls(v, length), ...lived };
      });
    })
    .filter(({ v }) => v.some((value) => value !== null));
}

function withNulls(v: readonly (number | null)[], length: number): (number | null)[] {
  return [...v, ...Array.from({ length: length - v.length }, () => null)];
}

/** The workers of one name in order: its first and last sample, and its share of the memory of the name. */
function workersOf({ values, workers, workerHours }: Part, perHour: number, random: Random) {
  if (workers === 1) return lifetimeOf(values);
  return Array.from({ length: workers }, () => {
    const lifetimes: { since: number; until: number; share: number }[] = [];
    for (let since = 0; since < values.length; ) {
      const hours = workerHours === Infinity ? values.length : workerHours * within(random, 0.5, 1.5);
      const until = Math.min(values.length, since + Math.max(2, Math.round(hours * perHour)));
      lifetimes.push({ since, until, share: 1 / workers });
      since = until;
    }
    return lifetimes;
  }).flat();
}

/** One process, from where it first holds something to where it last does. */
function lifetimeOf(values: Float64Array): { since: number; until: number; share: number }[] {
  const since = values.findIndex((value) => value > 0);
  return since < 0 ? [] : [{ since, until: values.findLastIndex((value) => value > 0) + 1, share: 1 }];
}
