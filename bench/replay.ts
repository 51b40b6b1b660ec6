/** Evaluates one series hour by hour, as a schedule would, and keeps the detections. */
import { detect, LEARNED } from '../core/detector/detect.ts';
import { type Learned, learnedFrom } from '../core/detector/learned.ts';
import { effectivePolicy } from '../core/model/policy.ts';
import type { Series } from '../core/model/series.ts';
import type { Verdict } from '../core/model/verdict.ts';
import { type BenchSeries, windowEnds } from './data.ts';
import { type Feed, feedable, windowOf } from './feeds.ts';
import type { Half } from './halves.ts';
import { TABLE as HELD_BACK_TABLE } from './held-back-table.ts';
import { TABLE as HELD_BACK_YOUNG_TABLE } from './held-back-young-table.ts';
import { LEAST_SAMPLES, PEER_HOURS, type Peer } from './peers.ts';
import { lastHours } from './samples.ts';
import { TABLE as TUNING_TABLE } from './tuning-table.ts';
import { TABLE as TUNING_YOUNG_TABLE } from './tuning-young-table.ts';

/** What a detector found in a series, window by window. */
export interface Detections {
  /** Suspected or confirmed, or that a peer would alert. */
  readonly flags: readonly boolean[];
  /** The confirmed ones; of a peer, which has no grades, the same. */
  readonly confirmed: readonly boolean[];
  /** Null where nothing could be evaluated, and for peers. */
  readonly confidence: readonly (number | null)[];
}

const POLICY = effectivePolicy();

/** Each half is evaluated with the table learned from the other half alone. For hosts of both there is only the table of all. */
const LEARNED_FOR: Readonly<Record<Half, Learned>> = {
  'held back': learnedFrom(TUNING_TABLE, TUNING_YOUNG_TABLE),
  tuning: learnedFrom(HELD_BACK_TABLE, HELD_BACK_YOUNG_TABLE),
  mixed: LEARNED,
};

/** The table that a series of a half is evaluated with. */
export function learnedFor(half: Half): Learned {
  return LEARNED_FOR[half];
}

/** The detector with the default policy. */
export function evaluate(window: Series, learned = LEARNED): Verdict {
  return detect(window, POLICY, { learned });
}

/** Whether a peer would alert. */
export function peerFlags(peer: Peer, window: Series): boolean {
  const samples = lastHours(window, PEER_HOURS);
  return samples.levels.length >= LEAST_SAMPLES && peer.flags(samples);
}

export function replay(series: BenchSeries, feed: Feed, learned: Learned): Detections {
  const given = feedable(series, feed);
  const verdicts = windowEnds(series).map((now) => evaluate(windowOf(given, now, feed.hours), learned));
  return {
    flags: verdicts.map(({ state }) => state === 'leaking'),
    confirmed: verdicts.map((verdict) => verdict.state === 'leaking' && verdict.grade === 'confirmed'),
    confidence: verdicts.map((verdict) => ('evidence' in verdict ? verdict.evidence.confidence : null)),
  };
}

export function replayPeer(series: BenchSeries, feed: Feed, peer: Peer): Detections {
  const given = feedable(series, feed);
  const hours = Math.min(feed.hours, PEER_HOURS);
  const flags = windowEnds(series).map((now) => peerFlags(peer, windowOf(given, now, hours)));
  return { flags, confirmed: flags, confidence: [] };
}
