/** What a series is in at its last point: where an inspection brings none of it, that goes on. */
import type { AnomalyEpisode, ScoredPoint } from '../../model/anomaly.ts';
import type { PointState } from '../../model/point-state.ts';
import { alongCycle } from './cycle.ts';
import { episodeOf } from './episode.ts';
import { fillEpisode } from './fill.ts';
import { standardised } from './learn.ts';
import { expectedAt, scoreOf, scorerOf, zOf } from './score.ts';
import type { PointSettings } from './settings.ts';

/** `last` is its newest point; where it is not at hand, it is what is expected now of the value that the state has. */
export function goingOn(state: PointState, settings: PointSettings, last?: ScoredPoint): AnomalyEpisode[] {
  const { run, fill } = state;
  const episode = run === null ? null : episodeOf(run, state);
  const filling =
    fill === null || fill.run === null ? null : fillEpisode(fill, last ?? lastPoint(state, settings), true);
  return [episode, filling].filter((one) => one !== null);
}

function lastPoint(state: PointState, settings: PointSettings): ScoredPoint {
  const { last: time, value, level, profile, widening } = state;
  const scorer = scorerOf(state);
  const { expected, spread, low, high } = expectedAt(state, scorer, settings, time);
  const residual = value - level - alongCycle(profile, settings.cycleMs, time);
  const score = scoreOf(scorer, zOf(standardised(residual, spread), widening), settings);
  return { time, value, expected, low, high, score, isAnomaly: score >= settings.threshold, type: null };
}
