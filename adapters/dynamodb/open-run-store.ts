/** The runs that one invocation cannot hold, in a partition of their own. The table's own time to live removes them. */
import type { OpenRunStore } from '../../core/ports/open-run-store.ts';
import { createExpiry, type ExpiringOptions } from './expiry.ts';
import { openRunItem } from './items.ts';
import { OPEN_RUNS, openRunKey } from './keys.ts';
import { readable } from './readable.ts';
import { openTable } from './table.ts';

/** Longer than a message waits in a queue, so that every copy of one finds its run; as long as plans are kept. */
const KEPT_DAYS = 3;

/** Items of one answer. They have a kilobyte or two. */
const PAGE_SIZE = 400;

export function createOpenRunStore({ now = Date.now, ...options }: ExpiringOptions): OpenRunStore {
  const table = openTable(options);
  const expiry = createExpiry(now, KEPT_DAYS);
  return {
    async get(key) {
      const item = await table.get(openRunKey(key), openRunItem);
      return item && { value: item.open, version: item.version };
    },

    put(open, expectedVersion) {
      const item = { ...openRunKey(open.run), version: expectedVersion + 1, ttl: expiry.ttl(), open };
      return table.put(item, openRunItem, expectedVersion === 0 ? 'new' : expectedVersion);
    },

    list() {
      return readable(table.pages({ partition: OPEN_RUNS, pageSize: PAGE_SIZE }), async (item) => {
        const { open: value, version } = table.parse(item, openRunItem);
        return value.state === 'closed' ? undefined : { value, version };
      });
    },
  };
}
