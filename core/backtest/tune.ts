/**
 * Tunes a threshold on what labels state, within bounds, and only where the past shows that it is better: fewer false episodes of labelled
 * healthy hosts, no labelled leak lost. What is not known counts for neither. Pure.
 */
import { THRESHOLDS } from '../model/policy.ts';
import type { TuningFigures } from '../model/tuning.ts';
import type { PolicyReplay } from './backtest.ts';
import { notifiedAt } from './episode.ts';
import type { Replayed } from './hosts.ts';
import type { LabelledTime } from './labelled.ts';

/** A threshold moves by so much at a time at the most, in such steps: what it does is seen before it moves further. */
const MOST_STEP = 0.1;
const STEP = 0.05;

/** Labels with a past that a change rests on, of each kind, at the least: fewer cannot show that a leak is lost, or that an alarm was false. */
const LEAST_HEALTHY = 3;
const LEAST_LEAKS = 2;

/** The present threshold first, then those that may replace it, the nearest first. */
export function triedThresholds(current: number): readonly [number, ...number[]] {
  const steps = Math.round(MOST_STEP / STEP);
  const moves = Array.from({ length: steps }, (_, step) => (step + 1) * STEP).flatMap((move) => [move, -move]);
  const within = moves
    .map((move) => Math.round((current + move) * 100) / 100)
    .map((threshold) => Math.min(THRESHOLDS.greatest, Math.max(THRESHOLDS.least, threshold)))
    .filter((threshold) => Math.abs(threshold - current) <= MOST_STEP + 1e-9);
  const others = new Set(within.filter((threshold) => threshold !== current));
  return [current, ...others];
}

/** What one labelled host comes to at each of the thresholds that were tried, in their order. */
export interface LabelledOutcome {
  readonly label: string;
  readonly leak: boolean;
  /** Episodes that would have been reported in the labelled time. */
  readonly episodes: readonly number[];
}

/** Of a host that was replayed at each threshold: one outcome for each label that is about it and whose time has samples. */
export function outcomesOf({ series, replays }: Replayed, times: readonly LabelledTime[]): LabelledOutcome[] {
  return times
    .filter((time) => time.matches(series.resource) && series.times.some((at) => at >= time.from && at <= time.to))
    .map((time) => ({
      label: time.label,
      leak: time.leak,
      episodes: replays.map((replay) => episodesIn(replay, time)),
    }));
}

function episodesIn({ episodes }: PolicyReplay, { from, to, leak }: LabelledTime): number {
  return episodes.filter((episode) => {
    const at = notifiedAt(episode);
    // A leak that was reported before the time and goes on in it is found.
    return at <= to && (at >= from || (leak && (episode.endedAt ?? Number.POSITIVE_INFINITY) >= from));
  }).length;
}

export type Advice =
  | { readonly kind: 'better'; readonly threshold: number; readonly figures: TuningFigures }
  /** @property why To follow "nothing is changed, because". */
  | { readonly kind: 'unchanged'; readonly why: string; readonly figures: TuningFigures };

/** @param thresholds As `triedThresholds` gave them. */
export function adviseThreshold(thresholds: readonly number[], outcomes: readonly LabelledOutcome[]): Advice {
  const healthy = outcomes.filter(({ leak }) => !leak);
  const leaks = outcomes.filter(({ leak }) => leak);
  const rows = thresholds.map((threshold, index) => rowOf(threshold, index, healthy, leaks));
  const [was, ...others] = rows;
  if (was === undefined) throw new Error('No threshold was tried.');
  const figuresOf = (is: Row): TuningFigures => ({
    healthy: healthy.length,
    leaks: leaks.length,
    was: was.outcome,
    is: is.outcome,
  });
  const unchanged = (why: string): Advice => ({ kind: 'unchanged', why, figures: figuresOf(was) });
  if (healthy.length < LEAST_HEALTHY) return unchanged(tooFew(healthy.length, LEAST_HEALTHY, 'healthy host'));
  if (leaks.length < LEAST_LEAKS) return unchanged(tooFew(leaks.length, LEAST_LEAKS, 'leak'));
  const better = others.filter((row) => isBetter(row, was));
  const [best] = better.toSorted(
    (a, b) =>
      a.outcome.falseEpisodes - b.outcome.falseEpisodes ||
      b.outcome.leaksFound - a.outcome.leaksFound ||
      Math.abs(a.outcome.threshold - was.outcome.threshold) - Math.abs(b.outcome.threshold - was.outcome.threshold),
  );
  if (best !== undefined) return { kind: 'better', threshold: best.outcome.threshold, figures: figuresOf(best) };
  const isLosing = others.some(({ outcome }) => outcome.falseEpisodes < was.outcome.falseEpisodes);
  return unchanged(
    isLosing
      ? 'every threshold within reach with fewer false episodes loses a labelled leak'
      : `no threshold within ${MOST_STEP} of ${was.outcome.threshold} has fewer false episodes on what is labelled`,
  );
}

interface Row {
  readonly outcome: TuningFigures['was'];
  /** By label and host, in the order of the outcomes. */
  readonly found: readonly boolean[];
}

function rowOf(
  threshold: number,
  index: number,
  healthy: readonly LabelledOutcome[],
  leaks: readonly LabelledOutcome[],
): Row {
  const found = leaks.map(({ episodes }) => (episodes[index] ?? 0) > 0);
  const falseEpisodes = healthy.reduce((sum, { episodes }) => sum + (episodes[index] ?? 0), 0);
  return { outcome: { threshold, falseEpisodes, leaksFound: found.filter(Boolean).length }, found };
}

function isBetter(row: Row, was: Row): boolean {
  const isLost = was.found.some((found, index) => found && row.found[index] !== true);
  if (isLost || row.outcome.falseEpisodes > was.outcome.falseEpisodes) return false;
  return row.outcome.falseEpisodes < was.outcome.falseEpisodes || row.outcome.leaksFound > was.outcome.leaksFound;
}

function tooFew(count: number, least: number, what: string): string {
  const of = count === 0 ? `no labelled ${what} has` : `${count} labelled ${what}${count === 1 ? ' has' : 's have'}`;
  return `only what is labelled is learned from: ${of} a past that could be replayed, and ${least} are needed`;
}
