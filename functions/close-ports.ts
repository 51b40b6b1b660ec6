/** Where the close of a run is kept: the same for whoever closes it. */
import { createHealthStore } from '../adapters/dynamodb/health-store.ts';
import { createOpenRunStore } from '../adapters/dynamodb/open-run-store.ts';
import { createRequestLog } from '../adapters/dynamodb/request-log.ts';
import { createRunLog } from '../adapters/dynamodb/run-log.ts';
import { createShardStore } from '../adapters/dynamodb/shard-store.ts';
import { createSpendStore } from '../adapters/dynamodb/spend-store.ts';
import type { StoreOptions } from '../adapters/dynamodb/table.ts';
import { createBaselineStore } from '../adapters/s3/baseline-store.ts';
import type { BucketOptions } from '../adapters/s3/bucket.ts';
import { createResultsStore } from '../adapters/s3/results-store.ts';
import { createWorkStore } from '../adapters/s3/work-store.ts';
import { recordSpend } from '../core/health/record-spend.ts';
import { createBaselineHook } from '../core/inspection/keep-baselines.ts';
import type { CloseHook, ClosePorts, ClosingRun } from '../core/inspection/region-run.ts';
import type { BaselineStore } from '../core/ports/baseline-store.ts';
import type { SpendStore } from '../core/ports/spend-store.ts';

export function createClosePorts(dynamodb: StoreOptions, s3: BucketOptions) {
  const spend = createSpendStore(dynamodb);
  const baselines = createBaselineStore(s3);
  const countSpend: CloseHook = ({ run, summary }: ClosingRun) => recordSpend(summary, run.request, spend);
  return {
    runs: createRunLog(dynamodb),
    health: createHealthStore(dynamodb),
    requests: createRequestLog(dynamodb),
    openRuns: createOpenRunStore(dynamodb),
    shards: createShardStore(dynamodb),
    results: createResultsStore(s3),
    work: createWorkStore(s3),
    spend,
    baselines,
    closeHooks: [countSpend, createBaselineHook(baselines)],
  } satisfies ClosePorts & { readonly spend: SpendStore; readonly baselines: BaselineStore };
}
