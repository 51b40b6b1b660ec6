/** Summaries of runs in the table, forgotten after a while by the table's own time to live. */
import type { RunSummary } from '../../core/model/run.ts';
import type { RunLog } from '../../core/ports/run-log.ts';
import { createExpiry, type ExpiringOptions } from './expiry.ts';
import { runItem } from './items.ts';
import { runKey, runPrefix, tenantPartition } from './keys.ts';
import { openTable } from './table.ts';

/** How long a run is kept. A quarter is what people compare with. */
const KEPT_DAYS = 90;

export function createRunLog({ now = Date.now, ...options }: ExpiringOptions): RunLog {
  const table = openTable(options);
  const expiry = createExpiry(now, KEPT_DAYS);
  return {
    async put(run) {
      const key = runKey(run.tenant, run.scope, run.scheduledTime);
      await table.put({ ...key, ttl: expiry.ttl(), run }, runItem, 'always');
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
        runs.push(...items.filter(expiry.isKept).map(({ run }) => run));
        if (runs.length >= limit) break;
      }
      return runs.slice(0, limit);
    },
  };
}
