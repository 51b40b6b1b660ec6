/** The keys of the table's items. Parts are encoded, so that a `#` in a name cannot reach into another item's key. */
import { createHash } from 'node:crypto';
import type { Grant } from '../../core/model/grant.ts';
import { findingParts, type IncidentKey } from '../../core/model/incident.ts';
import { type RunRef, runName } from '../../core/model/run-ref.ts';
import type { Scope } from '../../core/model/series.ts';
import type { JobSpend, RequestSpend } from '../../core/model/spend.ts';
import type { OpenRunKey } from '../../core/ports/open-run-store.ts';
import { MAX_SORT_KEY_BYTES } from './item-size.ts';
import { join, joinWithin } from './key-parts.ts';

/** The primary key of an item. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** The partition that lists the tenants. */
export const TENANTS = 'TENANTS';

/** The partition of the runs that one invocation cannot hold, of all tenants: what looks for those that stalled finds them there. */
export const OPEN_RUNS = 'OPENRUNS';

/** The partition of the deployment's defaults. */
export const DEFAULTS = 'DEFAULTS';

/** The partition that lists the tenants which were deleted and have results still. */
export const DELETED = 'DELETED';

/** What the sort keys of all versions begin with. */
export const VERSIONS = 'CONFIG#';

/** Digits of a version in a sort key: enough that text order is number order for ever. */
const VERSION_DIGITS = 10;

/** Bytes of the name of a receiver. */
const RECEIVER_BYTES = 64;

/** Bytes of the id of a tenant. */
const TENANT_BYTES = 40;

/** Bytes of a time as ISO 8601 writes it. */
const TIME_BYTES = 24;

export function tenantPartition(tenant: string): string {
  return join('T', tenant);
}

export function configKey(tenant: string, version: number): Key {
  return { pk: tenantPartition(tenant), sk: versionKey(version) };
}

export function defaultsKey(version: number): Key {
  return { pk: DEFAULTS, sk: versionKey(version) };
}

function versionKey(version: number): string {
  return VERSIONS + String(version).padStart(VERSION_DIGITS, '0');
}

export function deletedKey(tenant: string): Key {
  return { pk: DELETED, sk: tenant };
}

/** Whose config the item with the key is a version of; undefined for all other items. */
export function tenantOfConfigKey({ pk, sk }: Key): string | undefined {
  const tenant = /^T#([a-z0-9-]+)$/.exec(pk)?.[1];
  return tenant !== undefined && /^CONFIG#\d+$/.test(sk) ? tenant : undefined;
}

export function externalIdKey(tenant: string): Key {
  return { pk: tenantPartition(tenant), sk: 'EXTERNAL_ID' };
}

/** The partition that lists the tenants of whose configs some version names the account. */
export function accountPartition(provider: string, account: string): string {
  return join('ACCOUNT', provider, account);
}

export function incidentKey({ tenant, provider, account, region, host, metric, finding }: IncidentKey): Key {
  const parts = [provider, account, region, host, metric, ...findingParts(finding)];
  return { pk: tenantPartition(tenant), sk: join('INC', ...parts) };
}

/** What the sort keys of a scope's incidents begin with, but for those of which a part had to be shortened that is in it. */
export function incidentPrefix({ provider, account, region }: Scope): string {
  return join('INC', provider, account, region, '');
}

/** Characters of a hash: two incidents never share one. */
const HASH_LENGTH = 32;

/** What the sort keys of an incident's entries in the log begin with; time and id follow. Of entries about no incident: null. */
export function eventPrefix(incident: string | null): string {
  return join('EVENT', incident === null ? '' : hashOf(incident), '');
}

/** The partition of the index of a tenant's incidents of one status. */
export function incidentsPartition(tenant: string, status: string): string {
  return join('INCIDENTS', tenant, status);
}

/** The partition of the index of a month's entries in a tenant's log: one that grew for ever would take all writes. */
export function eventsPartition(tenant: string, month: string): string {
  return join('EVENTS', tenant, month);
}

/** What the sort keys of mutes and labels begin with. */
export const MUTES = 'MUTE#';
export const LABELS = 'LABEL#';

