/** Which tenants there are, without a look at any config. */
import { tenantItem } from './items.ts';
import { TENANTS } from './keys.ts';
import { openTable, type StoreOptions } from './table.ts';

/** Entries of one answer: they have some 60 bytes. */
const PAGE_SIZE = 1000;

/** Ids of tenants, in order. Throws `StoreError`. */
export async function* listTenants(options: StoreOptions): AsyncGenerator<string> {
  const table = openTable(options);
  for await (const page of table.pages({ partition: TENANTS, pageSize: PAGE_SIZE }))
    for (const item of page) yield table.parse(item, tenantItem).tenant;
}
