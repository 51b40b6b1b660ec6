/** Recordings of tenants, one item each: what was recorded is in the bucket. */
import type { Recording } from '../../core/model/recording.ts';
import type { RecordingStore } from '../../core/ports/recording-store.ts';
import { recordingItem } from './items.ts';
import { RECORDINGS, tenantItemKey, tenantPartition } from './keys.ts';
import { openTable, type StoreOptions } from './table.ts';

/** Items of one answer, which has a megabyte at the most: one with all of its rules has some 30 KB. */
const PAGE_SIZE = 100;

export function createRecordingStore(options: StoreOptions): RecordingStore {
  const table = openTable(options);
  return {
    async get(tenant, id) {
      return (await table.get(tenantItemKey(RECORDINGS, { tenant, id }), recordingItem))?.recording;
    },

    async list(tenant) {
      const recordings: Recording[] = [];
      const lookup = { partition: tenantPartition(tenant), beginsWith: RECORDINGS, pageSize: PAGE_SIZE };
      for await (const page of table.pages(lookup))
        for (const item of page) recordings.push(table.parse(item, recordingItem).recording);
      return recordings.toSorted((a, b) => b.startedAt - a.startedAt);
    },

    async put(recording) {
      await table.put({ ...tenantItemKey(RECORDINGS, recording), recording }, recordingItem, 'always');
    },

    async remove(tenant, id) {
      await table.remove(tenantItemKey(RECORDINGS, { tenant, id }));
    },
  };
}
