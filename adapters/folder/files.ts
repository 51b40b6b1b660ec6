/** Files that are complete or not there: written beside, forced to the disk, and renamed. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Whether an error of the file system has this code. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}

export interface WrittenFile {
  /** Where it waits. */
  readonly temporary: string;
  /** Another one whenever the file is written. */
  readonly version: string;
}

/** Writes a file that nobody finds yet. Durable when this returns. @param folder Of the same file system as its later path. */
export async function writeBeside(folder: string, body: Uint8Array): Promise<WrittenFile> {
  const temporary = join(folder, randomUUID());
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    await using file = await open(temporary, 'wx', 0o600);
    await file.writeFile(body);
    await file.sync();
    return { temporary, version: versionOf(await file.stat({ bigint: true })) };
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The file that replaces another is a file of its own, with a time of its own. */
export function versionOf({ ino, mtimeNs }: { readonly ino: bigint; readonly mtimeNs: bigint }): string {
  return `${ino.toString(36)}-${mtimeNs.toString(36)}`;
}

/** Gives a written file its path. The name is durable when this returns. */
export async function moveTo(path: string, { temporary }: WrittenFile): Promise<void> {
  const folder = dirname(path);
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  await rename(temporary, path);
  const end = made === undefined ? folder : dirname(made);
  for (let at = folder; ; at = dirname(at)) {
    await syncFolder(at);
    if (at === end || at === dirname(at)) return;
  }
}

/** Windows opens no folder; there the name is durable when the file system writes its log. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using opened = await open(folder, 'r');
  await opened.sync();
}

/** Paths of all files below a folder, which may not be there. */
export async function* filesBelow(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  });
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

/** Removes a file, and the folders above it that are empty then, up to `root`. What is gone is no failure. */
export async function removeFile(path: string, root: string): Promise<void> {
  await rm(path, { force: true });
  for (let folder = dirname(path); folder.length > root.length; folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch (error) {
      if (hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT', 'EPERM')) return;
      throw error;
    }
  }
}
