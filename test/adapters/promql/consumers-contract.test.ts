/** Processes and pods in Prometheus held to the promises of consumers, over the real client and the sandbox. */
import type { Resource, UnreadableReason } from '../../../core/model/series.ts';
import type { MeanSpan } from '../../../core/ports/memory-source.ts';
import type { Machine, PrometheusWorld } from '../../../sandbox/prometheus/world.ts';
import type { PrometheusFaultKind } from '../../../sandbox/wire/faults.ts';
import { describeConsumers } from '../../contract/consumers.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { ALWAYS, aContainer, aMachine, aNode, GIB, readAll, sourceOf, startServer } from './worlds.ts';

const SPAN: MeanSpan = {
  window: { start: NOON - 24 * HOUR, end: NOON },
  periodMs: 15 * MINUTE,
  statistic: 'average',
};

const PROCESSES = [
  { name: 'java', bytes: () => 2 * GIB },
  { name: 'node', bytes: () => GIB },
];
const TRUTH = { java: 2 * GIB, node: GIB };

const machine = aMachine({ processes: PROCESSES });
const collected = aMachine({ name: 'batch', publishes: 'opentelemetry', processes: PROCESSES });
const dotted = aMachine({ name: 'fine', publishes: 'opentelemetry_utf8', processes: PROCESSES });
const BARE = aMachine({ name: 'bare', address: '10.0.0.2' });

async function worldOf(world: Partial<PrometheusWorld>, id: string, expected: object) {
  const server = await startServer({ ...world, machines: [...(world.machines ?? []), BARE] });
  const { readings } = await readAll(sourceOf(server));
  const hosts = new Map<string, Resource>(
    readings.flatMap((reading) => (reading.kind === 'series' ? [[reading.resource.id, reading.resource]] : [])),
  );
  const [host, bare] = [hosts.get(id), hosts.get('10.0.0.2:9100')];
  if (host === undefined || bare === undefined) throw new Error(`the server has ${[...hosts.keys()].join(', ')}`);
  return {
    open: () => sourceOf(server),
    span: SPAN,
    host,
    bare,
    kind: 'process' as const,
    truth: TRUTH,
    capacity: undefined,
    billed: false,
    ...expected,
  };
}

const ofMachine = (one: Machine, id: string, capacity?: number) => worldOf({ machines: [one] }, id, { capacity });

async function failing(kind: PrometheusFaultKind, reason: UnreadableReason) {
  const server = await startServer({ machines: [machine] });
  server.inject({ service: 'prometheus', action: 'query_range', kind });
  const labels = { instance: '10.0.0.1:9100' };
  const host = { provider: 'prometheus', account: 'prom', region: 'global', id: '10.0.0.1:9100', labels } as const;
  return { open: () => sourceOf(server), span: SPAN, host, reason };
}

describeConsumers('a machine with process-exporter', {
  world: () => ofMachine(machine, '10.0.0.1:9100', 8 * GIB),
  failing: {
    'the server denies it': () => failing('denied', 'denied'),
    'it is throttled for good': () => failing('throttled', 'throttled'),
    'the answer is an HTML page': () => failing('garbage', 'malformed'),
    'a part of the store does not answer': () => failing('partial', 'unavailable'),
    'what should be a number is a text': () => failing('text_values', 'malformed'),
  },
});

describeConsumers('a machine with the OpenTelemetry collector', {
  world: () => ofMachine(collected, 'batch'),
  failing: {},
});

describeConsumers('a machine with names of OpenTelemetry as they were sent', {
  world: () => ofMachine(dotted, 'fine'),
  failing: {},
});

describeConsumers('a node', {
  world: () =>
    worldOf(
      {
        nodes: [aNode()],
        containers: [
          aContainer(),
          aContainer({ name: 'proxy', used: () => GIB / 4 }),
          aContainer({
            workload: { kind: 'StatefulSet', name: 'db' },
            name: 'postgres',
            pods: [{ name: 'db-0', node: 'node-a', runs: ALWAYS }],
            used: () => 3 * GIB,
          }),
        ],
      },
      '10.9.0.1:10250',
      {
        kind: 'pod',
        truth: { 'checkout-7d9fbc6d5-x2x4z': 0.75 * GIB, 'db-0': 3 * GIB },
        capacity: 16 * GIB,
      },
    ),
  failing: {},
});
