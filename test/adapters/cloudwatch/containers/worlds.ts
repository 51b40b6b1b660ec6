/** Sources of containers over the sandbox's CloudWatch, and a small fleet with one host of each kind. */
import { onTestFinished } from 'vitest';
import { cloudwatchSource } from '../../../../adapters/cloudwatch/source.ts';
import type { Span, Statistic } from '../../../../core/model/series.ts';
import type { MemorySource } from '../../../../core/ports/memory-source.ts';
import { OWN_ACCOUNT } from '../../../../sandbox/aws/accounts.ts';
import { aRetryClock } from '../../../../sandbox/retry-clock.ts';
import { type Sandbox, startSandbox } from '../../../../sandbox/sandbox.ts';
import type { Fleet, PodContainer, Task } from '../../../../sandbox/scenario/fleet.ts';
import type { Fault } from '../../../../sandbox/wire/faults.ts';
import type { DeadWorld, Expectation, World } from '../../../contract/memory-source-world.ts';
import { HOUR, MINUTE, NOON } from '../../../fixtures/builders.ts';
import { aPod, MEBIBYTE } from '../../../sandbox/small-clusters.ts';
import { aFleet, FOREVER, REGION } from '../../../sandbox/small-fleets.ts';
import { SIX_HOURS } from '../worlds.ts';

export const LONG_AGO = NOON - 720 * HOUR;

export function anEksPod(overrides: Parameters<typeof aPod>[1] = {}): PodContainer {
  return aPod({ provider: 'aws', account: OWN_ACCOUNT, region: REGION }, overrides);
}

/** A pod of a StatefulSet, which keeps its name when it is replaced. */
export function aReplica(name: string, index: number, overrides: Partial<PodContainer> = {}): PodContainer {
  const controller = { kind: 'StatefulSet', name, rollout: 0 } as const;
  return anEksPod({ name, pod: `${name}-${index}`, controller, ...overrides });
}

/** A task that uses a quarter of its GiB. */
export function aTask(service: string, id: string, overrides: Partial<Task> = {}): Task {
  const runs = overrides.runs ?? { start: LONG_AGO, end: FOREVER };
  return {
    tenant: 'test',
    account: OWN_ACCOUNT,
    region: REGION,
    cluster: 'harbour',
    service,
    definition: service,
    id,
    reserved: 1024 * MEBIBYTE,
    desired: 1,
    runs,
    reports: [runs],
    used: () => 256 * MEBIBYTE,
    containers: { app: 0.75, 'log-router': 0.25 },
    story: 'a quarter is in use',
    expected: { state: 'steady' },
    ...overrides,
  };
}

export type Containers = Pick<Fleet, 'pods' | 'tasks'>;

/** A sandbox that ends with the test. */
export async function startContainers(containers: Containers, hosts: Fleet['hosts'] = []): Promise<Sandbox> {
  const sandbox = await startSandbox({ fleet: { ...aFleet(...hosts), ...containers } });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

export function containersOf(sandbox: Sandbox): MemorySource {
  const client = sandbox.clientConfig(REGION);
  const options = { account: OWN_ACCOUNT, region: REGION, client, clock: aRetryClock(), pace: async () => {} };
  return cloudwatchSource({ ...options, containers: true });
}

/** Reports but for one hour, and differently every minute. */
const KNOWN = aReplica('known', 0, {
  used: (time) => (200 + ((time / MINUTE) % 7)) * MEBIBYTE,
  reports: [
    { start: LONG_AGO, end: NOON - 3 * HOUR },
    { start: NOON - 2 * HOUR, end: FOREVER },
  ],
});

const { limit: _, ...WITHOUT_LIMIT } = aReplica('free', 0);

/** Every kind of container and task, and what is none or is gone. */
const FLEET: Containers = {
  pods: [
    KNOWN,
    aReplica('pair', 0),
    aReplica('pair', 1),
    WITHOUT_LIMIT,
    aReplica('gone', 0, { reports: [{ start: LONG_AGO, end: NOON - 4 * HOUR }] }),
    aReplica('plain', 0, { cluster: 'old', published: 'averages' }),
  ],
  tasks: [
    aTask('one', '1a'),
    aTask('two', '2a', { desired: 2 }),
    aTask('two', '2b', { desired: 2 }),
    aTask('old', '3a', { published: 'averages' }),
  ],
};

const HOSTS = {
  'shop/web/known/app': 'series',
  'shop/web/pair-0/app': 'series',
  'shop/web/pair-1/app': 'series',
  'shop/web/free/app': 'series',
  'old/web/plain': 'series',
  'harbour/one': 'series',
  'harbour/two/2a': 'series',
  'harbour/two/2b': 'series',
  'harbour/old': 'series',
} as const;

export function everyHost(what: Expectation): Record<string, Expectation> {
  return Object.fromEntries(Object.keys(HOSTS).map((id) => [id, what]));
}

/** How many tasks the service of several should have, and the memory of the nodes of the cluster with a container that has no limit. */
const INVENTORY_BILLED = 2;

export async function containersWorld(
  fault?: Fault,
  struck: Readonly<Record<string, Expectation>> = {},
  scopeFailures: World['scopeFailures'] = [],
): Promise<World> {
  const sandbox = await startContainers(FLEET);
  if (fault) sandbox.inject(fault);
  return {
    open: () => containersOf(sandbox),
    span: SIX_HOURS,
    hosts: { ...HOSTS, ...struck },
    scopeFailures,
    inventoryCalls: ['ListMetrics'],
    billed: INVENTORY_BILLED + Object.keys(HOSTS).length,
    inventoryBilled: INVENTORY_BILLED,
    known: { id: 'shop/web/known/app', truth },
  };
}

export async function deadContainers(fault: Fault, why: Pick<DeadWorld, 'reason' | 'retryable'>): Promise<DeadWorld> {
  const sandbox = await startContainers(FLEET);
  sandbox.inject(fault);
  return { open: () => containersOf(sandbox), span: SIX_HOURS, ...why };
}

export function pods(count: number): PodContainer[] {
  return Array.from({ length: count }, (_each, index) => aReplica('many', index));
}

export const ONE_HOUR: Span = {
  window: { start: NOON - HOUR, end: NOON },
  periodMs: 15 * MINUTE,
  statistic: 'minimum',
};

/** What the known container's samples fold to, computed apart from the sandbox. */
function truth(statistic: Statistic): { times: number[]; values: number[] } {
  const { window, periodMs } = SIX_HOURS;
  const folded = Array.from({ length: (window.end - window.start) / periodMs }, (_each, period) => {
    const time = window.start + period * periodMs;
    const minutes = [0, 1, 2, 3, 4].map((minute) => KNOWN.used(time + minute * MINUTE) / (512 * MEBIBYTE));
    return { time, value: fold(minutes, statistic) };
  }).filter(({ time }) => time < NOON - 3 * HOUR || time >= NOON - 2 * HOUR);
  return { times: folded.map(({ time }) => time), values: folded.map(({ value }) => value) };
}

function fold(values: readonly number[], statistic: Statistic): number {
  if (statistic === 'minimum') return Math.min(...values);
  if (statistic === 'maximum') return Math.max(...values);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