/** What the sort keys of entries of the history of tunings begin with. */
export const TUNINGS = 'TUNING#';

/** What the sort keys of recordings begin with. */
export const RECORDINGS = 'RECORDING#';

/** What the sort keys of ingest tokens begin with. */
export const INGEST_TOKENS = 'INGEST#';

/** What the sort keys of entries of the audit log begin with; time and id follow. */
export const AUDIT = 'AUDIT#';

export function tenantItemKey(prefix: string, { tenant, id }: { readonly tenant: string; readonly id: string }): Key {
  return { pk: tenantPartition(tenant), sk: join(prefix.slice(0, -1), id) };
}

/** The same for the same text, and another for any other. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf16le').digest('hex').slice(0, HASH_LENGTH);
}

/** The partition of the index of a tenant's incidents that are not closed. */
export function openPartition(tenant: string, { provider, account, region }: Scope): string {
  return join('OPEN', tenant, provider, account, region);
}

/** What the sort keys of a scope's runs begin with; the scheduled time follows. */
export function runPrefix({ provider, account, region }: Scope): string {
  return joinWithin(MAX_SORT_KEY_BYTES - TIME_BYTES, ['RUN', provider, account, region, '']);
}

/** @param scheduledTime Epoch milliseconds; as ISO 8601 its text order is its time order. */
export function runKey(tenant: string, scope: Scope, scheduledTime: number): Key {
  return { pk: tenantPartition(tenant), sk: runPrefix(scope) + new Date(scheduledTime).toISOString() };
}

/** Of a run of the schedule the last part is empty. */
export function openRunKey({ tenant, scope: { provider, account, region }, request }: OpenRunKey): Key {
  return { pk: OPEN_RUNS, sk: join('RUN', tenant, provider, account, region, request) };
}

/** What the sort keys of a tenant's open runs begin with. */
export function openRunPrefix(tenant: string): string {
  return join('RUN', tenant, '');
}

/** Digits of a shard's number in a sort key. */
const SHARD_DIGITS = 5;

/** What the sort keys of a run's shards begin with; the number follows. */
export function shardPrefix({ scope: { provider, account, region }, ...run }: RunRef): string {
  return joinWithin(MAX_SORT_KEY_BYTES - SHARD_DIGITS, ['SHARD', provider, account, region, runName(run), '']);
}

export function shardKey(run: RunRef, shard: number): Key {
  return { pk: tenantPartition(run.tenant), sk: shardPrefix(run) + String(shard).padStart(SHARD_DIGITS, '0') };
}

/** What the sort keys of a request's items begin with, and that of what it was dispatched to in full. */
export function requestKey(tenant: string, id: string): Key {
  return { pk: tenantPartition(tenant), sk: join('REQUEST', id, '') };
}

/** That a request was made: what it is dispatched to follows, under another key. */
export function requestedKey(tenant: string, id: string): Key {
  return { pk: tenantPartition(tenant), sk: join('REQUESTED', id) };
}

/** The result of a request in one region. */
export function resultKey(tenant: string, id: string, { provider, account, region }: Scope): Key {
  return { pk: tenantPartition(tenant), sk: join('REQUEST', id, provider, account, region) };
}

/** What the sort keys of the health of a tenant's scopes begin with. */
export const HEALTH_PREFIX = 'HEALTH#';

export function healthKey(tenant: string, { provider, account, region }: Scope): Key {
  return { pk: tenantPartition(tenant), sk: join('HEALTH', provider, account, region) };
}

/** What a tenant was notified of about its inspections. */
export function watchKey(tenant: string): Key {
  return { pk: tenantPartition(tenant), sk: 'WATCH' };
}

/** What the sort keys of a month's jobs begin with. */
export function jobSpendPrefix(month: string): string {
  return join('JOBS', month, '');
}

/** What a job spent in a month. */
export function jobSpendKey(tenant: string, { month, scope, job }: Pick<JobSpend, 'month' | 'scope' | 'job'>): Key {
  const { provider, account, region } = scope;
  return { pk: tenantPartition(tenant), sk: join('JOBS', month, provider, account, region, job) };
}

