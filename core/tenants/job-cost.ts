/** What a job of anomaly inspection costs by the list prices of the clouds, before any of it is read, and whether it can be read. */
import type { AnomalyJob } from '../model/anomaly-job.ts';
import type { JobCadence } from '../model/cadence.ts';
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
