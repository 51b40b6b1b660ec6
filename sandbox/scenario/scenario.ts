/** The scenario: two tenants, their accounts, some sixty hosts in AWS and more elsewhere, and what an inspection should find. */
import { type TenantConfig, tenantConfigSchema } from '../../core/model/tenant.ts';
import { AZURE_SITES, azureIdentity, REFUSING_SUBSCRIPTION } from './azure.ts';
import { CLUSTER_SITES, SCRAPED_CLUSTER } from './clusters.ts';
import type { Fleet } from './fleet.ts';
import { GCP_SITES, gcpIdentity, REFUSING_PROJECT } from './gcp.ts';
import { hostAt } from './hosts.ts';
import { LEAKING_MAIN, LEAKING_OTHER, LEAKING_SECOND } from './leaking.ts';
import { type ClusterSite, containersAt } from './pods.ts';
import { PROMETHEUS_OPTIONS, PROMETHEUS_SITE } from './prometheus.ts';
import { recordedHosts } from './recorded.ts';
import type { Site } from './site.ts';
import { SPECIAL_MAIN, SPECIAL_OTHER, UNREACHABLE } from './special.ts';
import { STEADY_MAIN, STEADY_OTHER, STEADY_SECOND_ACCOUNT, STEADY_SECOND_REGION } from './steady.ts';
import { ECS_SITES, tasksAt } from './tasks.ts';
import { TWINS } from './twins.ts';

/** What the role is called in every account of the scenario. */
const ROLE_NAME = 'plimsoll-reader';
const REFUSING = '444444444444';

const AWS_SITES: readonly Site[] = [
  {
    tenant: 'harbour',
    account: '111111111111',
    region: 'eu-west-1',
    plans: [...TWINS, ...LEAKING_MAIN, ...STEADY_MAIN, ...SPECIAL_MAIN],
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

/** What a config holds of an account beside its id and regions, by provider. */
const IDENTITY_OF = {
  aws: (account: string) => ({ role: `arn:aws:iam::${account}:role/${ROLE_NAME}` }),
  gcp: gcpIdentity,
  azure: azureIdentity,
  prometheus: (account: string) => ({ url: `https://prometheus.example.com/${account}` }),
  otlp: () => ({}),
} as const;

/**
 * The scenario set at a time (epoch milliseconds, floored to the hour): the same memory whatever the time. Another seed is
 * other noise on the same shapes, and changes no expectation.
 */
export function scenarioAt(time: number, seed = 1): Fleet {
  const fleet = fleetOf(AWS_SITES, time, seed);
  return {
    ...fleet,
    ...containersOf(
      CLUSTER_SITES.filter(({ provider }) => provider === 'aws'),
      fleet.asOf,
      seed,
    ),
  };
}

function containersOf(
  sites: readonly ClusterSite[],
  asOf: number,
  seed: number,
): Required<Pick<Fleet, 'pods' | 'tasks'>> {
  const moment = { asOf, seed };
  return {
    pods: sites.flatMap((site) => containersAt(site, moment)),
    tasks: ECS_SITES.flatMap((site) => tasksAt(site, moment)),
  };
}

/** The scenario in every cloud. */
export function allCloudsAt(time: number, seed = 1): Fleet {
  const fleet = fleetOf([...AWS_SITES, ...GCP_SITES, ...AZURE_SITES], time, seed);
  return { ...fleet, ...containersOf(CLUSTER_SITES, fleet.asOf, seed) };
}

/** The scenario in every cloud, and in a Prometheus server. */
export function everywhereAt(time: number, seed = 1): Fleet {
  const fleet = fleetOf([...AWS_SITES, ...GCP_SITES, ...AZURE_SITES, PROMETHEUS_SITE], time, seed);
  const clusters = [...CLUSTER_SITES, SCRAPED_CLUSTER];
  return { ...fleet, ...containersOf(clusters, fleet.asOf, seed), prometheus: PROMETHEUS_OPTIONS };
}

/** What the scenario's Prometheus server scrapes, and nothing else. */
export function prometheusAt(time: number, seed = 1): Fleet {
  const { hosts, pods = [], tasks: _, ...fleet } = everywhereAt(time, seed);
  return {
    ...fleet,
    hosts: hosts.filter(({ resource }) => resource.provider === 'prometheus'),
    pods: pods.filter(({ provider }) => provider === 'prometheus'),
  };
}

function fleetOf(sites: readonly Site[], time: number, seed: number): Fleet {
  const asOf = Math.floor(time / 3_600_000) * 3_600_000;
  const hosts = sites.flatMap((site) => site.plans.map((plan) => hostAt({ ...site, asOf, seed }, plan)));
  const allSites = [...sites, RECORDED];
  return {
    asOf,
    tenants: [tenantOf('harbour', 'Harbour Retail', allSites), tenantOf('orchard', 'Orchard Logistics', allSites)],
    hosts: [...hosts, ...recordedHosts({ ...RECORDED, asOf })],
    refusing: [REFUSING, REFUSING_PROJECT, REFUSING_SUBSCRIPTION],
  };
}

/** The config of a tenant with the accounts of its sites. */
export function tenantOf(tenant: string, name: string, allSites: readonly Omit<Site, 'plans'>[]): TenantConfig {
  const own = allSites.filter((site) => site.tenant === tenant);
  const accounts = Map.groupBy(own, ({ account }) => account);
  return tenantConfigSchema.parse({
    version: 1,
    tenant,
    name,
    accounts: [...accounts].map(([account, regions]) => {
      const provider = regions[0]?.provider ?? 'aws';
      const identity = IDENTITY_OF[provider](account);
      return { provider, account, regions: regions.map(({ region }) => region), ...identity };
    }),
  });
}
