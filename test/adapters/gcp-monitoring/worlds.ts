/** Sources over the sandbox's Cloud Monitoring, and a small fleet with one host of each kind. */

import { onTestFinished } from 'vitest';
import { loopbackClient } from '../../../adapters/gcp/loopback.ts';
import { cloudMonitoringSource } from '../../../adapters/gcp-monitoring/source.ts';
import type { RetryClock } from '../../../adapters/reading/retry.ts';
import type { HostFilter } from '../../../core/model/host-filter.ts';
import type { Reading, Span, Statistic } from '../../../core/model/series.ts';
import { MEMORY_UTILIZATION } from '../../../core/model/series.ts';
import type { MemorySource, Meter } from '../../../core/ports/memory-source.ts';
import { aRetryClock } from '../../../sandbox/retry-clock.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import type { Host } from '../../../sandbox/scenario/fleet.ts';
import type { Fault } from '../../../sandbox/wire/faults.ts';
import type { DeadWorld, Expectation, World } from '../../contract/memory-source-world.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aFleet, aHost, FOREVER } from '../../sandbox/small-fleets.ts';

export const PROJECT = 'sandbox-project';
export const REGION = 'europe-west1';

export const CPU = 'compute.googleapis.com/instance/cpu/utilization';
export const MEMORY = 'agent.googleapis.com/memory/percent_used';
export const NODE_MEMORY = 'kubernetes.io/node/memory/allocatable_utilization';

/** What most tests ask for. */
export const SIX_HOURS: Span = {
  window: { start: NOON - 6 * HOUR, end: NOON },
  periodMs: 5 * MINUTE,
  statistic: 'average',
};

/** A machine in Google Cloud with half of its memory in use for 30 days. */
export function anInstance({ id = '1', resource, ...rest }: Partial<Host> & { id?: string } = {}): Host {
  const labels = { 'cloud.availability_zone': `${REGION}-b`, ...resource?.labels };
  const named = { provider: 'gcp', account: PROJECT, region: REGION, id, name: `vm-${id}` } as const;
  return aHost({ ...rest, resource: { ...named, ...resource, labels } });
}

/** The requested number of machines, `1001` and so on. */
export function instances(count: number): Host[] {
  return Array.from({ length: count }, (_, index) => anInstance({ id: String(1001 + index) }));
}

/** A sandbox that ends with the test. */
export async function startFleet(...hosts: readonly Host[]): Promise<Sandbox> {
  const sandbox = await startSandbox({ fleet: aFleet(...hosts) });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

export function sourceOf(
  sandbox: Sandbox,
  options: { project?: string; deadlineMs?: number; clock?: RetryClock } = {},
) {
  const client = loopbackClient(sandbox.gcpEndpoint ?? '');
  onTestFinished(() => client.close());
  return cloudMonitoringSource({
    project: PROJECT,
    region: REGION,
    client: async () => client,
    clock: aRetryClock(),
    ...options,
  });
}

export interface Reported {
  readonly readings: readonly Reading[];
  readonly calls: number;
  readonly billed: number;
}

export async function readAll(
  source: MemorySource,
  { span = SIX_HOURS, filters = [], signal }: { span?: Span; filters?: HostFilter[]; signal?: AbortSignal } = {},
): Promise<Reported> {
  const meter = aMeter();
  const readings = await Array.fromAsync(source.read({ metric: MEMORY_UTILIZATION, span, filters }, meter, signal));
  return { readings, calls: meter.calls, billed: meter.billed };
}

export function aMeter(): Meter & { calls: number; billed: number } {
  return {
    calls: 0,
    billed: 0,
    count(_, metrics = 0) {
      this.calls++;
      this.billed += metrics;
    },
  };
}

/** Reports but for one hour, and differently every minute. */
const KNOWN = anInstance({
  id: '1',
  used: (time) => 0.3 + ((time / MINUTE) % 7) / 100,
  reports: [
    { start: NOON - 100 * HOUR, end: NOON - 3 * HOUR },
    { start: NOON - 2 * HOUR, end: FOREVER },
  ],
});

/** Every kind of host, and what is none of this account and region. */
const FLEET: readonly Host[] = [
  KNOWN,
  anInstance({ id: '2' }),
  anInstance({ id: '3', reports: [] }),
  anInstance({ id: '4', reports: [{ start: NOON - 100 * HOUR, end: NOON - 5 * HOUR }] }),
  anInstance({ id: '5', naming: 'k8s_node', resource: nameOf('5', 'gke-shop-pool-1-a1b2') }),
  anInstance({
    id: '6',
    runs: { start: NOON - 100 * HOUR, end: NOON - 2 * HOUR },
    reports: [{ start: NOON - 100 * HOUR, end: NOON - 2 * HOUR }],
  }),
  anInstance({
    id: '7',
    resource: { ...nameOf('7', 'vm-7'), labels: { 'cloud.availability_zone': 'europe-west10-a' } },
  }),
];

function nameOf(id: string, name: string) {
  return { provider: 'gcp', account: PROJECT, region: REGION, id, name } as const;
}

const HOSTS = {
  '1': 'series',
  '2': 'series',
  '3': 'not_reported',
  '4': 'stopped_reporting',
  '5': 'series',
} as const;

/** The fleet with something going wrong: the hosts that it strikes, and failures of the entire scope. */
export async function fleetWorld(
  fault?: Fault,
  struck: Readonly<Record<string, Expectation>> = {},
  scopeFailures: World['scopeFailures'] = [],
): Promise<World> {
  const sandbox = await startFleet(...FLEET);
  if (fault) sandbox.inject(fault);
  return {
    open: () => sourceOf(sandbox),
    span: SIX_HOURS,
    hosts: { ...HOSTS, ...struck },
    scopeFailures,
    // One call lists the inventory; it has the name of those that read samples.
    inventoryCalls: [],
    // The agent's series of 1, 2, 4 and of 6, which was stopped since, and the node's.
    billed: Object.keys(HOSTS).length + 4 + 1,
    inventoryBilled: Object.keys(HOSTS).length,
    known: { id: '1', truth },
  };
}

/** A fleet of which nothing can be read. */
export async function deadWorld(fault: Fault, why: Pick<DeadWorld, 'reason' | 'retryable'>): Promise<DeadWorld> {
  const sandbox = await startFleet(...FLEET);
  sandbox.inject(fault);
  return { open: () => sourceOf(sandbox), span: SIX_HOURS, ...why };
}

/** What the known host's samples fold to, computed apart from the sandbox. A period ends with its end and begins after its start. */
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
