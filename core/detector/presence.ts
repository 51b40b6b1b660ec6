/**
 * Fills the periods without a sample of a consumer: with nothing where the consumer did not run, and with its level beside the
 * gap where it ran and was not collected. The host's own memory decides: it falls when a consumer ends and rises when one starts.
 */

import type { ConsumerUsage } from './usage.ts';

/** A half-open range of indices. */
export type Range = readonly [from: number, to: number];

/** A consumer's bytes in every period: none is missing. */
export interface Presence extends ConsumerUsage {
  /** The collected periods. Outside of them the consumer is assumed to have used as much as at their ends. */
  readonly known: Range;
}

/** A consumer that starts or ends moves the host's memory by its own. Half of that suffices: others move in the same hour. */
const MOVED_SHARE = 0.5;
/** Periods on either side of a move: a period in which something begins holds a part of it only. */
const BESIDE = 3;
/** The first period of a process may hold a part of what it then uses: its level is the higher one of two. */
const LEVEL_OF = 2;

/**
 * Fills the gaps of all consumers of one host. They are examined together: of forty processes that start in one period each is
 * small beside the host's noise.
 *
 * @param consumers At least one sample each.
 * @param host Bytes by period; null where they are not known, and every gap is then one of collection.
 * @param length Periods whose mean fills a gap that reaches to the start or the end.
 */
export function filledGaps(
  consumers: readonly ConsumerUsage[],
  host: Float64Array | null,
  length: number,
): readonly Presence[] {
  const moves = consumers.map(({ bytes }) => gapsOf(bytes).map((gap) => moveOf(bytes, gap)));
  const came = sumsBy(moves.flat(), ({ gap: [, to], after }) => [to, after]);
  const went = sumsBy(moves.flat(), ({ gap: [from], before }) => [from, before]);
  const wasAway = ({ gap: [from, to], before, after }: Move): boolean => {
    if (host === null) return false;
    return after >= before
      ? stepOf(host, to) >= MOVED_SHARE * (came.get(to) ?? 0)
      : -stepOf(host, from) >= MOVED_SHARE * (went.get(from) ?? 0);
  };
  return consumers.map((one, index) => filled(one, moves[index] ?? [], wasAway, length));
}

/** A gap, and what the consumer used before and after it: 0 where the gap reaches to that end. */
interface Move {
  readonly gap: Range;
  readonly before: number;
  readonly after: number;
}

function moveOf(bytes: Float64Array, gap: Range): Move {
  const [from, to] = gap;
  return {
    gap,
    before: highest(bytes.subarray(Math.max(0, from - LEVEL_OF), from)),
    after: highest(bytes.subarray(to, to + LEVEL_OF)),
  };
}

function highest(values: Float64Array): number {
  return Math.max(0, ...values.filter((value) => value >= 0));
}

function gapsOf(bytes: Float64Array): Range[] {
  const gaps: Range[] = [];
  for (let from = 0; from < bytes.length; from++) {
    if (!Number.isNaN(bytes[from])) continue;
    let to = from + 1;
    while (to < bytes.length && Number.isNaN(bytes[to])) to++;
    gaps.push([from, to]);
    from = to;
  }
  return gaps;
}

function sumsBy(moves: readonly Move[], entry: (move: Move) => [slot: number, bytes: number]): Map<number, number> {
  const sums = new Map<number, number>();
  for (const [slot, bytes] of moves.map(entry)) sums.set(slot, (sums.get(slot) ?? 0) + bytes);
  return sums;
}

/** How much the host's memory moved at the start of a period. */
function stepOf(host: Float64Array, at: number): number {
  return mean(host.subarray(at, at + BESIDE)) - mean(host.subarray(Math.max(0, at - BESIDE), at));
}

function filled(
  { consumer, bytes: sampled }: ConsumerUsage,
  moves: readonly Move[],
  wasAway: (move: Move) => boolean,
  length: number,
): Presence {
  const bytes = sampled.slice();
  let [start, end] = [0, bytes.length];
  for (const move of moves) {
    const [from, to] = move.gap;
    if (wasAway(move)) bytes.fill(0, from, to);
    else if (from === 0) start = to;
    else if (to === bytes.length) end = from;
    else bytes.fill(bytes[from - 1] ?? 0, from, to);
  }
  // Not more than half of the known samples: a rise must not be taken for the level from which it rose.
  const held = Math.max(1, Math.min(length, Math.floor((end - start) / 2)));
  bytes.fill(mean(bytes.subarray(start, start + held)), 0, start);
  bytes.fill(mean(bytes.subarray(end - held, end)), end);
  return { consumer, bytes, known: [start, end] };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
