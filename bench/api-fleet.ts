/**
 * A fleet of any size in the sandbox's stores, for bench/api.ts and bench/console.ts: configs, runs with their results and heads, health, and
 * incidents with their log, all written by the stores themselves. Hosts differ in their names alone: verdicts come from a dozen series.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { createConfigStore } from '../adapters/dynamodb/config-store.ts';
import { createHealthStore } from '../adapters/dynamodb/health-store.ts';
import { createRunLog } from '../adapters/dynamodb/run-log.ts';
import { createResultsStore } from '../adapters/s3/results-store.ts';
import { hostRef, incidentRef } from '../api/refs.ts';
import { resultLine } from '../core/inspection/result-lines.ts';
import { createHeadBuilder } from '../core/inspection/run-head.ts';
import type { ScopeHealth } from '../core/model/health.ts';
import type { Inspected } from '../core/model/inspected-host.ts';
import type { ResultLine } from '../core/model/result-line.ts';
import type { RunSummary } from '../core/model/run.ts';
import { type RunRef, runName } from '../core/model/run-ref.ts';
import { MEMORY_UTILIZATION, type Resource } from '../core/model/series.ts';
import { parseTenantConfig } from '../core/tenants/tenant-config.ts';
import { azureIdentity } from '../sandbox/scenario/azure.ts';
import { gcpIdentity } from '../sandbox/scenario/gcp.ts';
import { leakingHost, steadyHost } from './api-hosts.ts';
import { addIncident, type IncidentStores, openIncidentStores } from './api-incidents.ts';

export const TENANT = 'acme';
const HOUR = 3_600_000;

/** Runs of each region that have a head: as many as a sparkline shows. */
const RUNS = 12;
/** As an inspection makes them. */
const SHARD_HOSTS = 1008;
const GROUP_HOSTS = 50;
const PUTS_AT_ONCE = 8;

export interface FleetSize {
  readonly hosts: number;
  /** Leaking hosts, each with an incident. */
  readonly incidents: number;
  /** Fraction of the hosts that nobody monitors. */
  readonly notMonitored: number;
}

export interface FleetStores {
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  readonly environment: Readonly<Record<'TABLE' | 'CONFIGS_TABLE' | 'RESULTS_BUCKET', string>>;
}

/** References of what a bench requests. */
export interface FleetRefs {
  readonly incident: string;
  readonly leaking: string;
  readonly steady: string;
  readonly group: string;
  /** A hundred leaking hosts of as many regions as there are. */
  readonly everywhere: readonly string[];
}

/** Twenty accounts and regions of three clouds. */
const ACCOUNTS = [
  ...['111122223333', '222233334444', '333344445555', '444455556666'].map((account) => ({
    provider: 'aws' as const,
    account,
    regions: ['eu-central-1', 'eu-west-1', 'us-east-1'],
    role: `arn:aws:iam::${account}:role/plimsoll-reader`,
  })),
  ...['acme-data', 'acme-shop'].map((account) => ({
    provider: 'gcp' as const,
    account,
    regions: ['europe-west1', 'us-central1'],
    ...gcpIdentity(account),
  })),
  ...['8f14e45f-ceea-4671-a1b2-0000c0ffee00', '9f14e45f-ceea-4671-a1b2-0000c0ffee00'].map((account) => ({
    provider: 'azure' as const,
    account,
    regions: ['westeurope', 'northeurope'],
    ...azureIdentity(account),
  })),
];

const SCOPES = ACCOUNTS.flatMap(({ provider, account, regions }) =>
  regions.map((region) => ({ provider, account, region })),
);

type BenchScope = (typeof SCOPES)[number];

/** @param now Epoch milliseconds: the newest runs were due at the hour before. */
export async function fillFleet(
  { dynamodb: client, s3, environment }: FleetStores,
  size: FleetSize,
  now: number,
): Promise<FleetRefs> {
  const table = { client, table: environment.TABLE };
  const configs = createConfigStore({ client, table: environment.CONFIGS_TABLE });
  const config = parseTenantConfig({ version: 1, tenant: TENANT, name: 'Acme', accounts: ACCOUNTS });
  await configs.put(config, 0, 'external', now - 90 * 24 * HOUR);
  const stores: RegionStores = {
    results: createResultsStore({ client: s3, bucket: environment.RESULTS_BUCKET }),
    runs: createRunLog(table),
    health: createHealthStore(table),
    incidents: openIncidentStores(table),
  };
  const newest = Math.floor(now / HOUR) * HOUR;
  for (const [index, scope] of SCOPES.entries()) await fillRegion({ scope, index, newest, size }, stores);
  return refsOf(size);
}

interface RegionStores {
  readonly results: ReturnType<typeof createResultsStore>;
  readonly runs: ReturnType<typeof createRunLog>;
  readonly health: ReturnType<typeof createHealthStore>;
  readonly incidents: IncidentStores;
}

interface RegionPlan {
  readonly scope: BenchScope;
  readonly index: number;
  readonly newest: number;
  readonly size: FleetSize;
}

