/** Where the lines of each shard are once the objects of a day were merged. */
import * as z from 'zod';

/** Most shards of a day that are merged: 24 runs of 4 million hosts in one account and region. Their index has some 22 MB as text. */
export const MOST_MERGED_SHARDS = 100_000;

const mergedShardSchema = z
  .strictObject({
    /** Of the object that was merged: `20261129T050000Z/00012.ndjson.gz`. */
    name: z.string().max(1024),
    /** Of that object when it was merged: one that was written again since has another. */
    version: z.string().max(200),
    /** Name of the object that holds its lines: from `start` up to `end` are bytes of deflate that can be unpacked alone. */
    object: z.string().max(200),
    start: z.int().min(0),
    end: z.int().min(0),
  })
  .readonly();

export const dayIndexSchema = z
  .strictObject({
    version: z.literal(1),
    /** One more with each change, so that no two changes are equal. */
    generation: z.int().min(1),
    /** In the order of their names. */
    shards: z.array(mergedShardSchema).max(MOST_MERGED_SHARDS).readonly(),
  })
  .readonly();

export type MergedShard = z.output<typeof mergedShardSchema>;
export type DayIndex = z.output<typeof dayIndexSchema>;
