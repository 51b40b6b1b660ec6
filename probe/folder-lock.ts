/** One probe a folder: two would send and remove the same files. */
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

export interface FolderLock {
  /** At least once a minute: a lock that nobody renews is one of a process that was killed. */
  renew(): void;
  release(): void;
}

const STALE_MS = 180_000;

/**
 * @param now Epoch milliseconds of the clock that the disk has.
 * @returns Undefined where another process that runs has it.
 * @throws Error The folder cannot be made or written to, or others can write to it.
 */
export function lockFolder(folder: string, now: number): FolderLock | undefined {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  assertOwn(folder);
  const file = join(folder, 'lock');
  if (!create(file)) {
    if (isHeld(file, now)) return undefined;
    unlinkSync(file);
    if (!create(file)) return undefined;
  }
  return {
    renew() {
      const time = new Date();
      try {
        utimesSync(file, time, time);
      } catch {
        // The lock only warns a second probe; the samples are what matters.
      }
    },
    release() {
      try {
        unlinkSync(file);
      } catch {
        // As above.
      }
    },
  };
}

const WRITABLE_BY_OTHERS = 0o022;

/**
 * Whoever can write to the folder could put links in it that lead the probe to other files. A link to the folder itself is its owner's or
 * root's: systemd makes one of the state of a service.
 */
function assertOwn(folder: string): void {
  const user = process.getuid?.();
  if (user === undefined) return;
  const isTrusted = (uid: number) => uid === user || uid === 0;
  const { uid, mode } = statSync(folder);
  if (isTrusted(lstatSync(folder).uid) && isTrusted(uid) && (mode & WRITABLE_BY_OTHERS) === 0) return;
  throw new Error(
    `${folder} belongs to another user, or others can write to it: chmod 700 it, or give a folder inside it.`,
  );
}

/** On a full disk the folder has no lock, or one without a pid, which holds nobody: sampling matters more. */
function create(file: string): boolean {
  try {
    const descriptor = openSync(file, 'wx', 0o600);
    try {
      writeSync(descriptor, String(process.pid));
    } finally {
      closeSync(descriptor);
    }
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (codeOf(error) === 'ENOSPC') return true;
    throw error;
  }
}

/** Of an error of the file system. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** In a container a killed probe and the next one have the same pid; after a restart of the host anything may have it. */
function isHeld(file: string, now: number): boolean {
  const pid = Number(readFileSync(file, 'utf8'));
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  return now - statSync(file).mtimeMs < STALE_MS && isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs, as another user.
    return codeOf(error) === 'EPERM';
  }
}
