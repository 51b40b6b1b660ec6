/** From listed dimension sets to hosts. */
import { describe, expect, it } from 'vitest';
import { type Dimensions, hostsOf } from '../../../adapters/cloudwatch/hosts.ts';
import { LINUX_MEMORY, NODE_MEMORY, WINDOWS_MEMORY } from '../../../adapters/cloudwatch/metrics.ts';

const SCOPE = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;

function set(named: Readonly<Record<string, string>>) {
  return Object.entries(named).map(([Name, Value]) => ({ Name, Value }));
}

/** Sets under which the agent of a Linux host publishes its memory. */
function linux(...sets: readonly Dimensions[]) {
  return sets.map((dimensions) => ({ metric: LINUX_MEMORY, dimensions }));
}

describe('the hosts of listed dimension sets', () => {
  it('has one host per instance, requested by its most specific set', () => {
    const complete = set({ InstanceId: 'i-1', InstanceType: 'm7g.large', AutoScalingGroupName: 'web' });
    const rollUp = set({ App: 'shop', InstanceId: 'i-1' });
    const listed = linux(rollUp, complete, set({ AutoScalingGroupName: 'web' }), []);

    const hosts = hostsOf(listed, SCOPE);

    expect(hosts).toMatchObject([{ id: 'i-1', best: { dimensions: complete }, others: [{ dimensions: rollUp }] }]);
  });

  it('chooses the same set in whichever order they are listed', () => {
    const sets = ['m7g.large', 'm7g.xlarge'].map((InstanceType) => set({ InstanceId: 'i-1', InstanceType }));

    expect(hostsOf(linux(...sets.toReversed()), SCOPE)).toEqual(hostsOf(linux(...sets), SCOPE));
  });

  it('counts a set that is listed twice once', () => {
    const hosts = hostsOf(linux(set({ InstanceId: 'i-1' }), set({ InstanceId: 'i-1' })), SCOPE);

    expect(hosts).toMatchObject([{ id: 'i-1', others: [] }]);
  });

  it('takes a host name beside an instance for its name, and alone for a roll-up of it', () => {
    const hosts = hostsOf(linux(set({ InstanceId: 'i-1', host: 'ip-10-0-0-1' }), set({ host: 'ip-10-0-0-1' })), SCOPE);

    expect(hosts.map(({ id, best }) => [id, best.resource.name])).toEqual([['i-1', 'ip-10-0-0-1']]);
  });

  it('takes a machine that has an instance’s host name, and a dimension of its own, for a host', () => {
    const hosts = hostsOf(
      linux(set({ InstanceId: 'i-1', host: 'localhost', rack: '1' }), set({ host: 'localhost', rack: '7' })),
      SCOPE,
    );

    expect(hosts.map(({ id }) => id)).toEqual(['i-1', 'localhost']);
  });

  it('keeps dimensions that are not AWS’s as labels under their own names', () => {
    const [host] = hostsOf(linux(set({ host: 'db-7', ImageId: 'ami-1', stage: 'production' })), SCOPE);

    expect(host?.best.resource).toEqual({
      ...SCOPE,
      id: 'db-7',
      name: 'db-7',
      labels: { 'host.image.id': 'ami-1', stage: 'production' },
    });
  });

  it('reads an agent before a cluster, and keeps the cluster in case the agent stopped reporting', () => {
    const node = {
      metric: NODE_MEMORY,
      dimensions: set({ NodeName: 'ip-10', InstanceId: 'i-1', ClusterName: 'shop' }),
    };

    const hosts = hostsOf([node, ...linux(set({ InstanceId: 'i-1' }))], SCOPE);

    expect(hosts).toMatchObject([{ id: 'i-1', best: { metric: LINUX_MEMORY }, others: [{ metric: NODE_MEMORY }] }]);
  });

  it('names a node of a cluster, and its cluster', () => {
    const dimensions = set({ NodeName: 'ip-10', InstanceId: 'i-1', ClusterName: 'shop' });

    const [host] = hostsOf([{ metric: NODE_MEMORY, dimensions }], SCOPE);

    expect(host?.best.resource).toMatchObject({
      name: 'ip-10',
      labels: { 'k8s.cluster.name': 'shop', 'k8s.node.name': 'ip-10' },
    });
  });

  it('leaves out the object that Windows counts', () => {
    const dimensions = set({ InstanceId: 'i-1', objectname: 'Memory' });

    const [host] = hostsOf([{ metric: WINDOWS_MEMORY, dimensions }], SCOPE);

    expect(host?.best.resource).toEqual({ ...SCOPE, id: 'i-1' });
  });
});
