/** The replay of a past window of a region: which inspections are due in it, and how many of them are allowed. */
import type { HostFilter } from '../model/host-filter.ts';
import type { RegionResult } from '../model/inspection-result.ts';
import type { InspectedMetric } from '../model/metrics.ts';
import { type HostPolicies, overridden } from '../model/policy.ts';
import type { Window } from '../model/series.ts';
import type { Account, StoredTenant } from '../model/tenant.ts';
import type { MemorySource } from '../ports/memory-source.ts';
import { hostPolicies } from '../tenants/host-policies.ts';
import { nextFirings } from '../tenants/schedule.ts';
import type { Deadline } from './deadline.ts';
import { notInspectedResult, type Replayed, replayResult } from './results.ts';

/** Inspections that one replay makes at the most: those of an hourly schedule in a month. */
const MOST_INSPECTIONS = 31 * 24;

export interface ReplayRequest {
  readonly tenant: string;
  readonly source: MemorySource;
  readonly metric: InspectedMetric;
  readonly filters: readonly HostFilter[];
  readonly policies: HostPolicies;
  readonly window: Window;
  /** When the inspections were due, epoch milliseconds in order. */
  readonly due: readonly number[];
}

/** Replays the inspections of one region, until time is up. Records nothing and publishes nothing. */
export type ReplayRegion = (request: ReplayRequest, deadline: Deadline) => Promise<Replayed>;

export interface RegionReplayRequest {
  readonly tenant: StoredTenant;
  readonly account: Account;
  readonly source: MemorySource;
  readonly metric: InspectedMetric;
  readonly window: Window;
  readonly only?: HostFilter;
  readonly lookBackHours?: number;
}

/** Refused where no inspection is due in the window, or too many are. */
export async function replayResultOf(
  request: RegionReplayRequest,
  replay: ReplayRegion,
  deadline: Deadline,
): Promise<RegionResult> {
  const { tenant, account, source, metric, window, only, lookBackHours } = request;
  const { start, end } = window;
  // A firing at the very beginning belongs to the window.
  const due = nextFirings(account.schedule, start - 1, MOST_INSPECTIONS + 1).filter((at) => at <= end);
  const refusal = whyNotReplayed(due.length, account);
  if (refusal !== undefined) return notInspectedResult(source.scope, { kind: 'refused', reason: refusal });
  const policies = hostPolicies({ stored: tenant, account, metric });
  const filters = [tenant.config.hosts, account.hosts, only].filter((filter) => filter !== undefined);
  const replayed = await replay(
    {
      tenant: tenant.config.tenant,
      source,
      metric,
      filters,
      policies: overridden(policies, lookBackHours === undefined ? undefined : { lookBackHours }),
      window,
      due,
    },
    deadline,
  );
  return replayResult(source.scope, replayed);
}

function whyNotReplayed(due: number, { schedule }: Account): string | undefined {
  const { cron, timezone } = schedule;
  if (due === 0) return `from, to: no inspection of the schedule ${cron} (${timezone}) was due in this window`;
  if (due <= MOST_INSPECTIONS) return undefined;
  return `from, to: the schedule ${cron} (${timezone}) has more than ${MOST_INSPECTIONS} inspections in this window; give a shorter one`;
}
