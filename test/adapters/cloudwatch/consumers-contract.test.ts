/** CloudWatch's processes and pods held to the promises of consumers, over the real client and the sandbox. */
import { MEMORY_UTILIZATION } from '../../../core/model/series.ts';
import type { MeanSpan } from '../../../core/ports/memory-source.ts';
import { HOST_BYTES } from '../../../sandbox/scenario/consumers.ts';
import type { Host } from '../../../sandbox/scenario/fleet.ts';
import type { Fault } from '../../../sandbox/wire/faults.ts';
import { describeConsumers } from '../../contract/consumers.ts';
import { consumersTruth } from '../../contract/fleet-truth.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aHost } from '../../sandbox/small-fleets.ts';
import { sourceOf, startFleet } from './worlds.ts';

const SPAN: MeanSpan = {
  window: { start: NOON - 24 * HOUR, end: NOON },
  periodMs: 15 * MINUTE,
  statistic: 'average',
};

const instance = aHost({
  id: 'i-leaks',
  used: (time) => 0.6 + (time - NOON) / HOUR / 100,
  expected: { state: 'leaking', pattern: 'linear', topConsumer: 'node' },
  collects: 'all',
});
const node: Host = { ...instance, naming: 'k8s_node' };
const BARE = aHost({ id: 'i-bare' });

async function worldOf(host: Host) {
  const sandbox = await startFleet(host, BARE, { ...node, resource: { ...node.resource, id: 'i-other' } });
  return {
    open: () => sourceOf(sandbox),
    span: SPAN,
    host: host.resource,
    kind: host.naming === 'k8s_node' ? ('pod' as const) : ('process' as const),
    truth: consumersTruth(host, SPAN),
    capacity: HOST_BYTES,
    bare: BARE.resource,
    billed: true,
  };
}

async function failing(fault: Fault, reason: 'denied' | 'throttled' | 'malformed' | 'unavailable') {
  const sandbox = await startFleet(instance);
  const source = sourceOf(sandbox);
  await Array.fromAsync(source.read({ metric: MEMORY_UTILIZATION, span: SPAN, filters: [] }, { count() {} }));
  sandbox.inject(fault);
  return { open: () => source, span: SPAN, host: instance.resource, reason };
}

const LISTING = { service: 'cloudwatch', action: 'ListMetrics' } as const;
const SAMPLES = { service: 'cloudwatch', action: 'GetMetricData' } as const;

describeConsumers('an instance in CloudWatch', {
  world: () => worldOf(instance),
  failing: {
    'listing is denied': () => failing({ ...LISTING, kind: 'denied' }, 'denied'),
    'listing is throttled for good': () => failing({ ...LISTING, kind: 'throttled' }, 'throttled'),
    'samples are denied': () => failing({ ...SAMPLES, kind: 'denied' }, 'denied'),
    'samples are garbage': () => failing({ ...SAMPLES, kind: 'garbage' }, 'malformed'),
    'one process is forbidden': () => failing({ ...SAMPLES, kind: 'forbidden', only: ['sshd'] }, 'denied'),
    'CloudWatch is down': () => failing({ service: 'cloudwatch', kind: 'down' }, 'unavailable'),
  },
});

describeConsumers('a node in CloudWatch', { world: () => worldOf(node), failing: {} });
