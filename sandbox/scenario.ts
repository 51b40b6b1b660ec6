/** The scenario: two tenants, five accounts, some sixty hosts, and what an inspection at its time should find. */
import { type TenantConfig, tenantConfigSchema } from '../model/tenant.ts';
import type { Fleet } from './fleet.ts';
import { type HostPlan, hostAt } from './hosts.ts';
import { recordedHosts } from './recorded.ts';
import { LEAKING_MAIN, LEAKING_OTHER, LEAKING_SECOND } from './scenario-leaking.ts';
import { SPECIAL_MAIN, SPECIAL_OTHER, UNREACHABLE } from './scenario-special.ts';
import { STEADY_MAIN, STEADY_OTHER, STEADY_SECOND_ACCOUNT, STEADY_SECOND_REGION } from './scenario-steady.ts';

/** What the role is called in every account of the scenario. */
const ROLE_NAME = 'plimsoll-reader';
const REFUSING = '444444444444';

interface Site {
  readonly tenant: string;
  readonly account: string;
  readonly region: string;
  readonly plans: readonly HostPlan[];
}

const SITES: readonly Site[] = [
  {
    tenant: 'harbour',
    account: '111111111111',
    region: 'eu-west-1',
    plans: [...LEAKING_MAIN, ...STEADY_MAIN, ...SPECIAL_MAIN],
  },
  { tenant: 'harbour', account: '111111111111', region: 'us-east-1', plans: STEADY_SECOND_REGION },
  {
    tenant: 'harbour',
    account: '222222222222',
    region: 'eu-central-1',
    plans: [...LEAKING_SECOND, ...STEADY_SECOND_ACCOUNT],
  },
  {
    tenant: 'orchard',
    account: '333333333333',
    region: 'eu-west-1',
    plans: [...LEAKING_OTHER, ...STEADY_OTHER, ...SPECIAL_OTHER],
  },
  { tenant: 'orchard', account: REFUSING, region: 'eu-west-1', plans: UNREACHABLE },
];

/** The tenant, account and region that hold the recorded processes. */
const RECORDED = { tenant: 'orchard', account: '333333333333', region: 'us-west-2' } as const;

/**
 * The scenario set at a time (epoch milliseconds, floored to the hour): the same memory whatever the time. Another seed is
 * other noise on the same shapes, and changes nothing of what is expected.
 */
export function scenarioAt(time: number, seed = 1): Fleet {
  const asOf = Math.floor(time / 3_600_000) * 3_600_000;
  const hosts = SITES.flatMap((site) => site.plans.map((plan) => hostAt({ ...site, asOf, seed }, plan)));
  return {
    asOf,
    tenants: [tenantOf('harbour', 'Harbour Retail'), tenantOf('orchard', 'Orchard Logistics')],
    hosts: [...hosts, ...recordedHosts({ ...RECORDED, asOf })],
    refusing: [REFUSING],
  };
}

function tenantOf(tenant: string, name: string): TenantConfig {
  const sites = [...SITES, RECORDED].filter((site) => site.tenant === tenant);
  const accounts = Map.groupBy(sites, ({ account }) => account);
  return tenantConfigSchema.parse({
    version: 1,
    tenant,
    name,
    accounts: [...accounts].map(([account, regions]) => ({
      provider: 'aws',
      account,
      regions: regions.map(({ region }) => region),
      role: `arn:aws:iam::${account}:role/${ROLE_NAME}`,
    })),
  });
}
