/** The stores in memory: second adapters for the contract suites, and quick ones for tests of the use cases. */

import type { AuditEntry } from '../../core/model/audit.ts';
import type { Delivery, NotifyTest, ReceiverStatus, SubjectProgress } from '../../core/model/delivery.ts';
import type { Grant } from '../../core/model/grant.ts';
import type { ScopeHealth, WatchState } from '../../core/model/health.ts';
import { type Incident, type IncidentKey, incidentKeyText } from '../../core/model/incident.ts';
import type { IncidentEvent } from '../../core/model/incident-event.ts';
import { summaryOf } from '../../core/model/incident-summary.ts';
import type { Dispatched, RegionResult } from '../../core/model/inspection-result.ts';
import type { RunSummary } from '../../core/model/run.ts';
import type { ScalingEvent } from '../../core/model/scaling-event.ts';
import type { Scope } from '../../core/model/series.ts';
import type { CapState, JobSpend, RequestSpend } from '../../core/model/spend.ts';
import type { Account, DeletedTenant, StoredDefaults, StoredTenant } from '../../core/model/tenant.ts';
import type { AccessStore } from '../../core/ports/access-store.ts';
import type { AuditLog } from '../../core/ports/audit-log.ts';
import type { PutOutcome, Versioned } from '../../core/ports/conditional-put.ts';
import type { ConfigStore } from '../../core/ports/config-store.ts';
import type { DeletedTenants } from '../../core/ports/deleted-tenants.ts';
import type { DeliveryLog } from '../../core/ports/delivery-log.ts';
import { InvalidInputError } from '../../core/ports/errors.ts';
import type { EventLog } from '../../core/ports/event-log.ts';
import type { HealthStore } from '../../core/ports/health-store.ts';
import type { IncidentList } from '../../core/ports/incident-list.ts';
import type { IncidentStore } from '../../core/ports/incident-store.ts';
import type { RequestKey, RequestLog } from '../../core/ports/request-log.ts';
import type { RunLog } from '../../core/ports/run-log.ts';
import type { ScalingLog } from '../../core/ports/scaling-log.ts';
import type { SpendStore } from '../../core/ports/spend-store.ts';
import type { TenantItems } from '../../core/ports/tenant-items.ts';

export function createMemoryConfigStore(): ConfigStore {
  const versions = new Map<string, StoredTenant[]>();
  const ofDeployment: StoredDefaults[] = [];
  const withDefaults = (stored: StoredTenant | undefined) => {
    const newest = ofDeployment.at(-1);
    return stored && newest ? { ...stored, defaults: newest.defaults, defaultsPutAt: newest.putAt } : stored;
  };
  const externalIds = new Map<string, string>();
  const reserve = (tenant: string, newExternalId: string) => {
    const externalId = externalIds.get(tenant) ?? newExternalId;
    externalIds.set(tenant, externalId);
    return externalId;
  };
  return {
    reserveExternalId: async (tenant, newExternalId) => reserve(tenant, newExternalId),
    async get(tenant, version) {
      const kept = versions.get(tenant) ?? [];
      return version === undefined ? withDefaults(kept.at(-1)) : kept[version - 1];
    },
    async put(config, expectedVersion, newExternalId, putAt, putBy, deletion) {
      const kept = versions.get(config.tenant) ?? [];
      if (kept.length !== expectedVersion) return 'conflict';
      const externalId = reserve(config.tenant, newExternalId);
      const facts = { putAt, ...(putBy !== undefined && { putBy }), ...(deletion && { deletion }) };
      versions.set(config.tenant, [...kept, { config, version: expectedVersion + 1, externalId, ...facts }]);
      return 'stored';
    },
    async *versions(tenant) {
      yield* (versions.get(tenant) ?? []).toReversed();
    },
    async defaults(version) {
      return version === undefined ? ofDeployment.at(-1) : ofDeployment[version - 1];
    },
    async putDefaults(defaults, expectedVersion, putAt, putBy) {
      if (ofDeployment.length !== expectedVersion) return 'conflict';
      ofDeployment.push({ defaults, version: expectedVersion + 1, putAt, ...(putBy !== undefined && { putBy }) });
      return 'stored';
    },
    async remove(tenant) {
      versions.delete(tenant);
      externalIds.delete(tenant);
    },
    async *list() {
      for (const tenant of [...versions.keys()].sort()) {
        const stored = withDefaults(versions.get(tenant)?.at(-1));
        if (stored) yield stored;
      }
    },
    async *tenantsOf(provider, account) {
      for await (const stored of this.list()) {
        const names = (one: Account) => one.provider === provider && one.account === account;
        if (stored.config.accounts.some(names)) yield stored;
      }
    },
  };
}

