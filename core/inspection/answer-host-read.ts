/**
 * Answers a request to read one host: the tenant's config decides what may be read, and its cost cap, or a default for reads, whether it is. What it costs counts
 * towards the tenant's month. Nothing is recorded as an inspection.
 */
import { spentIn } from '../health/project-spend.ts';
import { formatUsd } from '../messages/units.ts';
import { type HostReadAnswer, type HostReadRequest, refusedRead } from '../model/host-memory.ts';
import { CLOCK_SKEW_MS } from '../model/message.ts';
import { type InspectedMetric, isAboutMemory } from '../model/metrics.ts';
import { overridden } from '../model/policy.ts';
import { type AccountProvider, PROVIDER_NAMES, type Resource, type Scope } from '../model/series.ts';
import { monthOf } from '../model/spend.ts';
import type { Account, StoredTenant } from '../model/tenant.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import { ItemError } from '../ports/errors.ts';
import type { HealthStore } from '../ports/health-store.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import type { MemorySource } from '../ports/memory-source.ts';
import type { SpendStore } from '../ports/spend-store.ts';
import { hostPolicies } from '../tenants/host-policies.ts';
import { composeHostMemory } from './compose-host-memory.ts';
import { type Deadline, reserveMs, whenLeft } from './deadline.ts';
import { hostKnowledge, type KnowledgePorts } from './host-knowledge.ts';
import { newestPlan, type PlanPorts } from './newest-plan.ts';
import { readHost } from './read-host.ts';
import { createMeter, estimateCost } from './run-summary.ts';
import { inspectionSpans } from './window.ts';

export interface HostReadPorts extends PlanPorts, KnowledgePorts {
  readonly configs: Pick<ConfigStore, 'get'>;
  readonly incidents: Pick<IncidentStore, 'open'>;
  readonly health: Pick<HealthStore, 'list'>;
  readonly spend: Pick<SpendStore, 'addRead' | 'readsOf' | 'requestsOf'>;
  /** Of the accounts that are read here. */
  readonly provider: AccountProvider;
  openSource(tenant: StoredTenant, account: Account, region: string): MemorySource;
}

export interface HostReadTask {
  readonly request: HostReadRequest;
  readonly metric: InspectedMetric;
}

/** A person waits, behind a gateway that gives up after 30 s: what has not come by then is stated as unreadable. */
const READ_MS = 20_000;

/** Throws `StoreError` when a store fails. */
export async function answerHostRead(
  task: HostReadTask,
  ports: HostReadPorts,
  deadline: Deadline,
): Promise<HostReadAnswer> {
  const { request } = task;
  const stored = await ports.configs.get(request.tenant);
  const ahead = whyAhead(request.to, deadline.now);
  if (ahead !== undefined) return refusedRead('malformed', ahead);
  const located = locate(request, stored, ports.provider);
  if ('refusal' in located) return refusedRead(located.refusal, located.reason);
  const overCap = await whyOverCap(located.tenant, ports, deadline.now);
  return overCap === undefined ? await read(task, located, ports, deadline) : refusedRead('over_cap', overCap);
}

/** Undefined of an end that is not ahead. @param to ISO 8601. */
export function whyAhead(to: string, now: number): string | undefined {
  if (Date.parse(to) - now <= CLOCK_SKEW_MS) return undefined;
  return `to: ${to} lies in the future. A window ends now at the latest.`;
}

export interface Located {
  readonly tenant: StoredTenant;
  readonly account: Account;
}

/** The account of a request, or why nothing of it is read. */
export function locate(
  { tenant, provider, account, region }: Pick<HostReadRequest, 'tenant' | 'provider' | 'account' | 'region'>,
  stored: StoredTenant | undefined,
  own: AccountProvider,
): Located | { readonly refusal: 'not_configured'; readonly reason: string } {
  const refused = (reason: string) => ({ refusal: 'not_configured', reason }) as const;
  if (provider !== own)
    return refused(
      `provider: this function reads accounts of ${PROVIDER_NAMES[own]}. Invoke that of ${PROVIDER_NAMES[provider]}.`,
    );
  if (stored === undefined) return refused(`tenant: there is no tenant ${tenant}. Put its config, or correct the id.`);
  if (!stored.config.enabled) return refused(`tenant ${tenant} is disabled: enable it to read its hosts.`);
  const found = stored.config.accounts.find((one) => one.provider === provider && one.account === account);
  if (found === undefined || !found.regions.includes(region))
    return refused(
      `tenant ${tenant} has no account ${account} of ${PROVIDER_NAMES[provider]} in ${region}. Its config lists them.`,
    );
  if (!found.enabled) return refused(`account ${account} is disabled: enable it to read its hosts.`);
  return { tenant: stored, account: found };
}

