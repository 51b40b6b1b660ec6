/** The files of the journal: one is written to, the others wait to be sent, and all of them together have a greatest size. */
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from './folder-lock.ts';
import { type Lines, sweepsOf } from './sweep.ts';

/** `sweeps` are to be sent; the receiver takes `refused` in no form. */
type Suffix = 'sweeps' | 'refused';

export interface SegmentFile {
  readonly name: string;
  bytes: number;
}

interface OpenFile {
  readonly file: SegmentFile;
  readonly descriptor: number;
  /** Whether it ends in the middle of a line. */
  torn: boolean;
}

/** Each throws what the file system throws. */
export interface SegmentFiles {
  /** Appends a line, or a part of it where the disk is full: the next one begins a line of its own all the same. */
  append(line: string): void;
  /** Writes a file of its own that is not sent. */
  setAside(lines: string): void;
  /** What was appended survives a power failure. */
  sync(): void;
  /** The next line begins another file. */
  end(): void;
  /** Those to be sent, oldest first. */
  list(): readonly SegmentFile[];
  /** Nothing where it was dropped before. */
  read(file: SegmentFile): Lines;
  /** Does nothing where it was dropped before. */
  remove(file: SegmentFile): void;
}

export interface SegmentFilesOptions {
  readonly folder: string;
  /** Bytes of all files. */
  readonly mostBytes: number;
  /** Called with the number of sweeps that were dropped for want of room. */
  readonly dropped: (sweeps: number) => void;
  readonly write: (descriptor: number, bytes: Buffer) => number;
}

/** Bytes of a file, and so of a request: as OTLP it is some ten times as long, and a receiver takes 32 MB. */
const SEGMENT_BYTES = 256 * 1024;

const NO_LINES: Lines = { sweeps: [], damaged: 0 };

const NAME = /^\d{12}\.(?:sweeps|refused)$/;

/** @throws Error The folder cannot be made or read. */
export function openSegmentFiles({ folder, mostBytes, dropped, write }: SegmentFilesOptions): SegmentFiles {
  const files = existingFiles(folder);
  let next = 1 + Math.max(0, ...files.map(({ name }) => Number.parseInt(name, 10)));
  // A file of an earlier run may end in the middle of a line: this run begins one of its own.
  let current: OpenFile | undefined;

  const read = (file: SegmentFile) => (files.includes(file) ? linesOf(join(folder, file.name)) : NO_LINES);

  function begin(suffix: Suffix): OpenFile {
    const name = `${String(next).padStart(12, '0')}.${suffix}`;
    const descriptor = openSync(join(folder, name), 'ax', 0o600);
    next += 1;
    const file = { name, bytes: 0 };
    files.push(file);
    return { file, descriptor, torn: false };
  }

  function end(): void {
    const ended = current;
    current = undefined;
    if (ended !== undefined) syncAndClose(ended.descriptor);
  }

  function remove(file: SegmentFile): void {
    if (!files.includes(file)) return;
    rmSync(join(folder, file.name), { force: true });
    files.splice(files.indexOf(file), 1);
  }

  /** The oldest go first; before them, what the receiver has refused. */
  function makeRoom(bytes: number): void {
    for (const file of files.toSorted(byWorth)) {
      if (totalOf(files) + bytes <= mostBytes || file === current?.file) return;
      const lost = isRefused(file) ? 0 : sweepsIn(join(folder, file.name));
      remove(file);
      if (lost > 0) dropped(lost);
    }
  }

  return {
    append(line) {
      makeRoom(line.length);
      current ??= begin('sweeps');
      writeAll(current, Buffer.from(current.torn ? `\n${line}` : line), write);
      if (current.file.bytes >= SEGMENT_BYTES) end();
    },
    setAside(lines) {
      makeRoom(lines.length);
      const aside = begin('refused');
      try {
        writeAll(aside, Buffer.from(lines), write);
      } finally {
        syncAndClose(aside.descriptor);
      }
    },
    sync() {
      if (current !== undefined) fsyncSync(current.descriptor);
    },
    end,
    list: () => files.filter((file) => !isRefused(file)).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    read,
    remove,
  };
}

function linesOf(path: string): Lines {
  try {
    return sweepsOf(readFileSync(path, 'utf8'));
  } catch (error) {
    // Somebody has deleted it: nothing is left to be sent.
    if (codeOf(error) === 'ENOENT') return NO_LINES;
    throw error;
  }
}

/** Of a file that cannot be read nobody knows how many: at least one. */
function sweepsIn(path: string): number {
  try {
    return linesOf(path).sweeps.length;
  } catch {
    return 1;
  }
}

function existingFiles(folder: string): SegmentFile[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const names = readdirSync(folder).filter((name) => NAME.test(name));
  return names.map((name) => ({ name, bytes: statSync(join(folder, name)).size }));
}

function syncAndClose(descriptor: number): void {
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function isRefused({ name }: SegmentFile): boolean {
  return name.endsWith('.refused');
}

/** Least first. */
function byWorth(a: SegmentFile, b: SegmentFile): number {
  return Number(isRefused(b)) - Number(isRefused(a)) || (a.name < b.name ? -1 : 1);
}

function totalOf(files: readonly SegmentFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** A disk that is nearly full takes a part and reports nothing: only the next part fails. */
function writeAll(target: OpenFile, bytes: Buffer, write: (descriptor: number, bytes: Buffer) => number): void {
  for (let done = 0; done < bytes.length; ) {
    const count = write(target.descriptor, bytes.subarray(done));
    if (count === 0) throw new Error('the disk takes nothing');
    done += count;
    target.file.bytes += count;
    target.torn = done < bytes.length;
  }
}
