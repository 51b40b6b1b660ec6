/** What came of the shards of runs, one item each. The table's own time to live removes them. */
import type { ShardStore } from '../../core/ports/shard-store.ts';
import { createExpiry, type ExpiringOptions } from './expiry.ts';
import { shardItem } from './items.ts';
import { shardKey, shardPrefix, tenantPartition } from './keys.ts';
import { openTable } from './table.ts';

/** As long as the runs that they belong to. */
const KEPT_DAYS = 3;

/** Items of one answer, which has a megabyte at the most: most of them have a kilobyte, those with many findings forty. */
const PAGE_SIZE = 400;

export function createShardStore({ now = Date.now, ...options }: ExpiringOptions): ShardStore {
  const table = openTable(options);
  const expiry = createExpiry(now, KEPT_DAYS);
  return {
    async put(run, { shard, finishedAt, result }) {
      await table.put({ ...shardKey(run, shard), ttl: expiry.ttl(), shard, finishedAt, result }, shardItem, 'always');
    },

    async *list(run) {
      const lookup = { partition: tenantPartition(run.tenant), beginsWith: shardPrefix(run), pageSize: PAGE_SIZE };
      for await (const page of table.pages(lookup)) {
        for (const item of page) {
          const { shard, finishedAt, result } = table.parse(item, shardItem);
          yield { shard, finishedAt, result };
        }
      }
    },
  };
}
