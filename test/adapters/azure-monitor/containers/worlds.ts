/** Sources of containers over the sandbox's Log Analytics, and a small cluster with one host of each kind. */
import { onTestFinished } from 'vitest';
import { openClients } from '../../../../adapters/azure-monitor/clients.ts';
import { containerSource } from '../../../../adapters/azure-monitor/containers/source.ts';
import { createRetries } from '../../../../adapters/reading/retry.ts';
import type { InRegion, Scope, Statistic } from '../../../../core/model/series.ts';
import type { MemorySource } from '../../../../core/ports/memory-source.ts';
import { type Azure, startAzure } from '../../../../sandbox/azure/cloud.ts';
import { aRetryClock } from '../../../../sandbox/retry-clock.ts';
import type { Host, PodContainer } from '../../../../sandbox/scenario/fleet.ts';
import { type CallLog, createCallLog } from '../../../../sandbox/wire/call-log.ts';
import { createFaults, type Fault } from '../../../../sandbox/wire/faults.ts';
import { createWebIdentity } from '../../../../sandbox/wire/web-identity.ts';
import type { DeadWorld, Expectation, World } from '../../../contract/memory-source-world.ts';
import { HOUR, MINUTE, NOON } from '../../../fixtures/builders.ts';
import { aPod, MEBIBYTE } from '../../../sandbox/small-clusters.ts';
import { aFleet, FOREVER } from '../../../sandbox/small-fleets.ts';
import { REGION, SIX_HOURS, SUBSCRIPTION, WORKSPACE } from '../worlds.ts';

export const QUERY = { service: 'azure', action: 'logs:query' } as const;

const LONG_AGO = NOON - 720 * HOUR;

export function anAksPod(overrides: Parameters<typeof aPod>[1] = {}): PodContainer {
  return aPod({ provider: 'azure', account: SUBSCRIPTION, region: REGION }, overrides);
}

/** A pod of a StatefulSet. */
export function aReplica(name: string, index: number, overrides: Partial<PodContainer> = {}): PodContainer {
  const controller = { kind: 'StatefulSet', name, rollout: 0 } as const;
  return anAksPod({ name, pod: `${name}-${index}`, controller, ...overrides });
}

/** Azure alone, without the other clouds of the sandbox. */
export interface Cluster {
  readonly connection: Azure['connection'];
  readonly calls: CallLog;
  inject(fault: Fault): void;
}

export function startCluster(...pods: readonly PodContainer[]): Promise<Cluster> {
  return startLogAnalytics(pods, []);
}

/** Ends with the test. */
export async function startLogAnalytics(pods: readonly PodContainer[], hosts: readonly Host[]): Promise<Cluster> {
  const calls = createCallLog();
  const faults = createFaults();
  const fleet = { ...aFleet(...hosts), pods };
  const azure = await startAzure({
    fleet,
    webIdentity: createWebIdentity(),
    faults,
    log: calls.add,
    now: () => NOON,
  });
  onTestFinished(() => azure.close());
  return { connection: azure.connection, calls, inject: (fault) => void faults.add(fault) };
}

interface Options {
  readonly account?: string;
  readonly workspace?: string | undefined;
  readonly pageRows?: number;
}

export function containersOf({ connection }: Cluster, options: Options = {}): MemorySource {
  const { account = SUBSCRIPTION, pageRows } = options;
  const scope: InRegion<Scope> = { provider: 'azure', account, region: REGION };
  const clock = aRetryClock();
  const retries = { metrics: createRetries(clock), logs: createRetries(clock), manage: createRetries(clock) };
  return containerSource({
    scope,
    workspace: 'workspace' in options ? options.workspace : WORKSPACE,
    ingestionDelayMs: 5 * MINUTE,
    open: (meter, signal) => openClients(connection, REGION, { meter, signal, retries }),
    ...(pageRows !== undefined && { pageRows }),
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
  aReplica('uncounted', 0, { used: () => 0 }),
  aReplica('gone', 0, { reports: [{ start: LONG_AGO, end: NOON - 4 * HOUR }] }),
  aReplica('elsewhere', 0, { region: 'northeurope', cluster: 'north' }),
];

const HOSTS = {
  'fleet/shop/web/known/app': 'series',
  'fleet/shop/web/pair-0/app': 'series',
  'fleet/shop/web/pair-1/app': 'series',
  'fleet/shop/web/uncounted/app': 'not_reported',
} as const;

/** Every host, each with the same expectation. */
export function everyContainer(what: Expectation): Record<string, Expectation> {
  return Object.fromEntries(Object.keys(HOSTS).map((id) => [id, what]));
}

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
    // Azure bills what a workspace takes in, and not what is asked of it.
    billed: 0,
    known: { id: 'fleet/shop/web/known/app', truth },
  };
}

export async function deadCluster(fault: Fault, why: Pick<DeadWorld, 'reason' | 'retryable'>): Promise<DeadWorld> {
  const cluster = await startCluster(...PODS);
  cluster.inject(fault);
  return { open: () => containersOf(cluster), span: SIX_HOURS, ...why };
}

/** What the known container's samples fold to, computed apart from the sandbox. */
function truth(statistic: Statistic): { times: number[]; values: number[] } {
  const { window, periodMs } = SIX_HOURS;
  const folded = Array.from({ length: (window.end - window.start) / periodMs }, (_, period) => {
    const time = window.start + period * periodMs;
    const minutes = [0, 1, 2, 3, 4].map((minute) => KNOWN.used(time + minute * MINUTE));
    return { time, value: fold(minutes, statistic) };
  }).filter(({ time }) => time < NOON - 3 * HOUR || time >= NOON - 2 * HOUR);
  return { times: folded.map(({ time }) => time), values: folded.map(({ value }) => value) };
}

function fold(values: readonly number[], statistic: Statistic): number {
  if (statistic === 'minimum') return Math.min(...values);
  if (statistic === 'maximum') return Math.max(...values);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
