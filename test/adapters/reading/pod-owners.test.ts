/** Who owns a pod, by what Kubernetes names as its controller. */
import { describe, expect, it } from 'vitest';
import { ownerOf } from '../../../adapters/reading/pod-owners.ts';

describe('the owner of a pod', () => {
  it.each([
    ['ReplicaSet', 'checkout-7d9f8c6b5d', 'deployment', 'checkout'],
    // Made by hand: nothing that a rollout could restart.
    ['ReplicaSet', 'checkout', undefined, 'checkout'],
    ['Deployment', 'checkout', 'deployment', 'checkout'],
    ['StatefulSet', 'db', 'statefulset', 'db'],
    ['DaemonSet', 'agent', 'daemonset', 'agent'],
    ['Job', 'import', 'job', 'import'],
    ['Job', 'backup-29123456', 'job', 'backup'],
    ['CronJob', 'backup', 'job', 'backup'],
    ['ReplicationController', 'checkout-3', undefined, 'checkout'],
    ['CloneSet', 'checkout-3', undefined, 'checkout'],
    ['CloneSet', 'checkout', undefined, 'checkout'],
    ['Kafka', 'broker-3', undefined, 'broker-3'],
  ])('%s %s is a workload', (kind, name, expected, workload) => {
    expect(ownerOf(kind, name, 'a-pod')).toEqual({ name: workload, ...(expected && { kind: expected }) });
  });

  it.each([
    ['a node', 'Node', 'node-1'],
    ['itself', 'Pod', 'etcd-node-1'],
    ['nobody', '', ''],
    ['nobody, as older versions write it', '<none>', '<none>'],
  ])('that belongs to %s is the pod itself, whatever it is called', (_, kind, name) => {
    expect(ownerOf(kind, name, 'etcd-node-1')).toEqual({ kind: 'pod', name: 'etcd-node-1' });
  });
});
