/** Objects as files below a folder of this machine: what the stores over S3 keep, without a cloud. One process at a time has it: see `openFolder`. */
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { ItemError, StoreError } from '../../core/ports/errors.ts';
import type { Bucket, BytesOf, FoundObject, ListedObject } from '../s3/bucket.ts';
import { filesBelow, hasCode, moveTo, removeFile, versionOf, type WrittenFile, writeBeside } from './files.ts';
import { keyOf, pathOf } from './paths.ts';

/** As of an object in S3: adapters/s3/bucket.ts. */
const MAX_OBJECT_BYTES = 64 * 1024 * 1024;
/** Objects of one page of a list, as S3 has them. */
const PAGE = 1000;

/** @param folder An absolute path; it is made where it is missing. */
export function createFolderBucket(folder: string): Bucket {
  const root = join(folder, 'objects');
  const incoming = join(folder, 'incoming');
  // Names change one at a time, so that what a condition compares is what is replaced.
  const alone = pLimit(1);
  const addressOf = (key: string) => pathOf(root, key);
  const attempt = async <T>(action: string, key: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw error instanceof StoreError ? error : refusal(error, action, addressOf(key));
    }
  };

  async function put(key: string, body: Uint8Array, isAllowed: () => Promise<boolean>): Promise<string | undefined> {
    const path = pathOf(root, key);
    const written = await writeBeside(incoming, body);
    const isMoved = await alone(() => moveIf(path, written, isAllowed));
    return isMoved ? written.version : undefined;
  }

  return {
    addressOf,
    ...reading(root, attempt),
    put: (key, body) => attempt('write', key, async () => (await put(key, body, async () => true)) ?? ''),
    putIf: (key, body, version) =>
      attempt('write', key, async () => {
        const stored = await put(key, body, async () => (await versionAt(pathOf(root, key))) === version);
        return stored === undefined ? 'conflict' : 'stored';
      }),
    async remove(objects) {
      for (const { key, version } of objects) {
        const path = pathOf(root, key);
        await attempt('delete', key, () =>
          alone(async () => {
            if (version === undefined || (await versionAt(path)) === version) await removeFile(path, root);
          }),
        );
      }
    },
  };
}

async function moveIf(path: string, written: WrittenFile, isAllowed: () => Promise<boolean>): Promise<boolean> {
  try {
    if (await isAllowed()) {
      await moveTo(path, written);
      return true;
    }
    return false;
  } finally {
    // Of a file that was moved nothing is left there.
    await rm(written.temporary, { force: true });
  }
}

type Attempt = <T>(action: string, key: string, work: () => Promise<T>) => Promise<T>;

function reading(root: string, attempt: Attempt): Pick<Bucket, 'find' | 'list' | 'subfolders'> {
  return {
    find: (key, part) => attempt('read', key, () => readAt(pathOf(root, key), part)),

    async *list(prefix) {
      const objects = await attempt('list', prefix, () => objectsBelow(root, prefix));
      for (let at = 0; at < objects.length; at += PAGE) yield objects.slice(at, at + PAGE);
    },

    async *subfolders(prefix) {
      const objects = await attempt('list', prefix, () => objectsBelow(root, prefix));
      const ends = objects.map(({ key }) => key.indexOf('/', prefix.length));
      yield* new Set(
        objects.flatMap(({ key }, index) => ((ends[index] ?? -1) < 0 ? [] : [key.slice(0, (ends[index] ?? 0) + 1)])),
      );
    },
  };
}

async function objectsBelow(root: string, prefix: string): Promise<ListedObject[]> {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const objects: ListedObject[] = [];
  for await (const path of filesBelow(folder === '' ? root : pathOf(root, folder.slice(0, -1)))) {
    const key = keyOf(root, path);
    if (!key.startsWith(prefix)) continue;
    const found = await statOf(path);
    if (found !== undefined) objects.push({ key, version: versionOf(found), bytes: Number(found.size) });
  }
  return objects.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

async function readAt(path: string, part: BytesOf | undefined): Promise<FoundObject | undefined> {
  try {
    await using file = await open(path, 'r');
    const found = await file.stat({ bigint: true });
    if (found.size > MAX_OBJECT_BYTES)
      throw new ItemError(`${path} has more than ${MAX_OBJECT_BYTES} bytes: Plimsoll writes no such file.`);
    const bytes = await file.readFile();
    return { bytes: part === undefined ? bytes : bytes.subarray(part.start, part.end), version: versionOf(found) };
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

async function versionAt(path: string): Promise<string | undefined> {
  const found = await statOf(path);
  return found === undefined ? undefined : versionOf(found);
}

/** Undefined where there is no file any more. */
async function statOf(path: string) {
  return stat(path, { bigint: true }).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  });
}

function refusal(error: unknown, action: string, path: string): StoreError {
  const detail = error instanceof Error ? error.message : String(error);
  return new StoreError(`Could not ${action} ${path}: ${detail}. ${adviceOn(error)}`.trimEnd(), { cause: error });
}

function adviceOn(error: unknown): string {
  if (hasCode(error, 'ENOSPC', 'EDQUOT')) return 'The disk is full: make room.';
  if (hasCode(error, 'EACCES', 'EPERM', 'EROFS')) return 'Let the user who runs this write below the folder.';
  return '';
}
