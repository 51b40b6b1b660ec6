/** Scores read as log-odds: isotonic regression (pool adjacent violators), thinned to a few knots that a reader can check. */
import type { Calibration } from '../../core/detector/confidence.ts';

export interface Scored {
  readonly score: number;
  readonly leak: boolean;
}

/** Windows per knot at least: with fewer, a share is a guess. */
const LEAST_WINDOWS = 150;
/** Equal parts of the leaking windows that make a knot each, so that knots are dense where decisions fall. */
const KNOTS = 14;
/** Added to the leaks and to the healthy windows of a knot, so that a pure one is sure but not certain. */
const SMOOTHING = 2;

interface Knot {
  score: number;
  leaks: number;
  windows: number;
}

export function calibrate(scored: readonly Scored[]): Calibration {
  const sorted = scored.toSorted((a, b) => a.score - b.score);
  const leaks = sorted.filter(({ leak }) => leak).length;
  const perKnot = leaks / KNOTS;
  const knots: Knot[] = [];
  let open: Knot = { score: 0, leaks: 0, windows: 0 };
  for (const { score, leak } of sorted) {
    open.score += score;
    open.windows++;
    if (leak) open.leaks++;
    if (open.windows < LEAST_WINDOWS || open.leaks < perKnot) continue;
    knots.push(open);
    open = { score: 0, leaks: 0, windows: 0 };
  }
  // What is left over is the surest of all: it belongs to the last knot.
  const last = knots.pop() ?? { score: 0, leaks: 0, windows: 0 };
  knots.push(added(last, open));
  const pooled = poolViolators(knots);
  return {
    scores: pooled.map(({ score, windows }) => Number((score / windows).toFixed(2))),
    logOdds: pooled.map((knot) => Number(Math.log(oddsOf(knot)).toFixed(2))),
    prior: Number((leaks / sorted.length).toFixed(3)),
  };
}

/** Merges neighbours until the odds of a leak rise from knot to knot. */
function poolViolators(knots: readonly Knot[]): Knot[] {
  const pooled: Knot[] = [];
  for (const knot of knots) {
    pooled.push({ ...knot });
    while (pooled.length > 1) {
      const [before, last] = [pooled.at(-2), pooled.at(-1)];
      if (before === undefined || last === undefined) break;
      if (oddsOf(before) < oddsOf(last)) break;
      pooled.splice(-2, 2, added(before, last));
    }
  }
  return pooled;
}

function oddsOf({ leaks, windows }: Knot): number {
  return (leaks + SMOOTHING) / (windows - leaks + SMOOTHING);
}

function added(one: Knot, other: Knot): Knot {
  return {
    score: one.score + other.score,
    leaks: one.leaks + other.leaks,
    windows: one.windows + other.windows,
  };
}
