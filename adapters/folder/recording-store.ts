/** Recordings in a folder, a file each: what was recorded is beside them. */
import { type Recording, recordingSchema } from '../../core/model/recording.ts';
import type { RecordingStore } from '../../core/ports/recording-store.ts';
import type { Bucket } from '../s3/bucket.ts';
import { createDocuments } from './documents.ts';

export function createFolderRecordingStore(bucket: Bucket): RecordingStore {
  const documents = createDocuments(bucket, 'recording-list', recordingSchema);
  return {
    get: documents.get,
    async list(tenant) {
      const recordings: readonly Recording[] = await documents.list(tenant);
      return recordings.toSorted((a, b) => b.startedAt - a.startedAt);
    },
    put: (recording) => documents.put(recording.tenant, recording.id, recording),
    change: documents.change,
    remove: documents.remove,
  };
}
