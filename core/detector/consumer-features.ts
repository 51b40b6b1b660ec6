/**
 * What of a host's consumers their vote is made of: how much the one that is most like a leak looks like one, and what has become of its
 * growth since.
 */
import { changePointHoursOf, type Evaluation } from './evaluate.ts';
import { CELLS_PER_HOUR, type Grid } from './floors.ts';
import { median } from './order.ts';

export interface ConsumerFeatures {
  /**
   * By how much a curve changes the odds of a leak, as a logarithm: that of the consumer that is most like one, and the host's own. What the
   * consumer gave back within the last quarter of an hour counts in neither: their floors do not show it yet.
   */
  readonly grower: number;
  readonly host: number;
  /** The share of it that was given back: 1 where the consumer was restarted. */
  readonly fallen: number;
  /** 1 where the consumer has grown by nothing in the last hours, 0 where it grows by a third of its pace or more, or falls. */
  readonly levelled: number;
  /** 1 where it is all consumers as one: what they have in common is more often load. */
  readonly together: number;
}

/** The consumer that speaks for all, and the confidence of its curve; null where none moved. */
export interface SpokenFor {
  readonly grid: Grid;
  readonly confidence: number;
  readonly evaluation: Evaluation;
  readonly isTogether: boolean;
}

/** Log-odds ratios beyond these count as these. */
const BOUNDS = [-2, 8] as const;
/** Hours over which a rise is measured, at least and at most. */
const RISE_HOURS = { least: 6, most: 72 };
/** Points. A rise is no less. */
const LEAST_RISE = 0.5;
/** A fall of the last cell by the first share of the rise is a collection of garbage, and by the second a restart: the rise is gone. */
const FALLEN_SHARES = [0.1, 0.3] as const;
/** The pace of the last hours over that of the entire rise: up to the first it has levelled off, from the second on it grows. */
const LEVELLED_PACES = [0.1, 0.3] as const;
const RECENT_HOURS = 6;
/** Cells whose median is a level. */
const LEVEL_CELLS = 8;

/** @param toRatio Turns the confidence of a curve into a log-odds ratio: by how much it differs from the prior. */
export function consumerFeatures(
  best: SpokenFor | null,
  hostConfidence: number,
  toRatio: (confidence: number) => number,
): ConsumerFeatures {
  const own = bounded(toRatio(best?.confidence ?? 0));
  const ofHost = bounded(toRatio(hostConfidence));
  if (best === null) return { grower: own, host: ofHost, fallen: 0, levelled: 0, together: 0 };
  const hours = riseHours(changePointHoursOf(best.evaluation));
  const rise = Math.max(LEAST_RISE, riseOver(best.grid, hours));
  const fallen = between(FALLEN_SHARES, (levelAgo(best.grid, 0) - (best.grid.cells.at(-1) ?? 0)) / rise);
  const pace = (riseOver(best.grid, RECENT_HOURS) * hours) / (RECENT_HOURS * rise);
  return {
    grower: own * (1 - fallen),
    host: ofHost * (1 - fallen),
    fallen,
    levelled: 1 - between(LEVELLED_PACES, Math.abs(pace)),
    together: best.isTogether ? 1 : 0,
  };
}

/** What each feature counts, as log-odds. */
interface ConsumerWeights extends Omit<ConsumerFeatures, 'fallen'> {
  readonly base: number;
}

/** The log-likelihood ratio of a leak of the host. */
export function ratioOf(features: ConsumerFeatures, weights: ConsumerWeights): number {
  const { grower, host, levelled, together } = features;
  return (
    weights.base +
    weights.grower * grower +
    weights.host * host +
    weights.levelled * levelled +
    weights.together * together
  );
}

function bounded(ratio: number): number {
  const [least, most] = BOUNDS;
  return Math.min(most, Math.max(least, ratio));
}

/** 0 up to the first bound, 1 from the second on. */
function between([none, full]: readonly [number, number], value: number): number {
  return Math.min(1, Math.max(0, (value - none) / (full - none)));
}

/** Hours since a change point, within what a rise is measured over. */
export function riseHours(hours: number): number {
  return Math.max(RISE_HOURS.least, Math.min(RISE_HOURS.most, hours));
}

export function riseOver(grid: Grid, hours: number): number {
  return levelAgo(grid, 0) - levelAgo(grid, hours);
}

/** The median of the known cells before so many hours ago; 0 where there are none. */
export function levelAgo({ cells }: Grid, hours: number): number {
  const end = Math.max(LEVEL_CELLS, cells.length - hours * CELLS_PER_HOUR);
  const levels = cells.subarray(end - LEVEL_CELLS, end).filter((level) => !Number.isNaN(level));
  return levels.length === 0 ? 0 : median(levels);
}
