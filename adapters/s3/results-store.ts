/** Results over S3: gzipped NDJSON of one shard an object, and the head of a run beside them. */
import * as z from 'zod';
import { type ResultLine, resultLineSchema } from '../../core/model/result-line.ts';
import { runHeadSchema } from '../../core/model/run-head.ts';
import type { RunRef } from '../../core/model/run-ref.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type { ResultsStore } from '../../core/ports/results-store.ts';
import { type BucketOptions, openBucket } from './bucket.ts';
import { folderOf, headKey, partName, shardKey } from './keys.ts';
import { jsonGzip, jsonValue, ndjsonGzip, ndjsonValues, type Packed } from './ndjson.ts';
import { createResultsArchive } from './results-archive.ts';

/** Reads of an index and of what it names, where compaction replaces both in between. */
const TRIES = 3;

type FoundShard = Pick<Packed<unknown>, 'bytes' | 'form'>;

export function createResultsStore(options: BucketOptions): ResultsStore {
  const bucket = openBucket(options);
  const archive = createResultsArchive(options);

  /** The lines of a shard whose day was merged: a part of another object, which may itself be replaced meanwhile. */
  async function findMerged(run: RunRef, shard: number): Promise<FoundShard | undefined> {
    const folder = folderOf(run);
    const name = partName(run, shard);
    for (let tries = 0; tries < TRIES; tries++) {
      const index = await archive.index(folder);
      const merged = index?.value.shards.find((one) => one.name === name);
      if (merged === undefined) return undefined;
      const found = await archive.read(folder, merged.object, merged);
      if (found !== undefined) return { bytes: found.bytes, form: 'deflate' };
    }
    throw new ItemError(`${bucket.addressOf(shardKey(run, shard))} was merged into an object that is gone.`);
  }

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
      const found: FoundShard | undefined = (await bucket.find(key)) ?? (await findMerged(run, shard));
      if (found === undefined) return;
      const { bytes, form = 'gzip' } = found;
      yield* ndjsonValues({ bytes, form, address: bucket.addressOf(key), schema: resultLineSchema });
    },

    async putHead(run, head) {
      const key = headKey(run);
      await bucket.put(key, await jsonGzip(written(runHeadSchema, head, bucket.addressOf(key))));
    },

    async head(run) {
      const key = headKey(run);
      const found = await bucket.find(key);
      if (found === undefined) return undefined;
      return jsonValue({ bytes: found.bytes, address: bucket.addressOf(key), schema: runHeadSchema });
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
