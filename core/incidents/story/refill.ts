/** A restarted host that fills its memory again up to the level that it held before: no leak. */
import { slopeOf } from '../../detector/trend.ts';
import type { Verdicts } from './facts.ts';
import { highest, hourAt, lowest, medianOf } from './levels.ts';

/** Hours before the restart in which the level has to be a plateau. */
const PLATEAU_HOURS = { least: 12, most: 48 } as const;
/** Points by which a plateau may rise in these hours. */
const LEVEL_POINTS = 1.5;
/** The restart itself may take an hour on either side. */
const BESIDE_HOURS = 1;
/** A refill is fast at first: within a day half of what was given back is regained. Before that nobody can know. */
const FIRST_HOURS = 24;
const REGAINED_SHARE = 0.4;
/** Points above the plateau from which it is more than a refill. */
const ABOVE_POINTS = 1.5;

/**
 * The level up to which the host refills, where it was restarted from a plateau; null where it was not, or is no refill, and undefined
 * where the window does not show it.
 *
 * @param restartedAt The newest restart in the lookback window.
 */
function plateauOf({ floors }: Verdicts, restartedAt: number | null): number | null | undefined {
  if (restartedAt === null) return undefined;
  const { hourly } = floors;
  const restart = hourAt(floors, restartedAt);
  const to = restart - BESIDE_HOURS;
  const from = Math.max(0, to - PLATEAU_HOURS.most);
  if (to - from < PLATEAU_HOURS.least) return undefined;
  const before = hourly.subarray(from, to);
  if (slopeOf(before) * before.length > LEVEL_POINTS) return null;
  return mayRefill(hourly.subarray(to), medianOf(before)) ? topOf(before) : null;
}

/**
 * Whether memory comes back as a refill does, from its lowest hour of the first day on: a host may be restarted once more. `since` are the
 * floors from the hour of the restart on.
 */
function mayRefill(since: Float64Array, plateau: number): boolean {
  const restarted = lowest(since, 0, FIRST_HOURS);
  const from = since.subarray(0, FIRST_HOURS).lastIndexOf(restarted);
  if (since.length - from <= FIRST_HOURS) return true;
  const regained = highest(since, from, from + FIRST_HOURS) - restarted;
  return regained >= REGAINED_SHARE * (plateau - restarted);
}

/** The highest level that was held for two hours: a plateau has busy hours, which come back with it, and single ones that are no level. */
function topOf(hourly: Float64Array): number {
  return highest(
    hourly.map((floor, hour) => Math.min(floor, hourly[hour - 1] ?? floor)),
    1,
    hourly.length,
  );
}

/**
 * The level up to which nothing is reported; null where there is none, or the host stands above it.
 *
 * @param known That of an earlier restart, which the window may not show any more.
 */
export function remainingPlateau(known: number | null, facts: Verdicts, restartedAt: number | null): number | null {
  const shown = plateauOf(facts, restartedAt);
  const plateau = shown === undefined ? known : shown && Math.max(shown, known ?? 0);
  return plateau === null || isAbove(plateau, facts.floors.hourly) ? null : plateau;
}

/** Whether a host stands above the plateau: two hours, so that one short job is not taken for growth. */
function isAbove(plateau: number, hourly: Float64Array): boolean {
  return Math.min(hourly.at(-1) ?? 0, hourly.at(-2) ?? 0) > plateau + ABOVE_POINTS;
}
