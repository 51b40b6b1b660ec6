/** What callers of the API changed, one item an entry, forgotten by the table's own time to live. */
import type { AuditLog } from '../../core/ports/audit-log.ts';
import { createExpiry, type ExpiringOptions } from './expiry.ts';
import { auditItem } from './items.ts';
import { AUDIT, tenantPartition } from './keys.ts';
import { openTable, type Table } from './table.ts';
import { pageOf, positionAt, positionOf } from './time-list.ts';

/** As entries of the log of incidents. */
const KEPT_DAYS = 400;

const PAGE_SIZE = 200;

export function createAuditLog({ now = Date.now, ...options }: ExpiringOptions): AuditLog {
  const table = openTable(options);
  const expiry = createExpiry(now, KEPT_DAYS);
  return {
    async put(entry) {
      const { tenant, at, id } = entry;
      const key = { pk: tenantPartition(tenant), sk: `${AUDIT}${positionOf(at, id)}` };
      await table.put({ ...key, ttl: expiry.ttl(), entry }, auditItem, 'always');
    },
    async list(tenant, { limit, cursor }) {
      const page = await pageOf(latest(table, tenant, cursor), limit, (item) => {
        const stored = table.parse(item, auditItem);
        return expiry.isKept(stored) ? stored.entry : undefined;
      });
      return { entries: page.values, cursor: page.cursor };
    },
  };
}

async function* latest(table: Table, tenant: string, cursor: string | undefined) {
  const end = cursor === undefined ? undefined : `${AUDIT}${positionAt(cursor)}`;
  const range = { beginsWith: AUDIT, ...(end !== undefined && { upTo: end }) };
  const lookup = { partition: tenantPartition(tenant), ...range, descending: true, pageSize: PAGE_SIZE };
  for await (const page of table.pages(lookup)) {
    for (const item of page) {
      const sk = String(item['sk']);
      if (sk !== end) yield { item, position: sk.slice(AUDIT.length) };
    }
  }
}
