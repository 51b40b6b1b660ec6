/** Summaries of runs in the table, forgotten after a while by the table's own time to live. */
import type { RunSummary } from '../../core/model/run.ts';
import type { RunLog } from '../../core/ports/run-log.ts';
import { runItem } from './items.ts';
import { runKey, runPrefix, tenantPartition } from './keys.ts';
import { openTable, type StoreOptions } from './table.ts';

/** How long a run is kept. A quarter is what people compare with. */
const KEPT_SECONDS = 90 * 24 * 3600;

export interface RunLogOptions extends StoreOptions {
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

export function createRunLog({ now = Date.now, ...options }: RunLogOptions): RunLog {
  const table = openTable(options);
  const seconds = () => Math.floor(now() / 1000);
  return {
    async put(run) {
      const key = runKey(run.tenant, run.scope, run.scheduledTime);
      await table.put({ ...key, ttl: seconds() + KEPT_SECONDS, run }, runItem, 'always');
    },

    async newest(tenant, scope, limit, until) {
      const runs: RunSummary[] = [];
      if (limit < 1) return runs;
      const lookup = {
        partition: tenantPartition(tenant),
        beginsWith: runPrefix(scope),
        ...(until !== undefined && { upTo: runKey(tenant, scope, until).sk }),
        descending: true,
        pageSize: limit,
      };
      for await (const page of table.pages(lookup)) {
        const items = page.map((item) => table.parse(item, runItem));
        // DynamoDB deletes what has expired within days, not at once.
        runs.push(...items.filter(({ ttl }) => ttl > seconds()).map(({ run }) => run));
        if (runs.length >= limit) break;
      }
      return runs.slice(0, limit);
    },
  };
}
