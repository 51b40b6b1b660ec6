/** Sources of containers over the sandbox's Cloud Monitoring, and a small cluster with one host of each kind. */
import { onTestFinished } from 'vitest';
import { loopbackClient } from '../../../../adapters/gcp/loopback.ts';
import { containerSource } from '../../../../adapters/gcp-monitoring/containers/source.ts';
import { createRetries } from '../../../../adapters/reading/retry.ts';
import type { InRegion, Scope, Statistic } from '../../../../core/model/series.ts';
import type { MemorySource } from '../../../../core/ports/memory-source.ts';
import { startGcpServer } from '../../../../sandbox/gcp/server.ts';
import { aRetryClock } from '../../../../sandbox/retry-clock.ts';
import type { Host, PodContainer } from '../../../../sandbox/scenario/fleet.ts';
import { type CallLog, createCallLog } from '../../../../sandbox/wire/call-log.ts';
import { createFaults, type Fault } from '../../../../sandbox/wire/faults.ts';
import type { DeadWorld, Expectation, World } from '../../../contract/memory-source-world.ts';
import { HOUR, MINUTE, NOON } from '../../../fixtures/builders.ts';
import { aPod, MEBIBYTE } from '../../../sandbox/small-clusters.ts';
import { aFleet, FOREVER } from '../../../sandbox/small-fleets.ts';
import { PROJECT, REGION, SIX_HOURS } from '../worlds.ts';

export const USED = 'kubernetes.io/container/memory/used_bytes';
export const LIMIT = 'kubernetes.io/container/memory/limit_bytes';
export const NODE = 'kubernetes.io/node/memory/allocatable_bytes';

const LONG_AGO = NOON - 720 * HOUR;

export function aGkePod(overrides: Parameters<typeof aPod>[1] = {}): PodContainer {
  return aPod({ provider: 'gcp', account: PROJECT, region: REGION }, overrides);
}

/** A pod of a StatefulSet, which keeps its name when it is replaced: no earlier ones are requested. */
export function aReplica(name: string, index: number, overrides: Partial<PodContainer> = {}): PodContainer {
  const controller = { kind: 'StatefulSet', name, rollout: 0 } as const;
  return aGkePod({ name, pod: `${name}-${index}`, controller, ...overrides });
}

/** Cloud Monitoring alone, without the other clouds of the cluster, which takes a third of the time to start. */
export interface Cluster {
  readonly endpoint: string;
  readonly calls: CallLog;
  inject(fault: Fault): void;
}

export function startCluster(...pods: readonly PodContainer[]): Promise<Cluster> {
  return startCloudMonitoring(pods, []);
}

/** Ends with the test. */
export async function startCloudMonitoring(pods: readonly PodContainer[], hosts: readonly Host[]): Promise<Cluster> {
  const calls = createCallLog();
  const faults = createFaults();
  const fleet = { ...aFleet(...hosts), pods };
  const server = await startGcpServer({ fleet, faults, state: { now: NOON }, log: calls.add });
  onTestFinished(() => server[Symbol.asyncDispose]());
  return { endpoint: `127.0.0.1:${server.port}`, calls, inject: (fault) => void faults.add(fault) };
}

export function containersOf({ endpoint }: Cluster, account = PROJECT): MemorySource {
  const client = loopbackClient(endpoint);
  onTestFinished(() => client.close());
  const scope: InRegion<Scope> = { provider: 'gcp', account, region: REGION };
  const retries = createRetries(aRetryClock());
  return containerSource({
    scope,
    ingestionDelayMs: 5 * MINUTE,
    retentionMs: 1_000 * HOUR,
    price: { usdPerMetric: 0.5 / 1_000_000, stated: 'half a dollar for a million series' },
    open: async (meter, signal) => ({ client, scope, meter, signal, deadlineMs: 30_000, retries }),
  });
}

/** Reports but for one hour, and differently every minute. */
const KNOWN = aReplica('known', 0, {
  used: (time) => (200 + ((time / MINUTE) % 7)) * MEBIBYTE,
  reports: [
    { start: LONG_AGO, end: NOON - 3 * HOUR },
    { start: NOON - 2 * HOUR, end: FOREVER },
  ],
});

/** Every kind of container, and what is none of this region or is gone. */
const PODS: readonly PodContainer[] = [
  KNOWN,
  aReplica('pair', 0),
  aReplica('pair', 1),
  aReplica('zonal', 0, { location: `${REGION}-b` }),
  aReplica('gone', 0, { reports: [{ start: LONG_AGO, end: NOON - 4 * HOUR }] }),
  aReplica('elsewhere', 0, { location: 'europe-west10' }),
];

const HOSTS = {
  'shop/web/known/app': 'series',
  'shop/web/pair-0/app': 'series',
  'shop/web/pair-1/app': 'series',
  [`${REGION}-b/shop/web/zonal/app`]: 'series',
} as const;

/** Every host, each with the same expectation. */
export function everyContainer(what: Expectation): Record<string, Expectation> {
  return Object.fromEntries(Object.keys(HOSTS).map((id) => [id, what]));
}

const LISTED = Object.keys(HOSTS).length;

/** The list of containers and that of limits; and two nodes, because the clusters of a zone and of the region each have one. */
const INVENTORY_BILLED = LISTED + LISTED + 2;

export async function clusterWorld(
  fault?: Fault,
  struck: Readonly<Record<string, Expectation>> = {},
  scopeFailures: World['scopeFailures'] = [],
): Promise<World> {
  const cluster = await startCluster(...PODS);
  if (fault) cluster.inject(fault);
  return {
    open: () => containersOf(cluster),
    span: SIX_HOURS,
    hosts: { ...HOSTS, ...struck },
    scopeFailures,
    inventoryCalls: [],
    billed: INVENTORY_BILLED + LISTED,
    inventoryBilled: INVENTORY_BILLED,
    known: { id: 'shop/web/known/app', truth },
  };
}

export async function deadCluster(fault: Fault, why: Pick<DeadWorld, 'reason' | 'retryable'>): Promise<DeadWorld> {
  const cluster = await startCluster(...PODS);
  cluster.inject(fault);
  return { open: () => containersOf(cluster), span: SIX_HOURS, ...why };
}

/** What the known container's samples fold to. A period ends with its end and begins after its start. */
function truth(statistic: Statistic): { times: number[]; values: number[] } {
  const { window, periodMs } = SIX_HOURS;
  const folded = Array.from({ length: (window.end - window.start) / periodMs }, (_, period) => {
    const time = window.start + period * periodMs;
    const minutes = [1, 2, 3, 4, 5].map((minute) => time + minute * MINUTE);
    const sampled = minutes.filter((at) => at < NOON - 3 * HOUR || at >= NOON - 2 * HOUR).map(KNOWN.used);
    return { time, sampled };
  }).filter(({ sampled }) => sampled.length > 0);
  return { times: folded.map(({ time }) => time), values: folded.map(({ sampled }) => fold(sampled, statistic)) };
}

function fold(values: readonly number[], statistic: Statistic): number {
  if (statistic === 'minimum') return Math.min(...values);
  if (statistic === 'maximum') return Math.max(...values);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
