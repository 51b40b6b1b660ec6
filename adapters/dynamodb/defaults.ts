/** The deployment's defaults in the table of configs: every version is an item, as of a tenant's config. */
import type { StoredDefaults } from '../../core/model/tenant.ts';
import type { ConfigStore } from '../../core/ports/config-store.ts';
import { type DefaultsItem, defaultsItem } from './items.ts';
import { DEFAULTS, defaultsKey, VERSIONS } from './keys.ts';
import type { RawItem, Table } from './table.ts';

export function openDefaults(table: Table): Pick<ConfigStore, 'defaults' | 'putDefaults'> {
  // The functions may query the table, and no more.
  async function newest(): Promise<StoredDefaults | undefined> {
    const [item] = await newestIn(table, DEFAULTS);
    return item && asDefaults(table.parse(item, defaultsItem));
  }

  return {
    async defaults(version) {
      if (version === undefined) return newest();
      const item = await table.get(defaultsKey(version), defaultsItem);
      return item && asDefaults(item);
    },

    async putDefaults(defaults, expectedVersion, putAt, putBy) {
      if (((await newest())?.version ?? 0) !== expectedVersion) return 'conflict';
      const version = expectedVersion + 1;
      const facts = { version, putAt, ...(putBy !== undefined && { putBy }) };
      return table.put({ ...defaultsKey(version), ...facts, defaults }, defaultsItem, 'new');
    },
  };
}

/** The item of a partition with the greatest version; none where there is none. */
export async function newestIn(table: Table, partition: string): Promise<readonly RawItem[]> {
  for await (const page of table.pages({ partition, beginsWith: VERSIONS, descending: true, pageSize: 1 })) return page;
  return [];
}

function asDefaults({ defaults, version, putAt, putBy }: DefaultsItem): StoredDefaults {
  return { defaults, version, putAt, ...(putBy !== undefined && { putBy }) };
}
