/** Where the close of a run is kept: the same for whoever closes it. */
import { createHealthStore } from '../adapters/dynamodb/health-store.ts';
import { createOpenRunStore } from '../adapters/dynamodb/open-run-store.ts';
import { createRequestLog } from '../adapters/dynamodb/request-log.ts';
import { createRunLog } from '../adapters/dynamodb/run-log.ts';
import { createShardStore } from '../adapters/dynamodb/shard-store.ts';
import { createSpendStore } from '../adapters/dynamodb/spend-store.ts';
import type { StoreOptions } from '../adapters/dynamodb/table.ts';
import type { BucketOptions } from '../adapters/s3/bucket.ts';
import { createResultsStore } from '../adapters/s3/results-store.ts';
import { createWorkStore } from '../adapters/s3/work-store.ts';
import { recordSpend } from '../core/health/record-spend.ts';
import type { ClosePorts, ClosingRun } from '../core/inspection/region-run.ts';
import type { SpendStore } from '../core/ports/spend-store.ts';

export function createClosePorts(dynamodb: StoreOptions, s3: BucketOptions) {
  const spend = createSpendStore(dynamodb);
  return {
    runs: createRunLog(dynamodb),
    health: createHealthStore(dynamodb),
    requests: createRequestLog(dynamodb),
    openRuns: createOpenRunStore(dynamodb),
    shards: createShardStore(dynamodb),
    results: createResultsStore(s3),
    work: createWorkStore(s3),
    spend,
    closeHooks: [({ run, summary }: ClosingRun) => recordSpend(summary, run.request, spend)],
  } satisfies ClosePorts & { readonly spend: SpendStore };
}
