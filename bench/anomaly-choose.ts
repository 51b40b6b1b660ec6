/** Peers have parameters: those are chosen by F1 on series that are not reported, each peer by itself. */
import { type AnomalyPeer, band, mstl, peerOf, staticThreshold } from './anomaly-peers.ts';
import { count, emptyTally, type Score, scoreOfTally } from './anomaly-score.ts';
import type { AnomalySeries } from './anomaly-series.ts';

/** Series by the name that they are reported under. */
export type Sets = Readonly<Record<'generated' | 'injected into real memory' | 'NAB', readonly AnomalySeries[]>>;

const ROWS = [3, 6, 12, 24];

const CANDIDATES: readonly (readonly AnomalyPeer[])[] = [
  [0.8, 0.9, 0.95].flatMap((level) =>
    [1, 1.2, 1.5].flatMap((factor) =>
      ROWS.map((row) =>
        peerOf(
          `static threshold: ${level}, or ${factor} × greatest; ${row} in a row`,
          staticThreshold(level, factor),
          row,
        ),
      ),
    ),
  ),
  ROWS.map((row) => peerOf(`three deviations; ${row} in a row`, band(3), row)),
  [1, 1.5, 2, 3, 4].flatMap((wider) =>
    ROWS.map((row) => peerOf(`MSTL (augurs), interval × ${wider}; ${row} in a row`, mstl(wider), row)),
  ),
];

export function chosenPeers(sets: Sets): AnomalyPeer[] {
  return CANDIDATES.map((some) => {
    const rated = some.map((peer) => ({ peer, f1: meanF1(peer, sets) }));
    rated.sort((a, b) => b.f1 - a.f1);
    const best = rated[0];
    if (best === undefined) throw new RangeError('a peer has no parameters to choose from');
    return best.peer;
  });
}

/** Of all sets, whatever their sizes. */
function meanF1(peer: AnomalyPeer, sets: Sets): number {
  const scores = Object.values(sets).map((some) => scored(peer, some).f1);
  return scores.reduce((sum, f1) => sum + (Number.isNaN(f1) ? 0 : f1), 0) / scores.length;
}

export function scored(peer: AnomalyPeer, some: readonly AnomalySeries[]): Score {
  const tally = emptyTally();
  for (const series of some) count(tally, series, peer.alarms(series));
  return scoreOfTally(tally);
}
