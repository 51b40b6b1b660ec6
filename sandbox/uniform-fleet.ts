/** A fleet of any size in one account and region, for measuring: flat hosts, and as many leaking ones as asked for. */
import { tenantConfigSchema } from '../model/tenant.ts';
import type { Fleet } from './fleet.ts';
import { hostAt } from './hosts.ts';
import { flat, linear, sum } from './shapes.ts';

export interface UniformFleetOptions {
  readonly hosts: number;
  /** How many of them leak. */
  readonly leaking?: number;
  /** Epoch milliseconds. */
  readonly asOf: number;
}

const PLACE = { tenant: 'uniform', account: '111111111111', region: 'eu-west-1' } as const;

export function uniformFleet({ hosts, leaking = 0, asOf }: UniformFleetOptions): Fleet {
  const tenant = tenantConfigSchema.parse({
    version: 1,
    tenant: PLACE.tenant,
    accounts: [
      {
        provider: 'aws',
        account: PLACE.account,
        regions: [PLACE.region],
        role: `arn:aws:iam::${PLACE.account}:role/plimsoll-reader`,
      },
    ],
  });
  const place = { ...PLACE, asOf, seed: 1 };
  return {
    asOf,
    tenants: [tenant],
    refusing: [],
    hosts: Array.from({ length: hosts }, (_, index) => {
      const name = `uniform-${index}`;
      const level = flat(30 + (index % 40));
      return index < leaking
        ? hostAt(place, {
            name,
            story: 'leaks 0.6 points an hour',
            memory: sum(level, linear({ from: -50, perHour: 0.6 })),
            expected: { state: 'leaking', pattern: 'linear', culprit: 'node' },
          })
        : hostAt(place, { name, story: 'flat', memory: level, expected: { state: 'steady' } });
    }),
  };
}