export function createMemoryDeletedTenants(): DeletedTenants {
  const deleted = new Map<string, DeletedTenant>();
  return {
    get: async (tenant) => deleted.get(tenant),
    async put(one) {
      deleted.set(one.tenant, one);
    },
    async *list() {
      yield* [...deleted.values()].sort((a, b) => (a.tenant < b.tenant ? -1 : 1));
    },
    async remove(tenant) {
      deleted.delete(tenant);
    },
  };
}

export function createMemoryAccessStore(): AccessStore {
  const grants = new Map<string, Grant>();
  const keyOf = (tenant: string, id: string) => `${tenant} ${id}`;
  return {
    async ofCaller({ issuer, subject, groups }) {
      return [...grants.values()].filter(
        (grant) =>
          grant.issuer === issuer && (grant.kind === 'subject' ? grant.name === subject : groups.includes(grant.name)),
      );
    },
    async ofTenant(tenant) {
      return [...grants.values()]
        .filter((grant) => grant.tenant === tenant)
        .toSorted((a, b) => a.grantedAt - b.grantedAt);
    },
    async put(granted) {
      const { issuer, kind, name, tenant } = granted;
      const grant = { ...granted, id: Buffer.from(JSON.stringify([issuer, kind, name])).toString('base64url') };
      grants.set(keyOf(tenant, grant.id), grant);
      return grant;
    },
    remove: async (tenant, id) => grants.delete(keyOf(tenant, id)),
  };
}

export function createMemoryAuditLog(): AuditLog {
  const entries = new Map<string, AuditEntry>();
  return {
    async put(entry) {
      entries.set(JSON.stringify([entry.tenant, entry.at, entry.id]), entry);
    },
    async list(tenant, { limit, cursor }) {
      const all = [...entries.values()].filter((entry) => entry.tenant === tenant).toSorted((a, b) => b.at - a.at);
      if (cursor !== undefined && !/^\d+$/.test(cursor)) throw new InvalidInputError('The cursor', ['is none']);
      const start = Number(cursor ?? 0);
      const next = start + limit;
      return { entries: all.slice(start, next), cursor: next < all.length ? String(next) : null };
    },
  };
}

export interface MemoryIncidentStore extends IncidentStore {
  all(): readonly Versioned<Incident>[];
}

export function createMemoryIncidentStore(): MemoryIncidentStore {
  const items = new Map<string, Versioned<Incident>>();
  const select = async function* (belongs: (incident: Incident) => boolean) {
    for (const item of [...items.values()]) if (belongs(item.value)) yield item;
  };
  return {
    all: () => [...items.values()],
    async get(key) {
      return items.get(incidentKeyText(key));
    },
    async put(incident, expectedVersion) {
      const key = incidentKeyText(incident.key);
      if ((items.get(key)?.version ?? 0) !== expectedVersion) return 'conflict';
      items.set(key, { value: incident, version: expectedVersion + 1 });
      return 'stored';
    },
    open: (tenant, scope) =>
      select(({ key, status }) => status !== 'closed' && key.tenant === tenant && isIn(key, scope)),
    unsettled: () => select(isUnsettled),
    unsettledIn: (tenant, scope) =>
      select((incident) => isUnsettled(incident) && incident.key.tenant === tenant && isIn(incident.key, scope)),
  };
}

