/** What is inspected: one target per account and region, with the filters and the policy that hold there. */

import { openSource } from '../../adapters/open-source.ts';
import type { UnitName } from '../../adapters/trace-file/values/unit.ts';
import type { KnowledgePorts } from '../../core/inspection/host-knowledge.ts';
import type { AnomalyJob, Feed } from '../../core/model/anomaly-job.ts';
import type { HostFilter, HostRule } from '../../core/model/host-filter.ts';
import { type InspectedMetric, LEAK_METRIC } from '../../core/model/metrics.ts';
import {
  effectivePolicy,
  type HostPolicies,
  metricValues,
  overridden,
  uniformPolicy,
} from '../../core/model/policy.ts';
import type { AccountProvider } from '../../core/model/series.ts';
import type { Account, StoredTenant } from '../../core/model/tenant.ts';
import type { MemorySource } from '../../core/ports/memory-source.ts';
import { hostPolicies } from '../../core/tenants/host-policies.ts';
import { runsPerMonth } from '../../core/tenants/tenant-config.ts';
import { UsageError } from '../usage-error.ts';
import type { CloudAccess } from './cloud-access.ts';
import type { PolicyOption } from './policy-option.ts';
import type { PrometheusOptions } from './prometheus.ts';
import { sampleStoreOf } from './sample-store.ts';
import { tenantServer } from './tenant-server.ts';

/** As commander fills it in; every command that reads hosts has these. */
export interface SourceOptions extends PrometheusOptions {
  readonly traces?: readonly string[];
  /** With `traces`: what only the user may know about them. */
  readonly unit?: UnitName;
  readonly timezone?: string;
  /** Bytes. */
  readonly capacity?: number;
  readonly demo?: boolean;
  readonly seed?: number;
  readonly provider?: AccountProvider;
  readonly tenant?: string;
  readonly account?: string;
  readonly region?: readonly string[];
  readonly role?: string;
  readonly externalIdFromEnv?: string;
  /** Whether containers are read beside machines; absent, as the provider or the tenant has it. */
  readonly containers?: boolean;
  /** Of Azure: the Log Analytics workspace that holds processes and pods. */
  readonly workspace?: string;
  /** Epoch milliseconds. */
  readonly at?: number;
  /** Hours. */
  readonly lookback?: number;
  /** Values or a file, see `readPolicyOption`. */
  readonly policy?: string;
  /** That option where it names a file, as it was read: what is stored goes before it. */
  readonly policyFile?: PolicyOption;
  readonly include?: readonly HostRule[];
  readonly exclude?: readonly HostRule[];
}

/** One account and region, or the trace files. */
export interface Target {
  /** The tenant that the hosts belong to; `local` where there is none. */
  readonly tenant: string;
  readonly source: MemorySource;
  /** What is inspected. */
  readonly metric: InspectedMetric;
  readonly filters: readonly HostFilter[];
  readonly policies: HostPolicies;
  readonly runsPerMonth: number;
  /** Metrics of its own, beside those of the catalogue. */
  readonly feeds?: readonly Feed[];
  /** Its jobs of anomaly inspection. */
  readonly jobs?: readonly AnomalyJob[];
  /** Where what runs know of its hosts can be read. */
  readonly knowledge?: KnowledgePorts;
}

/** Disposed when the command is done: the demo's clouds end with it. */
export interface Selection extends AsyncDisposable {
  readonly targets: readonly Target[];
  /** Epoch milliseconds: when the inspection is due. */
  readonly scheduledTime: number;
  /** Where it comes from: an option, the newest sample of trace files, or the clock. */
  readonly end: 'given' | 'newest sample' | 'now';
  /** Epoch milliseconds: what time it is where the samples are kept. */
  readonly now: number;
  /** Ids of hosts by names that the metrics do not carry, where somebody knows them. */
  readonly hostIds?: ReadonlyMap<string, string>;
}

/** The tenant's name where hosts are inspected without a tenant's config. */
export const NO_TENANT = 'local';

/** The default schedule is hourly. */
const HOURLY_RUNS_PER_MONTH = 24 * 30.44;

