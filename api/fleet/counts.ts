/** Counts of hosts, summed over regions. */
import type { RunSummary } from '../../core/model/run.ts';
import type { OverviewView } from '../contract/tenants.ts';

type HostCounts = OverviewView['hosts'];

export function hostCounts({ hosts, stopped }: Pick<RunSummary, 'hosts' | 'stopped'>): HostCounts {
  const { known, inspected, notMonitored, unreadable, notDue } = hosts;
  return { known, inspected, notMonitored, unreadable, notDue, stopped };
}

export function sumCounts(all: readonly HostCounts[]): HostCounts {
  const sum = { known: 0, inspected: 0, notMonitored: 0, unreadable: 0, notDue: 0, stopped: 0 };
  for (const counts of all) {
    sum.known += counts.known;
    sum.inspected += counts.inspected;
    sum.notMonitored += counts.notMonitored;
    sum.unreadable += counts.unreadable;
    sum.notDue += counts.notDue;
    sum.stopped += counts.stopped;
  }
  return sum;
}
