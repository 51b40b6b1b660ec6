/** What is to be done to merge the objects of one day in one account and region. Pure. */
import { type DayIndex, type MergedShard, MOST_MERGED_SHARDS } from '../model/day-index.ts';
import type { ArchivedObject } from '../ports/results-archive.ts';

/** A shard to be merged: an object of its own, or some bytes of one that is merged again. */
export interface Piece {
  readonly name: string;
  readonly version: string;
  /** Where the bytes are; with `start` and `end` they are part of a merged object. */
  readonly from: Pick<MergedShard, 'object'> & Partial<Pick<MergedShard, 'start' | 'end'>>;
  readonly bytes: number;
}

export interface CompactionPlan {
  /** Shards whose objects stay as they are. */
  readonly kept: readonly MergedShard[];
  /** What each new object consists of. */
  readonly bundles: readonly (readonly Piece[])[];
  /** Whether the index has to be written: also before anything is deleted that it does not name. */
  readonly changesIndex: boolean;
  /** To be deleted once the index is written. */
  readonly obsolete: readonly ArchivedObject[];
}

/**
 * Merges what is not in the index, and what was written again since. Objects that the index does not name are what an earlier run left
 * that was interrupted, or what is replaced: they go last, so that every line is in an object that is found at any time.
 *
 * @param objects All in the folder.
 * @param mostBytes Of one merged object, by the sizes of its pieces; a larger piece has one of its own.
 * @param mostShards In the index. What there is no room for stays as it is: it is found, and a query reads it.
 */
export function planCompaction(
  objects: readonly ArchivedObject[],
  index: DayIndex | undefined,
  mostBytes: number,
  mostShards = MOST_MERGED_SHARDS,
): CompactionPlan {
  const merged = new Map(index?.shards.map((shard) => [shard.name, shard]));
  const parts = objects.filter(isPart);
  const [fresh, known] = partition(parts, ({ name }) => !merged.has(name));
  const taken = fresh.slice(0, Math.max(0, mostShards - merged.size));
  const added = [...taken, ...known.filter(({ name, version }) => merged.get(name)?.version !== version)];
  const replaced = new Set(added.flatMap(({ name }) => merged.get(name)?.object ?? []));
  const addedNames = new Set(added.map(({ name }) => name));
  const [moved, kept] = partition([...merged.values()], ({ object }) => replaced.has(object));
  const pieces = [
    ...added.map(({ name, version, bytes }): Piece => ({ name, version, bytes, from: { object: name } })),
    ...moved.filter(({ name }) => !addedNames.has(name)).map(pieceOf),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
  const needed = new Set(kept.map(({ object }) => object));
  const unnamed = objects.filter((object) => !isPart(object) && !needed.has(object.name));
  return {
    kept,
    bundles: bundled(pieces, mostBytes),
    changesIndex: pieces.length > 0 || unnamed.length > 0,
    obsolete: [...unnamed, ...taken, ...known],
  };
}

function isPart({ name }: ArchivedObject): boolean {
  return name.includes('/');
}

function pieceOf({ name, version, object, start, end }: MergedShard): Piece {
  return { name, version, bytes: end - start, from: { object, start, end } };
}

function bundled(pieces: readonly Piece[], mostBytes: number): Piece[][] {
  const bundles: Piece[][] = [];
  let room = 0;
  for (const piece of pieces) {
    const last = bundles.at(-1);
    if (last !== undefined && piece.bytes <= room) last.push(piece);
    else {
      bundles.push([piece]);
      room = mostBytes;
    }
    room -= piece.bytes;
  }
  return bundles;
}

function partition<Item>(items: readonly Item[], belongs: (item: Item) => boolean): [Item[], Item[]] {
  const { yes = [], no = [] } = Object.groupBy(items, (item) => (belongs(item) ? 'yes' : 'no'));
  return [yes, no];
}
