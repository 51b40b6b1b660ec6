/** A fleet of any size in one account and region, for measuring: flat hosts, and a given number of leaking ones. */
import type { CloudProvider } from '../../core/model/series.ts';
import { tenantConfigSchema } from '../../core/model/tenant.ts';
import { azureIdentity } from './azure.ts';
import type { Fleet } from './fleet.ts';
import { gcpIdentity } from './gcp.ts';
import { hostAt, type Location } from './hosts.ts';
import { flat, linear, sum } from './shapes.ts';

export interface UniformFleetOptions {
  /** Default: AWS. */
  readonly provider?: CloudProvider;
  readonly hosts: number;
  /** How many of them leak. */
  readonly leaking?: number;
  /** Epoch milliseconds. */
  readonly asOf: number;
}

const TENANT = 'uniform';

/** The one account and region of a provider, and its identity in the tenant's config. */
const SITES = {
  aws: {
    account: '111111111111',
    region: 'eu-west-1',
    identity: { role: 'arn:aws:iam::111111111111:role/plimsoll-reader' },
  },
  gcp: { account: 'uniform-fleet-1', region: 'europe-west1', identity: gcpIdentity('uniform-fleet-1') },
  azure: {
    account: '5b1d0000-0000-4000-8000-000000000009',
    region: 'westeurope',
    identity: azureIdentity('5b1d0000-0000-4000-8000-000000000009'),
  },
} as const;

export function uniformFleet({ provider = 'aws', hosts, leaking = 0, asOf }: UniformFleetOptions): Fleet {
  const { account, region, identity } = SITES[provider];
  const tenant = tenantConfigSchema.parse({
    version: 1,
    tenant: TENANT,
    accounts: [{ provider, account, regions: [region], ...identity }],
  });
  const location: Location = { tenant: TENANT, provider, account, region, asOf, seed: 1 };
  return {
    asOf,
    tenants: [tenant],
    refusing: [],
    hosts: Array.from({ length: hosts }, (_, index) => {
      const name = `uniform-${index}`;
      const level = flat(30 + (index % 40));
      return index < leaking
        ? hostAt(location, {
            name,
            story: 'leaks 0.6 points an hour',
            memory: sum(level, linear({ from: -50, perHour: 0.6 })),
            expected: { state: 'leaking', pattern: 'linear', topConsumer: 'node' },
          })
        : hostAt(location, { name, story: 'flat', memory: level, collects: 'nothing', expected: { state: 'steady' } });
    }),
  };
}
