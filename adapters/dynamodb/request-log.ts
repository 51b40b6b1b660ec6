/** Requests and their results in the table, forgotten after a week by the table's own time to live. */
import type { Dispatched, RegionResult } from '../../core/model/inspection-result.ts';
import type { RequestLog } from '../../core/ports/request-log.ts';
import { requestItem, resultItem } from './items.ts';
import { requestKey, resultKey } from './keys.ts';
import { openTable, type RawItem, type StoreOptions } from './table.ts';

const KEPT_SECONDS = 7 * 24 * 3600;

/** A result has up to 50 findings: a page of them is below DynamoDB's megabyte in most cases. */
const RESULTS_AT_ONCE = 50;

export interface RequestLogOptions extends StoreOptions {
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

export function createRequestLog({ now = Date.now, ...options }: RequestLogOptions): RequestLog {
  const table = openTable(options);
  const seconds = () => Math.floor(now() / 1000);
  // DynamoDB deletes what has expired within days, not at once.
  const current = (ttl: number) => ttl > seconds();

  return {
    async putDispatched({ tenant, id }, dispatched) {
      const item = { ...requestKey(tenant, id), ttl: seconds() + KEPT_SECONDS, dispatched };
      await table.put(item, requestItem, 'always');
    },

    async putResult({ tenant, id }, result) {
      const item = { ...resultKey(tenant, id, result.scope), ttl: seconds() + KEPT_SECONDS, result };
      await table.put(item, resultItem, 'always');
    },

    async result({ tenant, id }, scope) {
      const item = await table.get(resultKey(tenant, id, scope), resultItem);
      return item && current(item.ttl) ? item.result : undefined;
    },

    async read({ tenant, id }) {
      let dispatched: Dispatched | undefined;
      const results: RegionResult[] = [];
      const { pk: partition, sk } = requestKey(tenant, id);

      function add(item: RawItem): void {
        if (item['sk'] === sk) {
          const request = table.parse(item, requestItem);
          if (current(request.ttl)) dispatched = request.dispatched;
          return;
        }
        const stored = table.parse(item, resultItem);
        if (current(stored.ttl)) results.push(stored.result);
      }

      for await (const page of table.pages({ partition, beginsWith: sk, pageSize: RESULTS_AT_ONCE })) page.forEach(add);
      return dispatched === undefined && results.length === 0 ? undefined : { dispatched, results };
    },
  };
}
