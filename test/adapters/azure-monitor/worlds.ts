/** Sources over the sandbox's Azure, and a small fleet with one host of each kind. */

import { onTestFinished } from 'vitest';
import { type AzureMonitorOptions, azureMonitorSource } from '../../../adapters/azure-monitor/source.ts';
import type { Reading, Resource, Span, Statistic } from '../../../core/model/series.ts';
import { MEMORY_UTILIZATION } from '../../../core/model/series.ts';
import type { MeanSpan, MemorySource } from '../../../core/ports/memory-source.ts';
import { aRetryClock } from '../../../sandbox/retry-clock.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import type { Host } from '../../../sandbox/scenario/fleet.ts';
import type { Fault } from '../../../sandbox/wire/faults.ts';
import type { DeadWorld, Expectation, StallingWorld, World } from '../../contract/memory-source-world.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aFleet, FOREVER } from '../../sandbox/small-fleets.ts';

export const SUBSCRIPTION = '0a1b2c3d-1111-4222-8333-444455556666';
export const WORKSPACE = '0a1b2c3d-9999-4222-8333-444455556666';
export const REGION = 'westeurope';

/** What most tests ask for. */
export const SIX_HOURS: MeanSpan = {
  window: { start: NOON - 6 * HOUR, end: NOON },
  periodMs: 5 * MINUTE,
  statistic: 'average',
};

const COMPUTE = `/subscriptions/${SUBSCRIPTION}/resourcegroups/fleet/providers/microsoft.compute`;

/** As the source gives it. */
export const idOf = (name: string) => `${COMPUTE}/virtualmachines/${name}`;
export const nodeId = (instance: number) => `${COMPUTE}/virtualmachinescalesets/pool/virtualmachines/${instance}`;

/** A virtual machine with half of its memory in use for 30 days. */
export function aMachine(overrides: Partial<Host> & { name?: string; of?: Partial<Resource> } = {}): Host {
  const { name = 'vm-1', of, ...rest } = overrides;
  const runs = { start: NOON - 720 * HOUR, end: FOREVER };
  return {
    tenant: 'test',
    resource: { provider: 'azure', account: SUBSCRIPTION, region: REGION, id: idOf(name), name, ...of },
    story: 'half of its memory is in use',
    runs,
    reports: [runs],
    used: () => 0.5,
    expected: { state: 'steady' },
    ...rest,
  };
}

/** A node of AKS: an instance of a uniform scale set. */
export function aNode(instance: number, overrides: Partial<Host> = {}): Host {
  const of = { id: nodeId(instance), name: `aks-pool-vmss00000${instance}`, group: 'pool' };
  return aMachine({ naming: 'k8s_node', of, ...overrides });
}

/** The requested number of machines, `vm-0` and so on. */
export function machines(count: number): Host[] {
  return Array.from({ length: count }, (_, index) => aMachine({ name: `vm-${index}` }));
}

/** A sandbox that ends with the test. */
export async function startFleet(...hosts: readonly Host[]): Promise<Sandbox> {
  const sandbox = await startSandbox({ fleet: aFleet(...hosts) });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** A source with a token that reads everything. */
export function sourceOf({ azure }: Sandbox, options: Partial<AzureMonitorOptions> = {}): MemorySource {
  const { connection } = azure;
  return azureMonitorSource({ connection, account: SUBSCRIPTION, region: REGION, clock: aRetryClock(), ...options });
}

export interface Reported {
  readonly readings: readonly Reading[];
  /** By the meter: calls by name, and calls billed. */
  readonly calls: Readonly<Record<string, number>>;
  readonly billed: number;
}

export async function readAll(source: MemorySource, span: Span = SIX_HOURS, signal?: AbortSignal): Promise<Reported> {
  const { meter, ...reported } = aMeter();
  const readings = await Array.fromAsync(source.read({ metric: MEMORY_UTILIZATION, span, filters: [] }, meter, signal));
  return { readings, ...reported.counts() };
}

export async function readConsumers(source: MemorySource, host: Resource): Promise<Reported> {
  if (source.consumers === undefined) throw new Error('the source has no consumers');
  const { meter, ...reported } = aMeter();
  const readings = await Array.fromAsync(source.consumers(host, SIX_HOURS, meter));
  return { readings, ...reported.counts() };
}

function aMeter() {
  const calls: Record<string, number> = {};
  let billed = 0;
  const meter = {
    count(call: string, metrics = 0) {
      calls[call] = (calls[call] ?? 0) + 1;
      billed += metrics;
    },
  };
  return { meter, counts: () => ({ calls, billed }) };
}

/** Reports but for one hour, and differently every minute. */
const KNOWN = aMachine({
  name: 'known',
  used: (time) => 0.3 + ((time / MINUTE) % 7) / 100,
  reports: [
    { start: NOON - 100 * HOUR, end: NOON - 3 * HOUR },
    { start: NOON - 2 * HOUR, end: FOREVER },
  ],
});

/** Every kind of host, and one that is switched off. */
const FLEET: readonly Host[] = [
  KNOWN,
  aMachine({ name: 'flat' }),
  aMachine({ name: 'bytes', naming: 'bytes_only' }),
  aMachine({ name: 'bare', reports: [] }),
  aMachine({ name: 'dead', reports: [{ start: NOON - 100 * HOUR, end: NOON - 5 * HOUR }] }),
  aMachine({
    name: 'off',
    runs: { start: NOON - 100 * HOUR, end: NOON - 10 * HOUR },
    reports: [{ start: NOON - 100 * HOUR, end: NOON - 10 * HOUR }],
  }),
  aNode(3),
];

const HOSTS: Readonly<Record<string, Expectation>> = {
  [idOf('known')]: 'series',
  [idOf('flat')]: 'series',
  [idOf('bytes')]: 'series',
  [idOf('bare')]: 'not_reported',
  [idOf('dead')]: 'stopped_reporting',
  [nodeId(3)]: 'series',
};

/** Every host of the fleet, each with the same expectation. */
export function everyHost(what: Expectation): Record<string, Expectation> {
  return Object.fromEntries(Object.keys(HOSTS).map((id) => [id, what]));
}

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
    inventoryCalls: ['resources'],
    // One batch of machines, one of instances, and one of the machines that are requested again in bytes.
    billed: 3,
    known: { id: idOf('known'), truth },
  };
}

/** A fleet of which nothing can be read. */
export async function deadWorld(fault: Fault, why: Pick<DeadWorld, 'reason' | 'retryable'>): Promise<DeadWorld> {
  const sandbox = await startFleet(...FLEET);
  sandbox.inject(fault);
  return { open: () => sourceOf(sandbox), span: SIX_HOURS, ...why };
}

/** Eight batches of 50, of which one does not come. */
export async function stallingWorld(fault: Fault, reason: StallingWorld['reason']): Promise<StallingWorld> {
  const sandbox = await startFleet(...machines(400));
  sandbox.inject(fault);
  return { open: () => sourceOf(sandbox), span: SIX_HOURS, hosts: 400, stalled: 50, reason, circuitBreakerMs: 20_000 };
}

/** What the known host's samples fold to, computed apart from the sandbox. */
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
