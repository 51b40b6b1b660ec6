/** Scaling and deployment events in the table, one item each, forgotten by the table's own time to live. */
import type { ScalingLog } from '../../core/ports/scaling-log.ts';
import { createExpiry, type ExpiringOptions } from './expiry.ts';
import { scalingItem } from './items.ts';
import { scalingKey, scalingPrefix, tenantPartition } from './keys.ts';
import { openTable } from './table.ts';

/** As long as runs are kept: an incident is at most compared with a quarter. */
const KEPT_DAYS = 90;

const EVENTS_AT_ONCE = 100;

export function createScalingLog({ now = Date.now, ...options }: ExpiringOptions): ScalingLog {
  const table = openTable(options);
  const expiry = createExpiry(now, KEPT_DAYS);
  return {
    async add(event) {
      const item = { ...scalingKey(event), ttl: expiry.ttl(), event };
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
        const kept = items.filter(expiry.isKept).map(({ event }) => event);
        yield* kept.filter(({ time }) => time >= since && time < until);
      }
    },
  };
}
