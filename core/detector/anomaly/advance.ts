/** Scores points in the order of time, each by what was usual before it, in a time that does not depend on how much was learned from. */
import type { AnomalyEpisode, AnomalyType, ScoredPoint } from '../../model/anomaly.ts';
import type { PointState } from '../../model/point-state.ts';
import { alongCycle } from './cycle.ts';
import { episodeOf, extended, hasEnded } from './episode.ts';
import { limited, type Points, standardised } from './learn.ts';
import { adapted } from './level.ts';
import { crossesLimit, expectedAt, type Scorer, scoreOf, scorerOf } from './score.ts';
import type { PointSettings } from './settings.ts';

export interface Advanced {
  readonly state: PointState;
  readonly scored: readonly ScoredPoint[];
  /** Those that began, went on, or ended in these points. */
  readonly episodes: readonly AnomalyEpisode[];
  /** Points that were not scored: late or repeated ones, and what is no number. */
  readonly ignored: number;
}

/** Evidence that a healthy point brings on average is 1: what goes off for each. */
const EVIDENCE_DRIFT = 2.5;
/** No point brings more, so that one never suffices. */
const MOST_EVIDENCE = 8;
const FLAT_FACTOR = 3;
const LEAST_FLAT = 12;

/** Takes points in. Those at or before the newest one are ignored. */
export function advance(state: PointState, { times, values }: Points, settings: PointSettings): Advanced {
  const scorer = scorerOf(state);
  const scored: ScoredPoint[] = [];
  const episodes: AnomalyEpisode[] = [];
  let next = state;
  let ignored = 0;
  for (let i = 0; i < times.length; i++) {
    const [time, value] = [times[i] ?? Number.NaN, values[i] ?? Number.NaN];
    if (!Number.isFinite(value) || !(time > next.last) || time === Infinity) {
      ignored++;
      continue;
    }
    const point = scoredAt(next, scorer, settings, time, limited(value));
    scored.push(point);
    next = afterPoint(next, point, settings);
    if (next.run !== null && hasEnded(next.run)) {
      const ended = episodeOf(next.run, next.needed);
      if (ended !== null) episodes.push(ended);
      next = { ...next, run: null };
    }
  }
  const open = next.run === null || scored.length === 0 ? null : episodeOf(next.run, next.needed);
  if (open !== null) episodes.push(open);
  return { state: next, scored, episodes, ignored };
}

function scoredAt(
  state: PointState,
  scorer: Scorer,
  settings: PointSettings,
  time: number,
  value: number,
): ScoredPoint {
  const { expected, spread, low, high } = expectedAt(state, scorer, settings, time);
  const crosses = crossesLimit(value, settings);
  const isFlat = value === state.value && state.repeats + 1 >= flatFrom(state);
  const score = crosses
    ? 1
    : Math.max(isFlat ? 0.999 : 0, scoreOf(scorer, standardised(value - expected, spread), settings));
  const isAnomaly = score >= settings.threshold;
  const point = { time, value, expected, low, high, score, isAnomaly };
  return { ...point, type: isAnomaly ? typeOf(point, crosses, isFlat) : null };
}

function typeOf(
  { value, expected }: Pick<ScoredPoint, 'value' | 'expected'>,
  crosses: boolean,
  isFlat: boolean,
): AnomalyType {
  if (crosses) return 'limit_crossed';
  if (isFlat) return 'flat_line';
  return value >= expected ? 'spike' : 'dip';
}

/** Repetitions of a value from which it does not move any more; never of a series that stood still before. */
function flatFrom({ mostRepeats, learned }: PointState): number {
  return mostRepeats * 10 > learned ? Infinity : Math.max(LEAST_FLAT, FLAT_FACTOR * mostRepeats);
}

function afterPoint(state: PointState, point: ScoredPoint, settings: PointSettings): PointState {
  const { time, value, score } = point;
  const unlikely = Math.min(MOST_EVIDENCE, -Math.log(Math.max(1e-12, 1 - score)));
  const evidence = Math.max(0, state.evidence + unlikely - EVIDENCE_DRIFT);
  const residual = value - state.level - alongCycle(state.profile, settings.cycleMs, time);
  return {
    ...state,
    last: time,
    level: adapted(state.level, residual, alongCycle(state.spread, settings.cycleMs, time), settings),
    evidence,
    value,
    repeats: value === state.value ? state.repeats + 1 : 0,
    run: extended(state.run, point, evidence, state.needed),
  };
}
