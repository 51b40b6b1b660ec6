/** Sources over the sandbox's Prometheus, and a small fleet with one host of each kind. */
import { onTestFinished } from 'vitest';
import { unauthorised } from '../../../adapters/promql/authorise/none.ts';
import { promqlHttp } from '../../../adapters/promql/http.ts';
import { type PromqlOptions, promqlSource } from '../../../adapters/promql/source.ts';
import { isResource, MEMORY_UTILIZATION, type Reading, type Span, type Statistic } from '../../../core/model/series.ts';
import type { MemorySource, Meter, ReadRequest } from '../../../core/ports/memory-source.ts';
import { createPrometheusServer } from '../../../sandbox/prometheus/server.ts';
import type { Container, KubeNode, Machine, PrometheusWorld } from '../../../sandbox/prometheus/world.ts';
import { aRetryClock } from '../../../sandbox/retry-clock.ts';
import { createCallLog } from '../../../sandbox/wire/call-log.ts';
import { createFaults, type Fault } from '../../../sandbox/wire/faults.ts';
import { close, listen } from '../../../sandbox/wire/listen.ts';
import type { DeadWorld, Expectation, World } from '../../contract/memory-source-world.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aSeries } from '../../sandbox/prometheus/servers.ts';
import { FOREVER } from '../../sandbox/small-fleets.ts';

export const GIB = 2 ** 30;
export const ALWAYS = { start: NOON - 720 * HOUR, end: FOREVER };

export const SIX_HOURS: Span = {
  window: { start: NOON - 6 * HOUR, end: NOON },
  periodMs: 5 * MINUTE,
  statistic: 'average',
};

/** A machine with half of its memory in use, at `ADDRESS:9100`. */
export function aMachine(machine: Partial<Machine> = {}): Machine {
  return {
    name: 'web-1',
    address: '10.0.0.1',
    publishes: 'node_exporter',
    runs: ALWAYS,
    reports: [ALWAYS],
    bytes: 8 * GIB,
    used: () => 0.5,
    ...machine,
  };
}

/** The requested number of machines at addresses of their own. */
export function machines(count: number): Machine[] {
  return Array.from({ length: count }, (_, index) =>
    aMachine({ name: `web-${index}`, address: `10.${Math.floor(index / 250)}.1.${index % 250}` }),
  );
}

export function aNode(node: Partial<KubeNode> = {}): KubeNode {
  return { name: 'node-a', address: '10.9.0.1', bytes: 16 * GIB, used: () => 0.4, runs: ALWAYS, ...node };
}

/** A container of one pod of a Deployment, which uses half of its limit. */
export function aContainer(container: Partial<Container> = {}): Container {
  return {
    namespace: 'shop',
    workload: { kind: 'Deployment', name: 'checkout' },
    name: 'api',
    image: 'registry.example/checkout:1',
    pods: [{ name: 'checkout-7d9fbc6d5-x2x4z', node: 'node-a', runs: ALWAYS }],
    used: () => GIB / 2,
    limit: () => GIB,
    ...container,
  };
}

export interface Server {
  readonly url: string;
  readonly calls: ReturnType<typeof createCallLog>;
  inject(fault: Fault): () => void;
}

/** A server that ends with the test. */
export async function startServer(world: Partial<PrometheusWorld>): Promise<Server> {
  const faults = createFaults();
  const calls = createCallLog();
  const complete = {
    account: 'prom',
    machines: [],
    nodes: [],
    containers: [],
    kubeStateMetrics: true,
    scrapedEvery: MINUTE,
    ...world,
  };
  const server = createPrometheusServer({ worlds: [complete], faults, log: calls.add, now: () => NOON + HOUR });
  const url = `http://127.0.0.1:${await listen(server)}/prom`;
  onTestFinished(() => close(server));
  return { url, calls, inject: (fault) => faults.add(fault) };
}

export function sourceOf({ url }: Pick<Server, 'url'>, options: Partial<PromqlOptions> = {}) {
  return promqlSource({
    account: 'prom',
    connection: { url: new URL(url), authorise: unauthorised, http: promqlHttp() },
    clock: aRetryClock(),
    now: () => NOON + 5 * MINUTE,
    ...options,
  });
}

export async function readAll(source: MemorySource, request: Partial<ReadRequest> = {}, signal?: AbortSignal) {
  const calls: string[] = [];
  const meter: Meter = { count: (call) => calls.push(call) };
  const complete = { metric: MEMORY_UTILIZATION, span: SIX_HOURS, filters: [], ...request };
  const readings = await Array.fromAsync(source.read(complete, meter, signal));
  return { readings, calls };
}

