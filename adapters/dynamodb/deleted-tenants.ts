/** What is left of deleted tenants in the table of configs: an item of each, in one partition. */
import type { DeletedTenant } from '../../core/model/tenant.ts';
import type { DeletedTenants } from '../../core/ports/deleted-tenants.ts';
import { deletedItem } from './items.ts';
import { DELETED, deletedKey } from './keys.ts';
import { readable } from './readable.ts';
import { openTable, type StoreOptions } from './table.ts';

/** Items of one answer: they have some 100 bytes. */
const PAGE_SIZE = 400;

export function createDeletedTenants(options: StoreOptions): DeletedTenants {
  const table = openTable(options);
  return {
    async get(tenant) {
      const item = await table.get(deletedKey(tenant), deletedItem);
      return item && asDeleted(item);
    },
    async put(deleted) {
      await table.put({ ...deletedKey(deleted.tenant), ...deleted }, deletedItem, 'always');
    },
    list() {
      const pages = table.pages({ partition: DELETED, pageSize: PAGE_SIZE });
      return readable(pages, async (item) => asDeleted(table.parse(item, deletedItem)));
    },
    async remove(tenant) {
      await table.remove(deletedKey(tenant));
    },
  };
}

function asDeleted({ tenant, deletedAt, resultsUntil }: DeletedTenant): DeletedTenant {
  return { tenant, deletedAt, resultsUntil };
}
