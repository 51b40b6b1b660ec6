/** A large fleet as a Prometheus has it: hosts with node_exporter, and containers of a cluster, whose nodes they are. */
import { type Labels, type StoredSeries, sampled } from '../sandbox/prometheus/series.ts';

export const NOON = Date.UTC(2026, 10, 20, 12);
export const HOUR = 3_600_000;
export const PERIOD_MS = 900_000;

/** Hours that are read. */
export const HOURS = 100;

const GIB = 2 ** 30;
const ALL = { start: NOON - (HOURS + 1) * HOUR, end: NOON + 1 };
/** Of everything that is looked up at the end of the window, and an hour before, alone. */
const LATEST = { start: NOON - 2 * HOUR, end: NOON + 1 };

/** One scrape a period, at its start. */
function aSeries(labels: Labels, value: (time: number) => number, written = ALL): StoredSeries {
  return sampled({ labels, written: [written], every: PERIOD_MS, phase: 0, value });
}

/** Bytes that move with the time, differently for each series. */
function wave(seed: number, bytes: number): (time: number) => number {
  return (time) => Math.round(bytes * (0.4 + 0.1 * Math.sin(seed + time / (7 * HOUR))));
}

function hostSeries(index: number): StoredSeries[] {
  const target = { job: 'node', instance: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}:9100` };
  const named = (name: string, labels: Labels = {}) => ({ __name__: name, ...target, ...labels });
  return [
    aSeries(named('node_memory_MemTotal_bytes'), () => 8 * GIB),
    aSeries(named('node_memory_MemAvailable_bytes'), wave(index, 8 * GIB)),
    aSeries(named('up'), () => 1, LATEST),
    aSeries(
      named('node_uname_info', { nodename: `host-${index}`, sysname: 'Linux', machine: 'x86_64' }),
      () => 1,
      LATEST,
    ),
  ];
}

/** Half of them are replicas of workloads with ten pods, the other half workloads of one pod. */
function containerSeries(index: number, nodes: number): StoredSeries[] {
  const workload = index % 2 === 0 ? `single-${index}` : `service-${Math.floor(index / 20)}`;
  const kube = { namespace: `team-${index % 50}`, pod: `${workload}-6c9d7b5f4d-${suffixOf(index)}` };
  const kubelet = { job: 'kubelet', instance: `node-${index % nodes}:10250`, node: `node-${index % nodes}`, ...kube };
  const state = { job: 'kube-state-metrics', instance: '10.42.0.7:8080', ...kube };
  const memory = {
    container: 'app',
    image: 'registry.example.com/app:1',
    id: `/kubepods.slice/${index}`,
    name: `${index}`,
  };
  const owner = { owner_kind: 'ReplicaSet', owner_name: `${workload}-6c9d7b5f4d`, owner_is_controller: 'true' };
  const limits = { container: 'app', resource: 'memory', unit: 'byte' };
  return [
    aSeries({ __name__: 'container_memory_working_set_bytes', ...kubelet, ...memory }, wave(index, GIB)),
    aSeries({ __name__: 'kube_pod_container_resource_limits', ...state, ...limits }, () => GIB, LATEST),
    aSeries({ __name__: 'kube_pod_owner', ...state, ...owner }, () => 1, LATEST),
  ];
}

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

function suffixOf(index: number): string {
  return [0, 1, 2, 3, 4].map((digit) => ALPHABET[Math.floor(index / 27 ** digit) % 27]).join('');
}

/** All series of the fleet. */
export function largeFleet(hosts: number, containers: number): StoredSeries[] {
  return [
    ...Array.from({ length: hosts }, (_, index) => hostSeries(index)).flat(),
    ...Array.from({ length: containers }, (_, index) => containerSeries(index, Math.max(1, hosts / 10))).flat(),
  ];
}