/** One target per region of the tenant's accounts, as far as --account and --region select them. */
export function tenantTargets(
  stored: StoredTenant,
  options: SourceOptions,
  scheduledTime: number,
  access: CloudAccess,
): Target[] {
  const { config } = stored;
  const { tenant } = config;
  const file = options.policyFile && { file: options.policyFile };
  const accounts = config.accounts.filter(
    ({ provider, account }) => isRequestedFor(account, options.account) && isRequestedFor(provider, options.provider),
  );
  return accounts.flatMap((account) =>
    account.regions
      .filter((region) => isRequestedFor(region, options.region))
      .map((region) => {
        const moment = { region, asOf: scheduledTime, containers: options.containers };
        const source = openAccount(stored, account, moment, access);
        return {
          ...createTarget(tenant, source, options, hostPolicies({ stored, account, metric: LEAK_METRIC, ...file })),
          filters: [config.hosts, account.hosts, ownFilter(options)].filter((filter) => filter !== undefined),
          runsPerMonth: runsPerMonth(account, scheduledTime),
          ...(account.feeds && { feeds: account.feeds }),
          ...(account.anomalies && { jobs: account.anomalies }),
        };
      }),
  );
}

/** Throws `UsageError` where --account and --region select nothing. */
export function refuseNowhere(targets: readonly Target[], whose: string, { account, region }: SourceOptions): void {
  if (targets.length > 0) return;
  const requested = [account && `account ${account}`, region && `region ${region.join(' or ')}`];
  throw new UsageError(`${whose} has no ${requested.filter(Boolean).join(' in ')}.`);
}

/** Whether an account or region is among those that an option names; without the option all are. */
function isRequestedFor(location: string, requested: string | readonly string[] | undefined): boolean {
  return requested === undefined || [requested].flat().includes(location);
}

interface Moment {
  readonly region: string;
  readonly asOf: number;
  /** Absent: as the account has it. */
  readonly containers: boolean | undefined;
}

/** The source of one region of a tenant's account, with the rights that the tenant has granted. */
function openAccount(
  { config: { tenant }, externalId }: StoredTenant,
  account: Account,
  { region, asOf, containers }: Moment,
  access: CloudAccess,
): MemorySource {
  if (account.provider === 'otlp') {
    return openSource({ kind: 'otlp', tenant, account: account.account, store: sampleStoreOf(access) });
  }
  const location = { account: account.account, region, containers: containers ?? account.containers };
  const { gcpSession, gcpEndpoint, azureEndpoint } = access;
  switch (account.provider) {
    case 'aws':
      return openSource({ kind: 'aws', ...location, grant: { role: account.role, externalId, tenant } });
    case 'gcp': {
      if (gcpEndpoint !== undefined) return openSource({ kind: 'gcp', ...location, testEndpoint: gcpEndpoint });
      const grant = { identity: account.identity, externalId, tenant, session: gcpSession };
      return openSource({ kind: 'gcp', ...location, grant });
    }
    case 'azure': {
      const { directory, client, workspace } = account;
      return openSource({
        kind: 'azure',
        ...location,
        ...(workspace !== undefined && { workspace }),
        grant: { directory, client, externalId, tenant },
        ...(azureEndpoint !== undefined && { testEndpoint: azureEndpoint }),
      });
    }
    case 'prometheus': {
      const { clusterLabels, groupLabel, queries } = account;
      return openSource({
        kind: 'prometheus',
        ...location,
        asOf,
        clusterLabels,
        ...(groupLabel !== undefined && { groupLabel }),
        queries,
        server: () => tenantServer({ tenant, externalId }, account, access),
      });
    }
  }
}

/** A target with the options' own filter, and with their lookback over what is inherited. */
export function createTarget(
  tenant: string,
  source: MemorySource,
  options: SourceOptions,
  inherited: HostPolicies = uniformPolicy(
    effectivePolicy(options.policyFile && metricValues(LEAK_METRIC, options.policyFile.values)),
  ),
): Target {
  const own = options.lookback === undefined ? undefined : { lookBackHours: options.lookback };
  return {
    tenant,
    source,
    metric: LEAK_METRIC,
    filters: [ownFilter(options)].filter((filter) => filter !== undefined),
    policies: overridden(inherited, own),
    runsPerMonth: HOURLY_RUNS_PER_MONTH,
  };
}

function ownFilter({ include, exclude }: SourceOptions): HostFilter | undefined {
  if (include === undefined && exclude === undefined) return undefined;
  return { include: include && [...include], exclude: exclude && [...exclude] };
}
