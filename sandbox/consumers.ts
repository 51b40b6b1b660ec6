/**
 * Who uses the memory of a fleet's hosts: derived from a host's memory and from whom its story blames, so that what a cloud
 * says of processes and pods adds up to what it says of the host.
 */
import type { Consumer } from '../model/series.ts';
import type { Host } from './fleet.ts';

/** Memory of every host of a fleet, in bytes. */
export const HOST_BYTES = 8 * 2 ** 30;

/** What every host runs, as fractions of its memory: flat, and so never to blame. */
const PROCESSES = { 'redis-server': 0.05, dockerd: 0.025, containerd: 0.015, 'systemd-journald': 0.01, sshd: 0.002 };
const PODS = { 'redis-0': 0.05, 'fluentbit-x2x9q': 0.02, 'kube-dns-6d4f': 0.012 };

/** What the kernel keeps and no consumer shows. */
const UNEXPLAINED = 0.04;

/** Hosts that nobody is to blame on run this one: it uses what the others leave. */
const INNOCENT = 'app';

export interface FleetConsumer extends Consumer {
  /** Bytes in use at a time (epoch ms). */
  readonly bytes: (time: number) => number;
}

/** The processes of a host, or the pods of a node; the one that its story blames first. */
export function consumersOf(host: Host): FleetConsumer[] {
  const pods = host.naming === 'k8s_node';
  const others = Object.entries(pods ? PODS : PROCESSES);
  const taken = others.reduce((sum, [, fraction]) => sum + fraction, UNEXPLAINED);
  const main = host.expected.state === 'leaking' ? host.expected.culprit : INNOCENT;
  const consumer = (name: string): Consumer =>
    pods ? { kind: 'pod', name, namespace: 'default' } : { kind: 'process', name };
  return [
    { ...consumer(main), bytes: (time) => HOST_BYTES * Math.max(0.001, host.used(time) - taken) },
    ...others.map(([name, fraction]) => ({ ...consumer(name), bytes: () => HOST_BYTES * fraction })),
  ];
}
