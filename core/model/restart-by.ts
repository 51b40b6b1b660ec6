/** Until when a restart is safe, and the last planned opportunity for one before. */
import type { Window } from './series.ts';
import type { Exhaustion } from './verdict.ts';

/** Epoch milliseconds. */
export interface RestartBy {
  /** A restart up to then is safe in nine of ten cases, with a margin. */
  readonly safeUntil: number;
  /** The last window before it that is long enough, ended with `safeUntil`; null where none is. */
  readonly window: Window | null;
}

const MINUTE = 60_000;
/** A tenth of the time that is left is kept as a margin: a restart takes its time, and so does whoever decides it. */
const MARGIN_SHARE = 0.1;
/** What is left of a window must hold a restart. */
const LEAST_WINDOW = 15 * MINUTE;

/**
 * Null where exhaustion cannot be said. A `safeUntil` that is `asOf` means: now.
 *
 * @param windows Maintenance windows or quiet hours, in any order.
 * @param asOf Epoch milliseconds: what the exhaustion is seen from. Windows that are over by then do not count.
 */
export function restartBy(exhaustion: Exhaustion, windows: readonly Window[], asOf: number): RestartBy | null {
  if (exhaustion.kind === 'cannot_say') return null;
  const safeUntil = asOf + Math.max(0, Math.floor((exhaustion.earliest - asOf) * (1 - MARGIN_SHARE)));
  const usable = windows
    .map(({ start, end }) => ({ start: Math.max(start, asOf), end: Math.min(end, safeUntil) }))
    .filter(({ start, end }) => end - start >= LEAST_WINDOW);
  return { safeUntil, window: usable.reduce<Window | null>(later, null) };
}

/** The window that begins later; of two that begin together the longer one. */
function later(best: Window | null, other: Window): Window {
  if (best === null || other.start > best.start) return other;
  return other.start === best.start && other.end > best.end ? other : best;
}