function isUnsettled({ undecided, outbox }: Incident): boolean {
  return undecided.length > 0 || outbox.length > 0;
}

export interface MemoryEventLog extends EventLog {
  /** In the order in which they were first written. */
  readonly entries: readonly IncidentEvent[];
}

export function createMemoryEventLog(): MemoryEventLog {
  const entries = new Map<string, IncidentEvent>();
  const page = (belongs: (event: IncidentEvent) => boolean, { limit, cursor }: { limit: number; cursor?: string }) => {
    const latest = [...entries.values()].filter(belongs).sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
    const { items, cursor: next } = slice(latest, limit, cursor);
    return { events: items, cursor: next };
  };
  return {
    get entries() {
      return [...entries.values()];
    },
    async put(event) {
      const key = JSON.stringify([event.tenant, event.id]);
      if (entries.has(key)) return 'known';
      entries.set(key, event);
      return 'stored';
    },
    ofIncident: async (tenant, incident, request) =>
      page((event) => event.tenant === tenant && event.incident === incident, request),
    list: async (tenant, { from, to, ...request }) =>
      page((event) => event.tenant === tenant && event.at >= from && event.at < to, request),
  };
}

export function createMemoryIncidentList(store: MemoryIncidentStore): IncidentList {
  return {
    async list(tenant, query) {
      const { statuses, severities, account, group, host, from = 0, to = Number.POSITIVE_INFINITY } = query;
      const listed = store.all().filter(({ value }) => value.transition > 0);
      const all = listed.map(({ value }) => summaryOf(value));
      const found = all.filter(
        (one) =>
          one.key.tenant === tenant &&
          (statuses?.includes(one.status) ?? true) &&
          (severities?.includes(one.severity) ?? true) &&
          one.lastChangeAt >= from &&
          one.lastChangeAt < to &&
          (account ?? one.key.account) === one.key.account &&
          (group ?? one.group) === one.group &&
          (host ?? one.key.host) === one.key.host,
      );
      const latest = found.sort((a, b) => b.lastChangeAt - a.lastChangeAt || (a.id < b.id ? 1 : -1));
      const { items, cursor } = slice(latest, query.limit, query.cursor);
      return { incidents: items, cursor };
    },
  };
}

/** A cursor of these lists is a number. */
function slice<Item>(items: readonly Item[], limit: number, cursor: string | undefined) {
  if (cursor !== undefined && !/^\d+$/.test(cursor)) throw new InvalidInputError('The cursor', ['must be one']);
  const start = Number(cursor ?? 0);
  const end = start + limit;
  return { items: items.slice(start, end), cursor: end < items.length ? String(end) : null };
}

export function createMemoryTenantItems<
  Item extends { readonly tenant: string; readonly id: string; readonly at: number },
>(): TenantItems<Item> {
  const items = new Map<string, Item>();
  const keyOf = (tenant: string, id: string) => JSON.stringify([tenant, id]);
  return {
    list: async (tenant) => [...items.values()].filter((item) => item.tenant === tenant).sort((a, b) => a.at - b.at),
    async put(item) {
      const key = keyOf(item.tenant, item.id);
      if (items.has(key)) return 'conflict';
      items.set(key, item);
      return 'stored';
    },
    remove: async (tenant, id) => items.delete(keyOf(tenant, id)),
  };
}

export function createMemoryHealthStore(): HealthStore {
  const scopes = createVersions<ScopeHealth>();
  const watches = createVersions<WatchState>();
  const keyOf = (tenant: string, { provider, account, region }: Scope) =>
    JSON.stringify([tenant, provider, account, region ?? '']);
  return {
    get: async (tenant, scope) => scopes.get(keyOf(tenant, scope)),
    put: async (health, expectedVersion) => scopes.put(keyOf(health.tenant, health.scope), health, expectedVersion),
    async *list(tenant) {
      for (const { value } of scopes.all()) if (value.tenant === tenant) yield value;
    },
    getWatch: async (tenant) => watches.get(tenant),
    putWatch: async (tenant, state, expectedVersion) => watches.put(tenant, state, expectedVersion),
  };
}

