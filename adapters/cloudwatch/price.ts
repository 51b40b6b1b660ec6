/** What CloudWatch bills for what is read. */
import type { PriceList } from '../../core/ports/memory-source.ts';

export const PRICE: PriceList = {
  usdPerMetric: 0.01 / 1000,
  stated: '0.01 USD per 1,000 metrics requested by GetMetricData (aws.amazon.com/cloudwatch/pricing, 2026-11)',
};
