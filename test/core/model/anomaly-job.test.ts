import { describe, expect, it } from 'vitest';
import { anomalyIssues, feedSchema } from '../../../core/model/anomaly-job.ts';
import { tenantConfigSchema } from '../../../core/model/tenant.ts';

const JOB = { name: 'machines', metrics: ['system.cpu.utilization'] };
const FEED = { query: 'queue_length', entity: ['instance'], columns: [{ name: 'queue_length' }] };

function issuesOf(fields: object): readonly string[] {
  const parsed = tenantConfigSchema.safeParse({
    version: 1,
    tenant: 'acme',
    accounts: [{ provider: 'prometheus', account: 'lab', url: 'https://prom.example.com', ...fields }],
  });
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
}

describe('anomalies and feeds of an account', () => {
  it('has the defaults of a job of five-minute points', () => {
    const config = tenantConfigSchema.parse({
      version: 1,
      tenant: 'acme',
      accounts: [{ provider: 'otlp', account: 'lab', anomalies: [JOB] }],
    });

    expect(config.accounts[0]?.anomalies).toEqual([
      {
        ...JOB,
        enabled: true,
        everyMinutes: 60,
        periodSeconds: 300,
        referencePoints: 2016,
        cycle: 'day',
        delaySeconds: 120,
        threshold: 0.99,
        keep: 'anomalies',
        report: true,
      },
    ]);
  });

  it('takes a metric of the catalogue and one of a feed', () => {
    const jobs = [{ ...JOB, metrics: ['system.cpu.utilization', 'queue_length'] }];

    expect(issuesOf({ anomalies: jobs, feeds: [FEED] })).toEqual([]);
  });

  it.each([
    [
      'a metric that nobody has',
      { anomalies: [{ ...JOB, metrics: ['cpu'] }] },
      'accounts.0.anomalies.0.metrics.0 is not known: cpu is no column',
    ],
    [
      'a metric twice',
      { anomalies: [{ ...JOB, metrics: [...JOB.metrics, ...JOB.metrics] }] },
      'accounts.0.anomalies.0.metrics.1 names system.cpu.utilization a second time',
    ],
    ['two jobs of one name', { anomalies: [JOB, JOB] }, 'accounts.0.anomalies.1.name names machines a second time'],
    [
      'two columns of one name',
      { feeds: [FEED, FEED] },
      'accounts.0.feeds.1.columns.0.name names queue_length a second time',
    ],
    [
      'a column named as one of the catalogue',
      { feeds: [{ ...FEED, columns: [{ name: 'system.cpu.utilization' }] }] },
      'accounts.0.feeds.0.columns.0.name is a metric that every source reads',
    ],
    [
      'what fills without an upper limit',
      { feeds: [{ ...FEED, columns: [{ name: 'pool', fills: true }] }] },
      'accounts.0.feeds.0.columns.0.upper is needed of what fills',
    ],
    [
      'a lower limit above the upper one',
      { feeds: [{ ...FEED, columns: [{ name: 'pool', lower: 2, upper: 1 }] }] },
      'accounts.0.feeds.0.columns.0.upper must be above lower',
    ],
    [
      'several columns of no query',
      { feeds: [{ entity: ['instance'], columns: [{ name: 'a' }, { name: 'b' }] }] },
      'accounts.0.feeds.0.query is needed where a feed has several columns',
    ],
    ['a period of no seconds', { anomalies: [{ ...JOB, periodSeconds: 0 }] }, 'accounts.0.anomalies.0.periodSeconds'],
  ])('refuses %s', (_, fields, issue) => {
    expect(issuesOf(fields)).toEqual([expect.stringContaining(issue)]);
  });
});

describe('the query of a feed of Google Cloud', () => {
  const issuesOfQuery = (query: string) =>
    anomalyIssues({ provider: 'gcp', feeds: [feedSchema.parse({ ...FEED, query })] }).map(({ path }) => path.join('.'));

  it.each([
    'metric.labels.queue = "a) OR (b"',
    '(metric.labels.a = "1" OR metric.labels.b = "\\")") AND resource.type = "x"',
  ])('may be %s', (query) => {
    expect(issuesOfQuery(query)).toEqual([]);
  });

  it.each([
    'metric.labels.a = "1") OR (project = "another"',
    'metric.labels.a = "1',
    '(metric.labels.a = "1"',
    `metric.labels.a = ') OR ('`,
  ])('is refused as %s, which reaches what stands beside it', (query) => {
    expect(issuesOfQuery(query)).toEqual(['feeds.0.query']);
  });
});
