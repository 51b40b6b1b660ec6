/** What jobs of anomaly inspection keep, over one bucket in memory. */
import { anomalyResultsIn } from '../../adapters/s3/anomaly-results-store.ts';
import { pointStatesIn } from '../../adapters/s3/point-state-store.ts';
import { createMemoryBucket } from './bucket.ts';

export function createMemoryPointStores() {
  const bucket = createMemoryBucket();
  return { pointStates: pointStatesIn(bucket), anomalyResults: anomalyResultsIn(bucket) };
}
