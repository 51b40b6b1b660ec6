/**
 * What a consumer is weighed by: the features of its curve, as those of a host, and what has become of its growth since, how much of the host's
 * rise it explains, and how likely the host and its other consumers leak by their own curves.
 */
import { changePointHoursOf, type Evaluation } from './evaluate.ts';
import { FEATURES } from './features.ts';
import { CELLS_PER_HOUR, type Grid } from './floors.ts';
import { median } from './order.ts';

/**
 * In the order in which `consumerFeaturesOf` returns them: first those of the curve. 1 where more of it can only speak for a leak, -1 where
 * more can only speak against one, 0 where it depends on the others.
 */
export const CONSUMER_FEATURES: readonly { readonly name: string; readonly direction: 1 | -1 | 0 }[] = [
  ...FEATURES.map(({ name }) => ({ name, direction: 0 }) as const),
  // By how much its curve changes the odds of a leak, as a logarithm: now, and over the last hours.
  { name: 'grower', direction: 1 },
  { name: 'lasting', direction: 1 },
  { name: 'score', direction: 1 },
  // The same of the host, and of the consumer that is most like a leak beside it.
  { name: 'host', direction: 1 },
  { name: 'second', direction: 0 },
  // 1 where it is all consumers as one: what they have in common is more often load.
  { name: 'together', direction: -1 },
  // Since its change point: hours, points, and the share of the host's rise.
  { name: 'hours', direction: 0 },
  { name: 'rise', direction: 0 },
  { name: 'explained', direction: 0 },
  // The pace of the last six hours over that of the rise, and the shares of it in its last third and its last half.
  { name: 'pace', direction: 0 },
  { name: 'last_third', direction: 0 },
  { name: 'last_half', direction: 0 },
  // The mean distance of its level from an even rise, and what it gave back in the last quarter of an hour, as shares of the rise.
  { name: 'unevenness', direction: 0 },
  { name: 'fallen', direction: -1 },
  // Hours since it was restarted, and since it first ran; not known where that is before the window.
  { name: 'since_restart', direction: 0 },
  { name: 'age', direction: 0 },
];

/** A consumer whose curve was evaluated. */
export interface Grower {
  readonly grid: Grid;
  readonly confidence: number;
  /** The confidence over the last hours. */
  readonly lasting: number;
  readonly evaluation: Evaluation;
  /** The cell with which its last segment begins. */
  readonly segmentStart: number;
  /** Whether it is all consumers as one. */
  readonly isTogether: boolean;
}

/** What a consumer is compared with. */
export interface BesideIt {
  readonly host: { readonly grid: Grid; readonly confidence: number };
  /** The greatest confidence of another consumer; 0 where there is none. */
  readonly second: number;
  /** Turns the confidence of a curve into a log-odds ratio: by how much it differs from the prior. */
  toRatio(confidence: number): number;
}

/** Hours over which a rise is measured, at least and at most. */
const RISE_HOURS = { least: 6, most: 72 };
/** Points. A rise is no less, and of a smaller rise of the host no share is stated. */
const LEAST_RISE = 0.5;
const RECENT_HOURS = 6;
/** Cells whose median is a level. */
const LEVEL_CELLS = 8;
/** Shares and paces beyond this count as this. */
const MOST_TIMES = 3;
/** Points. A consumer that holds less does not run. */
const RUNNING_FROM = 0.05;

/** One for each of `CONSUMER_FEATURES`; NaN where one is not known. */
export function consumerFeaturesOf(one: Grower, { host, second, toRatio }: BesideIt): Float64Array {
  const { grid, confidence, lasting, evaluation, segmentStart, isTogether } = one;
  const since = changePointHoursOf(evaluation);
  const hours = riseHours(since);
  const rise = grownOver(grid, hours);
  const ofHost = riseOver(host.grid, hours);
  const shareOf = (recent: number) => bounded(riseOver(grid, recent) / rise);
  return Float64Array.of(
    ...evaluation.features,
    toRatio(confidence),
    toRatio(lasting),
    evaluation.score,
    toRatio(host.confidence),
    toRatio(second),
    isTogether ? 1 : 0,
    since,
    rise,
    ofHost < LEAST_RISE ? Number.NaN : bounded(rise / ofHost),
    bounded((riseOver(grid, RECENT_HOURS) * hours) / (RECENT_HOURS * rise)),
    shareOf(hours / 3),
    shareOf(hours / 2),
    unevennessOf(grid, hours, rise),
    fallenShare(one),
    segmentStart === 0 ? Number.NaN : (grid.cells.length - segmentStart) / CELLS_PER_HOUR,
    ageOf(grid),
  );
}

/** What it gave back within the last quarter of an hour, as a share of its rise: floors of the last hours do not show it yet. */
export function fallenShare({ grid, evaluation }: Pick<Grower, 'grid' | 'evaluation'>): number {
  const rise = grownOver(grid, riseHours(changePointHoursOf(evaluation)));
  const last = grid.cells.findLast((level) => !Number.isNaN(level)) ?? 0;
  return (levelAgo(grid, 0) - last) / rise;
}

function grownOver(grid: Grid, hours: number): number {
  return Math.max(LEAST_RISE, riseOver(grid, hours));
}

function bounded(times: number): number {
  return Math.min(MOST_TIMES, Math.max(-MOST_TIMES, times));
}

/** The mean distance of the cells from a line that rises evenly to the present level, over the rise. */
function unevennessOf(grid: Grid, hours: number, rise: number): number {
  const { cells } = grid;
  const level = levelAgo(grid, 0);
  const length = Math.min(cells.length, Math.round(hours * CELLS_PER_HOUR));
  let [sum, known] = [0, 0];
  for (let ago = 0; ago < length; ago++) {
    const cell = cells[cells.length - 1 - ago] ?? Number.NaN;
    if (Number.isNaN(cell)) continue;
    sum += Math.abs(cell - level + (rise * ago) / (hours * CELLS_PER_HOUR));
    known++;
  }
  return known === 0 ? Number.NaN : sum / known / rise;
}

/** Hours since a consumer first ran; NaN where it did so when the window began. */
function ageOf({ cells }: Grid): number {
  const known = cells.findIndex((level) => !Number.isNaN(level));
  const running = cells.findIndex((level) => level > RUNNING_FROM);
  return known < 0 || running <= known + 1 ? Number.NaN : (cells.length - running) / CELLS_PER_HOUR;
}

/** Hours since a change point, within what a rise is measured over. */
export function riseHours(hours: number): number {
  return Math.max(RISE_HOURS.least, Math.min(RISE_HOURS.most, hours));
}

export function riseOver(grid: Grid, hours: number): number {
  return levelAgo(grid, 0) - levelAgo(grid, hours);
}

/**
 * The median of the known cells before so many hours ago. Where none of them is known it is the level of the nearest known cell, the one before
 * first: what was not collected has not been 0. 0 where nothing is known.
 */
export function levelAgo({ cells }: Grid, hours: number): number {
  const end = Math.max(LEVEL_CELLS, Math.round(cells.length - hours * CELLS_PER_HOUR));
  const isKnown = (level: number) => !Number.isNaN(level);
  const levels = cells.subarray(end - LEVEL_CELLS, end).filter(isKnown);
  if (levels.length > 0) return median(levels);
  return cells.subarray(0, end).findLast(isKnown) ?? cells.subarray(end).find(isKnown) ?? 0;
}
