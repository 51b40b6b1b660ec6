/** Takes a folder of this machine for one process: two that write it would not see each other's conditions. */
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreError } from '../../core/ports/errors.ts';
import type { Bucket } from '../s3/bucket.ts';
import { createFolderBucket } from './bucket.ts';
import { hasCode } from './files.ts';
import { makeFolder, unusable } from './make-folder.ts';

export interface OpenedFolder extends AsyncDisposable {
  readonly bucket: Bucket;
}

/** Locks that this process has: in a container, one that was killed and the next one have the same pid. */
const held = new Set<string>();

/** Tries to take a lock that a process left which is gone. */
const TRIES = 3;

/** Throws `StoreError` where another process has it. @param folder An absolute path; it is made where it is missing. */
export async function openFolder(folder: string): Promise<OpenedFolder> {
  const lock = join(folder, 'lock');
  await makeFolder(folder);
  await take(lock, folder);
  held.add(lock);
  // What was being written when a process ended has no name, and is nowhere else.
  await rm(join(folder, 'incoming'), { recursive: true, force: true });
  return {
    bucket: createFolderBucket(folder),
    async [Symbol.asyncDispose]() {
      held.delete(lock);
      await rm(lock, { force: true });
    },
  };
}

async function take(lock: string, folder: string): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      await using file = await open(lock, 'wx', 0o600);
      await file.writeFile(`${process.pid}\n`);
      return;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw unusable(error, folder);
    }
    const owner = Number((await readFile(lock, 'utf8').catch(() => '')).trim());
    if (owner === process.pid ? held.has(lock) : isRunning(owner)) break;
    await rm(lock, { force: true });
  }
  throw new StoreError(`${folder} is used by another process. End that one, or delete ${lock} where there is none.`);
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there and another user's.
    return hasCode(error, 'EPERM');
  }
}
