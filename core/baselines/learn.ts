/**
 * Learns what is normal from weeks of memory, of one host or of the hosts of a group. It learns from complete, stable segments without
 * incidents and labels, and never from a rise that did not end by itself: a leak must not become what is normal.
 */
import { DAY_HOURS, type DeepRead, deepReadOf, HOUR_MS } from '../detector/deep-read.ts';
import { quantile } from '../detector/order.ts';
import { type Baseline, type BaselineSegment, MOST_SEGMENTS, type UnlearnedReason } from '../model/baseline.ts';
import type { Series } from '../model/series.ts';
import { growthsOf, plateausOf } from './growths.ts';
import { type Excluded, type Piece, piecesOf } from './pieces.ts';
import { noiseOf, seasonOf, withoutSeason } from './week-season.ts';

export interface LearnInput {
  /** Deep reads: one of a host, or those of the hosts of a group. All in fractions, or all in bytes of one host. */
  readonly reads: readonly Series[];
  /** Of all reads. */
  readonly excluded?: readonly Excluded[];
  /** Learn from what lies before, in epoch milliseconds: what comes later tests the baseline. Default: the end of what was read. */
  readonly until?: number;
}

export type Learning =
  | { readonly kind: 'learned'; readonly baseline: Baseline }
  | { readonly kind: 'unlearned'; readonly reason: UnlearnedReason; readonly segments: readonly BaselineSegment[] };

/** With fewer hours that may be learned from, nothing is normal yet. */
const LEAST_LEARNED_HOURS = 7 * DAY_HOURS;

/** Learns a baseline that has not been validated yet: `refreshBaseline` does both. */
export function learnBaseline({ reads, excluded = [], until = Infinity }: LearnInput): Learning {
  const deep = reads.map(deepReadOf).filter((read) => read !== null);
  if (deep.length === 0) return { kind: 'unlearned', reason: 'malformed', segments: [] };
  const pieces = deep.flatMap((read) => piecesOf(read, excluded, until));
  const segments = segmentsOf(pieces);
  const used = pieces.filter(({ use }) => use === 'used');
  const hours = used.reduce((sum, { floors }) => sum + floors.length, 0);
  if (hours < LEAST_LEARNED_HOURS) {
    const reason = deep.every(({ floors }) => floors.length < LEAST_LEARNED_HOURS) ? 'too_short' : 'nothing_stable';
    return { kind: 'unlearned', reason, segments };
  }
  return { kind: 'learned', baseline: { ...baselineOf(pieces, deep, reads), segments } };
}

function baselineOf(
  pieces: readonly Piece[],
  deep: readonly DeepRead[],
  reads: readonly Series[],
): Omit<Baseline, 'segments'> {
  const used = pieces.filter(({ use }) => use === 'used');
  const season = seasonOf(used);
  const withoutIts = (piece: Piece) => ({ ...piece, floors: withoutSeason(piece.floors, piece.start, season) });
  const calm = used.map(withoutIts);
  const runs = joined(pieces).map(withoutIts);
  const noise = noiseOf(calm);
  const all = flattened(calm);
  const at = (p: number) => hundredths(quantile(all, p));
  const [first] = deep;
  return {
    version: 1,
    learnedAt: Math.max(...deep.map(({ end }) => end)),
    span: {
      start: Math.min(...used.map(({ start }) => start)),
      end: Math.max(...used.map(({ start, floors }) => start + floors.length * HOUR_MS)),
    },
    unit: reads[0]?.unit ?? '1',
    capacity: deep.length > 1 || first === undefined ? null : first.capacity,
    limitKnown: deep.every(({ limitKnown }) => limitKnown),
    hours: Math.min(1440, all.length),
    level: at(0.5),
    low: at(0.05),
    high: at(0.95),
    highest: hundredths(quantile(flattened(runs), 1)),
    season: Array.from(season, (points) => Math.round(points * 100)),
    noise: { hour: hundredths(noise.hour), day: hundredths(noise.day) },
    plateaus: plateausOf(calm, noise.day),
    growths: growthsOf(runs),
    validation: null,
  };
}

/**
 * Used pieces with the unstable ones beside them: the first day of a refill is unstable, and a growth that ended by itself all the
 * same. Unstable days that no used one follows or precedes are left out: nobody knows how their growth ended.
 */
function joined(pieces: readonly Piece[]): Piece[] {
  const runs: (Piece & { isUsed: boolean })[] = [];
  for (const piece of pieces.filter(({ use }) => use === 'used' || use === 'unstable')) {
    const last = runs.at(-1);
    const follows = last !== undefined && last.start + last.floors.length * HOUR_MS === piece.start;
    const isUsed = piece.use === 'used';
    if (!follows) runs.push({ ...piece, isUsed });
    else {
      const floors = Float64Array.of(...last.floors, ...piece.floors);
      runs[runs.length - 1] = { ...last, floors, isUsed: last.isUsed || isUsed };
    }
  }
  return runs.filter(({ isUsed }) => isUsed);
}

function segmentsOf(pieces: readonly Piece[]): BaselineSegment[] {
  return pieces
    .map(({ start, floors, use }) => ({ start, end: start + floors.length * HOUR_MS, use }))
    .sort((a, b) => a.start - b.start)
    .slice(-MOST_SEGMENTS);
}

function flattened(pieces: readonly Pick<Piece, 'floors'>[]): Float64Array {
  return Float64Array.from(pieces.flatMap(({ floors }) => [...floors]).filter((floor) => !Number.isNaN(floor)));
}

function hundredths(points: number): number {
  return Math.round(points * 100) / 100;
}
