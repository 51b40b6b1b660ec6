/** Results over S3: gzipped NDJSON of one shard an object, and the head of a run beside them. */
import { type ResultLine, resultLineSchema } from '../../core/model/result-line.ts';
import { runHeadSchema } from '../../core/model/run-head.ts';
import type { RunRef } from '../../core/model/run-ref.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type { ResultsArchive } from '../../core/ports/results-archive.ts';
import type { ResultsStore } from '../../core/ports/results-store.ts';
import { type Bucket, type BucketOptions, openBucket } from './bucket.ts';
import { folderOf, headKey, partName, shardKey } from './keys.ts';
import { jsonGzip, jsonValue, ndjsonGzip, ndjsonValues, type Packed, storable } from './ndjson.ts';
import { createResultsArchive } from './results-archive.ts';

/** Reads of an index and of what it names, where compaction replaces both in between. */
const TRIES = 3;

type FoundShard = Pick<Packed<unknown>, 'bytes' | 'form'>;

export function createResultsStore(options: BucketOptions): ResultsStore {
  const bucket = openBucket(options);
  const archive = createResultsArchive(options);
  return { ...openShards(bucket, archive), ...openHeads(bucket) };
}

function openShards(bucket: Bucket, archive: ResultsArchive): Pick<ResultsStore, 'putShard' | 'shard'> {
  return {
    async putShard(run, shard, lines) {
      const key = shardKey(run, shard);
      const values = lines.map((line) => storable(resultLineSchema, line, bucket.addressOf(key)));
      await bucket.put(key, await ndjsonGzip(values));
    },

    async *shard(run, shard): AsyncGenerator<ResultLine> {
      const key = shardKey(run, shard);
      const own: FoundShard | undefined = await bucket.find(key);
      const found = own ?? (await findMerged(bucket, archive, run, shard));
      if (found === undefined) return;
      const { bytes, form = 'gzip' } = found;
      yield* ndjsonValues({ bytes, form, address: bucket.addressOf(key), schema: resultLineSchema });
    },
  };
}

/** The lines of a shard whose day was merged: a part of another object, which may itself be replaced meanwhile. */
async function findMerged(
  bucket: Bucket,
  archive: ResultsArchive,
  run: RunRef,
  shard: number,
): Promise<FoundShard | undefined> {
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

function openHeads(bucket: Bucket): Pick<ResultsStore, 'putHead' | 'head'> {
  return {
    async putHead(run, head) {
      const key = headKey(run);
      await bucket.put(key, await jsonGzip(storable(runHeadSchema, head, bucket.addressOf(key))));
    },

    async head(run) {
      const key = headKey(run);
      const found = await bucket.find(key);
      if (found === undefined) return undefined;
      return jsonValue({ bytes: found.bytes, address: bucket.addressOf(key), schema: runHeadSchema });
    },
  };
}
