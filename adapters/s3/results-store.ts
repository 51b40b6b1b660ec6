/** Results over S3: gzipped NDJSON of one shard an object, and the head of a run beside them. */
import * as z from 'zod';
import { type ResultLine, resultLineSchema } from '../../core/model/result-line.ts';
import { runHeadSchema } from '../../core/model/run-head.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type { ResultsStore } from '../../core/ports/results-store.ts';
import { type BucketOptions, openBucket } from './bucket.ts';
import { headKey, shardKey } from './keys.ts';
import { jsonGzip, jsonValue, ndjsonGzip, ndjsonValues } from './ndjson.ts';

export function createResultsStore(options: BucketOptions): ResultsStore {
  const bucket = openBucket(options);
  return {
    async putShard(run, shard, lines) {
      const key = shardKey(run, shard);
      await bucket.put(
        key,
        await ndjsonGzip(lines.map((line) => written(resultLineSchema, line, bucket.addressOf(key)))),
      );
    },

    async *shard(run, shard): AsyncGenerator<ResultLine> {
      const key = shardKey(run, shard);
      const bytes = await bucket.get(key);
      if (bytes === undefined) return;
      yield* ndjsonValues({ bytes, address: bucket.addressOf(key), schema: resultLineSchema });
    },

    async putHead(run, head) {
      const key = headKey(run);
      await bucket.put(key, await jsonGzip(written(runHeadSchema, head, bucket.addressOf(key))));
    },

    async head(run) {
      const key = headKey(run);
      const bytes = await bucket.get(key);
      if (bytes === undefined) return undefined;
      return jsonValue({ bytes, address: bucket.addressOf(key), schema: runHeadSchema });
    },
  };
}

/** A value that could not be read back is refused and not stored. */
function written<Schema extends z.ZodType>(schema: Schema, value: z.output<Schema>, address: string): z.input<Schema> {
  const result = z.safeEncode(schema, value);
  if (result.success) return result.data;
  throw new ItemError(`What ${address} is to hold would not be read back: ${z.prettifyError(result.error)}`, {
    cause: result.error,
  });
}
