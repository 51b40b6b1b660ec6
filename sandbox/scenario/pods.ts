/** Containers of managed clusters, with limits of their own. Provider-neutral: how they look in a cloud's metrics is its endpoint's business. */
import type { Window } from '../../core/model/series.ts';
import type { Expected, PodContainer } from './fleet.ts';
import type { Location } from './hosts.ts';
import { type ControllerKind, podName } from './pod-names.ts';
import { seedOf } from './random.ts';
import { flat, noise, type Shape, sum } from './shapes.ts';

const HOUR = 3_600_000;
const MEBIBYTE = 2 ** 20;

/** A workload with one container in each of its pods. */
export interface WorkloadPlan {
  /** Unique in its cluster: its noise follows from it. */
  readonly name: string;
  readonly kind: ControllerKind;
  readonly container: string;
  readonly story: string;
  readonly expected: Expected;
  /** Percent of the limit in use; of 512 MiB where there is none. */
  readonly memory: Shape;
  /** The greatest noise, in percentage points. */
  readonly jitter?: number;
  /** Mebibytes, or null for none. Default: 512. */
  readonly limit?: number | null;
  /** Pods that run beside each other. Default: 1. */
  readonly replicas?: number;
  /** Hours at which all pods were replaced by new ones. */
  readonly rollouts?: readonly number[];
}

/** Where the workloads of a cluster run. */
export interface ClusterSite {
  readonly provider: PodContainer['provider'];
  readonly tenant: string;
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
  readonly location: string;
  readonly nodes: readonly string[];
  readonly plans: readonly WorkloadPlan[];
}

const DEFAULT_JITTER = 0.8;
const DEFAULT_LIMIT = 512;
const LAUNCHED = -30 * 24;

export function containersAt(site: ClusterSite, { asOf, seed }: Pick<Location, 'asOf' | 'seed'>): PodContainer[] {
  return site.plans.flatMap((plan) => {
    const times = [LAUNCHED, ...(plan.rollouts ?? []), Number.POSITIVE_INFINITY];
    return times.slice(0, -1).flatMap((from, rollout) => {
      const to = times[rollout + 1] ?? from;
      const runs = { start: asOf + from * HOUR, end: asOf + to * HOUR };
      return Array.from({ length: plan.replicas ?? 1 }, (_, index) =>
        containerOf(site, plan, { index, rollout, runs, asOf, seed }),
      );
    });
  });
}

interface PodPlan extends Pick<Location, 'asOf' | 'seed'> {
  readonly index: number;
  readonly rollout: number;
  readonly runs: Window;
}

function containerOf(
  site: ClusterSite,
  plan: WorkloadPlan,
  { index, rollout, runs, asOf, seed }: PodPlan,
): PodContainer {
  const { plans: _, nodes, ...location } = site;
  const { name, kind, container, story, expected, limit = DEFAULT_LIMIT } = plan;
  const bytes = (limit ?? DEFAULT_LIMIT) * MEBIBYTE;
  // The first replica moves as a host of the workload's name does.
  const key = index === 0 ? name : `${name}-${index}`;
  const percent = sum(plan.memory ?? flat(0), noise(seedOf(`${seed}/${key}`), plan.jitter ?? DEFAULT_JITTER));
  return {
    ...location,
    namespace: 'shop',
    pod: podName(kind, name, index, rollout),
    container,
    node: nodes[(seedOf(name) + index) % nodes.length] ?? '',
    controller: { kind, name, rollout },
    ...(limit !== null && { limit: () => bytes }),
    runs,
    reports: [runs],
    used: (time) => Math.round((bytes * Math.min(99, Math.max(1, percent((time - asOf) / HOUR)))) / 100),
    story,
    expected,
  };
}
