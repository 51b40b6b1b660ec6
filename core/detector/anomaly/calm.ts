/**
 * Whether a series is steadily quieter than it was learned to be. The widening follows it down to a quarter, and no further: a series whose
 * spread has fallen by more is deaf. After as many days in a row as show it, its spread is learned anew. Only the spread, and only
 * downwards: what is expected, and how fast that follows the series, is left as it is, so that a fault which grows becomes usual no sooner.
 */
import type { PointCalm, PointRun, PointState } from '../../model/point-state.ts';
import { leastSpread } from './level.ts';
import type { Scorer } from './score.ts';
import type { PointSettings } from './settings.ts';
import { OUTER } from './tail.ts';

const DAY_MS = 86_400_000;
/** Days in a row that are needed: a week has working days and a weekend. */
const LEAST_DAYS = 7;
const CYCLES = 2;
/** Share of a day's points without which it shows nothing. */
const LEAST_SHARE = 0.5;
/** What the widening follows by itself. */
const QUIETER = 0.25;
/** The new spread over that of the days: the widening takes in by itself what is less. */
const ROOM = 2;
/** What the spread falls to at once, at the most. Days without any noise may be chance. */
const LEAST_FACTOR = 1 / 16;

/** The days after one more point; null of a series that is no matter of noise. `standard`: its residual in units of the spread. */
export function calmAfter(
  calm: PointCalm | null,
  { time, standard, run }: { readonly time: number; readonly standard: number; readonly run: PointRun | null },
  scorer: Scorer,
  settings: PointSettings,
): PointCalm | null {
  // Periods without anything that is counted are usual, and what fills moves in steps.
  if (settings.sparse || settings.fills) return null;
  const today = calm !== null && isSameDay(calm.start, time) ? calm : nextDay(calm, time, scorer, settings);
  const isLoud =
    standard > QUIETER * scorer.outerUp || standard < -QUIETER * scorer.outerDown || (run?.reportedAt ?? null) !== null;
  return {
    ...today,
    points: today.points + 1,
    loud: today.loud + Number(isLoud),
    distance: today.distance + Math.abs(standard),
  };
}

/** The state with its spread learned anew, where enough days are over that were quieter. */
export function learnedAnew(state: PointState, scorer: Scorer, settings: PointSettings): PointState {
  const { calm } = state;
  if (calm === null || calm.days < daysNeeded(settings)) return state;
  const factor = Math.max(LEAST_FACTOR, (ROOM * calm.most) / scorer.distance);
  const least = leastSpread(state.least);
  const spread = state.spread.map((own) => Math.max(Math.min(own, least), own * factor));
  // Together with the spread no band gets wider.
  const narrowed = Math.min(...spread.map((own, i) => (state.spread[i] ?? own) / own));
  const { lower, upper } = state.widening;
  return {
    ...state,
    spread,
    widening: { lower: Math.min(1, lower * narrowed), upper: Math.min(1, upper * narrowed) },
    calm: { ...calm, days: 0, most: 0 },
  };
}

function nextDay(calm: PointCalm | null, time: number, scorer: Scorer, settings: PointSettings): PointCalm {
  const start = Math.floor(time / DAY_MS) * DAY_MS;
  const begun = { start, points: 0, loud: 0, distance: 0 };
  if (calm === null || calm.start + DAY_MS !== start || !isQuiet(calm, scorer, settings))
    return { ...begun, days: 0, most: 0 };
  return { ...begun, days: calm.days + 1, most: Math.max(calm.most, calm.distance / calm.points) };
}

/** Whether a day that is over was quieter than the widening follows. */
function isQuiet({ points, loud, distance }: PointCalm, scorer: Scorer, { periodMs }: PointSettings): boolean {
  if (points < (LEAST_SHARE * DAY_MS) / periodMs || scorer.distance === 0) return false;
  return loud <= OUTER * points && distance / points <= QUIETER * scorer.distance;
}

/** As long as the reference is, in which it would be learned otherwise. */
function daysNeeded({ cycleMs, periodMs, referencePoints }: PointSettings): number {
  const cycles = Math.ceil((CYCLES * (cycleMs ?? 0)) / DAY_MS);
  return Math.max(LEAST_DAYS, cycles, Math.ceil((referencePoints * periodMs) / DAY_MS));
}

function isSameDay(start: number, time: number): boolean {
  return time >= start && time < start + DAY_MS;
}
