/** What large runs work with, over S3, until a rule of the bucket deletes it. */
import * as z from 'zod';
import type { Json } from '../../core/model/json.ts';
import type { WorkStore } from '../../core/ports/work-store.ts';
import { type BucketOptions, openBucket } from './bucket.ts';
import { workKey } from './keys.ts';
import { ndjsonGzip, ndjsonValues } from './ndjson.ts';

/** What was parsed as JSON is JSON: whoever put it knows what it is. */
const jsonSchema = z.custom<Json>((value) => value !== undefined);

export function createWorkStore(options: BucketOptions): WorkStore {
  const bucket = openBucket(options);
  return {
    async put(run, name, values) {
      await bucket.put(workKey(run, name), await ndjsonGzip(values));
    },

    async get(run, name) {
      const key = workKey(run, name);
      const found = await bucket.find(key);
      if (found === undefined) return undefined;
      return Array.fromAsync(ndjsonValues({ bytes: found.bytes, address: bucket.addressOf(key), schema: jsonSchema }));
    },
  };
}
