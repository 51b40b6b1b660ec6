/** Scaling and deployment events in the table, one item each, forgotten by the table's own time to live. */
import type { ScalingLog } from '../../core/ports/scaling-log.ts';
import { scalingItem } from './items.ts';
import { scalingKey, scalingPrefix, tenantPartition } from './keys.ts';
import { openTable, type StoreOptions } from './table.ts';

/** As long as runs are kept: an incident is at most compared with a quarter. */
const KEPT_SECONDS = 90 * 24 * 3600;

const EVENTS_AT_ONCE = 100;

export interface ScalingLogOptions extends StoreOptions {
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

export function createScalingLog({ now = Date.now, ...options }: ScalingLogOptions): ScalingLog {
  const table = openTable(options);
  const seconds = () => Math.floor(now() / 1000);
  return {
    async add(event) {
      const item = { ...scalingKey(event), ttl: seconds() + KEPT_SECONDS, event };
      return (await table.put(item, scalingItem, 'new')) === 'stored' ? 'added' : 'known';
    },

    async *list(tenant, scope, group, since, until = Number.POSITIVE_INFINITY) {
      const beginsWith = scalingPrefix(scope, group);
      for await (const page of table.pages({
        partition: tenantPartition(tenant),
        beginsWith,
        pageSize: EVENTS_AT_ONCE,
      })) {
        const items = page.map((item) => table.parse(item, scalingItem));
        // DynamoDB deletes what has expired within days, not at once.
        const kept = items.filter(({ ttl }) => ttl > seconds()).map(({ event }) => event);
        yield* kept.filter(({ time }) => time >= since && time < until);
      }
    },
  };
}
