/** Makes one sample of each process and moment: its metrics come as series of their own, and what is sent again comes twice. */
import type { RecordedSample } from '../model/recording.ts';
import type { RecordedProcess } from '../ports/recording-store.ts';

export interface Join {
  /** A figure that is there already is replaced. */
  add(of: ProcessOfHost, sample: RecordedSample): void;
  /** In order of host, name, pid and beginning; samples in order of time. */
  processes(): readonly RecordedProcess<RecordedSample>[];
}

/** Whose samples they are. */
export type ProcessOfHost = Omit<RecordedProcess<unknown>, 'kept'>;

interface Joining {
  of: ProcessOfHost;
  readonly byTime: Map<number, RecordedSample>;
}

export function createJoin(): Join {
  const byKey = new Map<string, Joining>();
  return {
    add(of, sample) {
      const key = processKey(of);
      const known = byKey.get(key) ?? { of, byTime: new Map<number, RecordedSample>() };
      byKey.set(key, known);
      // What admits more of a command line, or whose parent ended, is the same process; and a host may be renamed.
      known.of = { ...known.of, ...of, process: { ...known.of.process, ...of.process } };
      known.byTime.set(sample.time, { ...known.byTime.get(sample.time), ...sample });
    },
    processes() {
      return [...byKey.values()]
        .toSorted((a, b) => byProcess(a.of, b.of))
        .map(({ of, byTime }) => ({ ...of, kept: [...byTime.values()].toSorted((a, b) => a.time - b.time) }));
    },
  };
}

/** The same for all samples of a process, and for no other process: a pid comes back. */
export function processKey({ host, process }: ProcessOfHost): string {
  const { name, pid, startedAt = null } = process;
  return JSON.stringify([host, name, pid, startedAt]);
}

/** The order in which processes are shown and stored. */
export function byProcess(a: ProcessOfHost, b: ProcessOfHost): number {
  return (
    compared(a.host, b.host) ||
    compared(a.process.name, b.process.name) ||
    a.process.pid - b.process.pid ||
    (a.process.startedAt ?? 0) - (b.process.startedAt ?? 0)
  );
}

/** For sorting. */
export function compared<Value extends string | number>(a: Value, b: Value): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