/** What a tenant's cost cap leads to. */
export function capKey(tenant: string): Key {
  return { pk: tenantPartition(tenant), sk: 'CADENCE' };
}

/** What the sort keys of a month's requests begin with. */
export function spendPrefix(month: string): string {
  return join('SPEND', month, '');
}

/** What reading hosts cost a tenant in a month. */
export function readsKey(tenant: string, month: string): Key {
  return { pk: tenantPartition(tenant), sk: join('READS', month) };
}

export function spendKey(tenant: string, { month, request, scope }: Omit<RequestSpend, 'usd'>): Key {
  const { provider, account, region } = scope;
  return { pk: tenantPartition(tenant), sk: join('SPEND', month, request, provider, account, region) };
}

/** What the sort keys of an event's deliveries begin with; the receiver follows. Events have long ids, of which the end differs. */
export function deliveryPrefix(event: string): string {
  return joinWithin(MAX_SORT_KEY_BYTES - RECEIVER_BYTES, ['DELIVERY', event, '']);
}

/** What became of an event at a receiver. */
export function deliveryKey(tenant: string, event: string, receiver: string): Key {
  return { pk: tenantPartition(tenant), sk: deliveryPrefix(event) + receiver };
}

/** What the sort keys of all incidents that a receiver was notified of begin with. */
export function progressPrefix(receiver: string): string {
  return join('RELAYED', receiver, '');
}

/** How far an incident got at a receiver. */
export function progressKey(tenant: string, receiver: string, subject: string): Key {
  return { pk: tenantPartition(tenant), sk: join('RELAYED', receiver, subject) };
}

/** Whether a receiver works. */
export function receiverStatusKey(tenant: string, receiver: string): Key {
  return { pk: tenantPartition(tenant), sk: join('RECEIVER', receiver) };
}

/** The last test notification. */
export function notifyTestKey(tenant: string): Key {
  return { pk: tenantPartition(tenant), sk: 'NOTIFYTEST' };
}

/** Bytes of the time and the id of a scaling event. */
const EVENT_BYTES = TIME_BYTES + 1 + 32;

/** What the sort keys of a group's scaling events begin with; the time and the id follow. */
export function scalingPrefix({ provider, account, region }: Scope, group: string): string {
  return joinWithin(MAX_SORT_KEY_BYTES - EVENT_BYTES, ['SCALING', provider, account, region, group, '']);
}

/** The same for the same event. As ISO 8601 the text order of times is their order. */
export function scalingKey({ tenant, group, time, id, ...scope }: Scope & ScalingEventId): Key {
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 32);
  return { pk: tenantPartition(tenant), sk: `${scalingPrefix(scope, group)}${new Date(time).toISOString()}#${hash}` };
}

interface ScalingEventId {
  readonly tenant: string;
  readonly group: string;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly id: string;
}

type Grantee = Pick<Grant, 'issuer' | 'kind' | 'name'>;

/** The same for the same grantee, whichever tenant a grant is for. */
export function grantIdOf({ issuer, kind, name }: Grantee): string {
  return hashOf(JSON.stringify([issuer, kind, name]));
}

/** The partition of an issuer, and what the sort keys of the grants of one subject or group begin with. */
export function granteePrefix({ issuer, kind, name }: Grantee): Key {
  return {
    pk: join('ACCESS', hashOf(issuer)),
    sk: joinWithin(MAX_SORT_KEY_BYTES - TENANT_BYTES, [kind.toUpperCase(), name, '']),
  };
}

/** A grant, where its grantee is looked up. */
export function grantKey(grant: Grantee & { readonly tenant: string }): Key {
  const { pk, sk } = granteePrefix(grant);
  return { pk, sk: sk + grant.tenant };
}

/** The partition of the list of a tenant's grants. */
export function tenantGrantsPartition(tenant: string): string {
  return join('GRANTS', tenant);
}

/** A grant, in the list of its tenant. */
export function tenantGrantKey({ tenant, id }: Pick<Grant, 'tenant' | 'id'>): Key {
  return { pk: tenantGrantsPartition(tenant), sk: join(id) };
}
