/** The readings that need no samples: hosts that do not report or whose metrics are malformed, and hosts that may be missing. */
import { admits, type HostFilter } from '../../core/model/host-filter.ts';
import type { NotMonitored, Resource, Scope, Unreadable } from '../../core/model/series.ts';
import { hostsMissing } from '../reading/failure.ts';
import { notReportedHint } from './hints.ts';
import type { Inventory } from './inventory.ts';

export type Unread = NotMonitored | Unreadable;

export function* unread(inventory: Inventory, scope: Scope, filters: readonly HostFilter[]): Generator<Unread> {
  const { notReporting, malformed, unrecognised, hostsTruncated, metricsTruncated } = inventory;
  for (const truncated of [hostsTruncated, metricsTruncated]) {
    if (truncated) yield hostsMissing(scope, truncated);
  }
  if (unrecognised[0]) {
    const detail = `some hosts may not be known: ${unrecognised.length} listed metrics are not as documented: ${unrecognised[0].why}`;
    yield { kind: 'unreadable', scope, reason: 'malformed', detail };
  }
  for (const { resource, why } of malformed) {
    const detail = `its metric is not listed as documented: ${why}`;
    if (admits(filters, resource)) yield { kind: 'unreadable', scope: resource, reason: 'malformed', detail };
  }
  const unmonitored = notMonitoredIn(inventory);
  for (const resource of notReporting) {
    if (admits(filters, resource)) yield unmonitored(resource);
  }
}

/** The reading of one instance without a listed metric. */
export function notMonitored(resource: Resource, inventory: Inventory): Unread {
  return notMonitoredIn(inventory)(resource);
}

/** Where the listing of metrics is truncated, nobody knows whether an instance has one. The hint is the same for all. */
function notMonitoredIn({ metricsTruncated, reporting }: Inventory): (resource: Resource) => Unread {
  if (metricsTruncated) {
    const { reason } = metricsTruncated;
    const detail = `it is not known whether this host publishes its memory: ${metricsTruncated.detail}`;
    return (scope) => ({ kind: 'unreadable', scope, reason, detail });
  }
  const hint = notReportedHint(reporting);
  return (resource) => ({ kind: 'not_monitored', resource, reason: 'not_reported', hint });
}