export function createMemorySpendStore(): SpendStore {
  const spends = new Map<string, RequestSpend & { readonly tenant: string }>();
  const caps = createVersions<CapState>();
  const reads = new Map<string, number>();
  const readsOf = (tenant: string, month: string) => reads.get(JSON.stringify([tenant, month])) ?? 0;
  const jobs = new Map<string, JobSpend & { readonly tenant: string }>();
  const jobsOf = (tenant: string, month: string) =>
    [...jobs.values()]
      .filter((job) => job.tenant === tenant && job.month === month)
      .map(({ tenant: _, ...job }) => job);
  return {
    async addRead(tenant, month, usd) {
      reads.set(JSON.stringify([tenant, month]), readsOf(tenant, month) + usd);
    },
    readsOf: async (tenant, month) => readsOf(tenant, month),
    async addRequest(tenant, spend) {
      spends.set(JSON.stringify([tenant, { ...spend, usd: 0 }]), { ...spend, tenant });
    },
    async requestsOf(tenant, month) {
      const own = [...spends.values()].filter((spend) => spend.tenant === tenant && spend.month === month);
      return [...own, ...jobsOf(tenant, month)].reduce((sum, { usd }) => sum + usd, readsOf(tenant, month));
    },
    jobsOf: async (tenant, month) => jobsOf(tenant, month),
    async addJob(tenant, spend) {
      const key = JSON.stringify([tenant, spend.month, spend.scope, spend.job]);
      const before = jobs.get(key);
      const usdPerMetric = spend.usdPerMetric ?? before?.usdPerMetric ?? null;
      jobs.set(key, { ...spend, tenant, usd: (before?.usd ?? 0) + spend.usd, usdPerMetric });
    },
    getCap: async (tenant) => caps.get(tenant),
    putCap: async (tenant, state, expectedVersion) => caps.put(tenant, state, expectedVersion),
  };
}

export function createMemoryDeliveryLog(): DeliveryLog {
  const deliveries = new Map<string, Delivery>();
  const progress = createVersions<SubjectProgress>();
  const statuses = createVersions<ReceiverStatus>();
  const tests = createVersions<NotifyTest>();
  const key = (...parts: readonly string[]) => JSON.stringify(parts);
  return {
    delivery: async (tenant, event, receiver) => deliveries.get(key(tenant, event, receiver)),
    deliveries: async (tenant, event) =>
      [...deliveries].filter(([of]) => of.startsWith(key(tenant, event).slice(0, -1))).map(([, delivery]) => delivery),
    async putDelivery(tenant, delivery) {
      deliveries.set(key(tenant, delivery.event, delivery.receiver), delivery);
    },
    progress: async (tenant, receiver, subject) => progress.get(key(tenant, receiver, subject)),
    putProgress: async (tenant, receiver, value, version) =>
      progress.put(key(tenant, receiver, value.subject), value, version),
    async *firing(tenant, receiver) {
      for (const [of, item] of progress.entries())
        if (of.startsWith(key(tenant, receiver).slice(0, -1)) && item.value.alert !== null) yield item;
    },
    status: async (tenant, receiver) => statuses.get(key(tenant, receiver)),
    putStatus: async (tenant, status, version) => statuses.put(key(tenant, status.receiver), status, version),
    test: async (tenant) => tests.get(tenant),
    putTest: async (tenant, test, version) => tests.put(tenant, test, version),
  };
}

