/** The log of incidents in the table, one item an entry, forgotten by the table's own time to live. */
import type { EventLog } from '../../core/ports/event-log.ts';
import { createExpiry, type ExpiringOptions } from './expiry.ts';
import { eventItem } from './items.ts';
import { eventKey } from './keys.ts';
import { openTable } from './table.ts';

/** More than a year, so that a year can be compared with the one before. */
const DEFAULT_KEPT_DAYS = 400;

export interface EventLogOptions extends ExpiringOptions {
  /** How long an entry is kept. Default: 400 days. */
  readonly keptDays?: number;
}

export function createEventLog({
  now = Date.now,
  keptDays = DEFAULT_KEPT_DAYS,
  ...options
}: EventLogOptions): EventLog {
  const table = openTable(options);
  const expiry = createExpiry(now, keptDays);
  return {
    async put(event) {
      const item = { ...eventKey(event), ttl: expiry.ttl(), event };
      return (await table.put(item, eventItem, 'new')) === 'stored' ? 'stored' : 'known';
    },
  };
}
