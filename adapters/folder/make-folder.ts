/** Makes a folder of this machine with those above it. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StoreError } from '../../core/ports/errors.ts';
import { hasCode } from './files.ts';

/** Its user alone may read it. Nothing happens where it is there. Throws `StoreError` that states why it cannot be made. @param folder An absolute path. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await make(folder);
  } catch (error) {
    throw unusable(error, folder);
  }
}

/** Not by `recursive`: in folders such as /proc, in which the system makes none, node would try for ever. */
async function make(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (hasCode(error, 'EEXIST') && (await stat(folder)).isDirectory()) return;
    const above = dirname(folder);
    if (!hasCode(error, 'ENOENT') || above === folder) throw error;
    await make(above);
    await mkdir(folder, { mode: 0o700 }).catch((second: unknown) => {
      // Somebody else has just made it.
      if (!hasCode(second, 'EEXIST')) throw second;
    });
  }
}

/** What an error of the file system means for whoever named the folder. */
const CAUSES: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there',
  EPERM: 'the system permits no writing there',
  EROFS: 'what it is on can only be read',
  ENOENT: 'the system lets nobody make folders or files there',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'it is a file',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'a part of its path is too long',
};

export function unusable(error: unknown, folder: string): StoreError {
  const known = Object.entries(CAUSES).find(([code]) => hasCode(error, code));
  const detail = known?.[1] ?? (error instanceof Error ? error.message : String(error));
  return new StoreError(`${folder} cannot be used: ${detail}. Name a folder that you may write.`, { cause: error });
}