/**
 * What reads of hosts may cost a tenant without a cost cap in a month, US dollars: some 20,000 of them. A person on call causes a few
 * hundred; what causes more is a program that somebody should know of.
 */
export const DEFAULT_READS_USD = 25;

function whyOverDefault(tenant: string, month: string, readsUsd: number): string | undefined {
  if (readsUsd < DEFAULT_READS_USD) return undefined;
  return (
    `reads of hosts of tenant ${tenant} have cost ${formatUsd(readsUsd)} in ${month}, and ${formatUsd(DEFAULT_READS_USD)} is what they may ` +
    'without a cost cap: none is read until the month ends. Set costCap.usdPerMonth in its config, or wait.'
  );
}

/** Undefined where there is room. Scheduled inspections go on above the cap, less often; a read that a person requests does not. */
export async function whyOverCap(
  { config: { tenant, costCap } }: StoredTenant,
  { health, spend }: HostReadPorts,
  now: number,
): Promise<string | undefined> {
  const month = monthOf(now);
  if (costCap === undefined) return whyOverDefault(tenant, month, await spend.readsOf(tenant, month));
  const requestsUsd = await spend.requestsOf(tenant, month);
  const spent = spentIn(month, { health: await Array.fromAsync(health.list(tenant)), requestsUsd });
  if (spent < costCap.usdPerMonth) return undefined;
  return (
    `tenant ${tenant} has spent ${formatUsd(spent)} of its cost cap of ${formatUsd(costCap.usdPerMonth)} for ${month}: ` +
    'no host is read on request until the month ends. Raise costCap.usdPerMonth in its config, or wait.'
  );
}

async function read(
  { request, metric }: HostReadTask,
  { tenant, account }: Located,
  ports: HostReadPorts,
  deadline: Deadline,
): Promise<HostReadAnswer> {
  const { host, group, to, region } = request;
  const { config } = tenant;
  const source = ports.openSource(tenant, account, region);
  const { lookbackHours: lookBackHours } = request;
  const policies = overridden(
    hostPolicies({ stored: tenant, account, metric }),
    lookBackHours === undefined ? undefined : { lookBackHours },
  );
  const spans = inspectionSpans(Date.parse(to), source, policies.common);
  const filters = [config.hosts, account.hosts].filter((filter) => filter !== undefined);
  const scope = { tenant: config.tenant, scope: source.scope };
  const [first, plan] = await Promise.all([hostsWithIncident(scope, ports), newestPlan(scope, ports, deadline.now)]);
  const meter = createMeter();
  const asked = {
    source,
    metric,
    spans,
    filters,
    policies,
    host,
    first,
    plan,
    meter,
    known: (hosts: readonly Resource[]) =>
      hostKnowledge({ ...scope, hosts, asOf: spans.evaluated.window.end, policy: policies.common }, ports),
    ...(group !== undefined && { group }),
  };
  const outcome = await readHost(asked, whenReadEnds(deadline));
  const usd = estimateCost(meter.metricsBilled, source.price, 0).perRun;
  // It counts in the month in which it was read, whichever window it is of.
  if (usd > 0) await ports.spend.addRead(config.tenant, monthOf(deadline.now), usd);
  if (outcome.kind !== 'read') return refusedRead(outcome.kind, WHY[outcome.kind](request));
  const policy = policies.of(outcome.resource);
  const facts = { policy, metric, spans, readAt: deadline.now, spent: meter, price: source.price };
  return { version: 1, outcome: 'read', memory: composeHostMemory(outcome, facts) };
}

const WHY = {
  excluded: ({ tenant, host }: HostReadRequest) =>
    `host: the config of tenant ${tenant} leaves ${host} out. Change its filters (hosts) to have it read.`,
  not_found: ({ host, account, region }: HostReadRequest) =>
    `host: ${account} in ${region} has no host ${host} now, and no samples of it in the window that the config lets in. ` +
    'Take its id from a list of hosts, or choose another window.',
};

/** Their hosts are the siblings that people want to see. One that cannot be read back hides no other. */
async function hostsWithIncident(
  { tenant, scope }: { readonly tenant: string; readonly scope: Scope },
  { incidents }: HostReadPorts,
): Promise<Set<string>> {
  const hosts = new Set<string>();
  try {
    for await (const { value } of incidents.open(tenant, scope))
      if (isAboutMemory(value.key)) hosts.add(value.key.host);
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
  }
  return hosts;
}

/** Before whoever waits gives up. */
export function whenReadEnds(deadline: Deadline): AbortSignal {
  const leftMs = Math.max(deadline.remainingMs() - READ_MS, reserveMs(deadline, 'publishUntil'));
  return whenLeft(deadline, leftMs);
}
