/**
 * Merges the samples of an hour that is over. Nothing is deleted before what replaces it was read back: where this ends between the two,
 * samples are there twice, readers keep one of each, and the next run deletes the rest.
 */

import { combineChunks, type SampleChunk } from '../../core/model/sample-chunk.ts';
import { StoreError } from '../../core/ports/errors.ts';
import type { SampleScope } from '../../core/ports/sample-store.ts';
import type { Bucket } from './bucket.ts';
import { bucketOf, type Holds, mergedKey, type SampleObject } from './sample-keys.ts';

export interface HourMerge {
  readonly bucket: Bucket;
  readonly of: SampleScope;
  /** Epoch milliseconds of its beginning. */
  readonly hour: number;
  /** Undefined where the object is gone. */
  read(key: string): Promise<SampleChunk | undefined>;
  /** The bytes of a chunk: the same ones for the same chunk. */
  pack(chunk: SampleChunk, address: string): Promise<Uint8Array>;
}

/** Returns how many objects are gone. Where another run is at work on the hour it is left to the next one. */
export async function mergeHour(merge: HourMerge, objects: readonly SampleObject[]): Promise<number> {
  const groups = Map.groupBy(objects, ({ holds }) => holds);
  const parts = groups.get('processes/all') ?? [];
  groups.delete('processes/all');
  const ofParts = await readAll(merge, parts);
  if (ofParts === undefined) return 0;
  const added = Map.groupBy(
    ofParts.flatMap(({ series }) => series),
    ({ host }): Holds => `processes/${bucketOf(host)}`,
  );
  const obsolete = [...parts];
  for (const holds of new Set([...groups.keys(), ...added.keys()])) {
    const known = groups.get(holds) ?? [];
    const series = added.get(holds) ?? [];
    if (known.length < 2 && series.length === 0) continue;
    const chunks = await readAll(merge, known);
    if (chunks === undefined) return 0;
    const key = await write(merge, holds, combineChunks([...chunks, { hosts: [], series }]));
    obsolete.push(...known.filter((object) => object.key !== key));
  }
  // What was written again since it was listed has another version, and stays until the next time.
  await merge.bucket.remove(obsolete);
  return obsolete.length;
}

/** In the order of keys. Undefined where one of them is gone. */
async function readAll({ read }: HourMerge, objects: readonly SampleObject[]): Promise<SampleChunk[] | undefined> {
  const chunks: SampleChunk[] = [];
  for (const { key } of objects) {
    const chunk = await read(key);
    if (chunk === undefined) return undefined;
    chunks.push(chunk);
  }
  return chunks;
}

/** Writes what is merged and reads it back. Returns its key. */
async function write({ bucket, of, hour, pack }: HourMerge, holds: Holds, chunk: SampleChunk): Promise<string> {
  const bytes = await pack(chunk, `the merged samples of ${new Date(hour).toISOString()}`);
  const key = mergedKey(of, hour, holds, bytes);
  await bucket.put(key, bytes);
  const stored = await bucket.find(key);
  if (stored !== undefined && Buffer.compare(stored.bytes, bytes) === 0) return key;
  throw new StoreError(
    `${bucket.addressOf(key)} was written and is not read back as it was. What it was merged from is kept: try again later.`,
  );
}
