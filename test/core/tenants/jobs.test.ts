/** Jobs of anomaly inspection in a config: when they are due, and what they cost before any of it is read. */
import { describe, expect, it } from 'vitest';
import { openSource, type SourceChoice } from '../../../adapters/open-source.ts';
import { cronExpression, minutesApart } from '../../../adapters/scheduler/expression.ts';
import { periodIssue } from '../../../core/model/point-periods.ts';
import type { InspectionSchedule } from '../../../core/ports/scheduler.ts';
import { warningsAbout } from '../../../core/tenants/config-warnings.ts';
import { USD_PER_POINT_READ } from '../../../core/tenants/job-cost.ts';
import { jobRunsPerMonth, jobSchedule } from '../../../core/tenants/job-schedule.ts';
import { scheduleChanges, scheduleDifference } from '../../../core/tenants/schedule-changes.ts';
import { anAccount, aTenantConfig, NOON } from '../../fixtures/builders.ts';

const METRICS = [
  'system.cpu.utilization',
  'system.filesystem.utilization',
  'system.network.errors',
  'system.cpu.load_average.1m',
  'system.memory.utilization',
];
const GCP_ACCOUNT = {
  provider: 'gcp',
  account: 'shop-123456',
  identity: {
    projectNumber: '123456789012',
    pool: 'plimsoll',
    provider: 'plimsoll-aws',
    serviceAccount: 'plimsoll-reader@shop-123456.iam.gserviceaccount.com',
  },
};
const aJobOf = (overrides: object = {}) => ({
  name: 'resident',
  metrics: METRICS,
  everyMinutes: 1,
  periodSeconds: 60,
  ...overrides,
});
const aConfig = (...jobs: object[]) => aTenantConfig({ accounts: [anAccount({ anomalies: jobs })] });

const nameOf = ({ tenant, account, job = '', cron }: InspectionSchedule) => ({
  text: `${tenant}.${account}.${job}.${cron}`,
  owner: { tenant, account: `${account}${job}` },
});

