/** The results of past days as objects, for whoever merges or deletes them. Contract: test/contract/results-archive.ts. */
import type { DayIndex } from '../model/day-index.ts';

/** One day of a tenant in one account and region. */
export interface DayFolder {
  readonly tenant: string;
  /** UTC, for example `2026-11-29`. */
  readonly day: string;
  /** Names account and region. */
  readonly folder: string;
}

/** An object in a folder. `version` changes whenever it is written. */
export interface ArchivedObject {
  /** Of a shard `20261129T050000Z/00012.ndjson.gz`; of what was merged one without a slash. */
  readonly name: string;
  readonly version: string;
  readonly bytes: number;
}

/** A shard in an object of its own is gzip, and in a merged object some bytes of deflate. */
export type PackedForm = 'gzip' | 'deflate';

/** Makes a merged object of the lines of shards: one gzip member. The same lines make the same bytes. */
export interface DayPacker {
  /** Returns where the shard is in the object; its bytes are `deflate`. */
  add(text: Uint8Array): Promise<{ readonly start: number; readonly end: number }>;
  /** The object. */
  end(): Uint8Array<ArrayBuffer>;
}

/** All throw `StoreError`. */
export interface ResultsArchive {
  /** Ids of all tenants of which results are kept, whether they have a config or not. */
  tenants(): AsyncIterable<string>;
  /** The folders of a tenant's day, each with its objects in the order of their names. */
  folders(tenant: string, day: string): AsyncIterable<{ folder: DayFolder; objects: readonly ArchivedObject[] }>;
  index(folder: DayFolder): Promise<{ readonly value: DayIndex; readonly version: string } | undefined>;
  /**
   * Throws `ItemError` where the index could not be read back.
   *
   * @param expected Version of the index that is replaced; undefined where there is none. `conflict` where there is another.
   */
  putIndex(folder: DayFolder, index: DayIndex, expected: string | undefined): Promise<'stored' | 'conflict'>;
  /** The object, or a part of its bytes; undefined where there is none. */
  read(
    folder: DayFolder,
    name: string,
    part?: { readonly start: number; readonly end: number },
  ): Promise<{ readonly bytes: Uint8Array; readonly version: string } | undefined>;
  /** The lines of a shard as text; undefined where the bytes are damaged, do not end with a line, or unpack to more than a shard can have. */
  unpack(bytes: Uint8Array, form: PackedForm): Promise<Uint8Array | undefined>;
  packer(): DayPacker;
  /** Stores or overwrites. Returns the version. */
  write(folder: DayFolder, name: string, bytes: Uint8Array): Promise<string>;
  /** Removes what still has the version; what has another one, or is gone, is left. */
  remove(folder: DayFolder, objects: readonly Pick<ArchivedObject, 'name' | 'version'>[]): Promise<void>;
  /** Removes all that is kept of a tenant: results, heads, baselines, and what runs work with. Returns how many objects that was. */
  purge(tenant: string): Promise<number>;
}
