/** Collects what the demo's inspections found: the runs that were logged, the events that were published, every host's verdict. */

import { findingOf } from '../../core/incidents/observation.ts';
import { type Inspected, isLeaking } from '../../core/model/inspected-host.ts';
import type { Notification } from '../../core/model/notification.ts';
import type { RunSummary } from '../../core/model/run.ts';
import type { Resource } from '../../core/model/series.ts';
import type { StoredTenant } from '../../core/model/tenant.ts';
import type { RunLog } from '../../core/ports/run-log.ts';
import type { FoundHost } from '../findings/findings.ts';
import type { CloudAccess } from '../source/cloud-access.ts';
import { inspectionSteps } from '../source/inspection-steps.ts';
import { tenantTargets } from '../source/targets.ts';

/** Runs of one account and region that the demo makes at the most. */
const RUNS_LOOKED_AT = 10;

/** A host of the fleet with the story that was written for it. */
export interface Storied {
  readonly resource: Resource;
  readonly story: string;
}

/** What the functions have logged of their runs at a time (epoch ms), account by account. */
export async function runsAt(tenants: readonly StoredTenant[], at: number, log: RunLog): Promise<RunSummary[]> {
  const runs: RunSummary[] = [];
  for (const { config } of tenants) {
    for (const { provider, account, regions } of config.accounts) {
      for (const region of regions) {
        const newest = await log.newest(config.tenant, { provider, account, region }, RUNS_LOOKED_AT);
        runs.push(...newest.filter(({ scheduledTime }) => scheduledTime === at));
      }
    }
  }
  return runs;
}

/** Every host of a tenant as `plimsoll inspect` evaluates it: of steady hosts the functions keep the count alone. */
export async function verdictsAt(
  tenant: StoredTenant,
  at: number,
  access: CloudAccess,
  signal: AbortSignal,
): Promise<Inspected[]> {
  const selection = { targets: tenantTargets(tenant, {}, at, access), scheduledTime: at };
  const verdicts: Inspected[] = [];
  for await (const step of inspectionSteps(selection, signal)) if (step.kind === 'host') verdicts.push(step.inspected);
  return verdicts;
}

/** The leaks among the verdicts, each with what the fleet's author expects there. */
export function leaksAmong(tenant: string, verdicts: readonly Inspected[], hosts: readonly Storied[]): FoundHost[] {
  const stories = new Map(
    hosts.map(({ resource, story }) => [resource.id, `${resource.name ?? resource.id}: ${story}`]),
  );
  return verdicts.flatMap((inspected) => {
    if (!isLeaking(inspected)) return [];
    const { series } = inspected;
    const expected = stories.get(series.resource.id) ?? 'nothing';
    return [{ finding: findingOf(tenant, inspected), series, expected }];
  });
}

/**
 * Ids of the hosts of which a leak was published, be it confirmed or suspected: with a message of their own, or with one of their fleet.
 * A message of a fleet names its first ten hosts, and no fleet of the demo has more.
 */
export function leaksReported(events: readonly Notification[]): ReadonlySet<string> {
  return new Set(
    events.flatMap(({ data: { leak, fleet, host } }) =>
      fleet === undefined ? (leak === undefined ? [] : [host.id]) : fleet.first.map((member) => member.host),
    ),
  );
}