describe('the schedule of a job', () => {
  it.each([
    [{ everyMinutes: 1, periodSeconds: 60 }, '* * * * *', 1],
    [{ everyMinutes: 1, periodSeconds: 300 }, '*/5 * * * *', 5],
    [{ everyMinutes: 7, periodSeconds: 60 }, '*/7 * * * *', 7],
    [{ everyMinutes: 60, periodSeconds: 300 }, '0 * * * *', 60],
  ])('of %j is %s', (timing, cron, minutes) => {
    expect(jobSchedule(timing)).toEqual({ cron, timezone: 'UTC' });
    expect(cronExpression(cron)).toMatch(/^cron\(/);
    expect(minutesApart(cron)).toBe(minutes);
  });

  it('is one of its own, beside that of its account', () => {
    const config = aConfig(
      aJobOf(),
      aJobOf({ name: 'hourly', everyMinutes: 60 }),
      aJobOf({ name: 'off', enabled: false }),
    );

    const { missing, wanted } = scheduleChanges(config, [], nameOf);

    expect(wanted).toBe(3);
    expect(missing.map(({ schedule: { job, cron } }) => [job, cron])).toEqual([
      [undefined, '0 * * * *'],
      ['resident', '* * * * *'],
      ['hourly', '0 * * * *'],
    ]);
  });

  it('is gone with the job, and the schedule of the account stays as it is', () => {
    const existing = scheduleChanges(aConfig(aJobOf()), [], nameOf).missing.map(({ name }) => name);

    const { missing, superfluous } = scheduleChanges(aConfig(), existing, nameOf);
    const { removed, added, changed } = scheduleDifference(aConfig(aJobOf()), aConfig());

    expect(missing).toEqual([]);
    expect(superfluous.map(({ text }) => text)).toEqual(['acme.111122223333.resident.* * * * *']);
    expect([removed.map(({ job }) => job), added, changed]).toEqual([['resident'], [], []]);
  });
});

describe('the cost of a job', () => {
  const CLOUDS: readonly [SourceChoice, number][] = [
    [{ kind: 'aws', account: '111122223333', region: 'eu-west-1' }, 1],
    [{ kind: 'gcp', account: 'my-project-123456', region: 'europe-west1' }, 1],
    [{ kind: 'azure', account: '11111111-2222-4333-8444-555555555555', region: 'westeurope' }, 50],
  ];

  it.each(CLOUDS)('is by the list price of the source %j', (choice, hostsACall) => {
    const { provider } = openSource(choice).scope;

    expect(provider === 'local' ? undefined : USD_PER_POINT_READ[provider]).toBeCloseTo(
      (openSource(choice).price?.usdPerMetric ?? 0) / hostsACall,
      12,
    );
  });

  it('of five metrics a minute is stated before the config is put', () => {
    const [warning, ...others] = warningsAbout(aConfig(aJobOf()), NOON);

    expect(others).toEqual([]);
    expect(warning).toMatch(
      /^accounts\[0\]\.anomalies\[0\]: metrics: 5 of each host every minute cost about 2\.19 USD a host and month/,
    );
    expect(warning).toContain('2,192 USD for 1,000 hosts');
  });

  it('of an hour is not', () => {
    expect(warningsAbout(aConfig(aJobOf({ everyMinutes: 60 })), NOON)).toEqual([]);
    expect(jobRunsPerMonth({ everyMinutes: 60, periodSeconds: 60 })).toBeCloseTo(730.56, 1);
  });
});

describe('the period of a job', () => {
  it.each([
    ['aws', [1, 5, 10, 20, 30, 60, 120, 3600], [2, 45, 90]],
    ['gcp', [60, 61, 3600], [1, 30, 59]],
    ['azure', [60, 300, 900, 1800, 3600], [1, 30, 120, 600]],
    ['prometheus', [1, 7, 3600], []],
    ['otlp', [1, 7, 3600], []],
  ] as const)('is one that %s has', (provider, known, unknown) => {
    expect(known.filter((seconds) => periodIssue(provider, seconds) !== undefined)).toEqual([]);
    expect(unknown.filter((seconds) => periodIssue(provider, seconds) === undefined)).toEqual([]);
  });

  it('is warned of before the config is put', () => {
    const [warning] = warningsAbout(aConfig(aJobOf({ periodSeconds: 45 })), NOON);

    expect(warning).toBe(
      'accounts[0].anomalies[0].periodSeconds: CloudWatch has no periods of 45 s: set periodSeconds to 1, 5, 10, 20, 30 or a multiple of 60.',
    );
  });
});

describe('what feeds may cost', () => {
  const feed = { query: 'AWS/SQS', entity: ['QueueName'], columns: [{ name: 'queue.depth', column: 'Depth' }] };
  const warningsOf = (...accounts: object[]) =>
    warningsAbout(aTenantConfig({ accounts }), NOON).filter((text) => /feeds may have|feeds\[/.test(text));
  const gcp = (query: string | undefined, entity: string[], regions = ['europe-west1', 'europe-west4']) => {
    const own = { ...feed, ...(query !== undefined && { query }), entity };
    const { query: _, ...bare } = own;
    return { ...GCP_ACCOUNT, regions, feeds: [query === undefined ? bare : own] };
  };

  it('is stated by the bound of their series before any is counted', () => {
    const account = anAccount({ anomalies: [aJobOf({ metrics: ['queue.depth'] })], feeds: [feed] });
    const hourly = anAccount({ anomalies: [aJobOf({ metrics: ['queue.depth'], everyMinutes: 60 })], feeds: [feed] });

    expect(warningsOf(account)).toEqual([
      'accounts[0].anomalies[0]: its feeds may have 1,000 series, which cost 438 USD a month by the list price. `mostSeries` of a feed bounds them ' +
        'before they are read.',
    ]);
    expect(warningsOf(hourly)).toEqual([]);
    expect(warningsOf({ ...account, feeds: [{ ...feed, mostSeries: 100 }] })).toEqual([]);
  });

  it('is stated of a feed in Google Cloud that each of several regions reads in full', () => {
    expect(warningsOf(gcp(undefined, ['queue']))).toEqual([
      expect.stringMatching(/^accounts\[0\]\.feeds\[0\]: each of 2 regions reads, and pays for, the series of all\./),
    ]);
    expect(warningsOf(gcp('resource.labels.location = "{region}"', ['queue']))).toEqual([]);
    expect(warningsOf(gcp(undefined, ['queue', 'resource.labels.location']))).toEqual([]);
    expect(warningsOf(gcp(undefined, ['instance_id']))).toEqual([]);
    expect(warningsOf(gcp(undefined, ['queue'], ['europe-west1']))).toEqual([]);
  });
});
