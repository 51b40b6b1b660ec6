/** Scores points in the order of time, each by what was usual before it, in a time that does not depend on how much was learned from. */
import type { AnomalyEpisode, AnomalyType, ScoredPoint } from '../../model/anomaly.ts';
import type { PointRun, PointState, SeasonWatch } from '../../model/point-state.ts';
import { calmAfter, learnedAnew } from './calm.ts';
import { alongCycle, slotAt } from './cycle.ts';
import { episodeOf, extended, hasEnded } from './episode.ts';
import { widened, withPoint } from './evidence.ts';
import { checked, fillEpisode, hourOf, isNewHour, withValue } from './fill.ts';
import { goingOn } from './going-on.ts';
import { standardised } from './learn.ts';
import { adapted, MOST_DEVIATIONS } from './level.ts';
import { limited, type Points } from './reference.ts';
import { crossesLimit, expectedAt, type Scorer, scoreOf, scorerOf, zOf } from './score.ts';
import { counted, isBroken, trusted, watched } from './season-watch.ts';
import type { PointSettings } from './settings.ts';

export interface Advanced {
  readonly state: PointState;
  readonly scored: readonly ScoredPoint[];
  /** Those that began, went on, or ended in these points. */
  readonly episodes: readonly AnomalyEpisode[];
  /** Points that were not scored: late or repeated ones, and what is no number. */
  readonly ignored: number;
}

const HOUR_MS = 3_600_000;
/** Hours after which another level is what is usual. */
const SETTLE_HOURS = 12;
/** A series that has changed is less steady than it was, until it is known better. */
const SETTLE_WIDENING = 2;
/** Anomalous points of a run that change what is usual. */
const MOST_LEARNED = 12;
/** Share of what a profile was wrong by that one cycle takes in. */
const PROFILE_RATE = 0.3;
/** A longer silence changes nothing more. */
const MOST_ZEROS = 10_000;
/** How often a value is repeated, over the most that it ever was, until it stands still; and at the least. */
const FLAT_FACTOR = 3;
const LEAST_FLAT = 12;
/** What a point scores at the least that stands still, or is of a broken season. */
const SPECIAL_SCORE = 0.999;

/** A state that changes as points are taken in, and what is the same for all of them. */
interface Draft {
  readonly settings: PointSettings;
  readonly scorer: Scorer;
  readonly profile: number[];
  state: PointState;
}

/**
 * Takes points in. Those at or before the newest one are ignored. `until` is the end of what was read, epoch milliseconds: of a sparse series the
 * periods before it without a point are zeros, and without it an episode would go on until the next error.
 */
export function advance(
  state: PointState,
  { times, values }: Points,
  settings: PointSettings,
  until?: number,
): Advanced {
  const profile = [...state.profile];
  const draft: Draft = { settings, scorer: scorerOf(state), profile, state: { ...state, profile } };
  const scored: ScoredPoint[] = [];
  const episodes: AnomalyEpisode[] = [];
  let ignored = 0;
  for (let i = 0; i < times.length; i++) {
    const [time, value] = [times[i] ?? Number.NaN, values[i] ?? Number.NaN];
    if (!Number.isFinite(value) || !(time > draft.state.last) || time === Infinity) {
      ignored++;
      continue;
    }
    if (settings.sparse) episodes.push(...afterZeros(draft, time));
    const { last } = draft.state;
    const point = take(draft, time, limited(value));
    scored.push(point);
    episodes.push(...afterRun(draft), ...afterFill(draft, point, last));
  }
  if (settings.sparse && until !== undefined) episodes.push(...afterZeros(draft, until));
  if (draft.state.last > state.last) episodes.push(...goingOn(draft.state, settings, scored.at(-1)));
  return { state: draft.state, scored, episodes, ignored };
}

/** A run that has ended is an episode if it lasted; a level that stayed long enough is what is usual from then on. */
function afterRun(draft: Draft): AnomalyEpisode[] {
  const { run, level, widening } = draft.state;
  if (run === null) return [];
  const settles = run.length * draft.settings.periodMs >= SETTLE_HOURS * HOUR_MS;
  if (!settles && !hasEnded(run)) return [];
  const ended = episodeOf(run, draft.state);
  const { season } = draft.state;
  const now = settles ? level + run.residual : level;
  const wider = { lower: widening.lower * SETTLE_WIDENING, upper: widening.upper * SETTLE_WIDENING };
  const isOther = season !== null && run.reportedAt !== null && run.broken * 2 <= run.points;
  draft.state = {
    ...draft.state,
    run: null,
    evidence: 0,
    level: now,
    widening: settles ? wider : widening,
    season: isOther ? trusted(season, now) : season,
  };
  return ended === null ? [] : [{ ...ended, goesOn: false }];
}

/** Takes a point in that what fills is known by; an episode is what has ended with it. */
function afterFill(draft: Draft, point: ScoredPoint, last: number): AnomalyEpisode[] {
  const { fill } = draft.state;
  if (fill === null) return [];
  const before = isNewHour(last, point.time) ? checked(fill, hourOf(point.time)) : fill;
  draft.state = { ...draft.state, fill: withValue(before, point.time, point.value, draft.settings) };
  const ended = fill.run !== null && before.run === null ? fillEpisode(fill, point, false) : null;
  return ended === null ? [] : [ended];
}

