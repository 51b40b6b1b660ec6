/** When a host's memory runs out, in words. */
import type { Exhaustion, ExhaustionUnknown } from '../model/verdict.ts';
import { formatDuration, formatDurationRange } from './times.ts';

const MINUTE = 60_000;

/** Why it is not known. */
export const EXHAUSTION_REASONS: Readonly<Record<ExhaustionUnknown, string>> = {
  capacity_unknown: 'the capacity of the host is not known',
  no_growth: 'the floor does not grow',
  too_far: 'more than a year away at the present rate',
};

/** `in 3 d 4 h (2–6 d)`, seen from `asOf` (epoch ms). */
export function exhaustionText(exhaustion: Exhaustion, asOf: number): string {
  const range = exhaustionRange(exhaustion, asOf);
  return exhaustionDelay(exhaustion, asOf) + (range === undefined ? '' : ` (${range})`);
}

/** `in 3 d 4 h`, `now` or `not known`. */
export function exhaustionDelay(exhaustion: Exhaustion, asOf: number): string {
  if (exhaustion.kind === 'cannot_say') return 'not known';
  const left = exhaustion.likely - asOf;
  return left < MINUTE ? 'now' : `in ${formatDuration(left)}`;
}

/** `2–6 d`; undefined where there is none or it adds nothing. */
export function exhaustionRange(exhaustion: Exhaustion, asOf: number): string | undefined {
  if (exhaustion.kind === 'cannot_say' || exhaustion.likely - asOf < MINUTE) return undefined;
  const { earliest, latest } = exhaustion;
  return formatDurationRange(earliest - asOf, latest === null ? null : latest - asOf);
}
