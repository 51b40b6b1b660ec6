/**
 * Merges the results of one day in one account and region. A run that is interrupted or repeated loses no line: what is merged is complete,
 * and found, before what it was merged from is deleted.
 */
import pLimit from 'p-limit';
import type { DayIndex, MergedShard } from '../model/day-index.ts';
import { ItemError } from '../ports/errors.ts';
import type { ArchivedObject, DayFolder, PackedForm, ResultsArchive } from '../ports/results-archive.ts';
import { type CompactionPlan, type Piece, planCompaction } from './plan-compaction.ts';

/** No merged object is begun when less time is left: packing the text of one takes seconds. */
export const RESERVE_MS = 30_000;

/** Reads at the same time, of each account and region. */
const READS_AT_ONCE = 8;

/** Tries to take back what was written, where others change the index meanwhile. */
const TRIES = 3;

export interface Compaction {
  readonly archive: ResultsArchive;
  /** Most bytes of the pieces of one object. */
  readonly mostBytes: number;
  /** Milliseconds that are left to the function. */
  remainingMs(): number;
}

export type FolderOutcome =
  /** `left`: to the next time, because time ran out or somebody else is at work on it. */
  { readonly kind: 'unchanged' | 'left' } | { readonly kind: 'compacted'; readonly merged: number };

type StoredIndex = Awaited<ReturnType<ResultsArchive['index']>>;

/** Throws `StoreError`, and `ItemError` where something is damaged; the rest is merged even so. */
export async function compactFolder(
  compaction: Compaction,
  folder: DayFolder,
  objects: readonly ArchivedObject[],
): Promise<FolderOutcome> {
  const { archive, mostBytes } = compaction;
  const index = await archive.index(folder);
  const plan = planCompaction(objects, index?.value, mostBytes);
  if (plan.obsolete.length === 0 && !plan.changesIndex) return { kind: 'unchanged' };
  const written = await writeIndexed(compaction, folder, { plan, index });
  if (written === undefined) return { kind: 'left' };
  await removeObsolete(archive, folder, plan, written);
  if (written.damaged.length > 0) throw damagedError(folder, written.damaged);
  return { kind: 'compacted', merged: written.shards.length };
}

interface Step {
  readonly plan: CompactionPlan;
  /** What is replaced. */
  readonly index: StoredIndex;
}

