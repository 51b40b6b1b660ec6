/** Log Analytics' processes and pods held to the promises of consumers, over the real client and the sandbox. */
import type { MeanSpan } from '../../../core/ports/memory-source.ts';
import type { Host } from '../../../sandbox/scenario/fleet.ts';
import { describeConsumers } from '../../contract/consumers.ts';
import { consumersTruth } from '../../contract/fleet-truth.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aMachine, aNode, sourceOf, startFleet, WORKSPACE } from './worlds.ts';

const SPAN: MeanSpan = {
  window: { start: NOON - 24 * HOUR, end: NOON },
  periodMs: 15 * MINUTE,
  statistic: 'average',
};

const LEAK = {
  used: (time: number) => 0.6 + (time - NOON) / HOUR / 100,
  expected: { state: 'leaking', pattern: 'linear', topConsumer: 'node' },
} as const;
const machine = aMachine({ ...LEAK, of: { labels: { 'host.type': 'Standard_D2s_v5' } } });
const windows = aMachine({ ...LEAK, naming: 'windows' });
const node = aNode(3, LEAK);
const BARE = aMachine({ name: 'bare', reports: [] });

const EIGHT_GIBIBYTES = 8 * 2 ** 30;

async function worldOf(host: Host, labels: Record<string, string>, capacity: number | undefined) {
  const sandbox = await startFleet(host, BARE);
  return {
    open: () => sourceOf(sandbox, { workspace: WORKSPACE }),
    span: SPAN,
    host: { ...host.resource, labels },
    kind: host.naming === 'k8s_node' ? ('pod' as const) : ('process' as const),
    truth: consumersTruth(host, SPAN),
    capacity,
    bare: BARE.resource,
    // Log Analytics bills what is kept, and not what is asked.
    billed: false,
  };
}

async function failing(
  kind: 'denied' | 'throttled' | 'garbage' | 'truncated',
  reason: 'denied' | 'throttled' | 'malformed' | 'truncated',
) {
  const sandbox = await startFleet(machine);
  sandbox.inject({ service: 'azure', action: 'logs:query', kind });
  return { open: () => sourceOf(sandbox, { workspace: WORKSPACE }), span: SPAN, host: machine.resource, reason };
}

describeConsumers('a machine in Azure', {
  world: () => worldOf(machine, { 'host.type': 'Standard_D2s_v5' }, EIGHT_GIBIBYTES),
  failing: {
    'the workspace is denied': () => failing('denied', 'denied'),
    'it is throttled for good': () => failing('throttled', 'throttled'),
    'the answer is garbage': () => failing('garbage', 'malformed'),
    'the answer is truncated': () => failing('truncated', 'truncated'),
  },
});

describeConsumers('a machine with Windows in Azure', {
  world: () => worldOf(windows, { 'host.type': 'Standard_D2s_v5' }, EIGHT_GIBIBYTES),
  failing: {},
});

describeConsumers('a node in Azure', {
  world: () => worldOf(node, { 'aks-managed-poolName': 'pool' }, undefined),
  failing: {},
});
