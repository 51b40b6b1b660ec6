/** Where samples wait. */
import { homedir, platform } from 'node:os';
import { join } from 'node:path';
import { type FolderLock, lockFolder } from './folder-lock.ts';

const NAME = 'plimsoll-record';

type Variables = Readonly<Record<string, string | undefined>>;

/** The state folder of the service, of the system where root runs it, or of the user. */
export function defaultFolder(variables: Variables, isRoot: boolean): string {
  const given = variables['STATE_DIRECTORY'];
  if (given !== undefined && given !== '') return given.split(':')[0] ?? given;
  if (platform() === 'win32') return join(variables['LOCALAPPDATA'] ?? homedir(), NAME);
  if (platform() === 'darwin') return join(homedir(), 'Library/Application Support', NAME);
  return isRoot ? join('/var/lib', NAME) : join(variables['XDG_STATE_HOME'] ?? join(homedir(), '.local/state'), NAME);
}

export interface LockedFolder {
  readonly folder: string;
  readonly lock: FolderLock;
}

/** Probes of commands that run at the same time, with the folder that nobody chose. */
const MOST_FOLDERS = 32;

/**
 * The folder that was chosen, or the first of the default ones that no other probe has.
 *
 * @throws Error Another probe has it.
 */
export function lockedFolder(chosen: string | undefined, otherwise: string, now: number): LockedFolder {
  const candidates =
    chosen === undefined
      ? Array.from({ length: MOST_FOLDERS }, (_, index) => (index === 0 ? otherwise : `${otherwise}-${index + 1}`))
      : [chosen];
  for (const folder of candidates) {
    const lock = lockFolder(folder, now);
    if (lock !== undefined) return { folder, lock };
  }
  throw new Error(`Another probe keeps its samples in ${candidates[0]}: give this one another --folder.`);
}
