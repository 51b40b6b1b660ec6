/** The three providers' list prices, as they were looked up: a wrong figure is nobody's failing call, and everybody's bill. */
import { describe, expect, it } from 'vitest';
import { azureMonitorSource } from '../../adapters/azure-monitor/source.ts';
import { cloudwatchSource } from '../../adapters/cloudwatch/source.ts';
import { cloudMonitoringSource } from '../../adapters/gcp-monitoring/source.ts';
import type { MemorySource } from '../../core/ports/memory-source.ts';

const unread = async () => {
  throw new Error('a price is known without a call');
};

const SOURCES = {
  aws: () => cloudwatchSource({ account: '111122223333', region: 'eu-west-1' }),
  gcp: () => cloudMonitoringSource({ project: 'shop-123456', region: 'europe-west1', client: unread }),
  azure: () => {
    const account = '0a1b2c3d-1111-4222-8333-444455556666';
    return azureMonitorSource({ connection: { credential: { getToken: unread } }, account, region: 'westeurope' });
  },
} satisfies Record<string, () => MemorySource>;

describe('the price of a run', () => {
  it.each([
    // https://aws.amazon.com/cloudwatch/pricing: GetMetricData, by metrics requested.
    ['aws', 10_000, 0.1, /^0\.01 USD per 1,000 metrics requested.*aws\.amazon\.com\/cloudwatch\/pricing, 2026-11/],
    // https://cloud.google.com/stackdriver/pricing: Monitoring API, by time series returned; since 2 October 2025.
    ['gcp', 10_000, 0.005, /^0\.50 USD per million time series.*cloud\.google\.com\/stackdriver\/pricing, 2026-11/],
    // https://azure.microsoft.com/pricing/details/monitor: metric queries, by calls.
    ['azure', 200, 0.002, /^0\.01 USD per 1,000 calls of metrics:getBatch.*learn\.microsoft\.com\/.*, 2026-11/],
  ] as const)('of %s for what %i units cost is %d USD, with its source and date', (cloud, units, usd, stated) => {
    const { price } = SOURCES[cloud]();

    expect((price?.usdPerMetric ?? Number.NaN) * units).toBeCloseTo(usd, 12);
    expect(price?.stated).toMatch(stated);
  });
});
