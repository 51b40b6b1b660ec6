/** The hosts whose points are read, and what a planner of targets is given and gives. */
import type { PointReading } from '../../../core/model/points.ts';
import type { Resource, Scope } from '../../../core/model/series.ts';
import type { Failure } from '../../reading/failure.ts';
import { isInstance } from '../hosts.ts';
import type { Inventory } from '../inventory.ts';
import type { KnownHosts } from '../known-hosts.ts';
import type { ListingRequest, MetricListing } from '../listing.ts';
import type { RequestContext } from '../pages.ts';
import type { Target } from './targets.ts';

export interface PointsAccess {
  readonly scope: Scope;
  readonly hosts: KnownHosts;
  /** The sets of dimensions of a metric, listed once. Nothing is thrown. */
  readonly setsOf: (context: RequestContext, what: ListingRequest) => Promise<MetricListing>;
}

/** What is requested of the hosts for one metric, and what is known without a request. */
export interface Planned {
  readonly targets: readonly Target[];
  readonly readings: readonly PointReading[];
}

/** A host of the account. */
export interface KnownHost {
  readonly resource: Resource;
  readonly isInstance: boolean;
}

/** Every host that there is, whether it publishes its memory or not. */
export function hostsIn({ reporting, notReporting, malformed }: Inventory): KnownHost[] {
  return [
    ...reporting.map((host) => ({ resource: host.best.resource, isInstance: isInstance(host) })),
    ...[...malformed.map(({ resource }) => resource), ...notReporting].map((resource) => ({
      resource,
      isInstance: true,
    })),
  ];
}

/** Why a listing does not show everything. */
export function failureOf(listing: MetricListing): Failure | undefined {
  return listing.kind === 'failed' ? listing.failure : listing.truncated;
}