/** Only the newest run has shards: of those before, pages read the head. */
async function fillRegion(plan: RegionPlan, stores: RegionStores): Promise<void> {
  const { scope, newest, size } = plan;
  const counts = countsOf(size);
  for (let age = RUNS - 1; age >= 0; age--) {
    const ref: RunRef = {
      tenant: TENANT,
      scope,
      trigger: 'schedule',
      scheduledTime: newest - age * HOUR,
      request: null,
    };
    const requested = { metric: MEMORY_UTILIZATION, window: { end: ref.scheduledTime } };
    const kept = age === 0 ? counts.hosts : counts.hosts - counts.steady;
    const lines = Array.from({ length: kept }, (_, at) => resultLine(ref, requested, hostAt(plan, at, ref)));
    const shards = Math.ceil(counts.hosts / SHARD_HOSTS);
    const summary = summaryOf(ref, counts, shards);
    const head = createHeadBuilder();
    for (const line of lines) head.add(line);
    await stores.results.putHead(ref, head.head({ run: runName(ref), summary, shards, watched: [] }));
    await stores.runs.put(summary);
    if (age === 0) await putNewest(ref, { lines, shards, counts }, stores);
  }
  const put = pLimit(PUTS_AT_ONCE);
  await put.map(
    Array.from({ length: counts.leaking }, (_, at) => at),
    (at) => addIncident(TENANT, leakingHost(resourceAt(scope, at), newest, at), at, stores.incidents),
  );
}

interface Newest {
  readonly lines: readonly ResultLine[];
  readonly shards: number;
  readonly counts: HostCounts;
}

async function putNewest(ref: RunRef, { lines, shards, counts }: Newest, { results, health }: RegionStores) {
  await pLimit(PUTS_AT_ONCE).map(
    Array.from({ length: shards }, (_, shard) => shard),
    (shard) => results.putShard(ref, shard, lines.slice(shard * SHARD_HOSTS, (shard + 1) * SHARD_HOSTS)),
  );
  await health.put(healthOf(ref, counts), 0);
}

/** Of one region: the first hosts leak, those behind them are not monitored, and the rest is steady. */
interface HostCounts {
  readonly hosts: number;
  readonly leaking: number;
  readonly notMonitored: number;
  readonly steady: number;
}

function countsOf({ hosts, incidents, notMonitored }: FleetSize): HostCounts {
  const of = (count: number) => Math.round(count / SCOPES.length);
  const counts = { hosts: of(hosts), leaking: of(incidents), notMonitored: of(hosts * notMonitored) };
  return { ...counts, steady: counts.hosts - counts.leaking - counts.notMonitored };
}

function hostAt({ scope, size }: RegionPlan, at: number, { scheduledTime }: RunRef): Inspected {
  const { leaking, notMonitored } = countsOf(size);
  const resource = resourceAt(scope, at);
  if (at < leaking) return leakingHost(resource, scheduledTime, at);
  if (at >= leaking + notMonitored) return steadyHost(resource, scheduledTime, at);
  return {
    kind: 'not_monitored',
    resource,
    reason: 'not_reported',
    hint: 'Memory is not reported: install the agent of the cloud, or name the host in the config as one that is left out.',
  };
}

function resourceAt(scope: BenchScope, at: number): Resource {
  const group = `service-${String(Math.floor(at / GROUP_HOSTS)).padStart(4, '0')}`;
  return { ...scope, id: idAt(scope, at), name: `${group}-${at % GROUP_HOSTS}`, group };
}

function idAt({ provider, account, region }: BenchScope, at: number): string {
  const digits = `${region.length}${account.slice(-2)}${at}`.padStart(16, '0');
  if (provider === 'aws') return `i-${digits}`;
  if (provider === 'gcp') return digits;
  return `/subscriptions/${account}/resourceGroups/acme/providers/Microsoft.Compute/virtualMachines/vm-${at}`;
}

function summaryOf({ scope, scheduledTime, ...ref }: RunRef, counts: HostCounts, shards: number): RunSummary {
  const { hosts: known, leaking, notMonitored, steady } = counts;
  return {
    id: [TENANT, ...Object.values(scope), scheduledTime].join('/'),
    tenant: TENANT,
    scope,
    scheduledTime,
    window: { start: scheduledTime - 100 * HOUR, end: scheduledTime },
    outcome: 'complete',
    hosts: { known, inspected: known - notMonitored, notMonitored, unreadable: 0, notDue: 0 },
    verdicts: { confirmed: leaking, suspected: 0, steady, insufficientData: 0 },
    unreadable: {},
    failures: [],
    stoppedReporting: [],
    stopped: 0,
    calls: { ListMetrics: 1, GetMetricData: Math.ceil(known / 250) },
    metricsBilled: known,
    cost: { perRun: known / 1e5, perMonth: (known * 730) / 1e5, currency: 'USD', price: '0.01 USD per 1,000 metrics' },
    results: { run: runName({ scheduledTime, ...ref }), shards },
  };
}

function healthOf({ scope, scheduledTime: slot }: RunRef, { hosts, leaking, notMonitored }: HostCounts): ScopeHealth {
  return {
    tenant: TENANT,
    scope,
    slot,
    finishedAt: slot + 60_000,
    outcome: 'complete',
    underWay: null,
    failure: null,
    partial: null,
    completeSlot: slot,
    hosts: { known: hosts, inspected: hosts - notMonitored, notMonitored, unreadable: 0 },
    leaking,
    stopped: { count: 0, first: [] },
    cost: { perRun: hosts / 1e5, perMonth: (hosts * 730) / 1e5 },
  };
}

function refsOf(size: FleetSize): FleetRefs {
  const { hosts, leaking } = countsOf(size);
  const [scope] = SCOPES;
  if (scope === undefined) throw new Error('there is no region');
  const first = resourceAt(scope, 0);
  const id = [TENANT, first.provider, first.account, first.region ?? '', first.id, MEMORY_UTILIZATION, 1];
  return {
    incident: incidentRef(id.map((part) => encodeURIComponent(part)).join('/')),
    leaking: hostRef(first),
    steady: hostRef(resourceAt(scope, hosts - 1)),
    group: first.group ?? '',
    everywhere: Array.from({ length: 100 }, (_, at) => {
      const of = SCOPES[at % SCOPES.length] ?? scope;
      return hostRef(resourceAt(of, Math.floor(at / SCOPES.length) % Math.max(1, leaking)));
    }),
  };
}
