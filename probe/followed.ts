/** The recordings that select something on this host: which of them are due, and what they may sample. */
import type { Notices } from './notices.ts';
import type { ProcessSample } from './process-sample.ts';
import { followSelection, type HostSelection, type SelectionFollower } from './selections.ts';

export interface Recorded {
  readonly selection: HostSelection;
  readonly follower: SelectionFollower;
  readonly refused: Set<string>;
  due: number;
}

/** Of a recording: which names were logged as refused. */
const MOST_REFUSED = 100;

export interface FollowedOptions {
  /** Patterns of names: what recordings may select. */
  readonly allow: readonly string[];
  readonly notices: Notices;
  /** Milliseconds of a clock that only rises. */
  readonly elapsed: () => number;
}

export interface Followed {
  /** Takes what is selected now. @param now Epoch milliseconds. */
  update(selections: readonly HostSelection[], now: number): void;
  /** Those that are due and run, which then are due later. @param at By `elapsed`. */
  due(at: number, now: number): readonly Recorded[];
  nextDue(): number;
  isRecording(now: number): boolean;
  /** What of a sweep is sampled for a recording. A name that is not admitted is logged once. */
  admittedOf(recording: Recorded, sweep: readonly ProcessSample[]): readonly ProcessSample[];
}

export function createFollowed({ allow, notices, elapsed }: FollowedOptions): Followed {
  let recordings = new Map<string, Recorded>();
  let known: readonly HostSelection[] = [];

  function update(selections: readonly HostSelection[], now: number): void {
    const isUnchanged = selections === known && ![...recordings.values()].some(({ selection }) => selection.to <= now);
    if (isUnchanged) return;
    known = selections;
    const wanted = selections.filter(({ to }) => now < to);
    const next = new Map(
      wanted.map((selection) => {
        const before = recordings.get(selection.recording);
        const isSame = JSON.stringify(before?.selection) === JSON.stringify(selection);
        return [selection.recording, before !== undefined && isSame ? before : begin(selection)];
      }),
    );
    for (const id of recordings.keys()) if (!next.has(id)) notices.note(`Recording ${id} has ended here.`);
    recordings = next;
  }

  function begin(selection: HostSelection): Recorded {
    const [from, to] = [selection.from, selection.to].map((time) => timeOf(time));
    notices.note(
      `Recording ${selection.recording} selects processes here, every ${selection.everyS} s from ${from} to ${to}.`,
    );
    return { selection, follower: followSelection(selection, allow), refused: new Set(), due: nextSecond(elapsed()) };
  }

  function admittedOf(recording: Recorded, all: readonly ProcessSample[]): readonly ProcessSample[] {
    const { admitted, refused } = recording.follower.selectedOf(all);
    for (const name of refused) {
      if (recording.refused.has(name) || recording.refused.size >= MOST_REFUSED) continue;
      recording.refused.add(name);
      notices.note(
        `Recording ${recording.selection.recording} selects ${JSON.stringify(name)}, which no --allow admits: it is not sampled.`,
      );
    }
    return admitted;
  }

  return {
    update,
    admittedOf,
    isRecording: (now: number) => [...recordings.values()].some(({ selection }) => isRunning(selection, now)),
    due(at, now) {
      const due = [...recordings.values()].filter((recording) => at >= recording.due);
      for (const recording of due) recording.due = nextOf(recording.due, recording.selection.everyS * 1000, at);
      return due.filter(({ selection }) => isRunning(selection, now));
    },
    nextDue: () => Math.min(...[...recordings.values()].map(({ due }) => due)),
  };
}

/** Recordings are due on the same seconds, and share sweeps: however many there are, the host is read once a second at most. */
function nextSecond(at: number): number {
  return Math.ceil(at / 1000) * 1000;
}

function isRunning({ from, to }: HostSelection, now: number): boolean {
  return from <= now && now < to;
}

/** Of a time that no calendar has, its digits. */
function timeOf(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}

/** On the grid that it began with; what a busy or sleeping host has missed is not made up for. */
export function nextOf(due: number, every: number, at: number): number {
  return due + every * (Math.floor((at - due) / every) + 1);
}
