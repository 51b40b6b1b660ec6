/** `plimsoll console --receive FOLDER` that runs on this machine: where it answers, for other commands that name the same folder. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PLIMSOLL } from './program.ts';
import { UsageError } from './usage-error.ts';

/** Holds the address while the console runs. */
const ADDRESS = 'address';
/** Holds what programs show to the API. */
const API_TOKEN = 'api-token';

export interface LocalConsole {
  /** `http://127.0.0.1:4319`. */
  readonly origin: string;
  /** Shown to its API. */
  readonly token: string;
}

export function apiTokenFile(folder: string): string {
  return join(folder, API_TOKEN);
}

/** States where the console of this folder answers, until it is disposed. Only the user who runs it may read that. */
export async function announceConsole(folder: string, origin: string): Promise<AsyncDisposable> {
  const file = join(folder, ADDRESS);
  // The mode is of a new file: one that a process left may have another.
  await rm(file, { force: true });
  await writeFile(file, `${origin}\n`, { mode: 0o600, flag: 'wx' });
  return { [Symbol.asyncDispose]: () => rm(file, { force: true }) };
}

/** Throws `UsageError` where no console has this folder, or what the folder states is not an address of this machine. */
export async function findConsole(folder: string): Promise<LocalConsole> {
  const [address, token] = await Promise.all([read(folder, ADDRESS), read(folder, API_TOKEN)]);
  return { origin: loopbackOf(address, folder), token };
}

/** @param folder As it was named. */
export function noConsole(folder: string): UsageError {
  return new UsageError(
    `No console runs on ${folder}. Start it in another terminal, and leave it running: ${PLIMSOLL} console --receive ${folder}`,
  );
}

async function read(folder: string, name: string): Promise<string> {
  try {
    return (await readFile(join(resolve(folder), name), 'utf8')).trim();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw noConsole(folder);
    throw new UsageError(`${join(folder, name)} cannot be read (${error.code}): the user who runs the console can.`);
  }
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The token is sent there: nowhere but to this machine. */
function loopbackOf(address: string, folder: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'http:' && LOOPBACK.has(url.hostname)) return url.origin;
  throw new UsageError(
    `${join(folder, ADDRESS)} does not hold an address of this machine. Start the console on this folder again.`,
  );
}
