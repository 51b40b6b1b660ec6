/**
 * Merges the results of days that are over, so that a query opens one object an account and region and not one an hour. A run that is
 * interrupted or repeated loses no line: what is merged is complete, and found, before what it was merged from is deleted.
 */
import pLimit from 'p-limit';
import type { MergedShard } from '../model/day-index.ts';
import { ItemError, StoreError } from '../ports/errors.ts';
import type { ArchivedObject, DayFolder, PackedForm, ResultsArchive } from '../ports/results-archive.ts';
import { type CompactionPlan, type Piece, planCompaction } from './plan-compaction.ts';

/** Most compressed bytes of the pieces of one object: some 100 MB of text, which one reader of a query gets through in seconds. */
const MOST_OBJECT_BYTES = 8 * 1024 * 1024;

/** Days that are looked at, yesterday the first: a message is tried again for four days, and may write a part of a day that is merged. */
const DAYS = 4;

/** Accounts and regions at the same time, and reads of each: together at most as many as the client has connections. */
const FOLDERS_AT_ONCE = 6;
const READS_AT_ONCE = 8;

/** No merged object is begun when less time is left: packing the text of one takes seconds. */
const RESERVE_MS = 30_000;

const DAY_MS = 24 * 3_600_000;

export interface CompactionDeadline {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Milliseconds that are left to the function. */
  remainingMs(): number;
}

export interface CompactionReport {
  /** Accounts and regions, counted for each day, of which something was merged or deleted. */
  readonly compacted: number;
  /** Objects that were merged into others. */
  readonly merged: number;
  /** Accounts and regions that are left to the next time, because time ran out or somebody else is at work on them. */
  readonly left: number;
  readonly failures: readonly CompactionFailure[];
}

export interface CompactionFailure {
  readonly tenant: string | null;
  readonly error: Error;
}

type Outcome = { readonly kind: 'unchanged' | 'left' } | { readonly kind: 'compacted'; readonly merged: number };

/** Merges what there is of the last days. Nothing is thrown: what failed is in the report, and is tried again the next time. */
export async function compactResults(
  archive: ResultsArchive,
  { now, remainingMs }: CompactionDeadline,
  mostBytes = MOST_OBJECT_BYTES,
): Promise<CompactionReport> {
  const total = { compacted: 0, merged: 0, left: 0 };
  const failures: CompactionFailure[] = [];
  const fail = (tenant: string | null, error: unknown) =>
    failures.push({ tenant, error: error instanceof Error ? error : new StoreError(String(error)) });

  async function compactOne(folder: DayFolder, objects: readonly ArchivedObject[]): Promise<void> {
    try {
      const outcome: Outcome =
        remainingMs() < RESERVE_MS
          ? { kind: 'left' }
          : await compactFolder({ archive, remainingMs, mostBytes }, folder, objects);
      if (outcome.kind === 'left') total.left++;
      if (outcome.kind !== 'compacted') return;
      total.compacted++;
      total.merged += outcome.merged;
    } catch (error) {
      fail(folder.tenant, error);
    }
  }

  const limit = pLimit(FOLDERS_AT_ONCE);
  try {
    for await (const tenant of archive.tenants()) {
      try {
        for (const day of daysBefore(now)) {
          const begun: Promise<void>[] = [];
          for await (const { folder, objects } of archive.folders(tenant, day))
            begun.push(limit(compactOne, folder, objects));
          await Promise.all(begun);
        }
      } catch (error) {
        fail(tenant, error);
      }
    }
  } catch (error) {
    fail(null, error);
  }
  return { ...total, failures };
}

/** The oldest first: it is deleted the soonest from what is looked at. */
function daysBefore(now: number): string[] {
  return Array.from({ length: DAYS }, (_, index) => new Date(now - (DAYS - index) * DAY_MS).toISOString().slice(0, 10));
}

interface Compaction extends Pick<CompactionDeadline, 'remainingMs'> {
  readonly archive: ResultsArchive;
  readonly mostBytes: number;
}

async function compactFolder(
  compaction: Compaction,
  folder: DayFolder,
  objects: readonly ArchivedObject[],
): Promise<Outcome> {
  const { archive, mostBytes } = compaction;
  const index = await archive.index(folder);
  const plan = planCompaction(objects, index?.value, mostBytes);
  if (plan.obsolete.length === 0 && !plan.changesIndex) return { kind: 'unchanged' };
  const written = await writeBundles(compaction, folder, plan);
  if (written === undefined) return { kind: 'left' };
  const { shards, damaged } = written;
  if (plan.changesIndex) {
    const value = {
      version: 1 as const,
      generation: (index?.value.generation ?? 0) + 1,
      shards: inOrder([...plan.kept, ...shards]),
    };
    if ((await archive.putIndex(folder, value, index?.version)) === 'conflict') return { kind: 'left' };
  }
  const merged = new Map(shards.map(({ name, version }) => [name, version]));
  // What was written again after it was read has another version, and stays until the next time. An earlier run that was interrupted
  // may have left an object that was written again just now.
  const needed = new Set([...damaged, ...shards.map(({ object }) => object)]);
  const obsolete = plan.obsolete.filter(({ name }) => !needed.has(name));
  await archive.remove(
    folder,
    obsolete.map(({ name, version }) => ({ name, version: merged.get(name) ?? version })),
  );
  if (damaged.length > 0) throw damagedError(folder, damaged);
  return { kind: 'compacted', merged: shards.length };
}

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
): Promise<Written | undefined> {
  const all: Written[] = [];
  for (const bundle of bundles) {
    const written = remainingMs() < RESERVE_MS ? undefined : await writeBundle(archive, folder, bundle);
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
  await archive.write(folder, object, bytes);
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