/** Writes objects and then the index that names them; takes the objects back where it is not written. Undefined where it is left. */
async function writeIndexed(compaction: Compaction, folder: DayFolder, step: Step): Promise<Written | undefined> {
  const own: OwnObject[] = [];
  try {
    const written = await writeBundles(compaction, folder, step.plan, own);
    if (written !== undefined && (await putIndex(compaction.archive, folder, step, written)) === 'stored')
      return written;
  } catch (error) {
    await takeBack(compaction.archive, folder, own).catch((second: unknown) => {
      throw new AggregateError(
        [error, second],
        `${messageOf(error)} What was written is not removed: ${messageOf(second)}`,
      );
    });
    throw error;
  }
  await takeBack(compaction.archive, folder, own);
  return undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function putIndex(
  archive: ResultsArchive,
  folder: DayFolder,
  { plan, index }: Step,
  { shards }: Written,
): Promise<'stored' | 'conflict'> {
  if (!plan.changesIndex) return 'stored';
  const value = indexAfter(index, [...plan.kept, ...shards]);
  return archive.putIndex(folder, value, index?.version);
}

function indexAfter(index: StoredIndex, shards: readonly MergedShard[]): DayIndex {
  return { version: 1, generation: (index?.value.generation ?? 0) + 1, shards: inOrder(shards) };
}

/** What was written again after it was read has another version, and stays until the next time. */
async function removeObsolete(
  archive: ResultsArchive,
  folder: DayFolder,
  { obsolete }: CompactionPlan,
  { shards, damaged }: Written,
): Promise<void> {
  const merged = new Map(shards.map(({ name, version }) => [name, version]));
  // An earlier run that was interrupted may have left an object that was written again just now.
  const needed = new Set([...damaged, ...shards.map(({ object }) => object)]);
  const removed = obsolete.filter(({ name }) => !needed.has(name));
  await archive.remove(
    folder,
    removed.map(({ name, version }) => ({ name, version: merged.get(name) ?? version })),
  );
}

/**
 * Removes objects that no index names: a query would read their lines twice until the next run. Another run may have written the same
 * object and be about to name it; its index fails where the index was written anew before.
 */
async function takeBack(archive: ResultsArchive, folder: DayFolder, own: readonly OwnObject[]): Promise<void> {
  if (own.length === 0) return;
  for (let tries = 0; tries < TRIES; tries++) {
    const index = await archive.index(folder);
    const shards = index?.value.shards ?? [];
    const named = new Set(shards.map(({ object }) => object));
    const unnamed = own.filter(({ name }) => !named.has(name));
    if (unnamed.length === 0) return;
    if ((await archive.putIndex(folder, indexAfter(index, shards), index?.version)) === 'stored')
      return archive.remove(folder, unnamed);
  }
}

/** An object that this run wrote. */
type OwnObject = Pick<ArchivedObject, 'name' | 'version'>;

interface Written {
  readonly shards: readonly MergedShard[];
  /** Names of objects that nobody can read: they stay where they are. */
  readonly damaged: readonly string[];
}

/** Undefined where time ran out, or somebody else has deleted what was to be merged. */
async function writeBundles(
  { archive, remainingMs }: Compaction,
  folder: DayFolder,
  { bundles }: CompactionPlan,
  own: OwnObject[],
): Promise<Written | undefined> {
  const all: Written[] = [];
  for (const bundle of bundles) {
    const written = remainingMs() < RESERVE_MS ? undefined : await writeBundle(archive, folder, bundle, own);
    if (written === undefined) return undefined;
    all.push(written);
  }
  return { shards: all.flatMap(({ shards }) => shards), damaged: all.flatMap(({ damaged }) => damaged) };
}

/** The text of one shard at a time is in memory, and the packed bytes of the bundle. */
async function writeBundle(
  archive: ResultsArchive,
  folder: DayFolder,
  bundle: readonly Piece[],
  own: OwnObject[],
): Promise<Written | undefined> {
  const pieces = await readPieces(archive, folder, bundle);
  if (pieces === undefined) return undefined;
  const packer = archive.packer();
  const packed: Omit<MergedShard, 'object'>[] = [];
  const damaged: string[] = [];
  for (const { name, version, bytes, form, object } of pieces) {
    const text = await archive.unpack(bytes, form);
    if (text !== undefined) packed.push({ name, version, ...(await packer.add(text)) });
    // Its other shards would be moved, and what cannot be read be deleted with it.
    else if (form === 'deflate') throw damagedError(folder, [object]);
    else damaged.push(name);
  }
  if (packed.length === 0) return { shards: [], damaged };
  const bytes = packer.end();
  const object = await nameOf(folder, bytes);
  own.push({ name: object, version: await archive.write(folder, object, bytes) });
  return { shards: packed.map((shard) => ({ ...shard, object })), damaged };
}

interface ReadPiece extends Pick<Piece, 'name' | 'version'> {
  readonly object: string;
  readonly bytes: Uint8Array;
  readonly form: PackedForm;
}

/** Undefined where one of them is gone. */
async function readPieces(
  archive: ResultsArchive,
  folder: DayFolder,
  bundle: readonly Piece[],
): Promise<ReadPiece[] | undefined> {
  const limit = pLimit(READS_AT_ONCE);
  const read = await limit.map(bundle, async ({ name, version, from }): Promise<ReadPiece | undefined> => {
    const { object, start, end } = from;
    const isMerged = start !== undefined && end !== undefined;
    const found = await archive.read(folder, object, isMerged ? { start, end } : undefined);
    if (found === undefined) return undefined;
    const { bytes } = found;
    return isMerged
      ? { name, version, object, bytes, form: 'deflate' }
      : { name, version: found.version, object, bytes, form: 'gzip' };
  });
  const pieces = read.filter((piece) => piece !== undefined);
  return pieces.length === read.length ? pieces : undefined;
}

/** By its content: two runs at the same time write either the same object, or two that do not overwrite each other. */
async function nameOf({ day }: DayFolder, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `${day}.${Buffer.from(digest).toString('hex', 0, 16)}.ndjson.gz`;
}

function inOrder(shards: readonly MergedShard[]): MergedShard[] {
  return shards.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function damagedError({ tenant, day, folder }: DayFolder, damaged: readonly string[]): ItemError {
  return new ItemError(
    `${damaged.length} objects of results are damaged or too large, and stay as they are (tenant ${tenant}, ${day}, ${folder}): ${damaged.slice(0, 3).join(', ')}. Correct or delete them.`,
  );
}
