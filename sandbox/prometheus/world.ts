/** What one Prometheus server scrapes: machines and containers, with memory that is a function of the time. */
import type { Window } from '../../core/model/series.ts';
import type { Activity } from '../scenario/activity.ts';
import type { ControllerKind } from '../scenario/pod-names.ts';
import { compareTexts, createStorage, keyOf, type Labels, type Storage, type StoredSeries } from './series.ts';

/** `windows_exporter_old` has the names before its release 0.31, and `opentelemetry_utf8` the dotted ones of the specification. */
export type Publication =
  | 'node_exporter'
  | 'windows_exporter'
  | 'windows_exporter_old'
  | 'opentelemetry'
  | 'opentelemetry_utf8';

export interface ScrapedProcess {
  readonly name: string;
  /** Bytes in use at a time (epoch ms). */
  readonly bytes: (time: number) => number;
}

export interface Machine {
  readonly name: string;
  /** Without a port: those are the exporters' own. */
  readonly address: string;
  readonly publishes: Publication;
  /** When it runs, and is a target of the server. */
  readonly runs: Window;
  /** When its exporter answers. */
  readonly reports: readonly Window[];
  readonly bytes: number;
  /** The fraction of its memory that is in use. */
  readonly used: (time: number) => number;
  /** Its swap, and the fraction of it that is in use; undefined where it has none. */
  readonly swap?: { readonly bytes: number; readonly used: (time: number) => number };
  /** Pages that it reads back from disk, a second; undefined where nobody counts them. */
  readonly majorFaults?: (time: number) => number;
  /** What process-exporter shows; undefined where it is not installed. */
  readonly processes?: readonly ScrapedProcess[];
  /** What it does beside using memory; undefined where nothing else of it is exported. */
  readonly activity?: Activity;
  /** Further labels of its targets. */
  readonly labels?: Labels;
}

export interface Pod {
  readonly name: string;
  readonly node: string;
  readonly runs: Window;
}

export interface Container {
  readonly namespace: string;
  readonly workload: { readonly kind: ControllerKind; readonly name: string };
  readonly name: string;
  readonly image: string;
  /** One after the other: a rollout and a drained node give a replica another pod. */
  readonly pods: readonly Pod[];
  /** Bytes of its working set at a time. */
  readonly used: (time: number) => number;
  /** Bytes at a time; 0 where it has none. */
  readonly limit: (time: number) => number;
}

/** A node of a cluster, as its kubelet publishes it. */
export interface KubeNode {
  readonly name: string;
  readonly address: string;
  readonly bytes: number;
  readonly used: (time: number) => number;
  readonly runs: Window;
}

export interface PrometheusWorld {
  /** What its owner calls the server: the first part of its path. */
  readonly account: string;
  readonly machines: readonly Machine[];
  readonly nodes: readonly KubeNode[];
  readonly containers: readonly Container[];
  /** Whether kube-state-metrics is scraped. */
  readonly kubeStateMetrics: boolean;
  /** Milliseconds between two scrapes. Default: a minute. */
  readonly scrapedEvery?: number;
  /** The label that the targets of the Kubernetes cluster have. */
  readonly cluster?: string;
  /** Labels of every series. */
  readonly labels?: Labels;
  /** Values of `prometheus_replica`, where several servers write every series into one store that keeps them all. */
  readonly replicas?: readonly string[];
  /** Further series. */
  readonly series?: readonly StoredSeries[];
}

/** A series without the labels that the server adds. */
export type Publish = (world: PrometheusWorld) => readonly StoredSeries[];

/** Every series of a server. */
export function storageOf(world: PrometheusWorld, publications: readonly Publish[]): Storage {
  const published = publications.flatMap((publish) => publish(world));
  const own = [...published, ...(world.series ?? [])].map((series) => labelled(series, world.labels ?? {}));
  const replicas = world.replicas ?? [];
  const all =
    replicas.length === 0
      ? own
      : replicas.flatMap((prometheus_replica) => own.map((series) => labelled(series, { prometheus_replica })));
  refuseTwins(all);
  return createStorage(all);
}

function labelled(series: StoredSeries, labels: Labels): StoredSeries {
  return { ...series, labels: { ...labels, ...series.labels } };
}

/** Two series with the same labels are a mistake in a world, which a query would show as nonsense. */
function refuseTwins(all: readonly StoredSeries[]): void {
  const keys = all.map(({ labels }) => keyOf(labels)).sort(compareTexts);
  const twin = keys.findIndex((key, index) => index > 0 && key === keys[index - 1]);
  if (twin >= 0) throw new Error(`a world has two series with the same labels: ${keys[twin]}`);
}
