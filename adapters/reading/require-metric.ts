/** Refuses a metric that a source does not have. */
import type { MetricName } from '../../core/model/metrics.ts';
import { SourceError } from '../../core/ports/errors.ts';

/** Throws `SourceError` where `metric` is none of the `known` ones. */
export function requireMetric(metric: MetricName, known: readonly MetricName[]): void {
  if (known.includes(metric)) return;
  const message = `This source has no metric ${metric}; it has ${known.join(', ')}.`;
  throw new SourceError(message, { reason: 'not_found', retryable: false });
}
