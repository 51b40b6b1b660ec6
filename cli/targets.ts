/** What is inspected: one target per account and region, with the filters and the policy that hold there. */
import { openSource } from '../adapters/index.ts';
import type { MemorySource } from '../inspection/ports.ts';
import { policyFor, runsPerMonth } from '../inspection/tenant-config.ts';
import type { HostFilter, HostRule } from '../model/host-filter.ts';
import { effectivePolicy, type Policy, type PolicyOverride } from '../model/policy.ts';
import type { Account, StoredTenant } from '../model/tenant.ts';
import { UsageError } from './usage-error.ts';

/** As commander fills it in; every command that reads hosts has these. */
export interface SourceOptions {
  readonly traces?: readonly string[];
  readonly demo?: boolean;
  readonly seed?: number;
  readonly provider?: 'aws';
  readonly tenant?: string;
  readonly account?: string;
  readonly region?: readonly string[];
  readonly role?: string;
  readonly externalIdFromEnv?: string;
  /** Epoch milliseconds. */
  readonly at?: number;
  readonly lookBack?: number;
  readonly include?: readonly HostRule[];
  readonly exclude?: readonly HostRule[];
}

/** One account and region, or the trace files. */
export interface Target {
  /** The tenant that the hosts belong to; `local` where there is none. */
  readonly tenant: string;
  readonly source: MemorySource;
  readonly filters: readonly HostFilter[];
  readonly policy: Policy;
  readonly runsPerMonth: number;
}

/** Disposed when the command is done: the demo's clouds end with it. */
export interface Selection extends AsyncDisposable {
  readonly targets: readonly Target[];
  /** Epoch milliseconds: when the inspection is due. */
  readonly scheduledTime: number;
  /** Ids of hosts by names that the metrics do not carry, where somebody knows them. */
  readonly hostIds?: ReadonlyMap<string, string>;
}

/** The tenant of what is inspected without a tenant's config. */
export const NO_TENANT = 'local';

/** The default schedule is hourly. */
const HOURLY_RUNS_PER_MONTH = 24 * 30.44;

/** One target per region of the tenant's accounts, or of the one that was asked for. */
export function tenantTargets(stored: StoredTenant, options: SourceOptions, scheduledTime: number): Target[] {
  const { config } = stored;
  const { tenant } = config;
  const accounts = config.accounts.filter(
    ({ account }) => options.account === undefined || account === options.account,
  );
  if (accounts.length === 0) throw new UsageError(`Tenant ${tenant} has no account ${options.account}.`);
  return accounts.flatMap((account) =>
    account.regions.map((region) => {
      const source = openAccount(stored, account, region);
      return {
        ...createTarget(tenant, source, options, policyFor(config, account)),
        filters: [config.hosts, account.hosts, ownFilter(options)].filter((filter) => filter !== undefined),
        runsPerMonth: runsPerMonth(account, scheduledTime),
      };
    }),
  );
}

/** The source of one region of a tenant's account, with the rights that the tenant has granted. */
function openAccount({ config: { tenant }, externalId }: StoredTenant, account: Account, region: string): MemorySource {
  switch (account.provider) {
    case 'aws': {
      const grant = { role: account.role, externalId, tenant };
      return openSource({ kind: 'aws', account: account.account, region, grant });
    }
    case 'gcp':
    case 'azure':
      throw new UsageError(`The command line does not read accounts of ${account.provider} yet: ${account.account}.`);
  }
}

/** A target with the options' own filter, and with their look-back over what is inherited. */
export function createTarget(
  tenant: string,
  source: MemorySource,
  options: SourceOptions,
  inherited?: PolicyOverride,
): Target {
  const own = options.lookBack === undefined ? undefined : { lookBackHours: options.lookBack };
  return {
    tenant,
    source,
    filters: [ownFilter(options)].filter((filter) => filter !== undefined),
    policy: effectivePolicy(inherited, own),
    runsPerMonth: HOURLY_RUNS_PER_MONTH,
  };
}

function ownFilter({ include, exclude }: SourceOptions): HostFilter | undefined {
  if (include === undefined && exclude === undefined) return undefined;
  return { include: include && [...include], exclude: exclude && [...exclude] };
}
