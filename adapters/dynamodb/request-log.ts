/** Requests and their results in the table, forgotten after a week by the table's own time to live. */
import type { Dispatched, RegionResult } from '../../core/model/inspection-result.ts';
import type { RequestLog } from '../../core/ports/request-log.ts';
import { createExpiry, type ExpiringOptions } from './expiry.ts';
import { requestedItem, requestItem, resultItem } from './items.ts';
import { requestedKey, requestKey, resultKey } from './keys.ts';
import { openTable, type RawItem } from './table.ts';

const KEPT_DAYS = 7;

/** A result has up to 50 findings: a page of them is below DynamoDB's megabyte in most cases. */
const RESULTS_AT_ONCE = 50;

export function createRequestLog({ now = Date.now, ...options }: ExpiringOptions): RequestLog {
  const table = openTable(options);
  const expiry = createExpiry(now, KEPT_DAYS);

  return {
    async putRequested({ tenant, id }, at) {
      await table.put({ ...requestedKey(tenant, id), ttl: expiry.ttl(), at }, requestedItem, 'always');
    },

    async requestedAt({ tenant, id }) {
      const item = await table.get(requestedKey(tenant, id), requestedItem);
      return item && expiry.isKept(item) ? item.at : undefined;
    },

    async putDispatched({ tenant, id }, dispatched) {
      const item = { ...requestKey(tenant, id), ttl: expiry.ttl(), dispatched };
      await table.put(item, requestItem, 'always');
    },

    async putResult({ tenant, id }, result) {
      const item = { ...resultKey(tenant, id, result.scope), ttl: expiry.ttl(), result };
      await table.put(item, resultItem, 'always');
    },

    async result({ tenant, id }, scope) {
      const item = await table.get(resultKey(tenant, id, scope), resultItem);
      return item && expiry.isKept(item) ? item.result : undefined;
    },

    async read({ tenant, id }) {
      let dispatched: Dispatched | undefined;
      const results: RegionResult[] = [];
      const { pk: partition, sk } = requestKey(tenant, id);

      function add(item: RawItem): void {
        if (item['sk'] === sk) {
          const request = table.parse(item, requestItem);
          if (expiry.isKept(request)) dispatched = request.dispatched;
          return;
        }
        const stored = table.parse(item, resultItem);
        if (expiry.isKept(stored)) results.push(stored.result);
      }

      for await (const page of table.pages({ partition, beginsWith: sk, pageSize: RESULTS_AT_ONCE })) page.forEach(add);
      return dispatched === undefined && results.length === 0 ? undefined : { dispatched, results };
    },
  };
}
