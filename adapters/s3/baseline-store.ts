/** Baselines over S3: gzipped NDJSON of one shard an object, and a manifest that is written only where nobody else has. */
import { baselineManifestSchema, hostBaselineSchema } from '../../core/model/host-baseline.ts';
import type { BaselineStore } from '../../core/ports/baseline-store.ts';
import { ItemError } from '../../core/ports/errors.ts';
import { type BucketOptions, openBucket } from './bucket.ts';
import { baselineManifestKey, baselinePartKey } from './keys.ts';
import { jsonGzip, jsonValue, ndjsonGzip, ndjsonValues, storable } from './ndjson.ts';

export function createBaselineStore(options: BucketOptions): BaselineStore {
  const bucket = openBucket(options);
  return {
    async putPart(of, shard, records) {
      const key = baselinePartKey(of, shard);
      const values = records.map((record) => storable(hostBaselineSchema, record, bucket.addressOf(key)));
      await bucket.put(key, await ndjsonGzip(values));
    },

    async part(of, shard) {
      const key = baselinePartKey(of, shard);
      const found = await bucket.find(key);
      if (found === undefined) return undefined;
      const packed = { bytes: found.bytes, address: bucket.addressOf(key), schema: hostBaselineSchema };
      return Array.fromAsync(ndjsonValues(packed));
    },

    async manifest(of) {
      const key = baselineManifestKey(of);
      const found = await bucket.find(key);
      if (found === undefined) return undefined;
      const packed = { bytes: found.bytes, address: bucket.addressOf(key), schema: baselineManifestSchema };
      try {
        return { value: await jsonValue(packed), version: found.version };
      } catch (error) {
        if (!(error instanceof ItemError)) throw error;
        return { value: undefined, damage: error.message, version: found.version };
      }
    },

    async putManifest(of, manifest, expected) {
      const key = baselineManifestKey(of);
      const value = storable(baselineManifestSchema, manifest, bucket.addressOf(key));
      return bucket.putIf(key, await jsonGzip(value), expected);
    },
  };
}