function createVersions<Value>() {
  const items = new Map<string, Versioned<Value>>();
  return {
    get: (key: string) => items.get(key),
    all: () => [...items.values()],
    entries: () => [...items],
    put(key: string, value: Value, expectedVersion: number): PutOutcome {
      if ((items.get(key)?.version ?? 0) !== expectedVersion) return 'conflict';
      items.set(key, { value, version: expectedVersion + 1 });
      return 'stored';
    },
  };
}

const KEPT_MS = 90 * 24 * 3_600_000;

/** @param now Epoch milliseconds. */
export function createMemoryRunLog(now: () => number): RunLog {
  const runs = new Map<string, { run: RunSummary; expires: number }>();
  return {
    async put(run) {
      runs.set(run.id, { run, expires: now() + KEPT_MS });
    },
    async newest(tenant, scope, limit, until = Number.POSITIVE_INFINITY) {
      return [...runs.values()]
        .filter(({ run, expires }) => expires > now() && run.tenant === tenant && isIn(run.scope, scope))
        .map(({ run }) => run)
        .filter(({ scheduledTime }) => scheduledTime <= until)
        .sort((a, b) => b.scheduledTime - a.scheduledTime)
        .slice(0, limit);
    },
  };
}

const REQUESTS_KEPT_MS = 7 * 24 * 3_600_000;

/** @param now Epoch milliseconds. */
export function createMemoryRequestLog(now: () => number): RequestLog {
  const requested = new Map<string, { value: number; expires: number }>();
  const dispatched = new Map<string, { value: Dispatched; expires: number }>();
  const results = new Map<string, Map<string, { value: RegionResult; expires: number }>>();
  const expires = () => now() + REQUESTS_KEPT_MS;
  const textOf = ({ tenant, id }: RequestKey) => JSON.stringify([tenant, id]);
  const scopeText = ({ provider, account, region }: Scope) => JSON.stringify([provider, account, region]);
  const current = <Value>(kept: { value: Value; expires: number } | undefined) =>
    kept !== undefined && kept.expires > now() ? kept.value : undefined;
  return {
    async putRequested(key, value) {
      requested.set(textOf(key), { value, expires: expires() });
    },
    requestedAt: async (key) => current(requested.get(textOf(key))),
    async putDispatched(key, value) {
      dispatched.set(textOf(key), { value, expires: expires() });
    },
    async putResult(key, value) {
      const known = results.get(textOf(key)) ?? new Map();
      results.set(textOf(key), known.set(scopeText(value.scope), { value, expires: expires() }));
    },
    result: async (key, scope) => current(results.get(textOf(key))?.get(scopeText(scope))),
    async read(key) {
      const facts = current(dispatched.get(textOf(key)));
      const known = [...(results.get(textOf(key)) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
      const found = known.flatMap(([, kept]) => current(kept) ?? []);
      return facts === undefined && found.length === 0 ? undefined : { dispatched: facts, results: found };
    },
  };
}

/** @param now Epoch milliseconds. */
export function createMemoryScalingLog(now: () => number): ScalingLog {
  const events: { event: ScalingEvent; expires: number }[] = [];
  return {
    async add(event) {
      const { tenant, group, id, time } = event;
      const isKnown = events.some(
        ({ event: one }) =>
          isIn(one, event) && one.tenant === tenant && one.group === group && one.id === id && one.time === time,
      );
      if (!isKnown) events.push({ event, expires: now() + KEPT_MS });
      return isKnown ? 'known' : 'added';
    },
    async *list(tenant, scope, group, since, until = Number.POSITIVE_INFINITY) {
      const own = events.filter(
        ({ event, expires }) =>
          expires > now() && isIn(event, scope) && event.tenant === tenant && event.group === group,
      );
      const between = own.map(({ event }) => event).filter(({ time }) => time >= since && time < until);
      yield* between.sort((a, b) => a.time - b.time);
    },
  };
}

function isIn(location: IncidentKey | Scope | ScalingEvent, { provider, account, region }: Scope): boolean {
  return location.provider === provider && location.account === account && location.region === region;
}
