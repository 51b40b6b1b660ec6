/**
 * Who uses the memory of a fleet's hosts: derived from a host's memory and from the top consumer that it expects, so that the
 * processes and pods of a cloud's metrics add up to the host's memory.
 */
import type { Consumer } from '../../core/model/series.ts';
import type { Host } from './fleet.ts';
import { podSuffix } from './pod-names.ts';
import { seedOf, smoothNoiseAt } from './random.ts';

const HOUR = 3_600_000;

/** Memory of every host of a fleet, in bytes. */
export const HOST_BYTES = 8 * 2 ** 30;

/** A fraction of the host's memory, by the fraction of it that is used and the time (epoch ms). */
type Usage = (used: number, time: number) => number;

const flat = (fraction: number): Usage => {
  return () => fraction;
};

/** Varies by a twentieth, differently for each name. */
const noisy = (name: string, fraction: number): Usage => {
  return (_, time) => fraction * (1 + 0.05 * smoothNoiseAt(seedOf(name), time / HOUR));
};

/** Takes a tenth of the memory that the host uses above a fifth: it causes a tenth of any rise. */
const following = (fraction: number): Usage => {
  return (used) => fraction + 0.1 * Math.max(0, used - 0.2);
};

/** The processes and pods that every host runs beside its main one. */
const PROCESSES: Readonly<Record<string, Usage>> = {
  'redis-server': noisy('redis-server', 0.05),
  dockerd: flat(0.025),
  containerd: flat(0.015),
  'systemd-journald': following(0.01),
  sshd: flat(0.002),
};

/** Of a node. Names are unique in a namespace, so that two nodes have no pod of one name. */
function podsOf({ resource }: Host): Readonly<Record<string, Usage>> {
  const number = seedOf(resource.id);
  const suffix = podSuffix(number);
  return {
    [`redis-${number % 100}`]: noisy('redis', 0.05),
    [`fluentbit-${suffix}`]: following(0.02),
    [`kube-dns-6d4f8b9c7-${suffix}`]: flat(0.012),
  };
}

/** The kernel's share, which no consumer shows. */
const UNEXPLAINED = 0.04;

/** The main process of a host without a leak: it uses the memory that the other processes leave. */
const DEFAULT_MAIN = 'app';

export interface FleetConsumer extends Consumer {
  /** Bytes in use at a time (epoch ms). */
  readonly bytes: (time: number) => number;
}

/** The processes of a host, or the pods of a node; the main one first. */
export function consumersOf(host: Host): FleetConsumer[] {
  const pods = host.naming === 'k8s_node';
  const others = Object.entries(pods ? podsOf(host) : PROCESSES);
  const left = (time: number) => {
    const used = host.used(time);
    return others.reduce((sum, [, usage]) => sum - usage(used, time), used - UNEXPLAINED);
  };
  const main = host.expected.state === 'leaking' ? host.expected.topConsumer : DEFAULT_MAIN;
  const consumer = (name: string): Consumer =>
    pods ? { kind: 'pod', name, namespace: 'default' } : { kind: 'process', name };
  return [
    { ...consumer(main), bytes: (time) => HOST_BYTES * Math.max(0.001, left(time)) },
    ...others.map(([name, usage]) => ({
      ...consumer(name),
      bytes: (time: number) => HOST_BYTES * usage(host.used(time), time),
    })),
  ];
}
