/** What the probe logs: each trouble once, again after an hour, and its end. A server that is down must not fill a disk with lines. */

export interface Notices {
  /** Something that happens once. */
  note(message: string): void;
  /** A trouble that may last. @param kind Few: one a kind is remembered. */
  trouble(kind: string, message: string): void;
  /** The trouble is over; nothing is logged where there was none. */
  over(kind: string, message: string): void;
}

const AGAIN_MS = 3_600_000;

/** @param now Milliseconds of any clock that only rises. */
export function createNotices(write: (line: string) => void, now: () => number): Notices {
  const troubles = new Map<string, { readonly at: number; readonly held: number }>();
  return {
    note: write,
    trouble(kind, message) {
      const last = troubles.get(kind);
      if (last !== undefined && now() - last.at < AGAIN_MS) {
        troubles.set(kind, { ...last, held: last.held + 1 });
        return;
      }
      troubles.set(kind, { at: now(), held: 0 });
      write(last === undefined || last.held === 0 ? message : `${message} (${last.held} times more in the last hour)`);
    },
    over(kind, message) {
      if (troubles.delete(kind)) write(message);
    },
  };
}
