/**
 * The living fleet: some fifty hosts in three clouds, of which some leak. It is a pure function of time: leaks grow, are killed and grow
 * again, versions are deployed and cure what the one before broke. An inspection at any time finds what has happened until then.
 */
import type { ScalingEvent } from '../../core/model/scaling-event.ts';
import { SUBSCRIPTION } from './azure.ts';
import type { Fleet, Host } from './fleet.ts';
import { PROJECT } from './gcp.ts';
import { type HostPlan, hostAt } from './hosts.ts';
import { DEPLOYED, LIVING_AWS, LIVING_AZURE, LIVING_GCP, LIVING_ORCHARD, LIVING_REFUSING } from './living-hosts.ts';
import { tenantOf } from './scenario.ts';
import type { Site } from './site.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** Minutes of a host whose memory is kept: a fortnight and more. */
const MOST_KEPT = 32_768;

const REFUSING = '444444444444';

const AWS = { provider: 'aws', tenant: 'harbour', account: '111111111111', region: 'eu-west-1' } as const;
const GCP = { provider: 'gcp', tenant: 'harbour', account: PROJECT, region: 'europe-west1' } as const;
const AZURE = { provider: 'azure', tenant: 'harbour', account: SUBSCRIPTION, region: 'westeurope' } as const;
const ORCHARD = { provider: 'aws', tenant: 'orchard', region: 'eu-west-1' } as const;

const SITES: readonly Site[] = [
  { ...AWS, plans: LIVING_AWS },
  { ...GCP, plans: LIVING_GCP },
  { ...AZURE, plans: LIVING_AZURE },
  { ...ORCHARD, account: '333333333333', plans: LIVING_ORCHARD },
  { ...ORCHARD, account: REFUSING, plans: LIVING_REFUSING },
];

/** What somebody deploys, and when. */
export interface LivingDeployment extends Pick<ScalingEvent, 'tenant' | 'provider' | 'account' | 'region'> {
  readonly group: string;
  readonly version: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface LivingFleet extends Fleet {
  /** The oldest first; some of them are later than the fleet's time. */
  readonly deployments: readonly LivingDeployment[];
}

const DEPLOYMENTS = [
  { ...GCP, group: 'cart-gc', version: 'v1.8.1', hour: DEPLOYED.cart },
  { ...AWS, group: 'payments', version: 'v2.31', hour: DEPLOYED.payments },
  { ...AZURE, group: 'portal-az', version: 'v4.0.3', hour: DEPLOYED.portal },
  { ...AWS, group: 'payments', version: 'v2.30', hour: DEPLOYED.paymentsBack },
] as const;

/**
 * @param time Epoch milliseconds, floored to the hour: the hour 0 of the plans. The fleet has a past of weeks before it, and goes on.
 * @param seed Another one is other noise on the same shapes.
 */
export function livingFleetAt(time: number, seed = 1): LivingFleet {
  const asOf = Math.floor(time / HOUR) * HOUR;
  return {
    asOf,
    tenants: [tenantOf('harbour', 'Harbour Retail', SITES), tenantOf('orchard', 'Orchard Logistics', SITES)],
    hosts: SITES.flatMap((site) => site.plans.map((plan) => livingHost(hostAt({ ...site, asOf, seed }, plan), plan))),
    refusing: [REFUSING],
    deployments: DEPLOYMENTS.map(({ hour, ...deployment }) => ({ ...deployment, at: asOf + hour * HOUR })),
  };
}

/** An instance in AWS has its name as a tag, as people give it one. */
function livingHost(host: Host, { name, naming }: HostPlan): Host {
  const { provider } = host.resource;
  const tagged = provider === 'aws' && naming !== 'host_name' && naming !== 'k8s_node';
  return { ...host, used: kept(host.used), ...(tagged && { tags: { Name: name } }) };
}

/** A week of hourly inspections reads every minute a hundred times. */
function kept(used: Host['used']): Host['used'] {
  const known = new Map<number, number>();
  return (time) => {
    const minute = time / MINUTE;
    const before = known.get(minute);
    if (before !== undefined) return before;
    if (known.size >= MOST_KEPT) known.clear();
    const value = used(time);
    known.set(minute, value);
    return value;
  };
}
