import { describe, expect, it } from 'vitest';
import { pricesByHosts, pricesOf, projectJobs } from '../../../core/health/project-jobs.ts';
import { aJobSpend } from '../../contract/spend-store.ts';
import { anAccount, aScopeHealth, aTenantConfig, HOUR } from '../../fixtures/builders.ts';
import { aJob } from '../../fixtures/point-jobs.ts';

const METRICS = ['system.cpu.utilization', 'system.network.errors'];
const configOf = (...anomalies: ReturnType<typeof aJob>[]) => aTenantConfig({ accounts: [anAccount({ anomalies })] });

describe('what jobs will cost', () => {
  it('is what a metric costs, as often as the job is due, and less where the cap has it slower', () => {
    const byHours = projectJobs(
      configOf(aJob({ metrics: METRICS })),
      pricesOf([aJobSpend({ usdPerMetric: 0.05 })]),
      4 * HOUR,
    );

    expect(byHours[0]).toBeCloseTo(0.1 * 240, 9);
    // What is read in one go bounds it: 60 periods of a minute.
    for (const hours of [1, 2, 4] as const) expect(byHours[hours]).toBeCloseTo(0.1 * 4, 9);
  });

  it('falls further where periods are longer', () => {
    const job = aJob({ periodSeconds: 300, everyMinutes: 60 });
    const byHours = projectJobs(configOf(job), pricesOf([aJobSpend({ usdPerMetric: 0.05 })]), 8 * HOUR);

    expect([byHours[0], byHours[1], byHours[2], byHours[4]].map((usd) => Math.round(usd * 1e6))).toEqual([
      400_000, 400_000, 200_000, 100_000,
    ]);
  });

  it('is nothing of jobs that are disabled, and of those of which nothing is known', () => {
    const prices = pricesOf([aJobSpend(), aJobSpend({ job: 'new', usdPerMetric: null })]);
    const config = configOf(aJob({ enabled: false }), aJob({ name: 'new' }), aJob({ name: 'other' }));

    expect(projectJobs(config, prices, HOUR)).toEqual({ 0: 0, 1: 0, 2: 0, 4: 0 });
  });

  it('is estimated by the hosts that there are before a job was ever inspected', () => {
    const byHours = projectJobs(configOf(aJob({ metrics: METRICS })), pricesByHosts([aScopeHealth()]), HOUR);

    expect(byHours[0]).toBeCloseTo(60 * 2 * aScopeHealth().hosts.known * 0.00001, 9);
  });
});
