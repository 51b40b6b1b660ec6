/** Which periods of points the monitoring services of the clouds have; all others have any. */
import type { Scope } from './series.ts';

interface Periods {
  readonly service: string;
  has(seconds: number): boolean;
  /** What to set instead. */
  readonly instead: string;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html */
const HIGH_RESOLUTION: readonly number[] = [1, 5, 10, 20, 30];
/** Those of an hour at the most: https://learn.microsoft.com/azure/azure-monitor/reference/metrics-index */
const GRAINS: readonly number[] = [60, 300, 900, 1800, 3600];

const PERIODS: Readonly<Partial<Record<Scope['provider'], Periods>>> = {
  aws: {
    service: 'CloudWatch',
    has: (seconds) => HIGH_RESOLUTION.includes(seconds) || seconds % 60 === 0,
    instead: '1, 5, 10, 20, 30 or a multiple of 60',
  },
  // https://docs.cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.timeSeries/list: alignmentPeriod
  gcp: { service: 'Cloud Monitoring', has: (seconds) => seconds >= 60, instead: '60 or more' },
  azure: {
    service: 'Azure Monitor',
    has: (seconds) => GRAINS.includes(seconds),
    instead: '60, 300, 900, 1800 or 3600',
  },
};

/** What is wrong with a period, and what to set; undefined of one that there is. */
export function periodIssue(provider: Scope['provider'], seconds: number): string | undefined {
  const periods = PERIODS[provider];
  if (periods === undefined || periods.has(seconds)) return undefined;
  return `${periods.service} has no periods of ${seconds} s: set periodSeconds to ${periods.instead}`;
}
