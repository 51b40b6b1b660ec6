/**
 * What the clouds on localhost hold: tenants, their hosts, and what each host is expected to be found as. Provider-neutral:
 * how a host's memory looks in one cloud's metrics is that cloud's endpoint's business.
 */
import type { AccountProvider, Resource, UnreadableReason, Window } from '../../core/model/series.ts';
import type { TenantConfig } from '../../core/model/tenant.ts';
import type { InsufficientReason, PatternName } from '../../core/model/verdict.ts';
import type { Activity } from './activity.ts';
import type { ControllerKind } from './pod-names.ts';

/** The expected report of a host by an inspection at the fleet's time: written by hand, not computed. */
export type Expected =
  | { readonly state: 'leaking'; readonly pattern: PatternName; readonly topConsumer: string }
  | { readonly state: 'steady' }
  | { readonly state: 'insufficient_data'; readonly reason: InsufficientReason }
  | { readonly state: 'not_monitored'; readonly reason: 'not_reported' | 'stopped_reporting' }
  | { readonly state: 'unreadable'; readonly reason: UnreadableReason }
  /** No reading at all: the host is gone, or what is published is not a host. */
  | { readonly state: 'absent' };

export interface Host {
  readonly tenant: string;
  readonly resource: Resource;
  /** One line that describes what happens to the host's memory. */
  readonly story: string;
  /** When the host runs; the end is infinite while it does. */
  readonly runs: Window;
  /** When an agent reports its memory: several windows where it has gaps, none where there is no agent. */
  readonly reports: readonly Window[];
  /** The fraction of memory in use at a time, a pure function of the time. Called for minutes within `reports` only. */
  readonly used: (time: number) => number;
  readonly expected: Expected;
  /** Reading this host's memory fails inside an answer that is otherwise good. */
  readonly failsWith?: 'internal_error' | 'forbidden';
  /** How the agent names the host. Default `instance`. */
  readonly naming?: Naming;
  /** The namespace in which the agent in AWS publishes. Default: the agent's own, `CWAgent`. */
  readonly namespace?: string;
  /** The tags of an instance in AWS: its name is the one with the key `Name`. */
  readonly tags?: Readonly<Record<string, string>>;
  /** What is collected of its processes or pods. Default `all`. */
  readonly collects?: Collects;
  /** Its swap, the bytes of it that are in use, and as what an agent publishes them. Absent: it has none, or nobody collects it. */
  readonly swap?: {
    readonly bytes: number;
    readonly used: (time: number) => number;
    readonly publishes: 'bytes' | 'percent';
  };
  /** When the agent in AWS was switched to another `pid_finder`. Absent: never. */
  readonly pidFinderChangedAt?: number;
  /** What it does beside using memory. Absent: nobody collects anything else of it. */
  readonly activity?: Activity;
}

/**
 * `all`: every process, with how many of each there are. `uncounted`: every process, without their number. `named`: the main
 * process alone, twice: under two selectors. `nothing`: no process. Of a node of EKS `all` means that its owner has declared pods
 * with their node, `nothing` what Container Insights publishes by itself. `totals`, of a Windows machine in Azure: the total of all
 * processes and none of them, as the portal's basic set of counters has it.
 */
export type Collects = 'all' | 'uncounted' | 'named' | 'totals' | 'nothing';

/**
 * `instance`: by its id and what the agent appends to it. `aggregated`: that, and again under fewer dimensions, as a configured
 * aggregation does. `host_name`: by its host name alone, as on premises. `named`: an instance in AWS by
 * its id and its host name. `unresolved`: by its host name, and by the agent's variable where its id belongs.
 * `group_only`: not a host but a group's aggregate. `k8s_node`: as a node of a managed cluster, whose memory the
 * cluster reports and no agent. `bytes_only`: of a machine in Azure whose available memory is published in bytes and
 * not in percent. `windows`: as a Windows host, whose agent in AWS counts what is committed. In Prometheus, `windows_old` is one whose
 * exporter has the names before its release 0.31, and `opentelemetry` a host that the OpenTelemetry collector reports; with
 * `opentelemetry_utf8` under the dotted names of its specification.
 */
export type Naming =
  | 'instance'
  | 'aggregated'
  | 'host_name'
  | 'named'
  | 'unresolved'
  | 'group_only'
  | 'k8s_node'
  | 'bytes_only'
  | 'windows'
  | 'windows_old'
  | 'opentelemetry'
  | 'opentelemetry_utf8';

/** What a Prometheus server has beside the hosts that it scrapes. */
export interface PrometheusOptions {
  /** Whether kube-state-metrics is scraped. Default: where there are nodes. */
  readonly kubeStateMetrics?: boolean;
  /** The label `cluster` of everything that is scraped in Kubernetes. Default: none. */
  readonly cluster?: string;
  /** Values of `prometheus_replica`, where several servers write every series into one store that keeps them all. */
  readonly replicas?: readonly string[];
  /** Milliseconds between two scrapes. Default: a minute. */
  readonly scrapedEvery?: number;
}

/** One container of one pod. */
export interface PodContainer {
  readonly tenant: string;
  readonly provider: AccountProvider;
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
  /** Where the cluster is: its region, or one of the region's zones. */
  readonly location: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** The name of the node that the pod runs on. */
  readonly node: string;
  readonly controller: { readonly kind: ControllerKind; readonly name: string; readonly rollout: number };
  /** Bytes at a time (epoch ms); absent where it has none. */
  readonly limit?: (time: number) => number;
  /** When the pod runs; the end is infinite while it does. */
  readonly runs: Window;
  /** When its memory is reported. */
  readonly reports: readonly Window[];
  /** Bytes of its working set at a time, a pure function of the time. */
  readonly used: (time: number) => number;
  readonly story: string;
  /** Of the host that it is, or is a part of. */
  readonly expected: Expected;
  /** In AWS: `averages` where Container Insights is not enhanced, and publishes the pods of a controller together. Default `all`. */
  readonly published?: 'all' | 'averages';
}

/** One task of ECS. */
export interface Task {
  readonly tenant: string;
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
  /** Absent of a task that was run on its own. */
  readonly service?: string;
  readonly definition: string;
  readonly id: string;
  /** Bytes that are reserved for it, which is its limit. */
  readonly reserved: number;
  /** How many tasks its service should have. */
  readonly desired: number;
  /** When it runs; the end is infinite while it does. */
  readonly runs: Window;
  /** When its memory is reported. */
  readonly reports: readonly Window[];
  /** Bytes in use at a time, a pure function of the time. */
  readonly used: (time: number) => number;
  /** Shares of its memory by the names of its containers. */
  readonly containers: Readonly<Record<string, number>>;
  readonly story: string;
  /** Of the host that it is, or is a part of. */
  readonly expected: Expected;
  /** `averages` where Container Insights is not enhanced: ECS publishes the tasks of a service together. Default `all`. */
  readonly published?: 'all' | 'averages';
}

export interface Fleet {
  /** The moment at which the scenario is set, in epoch milliseconds: an inspection scheduled then finds what is expected. */
  readonly asOf: number;
  readonly tenants: readonly TenantConfig[];
  readonly hosts: readonly Host[];
  /** Containers of clusters. Absent: none beside those that the nodes among the hosts have. */
  readonly pods?: readonly PodContainer[];
  /** Tasks of ECS in AWS. */
  readonly tasks?: readonly Task[];
  /** Accounts whose role does not trust us: nothing of theirs can be read. */
  readonly refusing: readonly string[];
  /** By the name of the server. */
  readonly prometheus?: Readonly<Record<string, PrometheusOptions>>;
}
