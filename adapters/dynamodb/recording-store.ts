/** Recordings of tenants, one item each: what was recorded is in the bucket. */
import type { Recording } from '../../core/model/recording.ts';
import { StoreError } from '../../core/ports/errors.ts';
import type { RecordingStore } from '../../core/ports/recording-store.ts';
import { recordingItem } from './items.ts';
import { RECORDINGS, tenantItemKey, tenantPartition } from './keys.ts';
import { openTable, type StoreOptions } from './table.ts';

/** Items of one answer, which has a megabyte at the most: one with all of its rules has some 30 KB. */
const PAGE_SIZE = 100;

/** Somebody stops a recording while another deletes it; a third time is nobody's. */
const TRIES = 5;

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
      await table.put({ ...tenantItemKey(RECORDINGS, recording), version: 1, recording }, recordingItem, 'always');
    },

    async change(tenant, id, change) {
      const key = tenantItemKey(RECORDINGS, { tenant, id });
      for (let tries = 0; tries < TRIES; tries++) {
        const item = await table.get(key, recordingItem);
        if (item === undefined) return undefined;
        const recording = change(item.recording);
        const changed = { ...item, version: item.version + 1, recording };
        if ((await table.put(changed, recordingItem, item.version)) === 'stored') return recording;
      }
      throw new StoreError(
        `The recording ${id} of tenant ${tenant} changes each time that it is read: try again later.`,
      );
    },

    async remove(tenant, id) {
      await table.remove(tenantItemKey(RECORDINGS, { tenant, id }));
    },
  };
}
