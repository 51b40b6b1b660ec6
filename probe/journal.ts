/** Sweeps on disk until the receiver has them; in memory where the disk takes none. */
import { writeSync } from 'node:fs';
import { openSegmentFiles, type SegmentFile } from './segment-files.ts';
import { lineOf, type Sweep } from './sweep.ts';

/** Sweeps that are sent together. */
export interface Segment {
  /** Undefined where the disk does not give them now: they are not removed then. */
  sweeps(): readonly Sweep[] | undefined;
  /** They have arrived: nothing is kept of them. */
  remove(): void;
  /** The receiver takes these in no form: they are kept for a person, as long as there is room. */
  setAside(sweeps: readonly Sweep[]): void;
}

/** Nothing here throws: what the disk refuses is reported as an event. */
export interface Journal {
  append(sweep: Sweep): void;
  /** Makes what was appended survive a power failure. */
  sync(): void;
  /** What is to be sent, oldest first. What is appended later is in none of them. */
  segments(): readonly Segment[];
  close(): void;
}

/** What happened to sweeps other than being sent. */
export interface JournalEvents {
  /** The disk is full or failing. */
  notWritten(error: Error): void;
  /** A file cannot be read now. */
  notRead(error: Error): void;
  /** The disk takes what it did not take before. */
  written(): void;
  /** The oldest were dropped for want of room on disk or in memory. */
  dropped(sweeps: number): void;
  /** Lines that a kill or the disk has left in pieces. */
  damaged(lines: number): void;
}

export interface JournalOptions {
  readonly folder: string;
  /** Bytes of all files. */
  readonly mostBytes: number;
  readonly events: JournalEvents;
  /** Another than the system's is for tests of disks that are full. */
  readonly write?: (descriptor: number, bytes: Buffer) => number;
}

/** Sweeps in memory where the disk takes none: more than two hours of one a minute. */
const MOST_HELD = 150;

/** @throws Error The folder cannot be made or read. */
export function openJournal({ folder, mostBytes, events, write = writeAtEnd }: JournalOptions): Journal {
  const files = openSegmentFiles({ folder, mostBytes, dropped: events.dropped, write });
  let held: readonly Sweep[] = [];

  function isDone(action: () => void): boolean {
    try {
      action();
      return true;
    } catch (error) {
      events.notWritten(asError(error));
      return false;
    }
  }

  function writeHeld(): void {
    if (held.length === 0) return;
    for (const sweep of held) {
      files.append(lineOf(sweep));
      held = held.filter((other) => other !== sweep);
    }
    events.written();
  }

  function hold(sweep: Sweep): void {
    const all = [...held, sweep];
    held = all.slice(-MOST_HELD);
    if (all.length > MOST_HELD) events.dropped(all.length - MOST_HELD);
  }

  const setAside = (sweeps: readonly Sweep[]) =>
    void isDone(() => files.setAside(sweeps.map((sweep) => lineOf(sweep)).join('')));

  function onDisk(file: SegmentFile): Segment {
    return {
      sweeps() {
        try {
          const { sweeps, damaged } = files.read(file);
          if (damaged > 0) events.damaged(damaged);
          return sweeps;
        } catch (error) {
          events.notRead(asError(error));
          return undefined;
        }
      },
      remove: () => void isDone(() => files.remove(file)),
      setAside,
    };
  }

  function inMemory(sweeps: readonly Sweep[]): Segment {
    const remove = () => {
      held = held.filter((sweep) => !sweeps.includes(sweep));
    };
    return { sweeps: () => sweeps, remove, setAside };
  }

  return {
    append(sweep) {
      const isOnDisk = isDone(() => {
        writeHeld();
        files.append(lineOf(sweep));
      });
      if (!isOnDisk) hold(sweep);
    },
    sync: () => void isDone(files.sync),
    segments() {
      isDone(files.end);
      return [...files.list().map(onDisk), ...(held.length > 0 ? [inMemory(held)] : [])];
    },
    close: () => void isDone(files.end),
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function writeAtEnd(descriptor: number, bytes: Buffer): number {
  return writeSync(descriptor, bytes);
}