/** What the periods without a point are of a sparse series: zeros, which end what was. One by one, so that it does not matter when they are read. */
function afterZeros(draft: Draft, time: number): AnomalyEpisode[] {
  const { periodMs } = draft.settings;
  const zeros = Math.min(MOST_ZEROS, Math.ceil((time - draft.state.last) / periodMs) - 1);
  const episodes: AnomalyEpisode[] = [];
  for (let i = 0; i < zeros; i++) {
    const { state } = draft;
    const { run, widening, evidence, last } = state;
    draft.state = {
      ...state,
      last: last + periodMs,
      evidence: withPoint(evidence, 0),
      widening: { ...widening, upper: widened(widening.upper, false) },
      run: run === null ? null : { ...run, quiet: run.quiet + 1, length: run.length + 1 },
      value: 0,
      repeats: 0,
    };
    episodes.push(...afterRun(draft));
  }
  return episodes;
}

function take(draft: Draft, time: number, value: number): ScoredPoint {
  const { state, scorer, settings } = draft;
  const { expected, spread, low, high } = expectedAt(state, scorer, settings, time);
  const profile = alongCycle(state.profile, settings.cycleMs, time);
  const residual = value - state.level - profile;
  const standard = standardised(residual, spread);
  const z = zOf(standard, state.widening);
  const season = seasonAfter(state.season, profile, value, state.level + profile, settings);
  const usual = scoreOf(scorer, z, settings);
  const special = specialType({ ...state, season }, value, usual, settings);
  const score = special === 'limit_crossed' ? 1 : Math.max(usual, special === null ? 0 : SPECIAL_SCORE);
  const isAnomaly = score >= settings.threshold;
  const type = isAnomaly ? typeOf(special, residual, value, settings) : null;
  const point = { time, value, expected, low, high, score, isAnomaly, type };
  const evidence = withPoint(state.evidence, score);
  const run = extended(state.run, { point, residual, evidence, needed: state.needed, least: state.least });
  adaptProfile(draft, time, residual, spread);
  const next: PointState = {
    ...state,
    last: time,
    // What is being reported does not become usual before it has lasted.
    level: run !== null && run.reportedAt !== null ? state.level : adapted(state.level, residual, spread, settings),
    evidence,
    widening: wideningAfter(state, scorer, z, run),
    value,
    ...repeatsAfter(state, value),
    season,
    run,
    calm: calmAfter(state.calm, { time, standard, run }, scorer, settings),
  };
  draft.state = learnedAnew(next, scorer, settings);
  return point;
}

function seasonAfter(
  season: SeasonWatch | null,
  profile: number,
  value: number,
  expected: number,
  settings: PointSettings,
): SeasonWatch | null {
  return season === null ? null : watched(season, profile, counted(season, value, expected), settings);
}

/** Each cycle moves the profile by a part of what it was wrong by, and no point by more than a deviation's. */
function adaptProfile({ profile, settings }: Draft, time: number, residual: number, spread: number): void {
  const { cycleMs, periodMs } = settings;
  if (profile.length === 0 || cycleMs === null) return;
  const slot = slotAt(time, cycleMs, profile.length);
  const perSlot = Math.max(1, cycleMs / periodMs / profile.length);
  const limit = MOST_DEVIATIONS * spread;
  profile[slot] = (profile[slot] ?? 0) + (PROFILE_RATE / perSlot) * Math.min(limit, Math.max(-limit, residual));
}

function wideningAfter(
  { widening }: PointState,
  scorer: Scorer,
  z: number,
  run: PointRun | null,
): PointState['widening'] {
  // What is plainly an episode shows nothing of healthy points.
  if (run !== null && run.points > MOST_LEARNED) return widening;
  return {
    lower: widened(widening.lower, z < -scorer.outerDown),
    upper: widened(widening.upper, z > scorer.outerUp),
  };
}

/** What makes a point anomalous whatever its distance; null of others. */
function specialType(state: PointState, value: number, usual: number, settings: PointSettings): AnomalyType | null {
  if (crossesLimit(value, settings)) return 'limit_crossed';
  if (standsStill(state, value, settings)) return 'flat_line';
  return usual < settings.threshold && state.season !== null && isBroken(state.season) ? 'season_broken' : null;
}

/** What rests at a limit cannot move on: it is far away, or it is nothing. */
function typeOf(
  special: AnomalyType | null,
  residual: number,
  value: number,
  { lower, upper }: PointSettings,
): AnomalyType {
  const rests = special === 'flat_line' && (value === lower || value === upper);
  if (special !== null && !rests) return special;
  return residual >= 0 ? 'spike' : 'dip';
}

/** Whether a value is repeated as it never was. At a limit that nobody minds it may rest for as long as it likes. */
function standsStill(state: PointState, value: number, { lower, upper, direction }: PointSettings): boolean {
  if (value !== state.value || state.repeats + 1 < flatFrom(state)) return false;
  return !(value === lower && direction === 'up') && !(value === upper && direction === 'down');
}

/** What stood still for long and moves again is known to do so, by half. */
function repeatsAfter({ value: before, repeats, mostRepeats }: PointState, value: number) {
  if (value === before) return { repeats: repeats + 1, mostRepeats };
  return { repeats: 0, mostRepeats: Math.max(mostRepeats, Math.floor(repeats / 2)) };
}

/** Repetitions of a value from which it does not move any more; never of a series that stood still before. */
function flatFrom({ mostRepeats, learned }: PointState): number {
  return mostRepeats * 10 > learned ? Infinity : Math.max(LEAST_FLAT, FLAT_FACTOR * mostRepeats);
}
