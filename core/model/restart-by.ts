/** Until when a restart is safe, and the last planned opportunity for one before. */
import type { Window } from './series.ts';
import type { Exhaustion } from './verdict.ts';

/** Epoch milliseconds. */
export interface RestartBy<Planned extends Window = Window> {
  /** A restart up to then is safe in nine of ten cases, with a margin. */
  readonly at: number;
  /** The last window before it that is long enough, ended with `at`; null where none is. */
  readonly window: Planned | null;
}

const MINUTE = 60_000;
/** A tenth of the time that is left is kept as a margin: a restart takes its time, and so does whoever decides it. */
const MARGIN_SHARE = 0.1;
/** What is left of a window must hold a restart. */
const LEAST_WINDOW = 15 * MINUTE;

/**
 * Null where exhaustion cannot be said. An `at` that is `asOf` means: now.
 *
 * @param windows Maintenance windows or quiet hours, in any order; what else they hold is kept.
 * @param asOf Epoch milliseconds: what the exhaustion is seen from. Windows that are over by then do not count.
 */
export function restartBy<Planned extends Window>(
  exhaustion: Exhaustion,
  windows: readonly Planned[],
  asOf: number,
): RestartBy<Planned> | null {
  if (exhaustion.kind === 'cannot_say') return null;
  const at = asOf + Math.max(0, Math.floor((exhaustion.earliest - asOf) * (1 - MARGIN_SHARE)));
  const usable = windows
    .map((planned) => ({ ...planned, start: Math.max(planned.start, asOf), end: Math.min(planned.end, at) }))
    .filter(({ start, end }) => end - start >= LEAST_WINDOW);
  return { at, window: usable.reduce<Planned | null>(later, null) };
}

/** The window that begins later; of two that begin together the longer one. */
function later<Planned extends Window>(best: Planned | null, other: Planned): Planned {
  if (best === null || other.start > best.start) return other;
  return other.start === best.start && other.end > best.end ? other : best;
}
