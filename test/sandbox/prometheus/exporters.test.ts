/** What the sandbox's exporters publish of a fleet, as queries see it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { worldsOf } from '../../../sandbox/prometheus/fleet-worlds.ts';
import type { Storage } from '../../../sandbox/prometheus/series.ts';
import { createStorages } from '../../../sandbox/prometheus/server.ts';
import { PROMETHEUS } from '../../../sandbox/scenario/prometheus.ts';
import { prometheusAt } from '../../../sandbox/scenario/scenario.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';

let storage: Storage | undefined;

beforeAll(() => {
  storage = createStorages(worldsOf(prometheusAt(NOON)))(PROMETHEUS);
});

/** Series of a metric with these labels among others, that have samples in the last hour. */
function live(metric: string, labels: Readonly<Record<string, string>> = {}) {
  const matchers = Object.entries({ __name__: metric, ...labels }).map(
    ([label, value]) => ({ label, operator: '=', value }) as const,
  );
  return (storage?.select(matchers) ?? []).filter((series) => series.isWritten(NOON - HOUR, NOON));
}

describe('the scenario’s Prometheus', () => {
  it.each([
    ['node_memory_MemAvailable_bytes', { instance: 'billing-1:9100' }],
    ['node_uname_info', { nodename: 'billing-1' }],
    ['windows_memory_commit_limit', { instance: 'files-1:9182' }],
    ['system_memory_utilization_ratio', { host_name: 'search-1', state: 'used' }],
    ['namedprocess_namegroup_memory_bytes', { instance: 'billing-1:9256', groupname: 'java', memtype: 'resident' }],
    ['machine_memory_bytes', { node: 'harbour-node-1', cluster: 'harbour' }],
    ['kube_node_status_capacity', { node: 'harbour-node-1', resource: 'memory' }],
    ['container_spec_memory_limit_bytes', { container: 'api', pod: 'basket-hcwplv95g-v6l4w' }],
    ['kube_pod_owner', { owner_kind: 'ReplicaSet', owner_name: 'basket-hcwplv95g' }],
    ['kube_replicaset_owner', { replicaset: 'basket-hcwplv95g', owner_name: 'basket' }],
    ['kube_pod_container_resource_limits', { container: 'broker', unit: 'byte' }],
  ])('has %s', (metric, labels) => {
    expect(live(metric, labels)).toHaveLength(1);
  });

  it('keeps a machine whose exporter died as a target that fails', () => {
    const [up] = live('up', { instance: 'edge-1:9100' });

    expect(up?.read(NOON - HOUR, NOON).values).toContain(0);
    expect(live('node_memory_MemTotal_bytes', { instance: 'edge-1:9100' })).toHaveLength(0);
    expect(live('up', { instance: 'spare-1:9100' })).toHaveLength(0);
  });

  it('publishes pause containers, pods and the node’s own groups without a container', () => {
    const series = live('container_memory_working_set_bytes').map(({ labels }) => labels);
    const without = series.filter(({ container }) => container === undefined);

    expect(without.some(({ image }) => image?.includes('pause'))).toBe(true);
    expect(without.some(({ id, pod }) => id === '/' && pod === undefined)).toBe(true);
    expect(without.some(({ pod, name }) => pod !== undefined && name === undefined)).toBe(true);
  });

  it('has no limit of a container that has none: 0 of the kubelet, and nothing of kube-state-metrics', () => {
    const [limit] = live('container_spec_memory_limit_bytes', { container: 'agent' });

    expect(limit?.read(NOON - HOUR, NOON).values.every((value) => value === 0)).toBe(true);
    expect(live('kube_pod_container_resource_limits', { container: 'agent' })).toHaveLength(0);
  });

  it('is written by both replicas of a pair, where there is one', () => {
    const fleet = { ...prometheusAt(NOON), prometheus: { [PROMETHEUS]: { replicas: ['a', 'b'] } } };
    const paired = createStorages(worldsOf(fleet))(PROMETHEUS);

    expect(paired?.all).toHaveLength(2 * (storage?.all.length ?? 0));
    expect(new Set(paired?.all.map(({ labels }) => labels['prometheus_replica']))).toEqual(new Set(['a', 'b']));
  });
});
