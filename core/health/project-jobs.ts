/** What the jobs of a tenant will cost in a span of time, with each cadence that a cost cap may give them. Pure: the time is an argument. */
import { QUIET_HOURS, type QuietHours } from '../model/cadence.ts';
import type { ScopeHealth } from '../model/health.ts';
import type { InRegion, Scope } from '../model/series.ts';
import type { JobSpend } from '../model/spend.ts';
import type { TenantConfig } from '../model/tenant.ts';
import { USD_PER_POINT_READ } from '../tenants/job-cost.ts';
import { minutesBetween, slowedJob } from '../tenants/job-schedule.ts';

const MINUTE = 60_000;

/** US dollars, by the hours that lie at the least between two inspections of a job. */
export type JobsProjection = Readonly<Record<QuietHours, number>>;

/** What one metric of a job costs in an inspection of an account and region, US dollars; undefined where that is not known. */
export type PriceOfJob = (scope: InRegion<Scope>, job: string) => number | undefined;

/** @param spanMs Milliseconds. Jobs of which nothing is known are not in it, as regions are not that were not inspected yet. */
export function projectJobs({ enabled, accounts }: TenantConfig, priceOf: PriceOfJob, spanMs: number): JobsProjection {
  const byHours = { 0: 0, 1: 0, 2: 0, 4: 0 };
  for (const { provider, account, regions, anomalies = [], enabled: isEnabled } of accounts) {
    for (const job of enabled && isEnabled ? anomalies.filter((one) => one.enabled) : []) {
      const prices = regions.map((region) => priceOf({ provider, account, region }, job.name) ?? 0);
      const usd = prices.reduce((sum, price) => sum + price, 0) * job.metrics.length;
      for (const hours of QUIET_HOURS)
        byHours[hours] += (usd * spanMs) / (minutesBetween(slowedJob(job, hours)) * MINUTE);
    }
  }
  return byHours;
}

/** By what their inspections cost: of several months of a job, the last one that shows it. */
export function pricesOf(jobs: readonly JobSpend[]): PriceOfJob {
  const known = new Map(
    jobs.flatMap(({ scope, job, usdPerMetric }) =>
      usdPerMetric === null ? [] : [[keyOf(scope, job), usdPerMetric] as const],
    ),
  );
  return (scope, job) => known.get(keyOf(scope, job));
}

/** By the hosts that the newest inspections for leaks have seen, each with one series of a metric. */
export function pricesByHosts(health: readonly ScopeHealth[]): PriceOfJob {
  const known = new Map(health.map(({ scope, hosts }) => [keyOf(scope), hosts.known]));
  return (scope) => {
    const hosts = known.get(keyOf(scope));
    return hosts === undefined ? undefined : hosts * (USD_PER_POINT_READ[scope.provider] ?? 0);
  };
}

function keyOf({ provider, account, region }: Scope, job = ''): string {
  return JSON.stringify([provider, account, region, job]);
}
