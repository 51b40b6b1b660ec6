/** What a server scrapes, from its list of targets: which of them fail, and which jobs are machines. Pure. */
import type { Labels } from './answers.ts';
import { keyOf } from './known-host.ts';
import type { SeriesEntry } from './list-entries.ts';

export interface Targets {
  /** Of each target, by cluster and instance: whether its last scrape succeeded. */
  readonly up: ReadonlyMap<string, boolean>;
  readonly jobs: ReadonlySet<string>;
  /** Whether one server finds and scrapes the targets of a job: it, and no agent on them, ends with what it has lost. */
  arePulled(job: string): boolean;
  readonly failing: readonly Labels[];
  readonly live: readonly Labels[];
}

export function targetsIn(listed: readonly SeriesEntry[]): Targets {
  const entries = listed.filter(({ labels }) => labels['scrape_job'] === undefined);
  const pools = listed.flatMap(({ labels, value = 0 }) => (value > 1 ? (labels['scrape_job'] ?? []) : []));
  // The operator calls jobs otherwise than their pools.
  const isOperated = pools.some((pool) => /^(?:serviceMonitor|podMonitor)\//.test(pool));
  const up = new Map<string, boolean>();
  for (const { labels, value } of entries) {
    const key = keyOf([labels['cluster'], labels['instance']]);
    up.set(key, (up.get(key) ?? false) || value !== 0);
  }
  const jobs = new Set(entries.flatMap(({ labels }) => labels['job'] ?? []));
  return {
    up,
    jobs,
    arePulled: (job) => isOperated || pools.includes(job),
    failing: entries.filter(({ value }) => value === 0).map(({ labels }) => labels),
    live: entries.filter(({ value }) => value !== 0).map(({ labels }) => labels),
  };
}

/** Jobs whose targets are all machines: others scrape applications as well, of which one that fails is none. */
export function jobsOfMachines(live: readonly Labels[], machines: ReadonlySet<string>): ReadonlySet<string> {
  const mixed = new Set(
    live.flatMap(({ cluster, instance, job = '' }) => (machines.has(keyOf([cluster, instance])) ? [] : [job])),
  );
  return new Set(live.flatMap(({ job = '' }) => (mixed.has(job) ? [] : [job])));
}

/** With its colon; empty where there is none. */
export function portOf(instance: string): string {
  return /:\d+$/.exec(instance)?.[0] ?? '';
}
