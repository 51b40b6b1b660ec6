/** Cloud Monitoring's processes and containers held to the promises of consumers, over the real client and the sandbox. */
import type { MeanSpan } from '../../../core/ports/memory-source.ts';
import { HOST_BYTES } from '../../../sandbox/scenario/consumers.ts';
import type { Host } from '../../../sandbox/scenario/fleet.ts';
import type { Fault } from '../../../sandbox/wire/faults.ts';
import { describeConsumers } from '../../contract/consumers.ts';
import { consumersTruth } from '../../contract/fleet-truth.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { anInstance, sourceOf, startFleet } from './worlds.ts';

const SPAN: MeanSpan = {
  window: { start: NOON - 24 * HOUR, end: NOON },
  periodMs: 15 * MINUTE,
  statistic: 'average',
};

const instance = anInstance({
  used: (time) => 0.6 + (time - NOON) / HOUR / 100,
  expected: { state: 'leaking', pattern: 'linear', topConsumer: 'node' },
});
const node: Host = {
  ...instance,
  naming: 'k8s_node',
  resource: {
    ...instance.resource,
    name: 'gke-shop-pool-1-a1b2',
    // As a read describes a node.
    labels: { 'k8s.cluster.name': 'shop', 'k8s.cluster.location': 'europe-west1' },
  },
};
const BARE = anInstance({ id: '2', reports: [] });

const described = ({ resource }: Host) => ({ ...resource, name: resource.name ?? `vm-${resource.id}` });

async function worldOf(host: Host) {
  const sandbox = await startFleet(host, BARE);
  return {
    open: () => sourceOf(sandbox),
    span: SPAN,
    host: described(host),
    kind: host.naming === 'k8s_node' ? ('pod' as const) : ('process' as const),
    // Its periods hold their ends and not their starts.
    truth: consumersTruth(host, { ...SPAN, window: { start: SPAN.window.start + MINUTE, end: SPAN.window.end } }),
    capacity: HOST_BYTES,
    bare: described(BARE),
    billed: true,
  };
}

async function failing(kind: Extract<Fault, { service: 'gcp' }>['kind'], reason: 'denied' | 'timeout' | 'truncated') {
  const sandbox = await startFleet(instance);
  sandbox.inject({ service: 'gcp', metric: 'agent.googleapis.com/processes/rss_usage', kind });
  return { open: () => sourceOf(sandbox), span: SPAN, host: described(instance), reason };
}

describeConsumers('an instance in Cloud Monitoring', {
  world: () => worldOf(instance),
  failing: {
    'processes are denied': () => failing('denied', 'denied'),
    'the answer is truncated': () => failing('truncated', 'truncated'),
    'the answer may be incomplete, by its own errors': () => failing('execution_error', 'timeout'),
  },
});

describeConsumers('a node in Cloud Monitoring', { world: () => worldOf(node), failing: {} });
