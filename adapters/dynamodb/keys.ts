/** The keys of the table's items. Parts are encoded, so that a `#` in a name cannot reach into another item's key. */
import type { IncidentKey } from '../../core/model/incident.ts';
import type { Scope } from '../../core/model/series.ts';

/** The primary key of an item. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** The partition that lists the tenants. */
export const TENANTS = 'TENANTS';

/** Digits of a version in a sort key: enough that text order is number order for ever. */
const VERSION_DIGITS = 10;

export function tenantPartition(tenant: string): string {
  return join('T', tenant);
}

export function configKey(tenant: string, version: number): Key {
  return { pk: tenantPartition(tenant), sk: `CONFIG#${String(version).padStart(VERSION_DIGITS, '0')}` };
}

export function externalIdKey(tenant: string): Key {
  return { pk: tenantPartition(tenant), sk: 'EXTERNAL_ID' };
}

export function incidentKey({ tenant, provider, account, region, host, metric }: IncidentKey): Key {
  return { pk: tenantPartition(tenant), sk: join('INC', provider, account, region, host, metric) };
}

/** The partition of the index of a tenant's incidents that are not closed. */
export function openPartition(tenant: string, { provider, account, region }: Scope): string {
  return join('OPEN', tenant, provider, account, region);
}

/** What the sort keys of a scope's runs begin with; the scheduled time follows. */
export function runPrefix({ provider, account, region }: Scope): string {
  return join('RUN', provider, account, region, '');
}

/** @param scheduledTime Epoch milliseconds; as ISO 8601 its text order is its time order. */
export function runKey(tenant: string, scope: Scope, scheduledTime: number): Key {
  return { pk: tenantPartition(tenant), sk: runPrefix(scope) + new Date(scheduledTime).toISOString() };
}

/** What stands under a key, for people; of a partition the sort key may be the beginning of one. */
export function subjectOf({ pk, sk }: Key): string {
  const [kind, tenant = ''] = pk.split('#').map(decodeURIComponent);
  switch (kind) {
    case TENANTS:
      return 'the list of tenants';
    case 'OPEN':
      return `the open incidents of tenant ${tenant}`;
    case 'T':
      return ofTenant(tenant, sk);
    default:
      return 'the outboxes';
  }
}

function ofTenant(tenant: string, sk: string): string {
  const [kind, , , , host = ''] = sk.split('#').map(decodeURIComponent);
  if (kind === 'INC') return `the incident of host ${host} of tenant ${tenant}`;
  return kind === 'RUN' ? `the runs of tenant ${tenant}` : `tenant ${tenant}`;
}

/** A part that there is none of, as the region of a source without regions, is empty. */
function join(...parts: readonly (string | null)[]): string {
  // A provider's name may hold half a surrogate pair, which has no encoding.
  return parts.map((part) => encodeURIComponent((part ?? '').toWellFormed())).join('#');
}
