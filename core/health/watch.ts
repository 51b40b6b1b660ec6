/** Watches the inspections of all tenants, and notifies each tenant when something is due. One that fails hides no other. */

import pLimit from 'p-limit';
import type { ScopeHealth } from '../model/health.ts';
import type { ServiceEvent } from '../model/service-event.ts';
import type { StoredTenant, TenantConfig } from '../model/tenant.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import { ItemError } from '../ports/errors.ts';
import type { HealthStore } from '../ports/health-store.ts';
import type { Publisher } from '../ports/publisher.ts';
import type { SpendStore } from '../ports/spend-store.ts';
import { type Assessment, assess, remember } from './assess.ts';
import { dueReports, type ReportPorts } from './due-reports.ts';
import { remainingInspections } from './project-spend.ts';
import { publishEvents } from './publish-events.ts';
import { type CapTime, watchCap } from './watch-cap.ts';
import { type FindFailingJobs, rememberJobs, watchJobs } from './watch-jobs.ts';

/** Gives incidents of a tenant the reminders that are due, and returns how many incidents got one. Throws `StoreError`. */
export type Remind = (config: TenantConfig, options: RemindOptions) => Promise<number>;

export interface RemindOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  isTimeUp(): boolean;
}

export interface WatchPorts extends ReportPorts {
  readonly configs: ConfigStore;
  readonly health: HealthStore;
  readonly spend: SpendStore;
  readonly publisher: Publisher;
  readonly remind: Remind;
  readonly failingJobs: FindFailingJobs;
}

export interface WatchDeadline {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Milliseconds that are left to the function. */
  remainingMs(): number;
}

/** What was seen in all tenants that were watched. */
export interface WatchReport {
  readonly tenants: number;
  /** Regions whose last two slots were not inspected. */
  readonly missedRegions: number;
  /** Accounts of which a region is missed, or partial several times in a row. */
  readonly failingAccounts: number;
  /** Of these, those of whose failure the tenant was notified now: each failure counts once. */
  readonly newlyFailingAccounts: number;
  /** Hosts whose agents stopped. */
  readonly stoppedHosts: number;
  readonly published: number;
  /** Incidents of which a reminder or an escalation was due. */
  readonly reminded: number;
  /** What kept tenants from being watched or notified. */
  readonly failures: readonly WatchFailure[];
}

export interface WatchFailure {
  /** Null where it is not about one tenant. */
  readonly tenant: string | null;
  readonly error: Error;
}

/** Tenants that are watched at the same time. */
const TENANTS_AT_ONCE = 10;

/** No tenant is begun when less time is left: its events are published, and remembered, in some seconds. */
const TENANT_RESERVE_MS = 20_000;

/**
 * Watches every tenant once. Nothing is thrown: what failed is in the report, and is tried again the next time. An event is
 * remembered only when its topic has accepted it.
 */
export async function watchTenants(ports: WatchPorts, deadline: WatchDeadline): Promise<WatchReport> {
  const total = {
    tenants: 0,
    missedRegions: 0,
    failingAccounts: 0,
    newlyFailingAccounts: 0,
    stoppedHosts: 0,
    published: 0,
    reminded: 0,
  };
  const failures: WatchFailure[] = [];
  const time = { now: deadline.now, remaining: remainingInspections(deadline.now) };

  async function watchOne(tenant: StoredTenant): Promise<void> {
    try {
      if (deadline.remainingMs() < TENANT_RESERVE_MS) throw outOfTime();
      const { assessment, accepted, failure } = await watchTenant(tenant, ports, time);
      const isTimeUp = () => deadline.remainingMs() < TENANT_RESERVE_MS;
      const { reminded, failure: notReminded } = await remindTenant(tenant, ports.remind, {
        now: deadline.now,
        isTimeUp,
      });
      total.tenants++;
      total.reminded += reminded;
      total.published += accepted.length;
      total.newlyFailingAccounts += accepted.filter(({ data }) => data.kind === 'inspection_failed').length;
      addCounts(total, assessment);
      const first = failure ?? notReminded;
      if (first !== undefined) throw first;
    } catch (error) {
      failures.push({ tenant: tenant.config.tenant, error: asError(error) });
    }
  }

  const limit = pLimit(TENANTS_AT_ONCE);
  const watched: Promise<void>[] = [];
  try {
    for await (const tenant of ports.configs.list()) watched.push(limit(watchOne, tenant));
  } catch (error) {
    failures.push({ tenant: null, error: asError(error) });
  }
  await Promise.all(watched);
  return { ...total, failures };
}

interface Watched {
  readonly assessment: Assessment;
  readonly accepted: readonly ServiceEvent[];
  /** Undefined where the topic accepted every event, and all health could be read back. */
  readonly failure: Error | undefined;
}

async function watchTenant(tenant: StoredTenant, ports: WatchPorts, time: CapTime): Promise<Watched> {
  const { health, publisher } = ports;
  const id = tenant.config.tenant;
  const known = await health.getWatch(id);
  const { scopes, unreadable } = await readable(health.list(id));
  const assessment = assess(tenant, scopes, known?.value, time.now);
  const reports = await dueReports({ config: tenant.config, scopes, assessment }, ports, time);
  const jobs = await watchJobs(tenant, known?.value.jobs, ports.failingJobs, time.now);
  const events = [...assessment.events, ...(jobs.event === undefined ? [] : [jobs.event]), ...reports.events];
  const { accepted, failure } = await publishEvents(events, publisher);
  const jobsAfter = rememberJobs(jobs, accepted);
  const state = { ...remember(assessment.state, accepted), ...(jobsAfter && { jobs: jobsAfter }) };
  // A conflict means that another run has published the same events, under the same ids.
  if (JSON.stringify(state) !== JSON.stringify(known?.value)) await health.putWatch(id, state, known?.version ?? 0);
  const cap = await watchCap(tenant.config, scopes, ports, time);
  return {
    assessment,
    accepted: [...accepted, ...cap.accepted],
    failure: failure ?? cap.failure ?? reports.failure ?? unreadable ?? jobs.failure,
  };
}

/** What fails is tried again the next time, and keeps no tenant from being watched. */
async function remindTenant(
  { config }: StoredTenant,
  remind: Remind,
  options: RemindOptions,
): Promise<{ readonly reminded: number; readonly failure: Error | undefined }> {
  try {
    return { reminded: await remind(config, options), failure: undefined };
  } catch (error) {
    return { reminded: 0, failure: asError(error) };
  }
}

/** A region whose health cannot be read back counts as one that was not inspected, and hides no other. */
async function readable(list: AsyncIterable<ScopeHealth>) {
  const scopes: ScopeHealth[] = [];
  try {
    for await (const scope of list) scopes.push(scope);
  } catch (error) {
    if (error instanceof ItemError) return { scopes, unreadable: error };
    throw error;
  }
  return { scopes, unreadable: undefined };
}

function addCounts(
  total: { missedRegions: number; failingAccounts: number; stoppedHosts: number },
  { accounts }: Assessment,
): void {
  for (const { regions } of accounts) {
    if (regions.some(({ isFailing }) => isFailing)) total.failingAccounts++;
    for (const { status, health } of regions) {
      if (status === 'missed') total.missedRegions++;
      else total.stoppedHosts += health?.stopped.count ?? 0;
    }
  }
}

function outOfTime(): Error {
  return new Error('There was no time left to watch this tenant; give the function more time.');
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
