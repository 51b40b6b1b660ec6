/** What the scenario runs in ECS: services of one task and of several, and one whose tasks nobody publishes. */
import { createHash } from 'node:crypto';
import type { Expected, Task } from './fleet.ts';
import type { Location } from './hosts.ts';
import { seedOf } from './random.ts';
import { flat, linear, noise, type Shape, saturating, sum, switchAt } from './shapes.ts';
import { TWINS } from './twins.ts';

const HOUR = 3_600_000;
const MEBIBYTE = 2 ** 20;

interface ServicePlan {
  /** Unique in its cluster: its noise follows from it. */
  readonly name: string;
  readonly story: string;
  readonly expected: Expected;
  /** Percent of the reserved memory. */
  readonly memory: Shape;
  readonly jitter?: number;
  /** Tasks that run beside each other. Default: 1. */
  readonly count?: number;
  /** Hours at which all tasks were replaced. */
  readonly deployments?: readonly number[];
  readonly published?: Task['published'];
}

interface EcsSite extends Pick<Task, 'tenant' | 'account' | 'region' | 'cluster'> {
  readonly plans: readonly ServicePlan[];
}

const RESERVED = 1_024 * MEBIBYTE;
const DEFAULT_JITTER = 0.8;
const LAUNCHED = -30 * 24;

const SERVICES: readonly ServicePlan[] = [
  ...TWINS.map(({ name, story, memory = flat(0), jitter, expected }) => ({
    name,
    story,
    memory,
    ...(jitter !== undefined && { jitter }),
    expected: expected.state === 'leaking' ? { ...expected, topConsumer: 'app' } : expected,
  })),
  {
    name: 'invoices',
    story: 'linear: 0.9 points an hour since a deployment 50 h ago, which replaced its task',
    memory: switchAt(-50, flat(36), sum(flat(31), linear({ from: -50, perHour: 0.9 }))),
    deployments: [-50],
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'app' },
  },
  {
    name: 'quotes',
    story: 'three tasks, deployed 30 h ago, with a normal warm-up',
    memory: switchAt(-30, flat(51), sum(flat(30), saturating({ from: -30, height: 20, settle: 0.7 }))),
    count: 3,
    deployments: [-30],
    expected: { state: 'steady' },
  },
  {
    name: 'ledger',
    story: 'flat; Container Insights is off, so that only the average of its two tasks is known',
    memory: flat(42),
    count: 2,
    published: 'averages',
    expected: { state: 'steady' },
  },
];

export const ECS_SITES: readonly EcsSite[] = [
  { tenant: 'harbour', account: '111111111111', region: 'eu-west-1', cluster: 'harbour', plans: SERVICES },
];

export function tasksAt(site: EcsSite, { asOf, seed }: Pick<Location, 'asOf' | 'seed'>): Task[] {
  return site.plans.flatMap((plan) => {
    const times = [LAUNCHED, ...(plan.deployments ?? []), Number.POSITIVE_INFINITY];
    return times.slice(0, -1).flatMap((from, deployment) => {
      const runs = { start: asOf + from * HOUR, end: asOf + (times[deployment + 1] ?? from) * HOUR };
      return Array.from({ length: plan.count ?? 1 }, (_, index) =>
        taskOf(site, plan, `${deployment}/${index}`, runs, asOf, seed),
      );
    });
  });
}

/** @param key Of the task in its service. */
function taskOf(site: EcsSite, plan: ServicePlan, key: string, runs: Task['runs'], asOf: number, seed: number): Task {
  const { plans: _, ...location } = site;
  const { name, memory, jitter = DEFAULT_JITTER, count = 1, story, expected, published = 'all' } = plan;
  // The first task moves as a host of the service's name does.
  const noiseOf = key.endsWith('/0') ? name : `${name}-${key}`;
  const percent = sum(memory, noise(seedOf(`${seed}/${noiseOf}`), jitter));
  return {
    ...location,
    service: name,
    definition: name,
    id: createHash('sha256').update(`${name}/${key}`).digest('hex').slice(0, 32),
    reserved: RESERVED,
    desired: count,
    runs,
    reports: [runs],
    used: (time) => (RESERVED * Math.min(99, Math.max(1, percent((time - asOf) / HOUR)))) / 100,
    containers: { app: 0.95, 'log-router': 0.05 },
    story,
    expected,
    published,
  };
}
