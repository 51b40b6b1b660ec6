/**
 * Who may do what, in the table of configs: few write there, and what inspects only reads it. Each grant is there twice: for its
 * grantee, which is what counts, and in the list of its tenant. It is listed first and taken off the list last, so that none holds
 * that no list shows.
 */
import pLimit from 'p-limit';
import type { Grant } from '../../core/model/grant.ts';
import type { AccessStore } from '../../core/ports/access-store.ts';
import { grantItem } from './items.ts';
import { granteePrefix, grantIdOf, grantKey, type Key, tenantGrantKey, tenantGrantsPartition } from './keys.ts';
import { openTable, type StoreOptions } from './table.ts';

/** Items of one answer: they have some 500 bytes. */
const PAGE_SIZE = 400;

/** Reads at the same time: one for the subject, and one for each group. */
const READS_AT_ONCE = 16;

export function createAccessStore(options: StoreOptions): AccessStore {
  const table = openTable(options);

  async function grantsIn(partition: string, beginsWith?: string): Promise<Grant[]> {
    const grants: Grant[] = [];
    const lookup = { partition, ...(beginsWith !== undefined && { beginsWith }), pageSize: PAGE_SIZE };
    for await (const page of table.pages(lookup))
      for (const item of page) grants.push(table.parse(item, grantItem).grant);
    return grants;
  }

  async function put(key: Key, grant: Grant): Promise<void> {
    await table.put({ ...key, grant }, grantItem, 'always');
  }

  return {
    async ofCaller({ issuer, subject, groups }) {
      const limit = pLimit(READS_AT_ONCE);
      const grantees = [
        { issuer, kind: 'subject', name: subject } as const,
        ...[...new Set(groups)].map((name) => ({ issuer, kind: 'group', name }) as const),
      ];
      const found = await limit.map(grantees, (grantee) => {
        const { pk, sk } = granteePrefix(grantee);
        return grantsIn(pk, sk);
      });
      return found.flat();
    },

    async ofTenant(tenant) {
      return (await grantsIn(tenantGrantsPartition(tenant))).toSorted((a, b) => a.grantedAt - b.grantedAt);
    },

    async put(granted) {
      const grant = { ...granted, id: grantIdOf(granted) };
      await put(tenantGrantKey(grant), grant);
      await put(grantKey(grant), grant);
      return grant;
    },

    async remove(tenant, id) {
      const listed = await table.get(tenantGrantKey({ tenant, id }), grantItem);
      if (listed === undefined) return false;
      await table.remove(grantKey(listed.grant));
      await table.remove(tenantGrantKey({ tenant, id }));
      return true;
    },
  };
}
