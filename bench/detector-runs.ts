/** The runs of `bench/detector.ts`: which detector evaluates which feed of which series. */
import type { BenchSeries } from './data.ts';
import { AS_ADAPTERS, EVERYTHING, type Feed } from './feeds.ts';
import type { Half } from './halves.ts';
import { PEERS, type Peer } from './peers.ts';
import { type Detections, learnedFor, replay, replayPeer } from './replay.ts';

export interface Run {
  readonly feed: Feed;
  /** Absent for the project's own detector. */
  readonly peer?: Peer;
}

/** Lengths of history that a host may have; 100 h is what the adapters feed. */
export const HISTORIES: readonly Feed[] = [
  { name: '6 h', hours: 6, samples: 'minima' },
  { name: '12 h', hours: 12, samples: 'minima' },
  { name: '30 h', hours: 30, samples: 'minima' },
  AS_ADAPTERS,
  { name: 'all', hours: Infinity, samples: 'minima' },
];

/** Slow peers see all samples of every so many series only. */
export const SLOW_PEERS_EVERY = 6;

export const OURS: readonly Run[] = [...HISTORIES, EVERYTHING].map((feed) => ({ feed }));
const PEER_RUNS: readonly Run[] = [AS_ADAPTERS, EVERYTHING].flatMap((feed) => PEERS.map((peer) => ({ feed, peer })));
export const RUNS: readonly Run[] = [...OURS, ...PEER_RUNS];

/** Whether a run takes in the series at an index of its file. */
export function takesIn({ feed, peer }: Run, index: number): boolean {
  return feed !== EVERYTHING || peer?.slow !== true || index % SLOW_PEERS_EVERY === 0;
}

/** A series at its index in its file. */
export interface Task {
  readonly series: BenchSeries;
  readonly index: number;
  readonly half: Half;
}

/** One entry per run; null for those that do not take the series in. */
export type DetectionsByRun = readonly (Detections | null)[];

export function runAll({ series, index, half }: Task): DetectionsByRun {
  return RUNS.map((run) => {
    if (!takesIn(run, index)) return null;
    return run.peer === undefined ? replay(series, run.feed, learnedFor(half)) : replayPeer(series, run.feed, run.peer);
  });
}
