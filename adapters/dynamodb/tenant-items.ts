/** Mutes, labels and tunings of tenants, one item each. */
import type { Label, Mute } from '../../core/model/mute.ts';
import type { Tuning } from '../../core/model/tuning.ts';
import type { PutOutcome } from '../../core/ports/conditional-put.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type { LabelStore } from '../../core/ports/label-store.ts';
import type { MuteStore } from '../../core/ports/mute-store.ts';
import type { TenantItems } from '../../core/ports/tenant-items.ts';
import type { TuningStore } from '../../core/ports/tuning-store.ts';
import { labelItem, muteItem, tuningItem } from './items.ts';
import { LABELS, MUTES, TUNINGS, tenantItemKey, tenantPartition } from './keys.ts';
import { readable } from './readable.ts';
import { openTable, type RawItem, type StoreOptions, type Table } from './table.ts';

/** How long a mute is kept after its end: whoever asks why nothing came finds it. */
const KEPT_MS = 90 * 24 * 3_600_000;

/** Items of one answer, which has a megabyte at the most. */
const PAGE_SIZE = 400;

export function createMuteStore(options: StoreOptions): MuteStore {
  const table = openTable(options);
  return tenantItems<Mute>(table, MUTES, {
    parse: (item) => table.parse(item, muteItem).mute,
    put: (mute, key) => {
      const ttl = Math.floor((mute.until + KEPT_MS) / 1000);
      return table.put({ ...key, ttl, mute }, muteItem, 'new');
    },
  });
}

export function createLabelStore(options: StoreOptions): LabelStore {
  const table = openTable(options);
  return tenantItems<Label>(table, LABELS, {
    parse: (item) => table.parse(item, labelItem).label,
    put: (label, key) => table.put({ ...key, label }, labelItem, 'new'),
  });
}

export function createTuningStore(options: StoreOptions): TuningStore {
  const table = openTable(options);
  return tenantItems<Tuning>(table, TUNINGS, {
    parse: (item) => table.parse(item, tuningItem).tuning,
    put: (tuning, key) => table.put({ ...key, tuning }, tuningItem, 'new'),
  });
}

interface Form<Item> {
  parse(item: RawItem): Item;
  put(item: Item, key: ReturnType<typeof tenantItemKey>): Promise<PutOutcome>;
}

function tenantItems<Item extends { readonly tenant: string; readonly id: string; readonly at: number }>(
  table: Table,
  prefix: string,
  { parse, put }: Form<Item>,
): TenantItems<Item> {
  return {
    async list(tenant, skipped) {
      const items: Item[] = [];
      const lookup = { partition: tenantPartition(tenant), beginsWith: prefix, pageSize: PAGE_SIZE };
      try {
        for await (const item of readable(table.pages(lookup), async (raw) => parse(raw))) items.push(item);
      } catch (error) {
        if (skipped === undefined || !(error instanceof ItemError)) throw error;
        skipped(error);
      }
      return items.sort((a, b) => a.at - b.at);
    },
    put: (item) => put(item, tenantItemKey(prefix, item)),
    remove: (tenant, id) => table.remove(tenantItemKey(prefix, { tenant, id })),
  };
}
