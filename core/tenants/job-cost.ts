/** What a job of anomaly inspection costs by the list prices of the clouds, before any of it is read, and whether it can be read. */
import type { AnomalyJob } from '../model/anomaly-job.ts';
import type { JobCadence } from '../model/cadence.ts';
import { isReadByRegion } from '../model/feed-region.ts';
import { periodIssue } from '../model/point-periods.ts';
import type { Scope } from '../model/series.ts';
import type { CapState } from '../model/spend.ts';
import type { Account, TenantConfig } from '../model/tenant.ts';
import { jobRunsPerMonth, minutesBetween } from './job-schedule.ts';

/**
 * US dollars for one metric of one host in one inspection, by the list prices that the sources state: CloudWatch bills each metric that is
 * requested, Cloud Monitoring each series that is returned, Azure Monitor each call for 50 hosts. What is absent costs nothing by the read.
 */
export const USD_PER_POINT_READ: Readonly<Partial<Record<Scope['provider'], number>>> = {
  aws: 0.01 / 1000,
  gcp: 0.5 / 1_000_000,
  azure: 0.01 / 1000 / 50,
};

/** How often jobs of a provider are inspected, by what the cost cap of their tenant leads to: what costs nothing is not slowed down. */
export function jobCadenceOf(
  { costCap }: Pick<TenantConfig, 'costCap'>,
  provider: Scope['provider'],
  cap: Pick<CapState, 'jobs'> | undefined,
): JobCadence {
  return costCap === undefined || USD_PER_POINT_READ[provider] === undefined ? 0 : (cap?.jobs ?? 0);
}

/** Of a host and month from which it is stated when a config is put: an hourly job of five metrics costs 0.04 USD in AWS. */
const STATED_FROM_USD = 0.05;

/** Of a month, from which the bound of feeds is stated. */
const STATED_BOUND_USD = 50;

const MANY_HOSTS = 1_000;

/** US dollars of one host and month; parts of a host, such as mount points, are metrics more. */
export function jobUsdPerHost(
  provider: Scope['provider'],
  job: Pick<AnomalyJob, 'metrics' | 'everyMinutes' | 'periodSeconds'>,
): number {
  return (USD_PER_POINT_READ[provider] ?? 0) * job.metrics.length * jobRunsPerMonth(job);
}

/** One sentence for each job whose period its cloud does not have: each inspection of it would fail. */
export function jobPeriodWarnings(accounts: readonly Account[]): string[] {
  return accounts.flatMap(({ provider, anomalies = [] }, index) =>
    anomalies.flatMap(({ periodSeconds }, at) => {
      const issue = periodIssue(provider, periodSeconds);
      return issue === undefined ? [] : [`accounts[${index}].anomalies[${at}].periodSeconds: ${issue}.`];
    }),
  );
}

/** One sentence for each job that costs more than a little, which begins with its field. */
export function jobCostWarnings(accounts: readonly Account[]): string[] {
  return accounts.flatMap(({ provider, anomalies = [] }, index) =>
    anomalies.flatMap((job, at) => {
      const usd = jobUsdPerHost(provider, job);
      if (!job.enabled || usd < STATED_FROM_USD) return [];
      const often = minutesBetween(job) === 1 ? 'every minute' : `every ${minutesBetween(job)} minutes`;
      const ofMany = Math.round(usd * MANY_HOSTS).toLocaleString('en');
      return [
        `accounts[${index}].anomalies[${at}]: metrics: ${job.metrics.length} of each host ${often} cost about ${usd.toFixed(2)} USD a host and month by ` +
          `the list price, ${ofMany} USD for ${MANY_HOSTS.toLocaleString('en')} hosts, and each part of a host as much again. \`hosts\` narrows ` +
          'the job, and a greater `everyMinutes` reads less often.',
      ];
    }),
  );
}

/**
 * One sentence for each feed that costs more than its hosts show: one of AWS by the bound that it has, where a month may cost that much,
 * and one of Google Cloud that each region reads in full.
 */
export function feedCostWarnings(accounts: readonly Account[]): string[] {
  return accounts.flatMap((account, index) => {
    if (account.provider === 'gcp') return regionWarnings(account, index);
    return account.provider === 'aws' ? boundWarnings(account, index) : [];
  });
}

function boundWarnings({ regions, feeds = [], anomalies = [] }: Account, index: number): string[] {
  const bounds = new Map(
    feeds.flatMap(({ columns, mostSeries }) => columns.map(({ name }) => [name, mostSeries] as const)),
  );
  return anomalies.flatMap((job, at) => {
    const series = job.metrics.reduce((sum, name) => sum + (bounds.get(name) ?? 0), 0) * regions.length;
    const usd = series * (USD_PER_POINT_READ.aws ?? 0) * jobRunsPerMonth(job);
    if (!job.enabled || usd < STATED_BOUND_USD) return [];
    return [
      `accounts[${index}].anomalies[${at}]: its feeds may have ${series.toLocaleString('en')} series, which cost ${Math.round(usd).toLocaleString('en')} USD ` +
        'a month by the list price. `mostSeries` of a feed bounds them before they are read.',
    ];
  });
}

function regionWarnings({ regions, feeds = [] }: Account, index: number): string[] {
  if (regions.length < 2) return [];
  return feeds.flatMap((feed, at) =>
    isReadByRegion(feed)
      ? []
      : [
          `accounts[${index}].feeds[${at}]: each of ${regions.length} regions reads, and pays for, the series of all. Restrict \`query\` by a label of its ` +
            'resource, for example resource.labels.location = "{region}", in which {region} is the region that is inspected, or name the label in `entity`.',
        ],
  );
}
