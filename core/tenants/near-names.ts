/** The names that come nearest to one that does not exist: what was probably meant. */
import { distance } from 'fastest-levenshtein';

/** Suggestions that are made. */
const MOST_SUGGESTED = 3;

/**
 * Those that contain what was typed, or differ from it by the fewest characters, the nearest first.
 * @example nearestOf('chekout-1', ['checkout-1', 'database-1']) // ['checkout-1']
 */
export function nearestOf(typed: string, candidates: readonly string[]): string[] {
  const wanted = typed.toLowerCase();
  // One slip for every five characters and one more: fewer miss real slips, more make any name near to any other.
  const mostSlips = 1 + Math.floor(wanted.length / 5);
  const near = candidates
    .map((candidate) => ({ candidate, lower: candidate.toLowerCase() }))
    .map(({ candidate, lower }) => ({ candidate, slips: distance(wanted, lower), holds: lower.includes(wanted) }))
    .filter(({ slips, holds }) => slips <= mostSlips || holds)
    .sort((a, b) => a.slips - b.slips || a.candidate.localeCompare(b.candidate));
  return near
    .filter(({ slips, holds }) => slips === near[0]?.slips || holds)
    .slice(0, MOST_SUGGESTED)
    .map(({ candidate }) => candidate);
}
