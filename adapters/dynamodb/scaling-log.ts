/** Scaling and deployment events in the table, one item each, forgotten by the table's own time to live. */
import { isoText } from '../../core/model/notation.ts';
import type { ScalingLog } from '../../core/ports/scaling-log.ts';
import { createExpiry, type ExpiringOptions } from './expiry.ts';
import { scalingItem } from './items.ts';
import { scalingKey, scalingPrefix, tenantPartition } from './keys.ts';
import { openTable } from './table.ts';

/** As long as runs are kept: an incident is at most compared with a quarter. */
const KEPT_DAYS = 90;

const EVENTS_AT_ONCE = 100;

const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

export function createScalingLog({ now = Date.now, ...options }: ExpiringOptions): ScalingLog {
  const table = openTable(options);
  const expiry = createExpiry(now, KEPT_DAYS);
  return {
    async add(event) {
      const item = { ...scalingKey(event), ttl: expiry.ttl(), event };
      return (await table.put(item, scalingItem, 'new')) === 'stored' ? 'added' : 'known';
    },

    async *list(tenant, scope, group, since, until) {
      const prefix = scalingPrefix(scope, group);
      const lookup = { partition: tenantPartition(tenant), pageSize: EVENTS_AT_ONCE };
      const range = { beginsWith: `${prefix}${timeText(since)}`, upTo: `${prefix}${timeText(until)}` };
      for await (const page of table.pages({ ...lookup, ...range })) {
        const items = page.map((item) => table.parse(item, scalingItem));
        yield* items.filter(expiry.isKept).map(({ event }) => event);
      }
    },
  };
}

/** What sort keys have as their time; the id follows, so that those of a range's end are behind it. Times of events are within these years. */
function timeText(time = LATEST): string {
  return isoText(Math.min(Math.max(time, EARLIEST), LATEST));
}