export function idOf(reading: Reading): string | undefined {
  const scope = reading.kind === 'unreadable' ? reading.scope : reading.resource;
  return isResource(scope) ? scope.id : undefined;
}

/** Reports but for one hour, and differently every minute. */
const KNOWN = aMachine({
  used: (time) => 0.3 + (Math.floor(time / MINUTE) % 7) / 100,
  reports: [
    { start: NOON - 100 * HOUR, end: NOON - 3 * HOUR },
    { start: NOON - 2 * HOUR, end: FOREVER },
  ],
});

/** Every kind of host, and what is none any more. */
export const FLEET: Partial<PrometheusWorld> = {
  // It scrapes itself.
  series: [aSeries('prometheus_target_scrape_pool_targets{instance="localhost:9090",scrape_job="node"}', () => 5)],
  machines: [
    KNOWN,
    aMachine({ name: 'files', address: '10.0.0.2', publishes: 'windows_exporter' }),
    aMachine({ name: 'batch', address: '10.0.0.3', publishes: 'opentelemetry' }),
    aMachine({ name: 'never', address: '10.0.0.4', reports: [] }),
    aMachine({ name: 'stopped', address: '10.0.0.5', reports: [{ start: NOON - 100 * HOUR, end: NOON - 5 * HOUR }] }),
    aMachine({
      name: 'gone',
      address: '10.0.0.6',
      runs: { start: NOON - 100 * HOUR, end: NOON - 2 * HOUR },
      reports: [{ start: NOON - 100 * HOUR, end: NOON - 2 * HOUR }],
    }),
  ],
  nodes: [aNode()],
  containers: [
    aContainer({
      pods: [
        { name: 'checkout-5b8c9d7f4-b2c4d', node: 'node-a', runs: { start: ALWAYS.start, end: NOON - 2 * HOUR } },
        { name: 'checkout-7d9fbc6d5-x2x4z', node: 'node-a', runs: { start: NOON - 2 * HOUR, end: FOREVER } },
      ],
    }),
    aContainer({
      workload: { kind: 'StatefulSet', name: 'db' },
      name: 'postgres',
      pods: [{ name: 'db-0', node: 'node-a', runs: ALWAYS }],
    }),
    aContainer({
      workload: { kind: 'StatefulSet', name: 'db' },
      name: 'postgres',
      pods: [{ name: 'db-1', node: 'node-a', runs: ALWAYS }],
      limit: () => 0,
    }),
    aContainer({
      workload: { kind: 'Job', name: 'import' },
      name: 'import',
      pods: [{ name: 'import-x7k2p', node: 'node-a', runs: { start: NOON - 5 * HOUR, end: NOON - 4 * HOUR } }],
    }),
  ],
};

export const HOSTS = {
  '10.0.0.1:9100': 'series',
  '10.0.0.2:9182': 'series',
  batch: 'series',
  '10.0.0.4:9100': 'not_reported',
  '10.0.0.5:9100': 'stopped_reporting',
  '10.9.0.1:10250': 'series',
  'shop/checkout/api': 'series',
  'shop/db-0/postgres': 'series',
  'shop/db-1/postgres': 'series',
} as const satisfies Record<string, Expectation>;

/** The fleet with something going wrong: the hosts that it strikes, and failures of the entire scope. */
export async function fleetWorld(
  fault?: Fault,
  struck: Readonly<Record<string, Expectation>> = {},
  scopeFailures: World['scopeFailures'] = [],
): Promise<World> {
  const server = await startServer(FLEET);
  if (fault) server.inject(fault);
  return {
    open: () => sourceOf(server),
    span: SIX_HOURS,
    hosts: { ...HOSTS, ...struck },
    scopeFailures,
    inventoryCalls: ['query'],
    billed: 0,
    known: { id: '10.0.0.1:9100', truth },
  };
}

/** A fleet of which nothing can be read. */
export async function deadWorld(fault: Fault, why: Pick<DeadWorld, 'reason' | 'retryable'>): Promise<DeadWorld> {
  const server = await startServer(FLEET);
  server.inject(fault);
  return { open: () => sourceOf(server), span: SIX_HOURS, ...why };
}

/** What the known host's samples fold to, computed apart from the sandbox: one sample in each minute. */
export function truth(statistic: Statistic): { times: number[]; values: number[] } {
  const { window, periodMs } = SIX_HOURS;
  const folded = Array.from({ length: (window.end - window.start) / periodMs }, (_, period) => {
    const time = window.start + period * periodMs;
    const minutes = [0, 1, 2, 3, 4].map((minute) => time + minute * MINUTE);
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
