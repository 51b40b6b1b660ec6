/** Sources over the sandbox's CloudWatch, and a small fleet with one host of each kind. */

import { onTestFinished } from 'vitest';
import { cloudwatchSource } from '../../../adapters/cloudwatch/source.ts';
import type { Reading, Span, Statistic } from '../../../core/model/series.ts';
import { MEMORY_UTILIZATION } from '../../../core/model/series.ts';
import type { MemorySource } from '../../../core/ports/memory-source.ts';
import { OWN_ACCOUNT } from '../../../sandbox/aws/accounts.ts';
import { aRetryClock } from '../../../sandbox/retry-clock.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import type { Host } from '../../../sandbox/scenario/fleet.ts';
import type { Fault } from '../../../sandbox/wire/faults.ts';
import type { DeadWorld, Expectation, StallingWorld, World } from '../../contract/memory-source-world.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aFleet, aHost, FOREVER, hosts, REGION } from '../../sandbox/small-fleets.ts';

/** What most tests ask for. */
export const SIX_HOURS: Span = {
  window: { start: NOON - 6 * HOUR, end: NOON },
  periodMs: 5 * MINUTE,
  statistic: 'average',
};

/** A sandbox that ends with the test. */
export async function startFleet(...hosts: readonly Host[]): Promise<Sandbox> {
  const sandbox = await startSandbox({ fleet: aFleet(...hosts) });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** A source with the sandbox's own credentials, which need no role. */
export function sourceOf(sandbox: Sandbox, clock = aRetryClock()): MemorySource {
  const client = sandbox.inProcess(REGION);
  return cloudwatchSource({ account: OWN_ACCOUNT, region: REGION, client, clock, pace: atOnce });
}

/** The pace of a test: requests leave when they are made. */
async function atOnce(): Promise<void> {}

export interface Reported {
  readonly readings: readonly Reading[];
  /** By the meter: calls by name, and metrics billed. */
  readonly calls: Readonly<Record<string, number>>;
  readonly billed: number;
}

export async function readAll(source: MemorySource, span = SIX_HOURS, signal?: AbortSignal): Promise<Reported> {
  const calls: Record<string, number> = {};
  let billed = 0;
  const meter = {
    count(call: string, metrics = 0) {
      calls[call] = (calls[call] ?? 0) + 1;
      billed += metrics;
    },
  };
  const readings = await Array.fromAsync(source.read({ metric: MEMORY_UTILIZATION, span, filters: [] }, meter, signal));
  return { readings, calls, billed };
}

/** Reports but for one hour, and differently every minute. */
const KNOWN = aHost({
  id: 'i-known',
  used: (time) => 0.3 + ((time / MINUTE) % 7) / 100,
  reports: [
    { start: NOON - 100 * HOUR, end: NOON - 3 * HOUR },
    { start: NOON - 2 * HOUR, end: FOREVER },
  ],
});

const { resource } = aHost();

/** Every kind of host, and metrics that are no hosts. */
const FLEET: readonly Host[] = [
  KNOWN,
  aHost({ id: 'i-flat' }),
  aHost({ id: 'i-rolled-up', naming: 'aggregated' }),
  aHost({ id: 'i-bare', reports: [] }),
  aHost({ id: 'i-dead', reports: [{ start: NOON - 100 * HOUR, end: NOON - 5 * HOUR }] }),
  aHost({
    id: 'i-terminated',
    runs: { start: NOON - 100 * HOUR, end: NOON - 10 * HOUR },
    reports: [{ start: NOON - 100 * HOUR, end: NOON - 10 * HOUR }],
  }),
  aHost({ resource: { ...resource, id: 'db-7.rack2' }, naming: 'host_name' }),
  aHost({ resource: { ...resource, id: 'none', group: 'web' }, naming: 'group_only' }),
];

const HOSTS = {
  'i-known': 'series',
  'i-flat': 'series',
  'i-rolled-up': 'series',
  'i-bare': 'not_reported',
  'i-dead': 'stopped_reporting',
  'db-7.rack2': 'series',
} as const;

/** The fleet with something going wrong: the hosts that it strikes, and failures of the entire scope. */
export async function fleetWorld(
  fault?: Fault,
  struck: Readonly<Record<string, Expectation>> = {},
  scopeFailures: World['scopeFailures'] = [],
): Promise<World> {
  const sandbox = await startFleet(...FLEET);
  if (fault) sandbox.inject(fault);
  const hosts: Record<string, Expectation> = { ...HOSTS, ...struck };
  return {
    open: () => sourceOf(sandbox),
    span: SIX_HOURS,
    hosts,
    scopeFailures,
    inventoryCalls: ['ListMetrics'],
    billed: Object.values(hosts).filter((what) => what !== 'not_reported').length,
    known: { id: 'i-known', truth },
  };
}

/** A fleet of which nothing can be read. */
export async function deadWorld(fault: Fault, why: Pick<DeadWorld, 'reason' | 'retryable'>): Promise<DeadWorld> {
  const sandbox = await startFleet(...FLEET);
  sandbox.inject(fault);
  return { open: () => sourceOf(sandbox), span: SIX_HOURS, ...why };
}

/** A window so long that seven hosts fill a page: six batches, of which one does not come. */
export async function stallingWorld(fault: Fault): Promise<StallingWorld> {
  const sandbox = await startFleet(
    ...hosts(42).map((host) => ({ ...host, reports: [{ start: NOON - HOUR, end: NOON }] })),
  );
  sandbox.inject(fault);
  const span: Span = { ...SIX_HOURS, window: { start: NOON - 240 * HOUR, end: NOON }, periodMs: MINUTE };
  return { open: () => sourceOf(sandbox), span, hosts: 42, stalled: 7, reason: 'timeout', circuitBreakerMs: 20_000 };
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
