/** Windows with known truth, as rows of features for the booster. */

import { clean } from '../../core/detector/clean.ts';
import { measure, ownSegment } from '../../core/detector/evaluate.ts';
import type { FeatureKind } from '../../core/detector/features.ts';
import { gridOf } from '../../core/detector/floors.ts';
import { lastSegment } from '../../core/detector/segment.ts';
import type { Series } from '../../core/model/series.ts';
import type { Lessons, Origin } from '../corpus.ts';
import { isLeak, windowEnds } from '../data.ts';
import { type Feed, feedable, windowOf } from '../feeds.ts';

/** One evaluated window of a series at one length of history. */
export interface Row {
  /** Index of its series. */
  readonly series: number;
  /** Seconds from the start of the series. */
  readonly now: number;
  readonly leak: boolean | null;
  readonly features: Float64Array;
  /** Features of the last segment where that is evaluated by itself too. */
  readonly ownFeatures: Float64Array | null;
  /** 0 for a window that is not learned from. */
  readonly weight: number;
}

/** A length of history that a host may have. */
export interface History {
  readonly feed: Feed;
  /** What a series at this length counts for; 0 where it is not learned from. */
  readonly weight: number;
  /** Every how many hours a window is learned from. */
  readonly everyHours: number;
  /** Whether it is measured what scores mean at this length. */
  readonly calibrates: boolean;
}

/**
 * What the adapters ask for comes first and counts most; the others keep the model honest on young hosts and long files.
 * At 18 h it is only measured what scores mean: on its first day a host grows surer quickly, and what there is to learn of it its
 * neighbours teach.
 */
export const HISTORIES: readonly History[] = [
  { feed: minima(100), weight: 1, everyHours: 1, calibrates: true },
  { feed: minima(Infinity), weight: 0.5, everyHours: 3, calibrates: false },
  { feed: minima(30), weight: 0.6, everyHours: 3, calibrates: true },
  { feed: minima(18), weight: 0, everyHours: 3, calibrates: true },
  { feed: minima(12), weight: 0.3, everyHours: 3, calibrates: true },
];

export function minima(hours: number): Feed {
  return { name: `${hours} h`, hours, samples: 'minima' };
}

/** Windows of one series share one weight, but a leak of a few hours does not count for more per hour than one of half a day. */
const LEAST_WINDOWS_HOURS = 12;

/** Unmodified hosts are what a fleet is made of, so they count for more than hosts to which something was done. */
const WEIGHTS: Readonly<Record<Origin, number>> = { unmodified: 3, injected: 1, made: 0.25 };
/** Of made series, one in three windows is enough. */
const MADE_EVERY = 3;

/** Rows of every window that is learned from, and of those between them where scores are calibrated. */
export function rowsOf(lessons: Pick<Lessons, 'series' | 'originOf'>, history: History): Row[] {
  return windowsOf(lessons, history, featuresAt);
}

/** What a row has beside its features. */
type Labelled = Pick<Row, 'series' | 'now' | 'leak' | 'weight'>;

/** The same with features of any kind: null where a window has none. */
export function windowsOf<Features extends object>(
  { series, originOf }: Pick<Lessons, 'series' | 'originOf'>,
  history: History,
  featuresAt: (window: Series) => Features | null,
): (Labelled & Features)[] {
  const { feed, calibrates } = history;
  return series.flatMap((one, index) => {
    const origin = originOf(index);
    const isMade = origin === 'made';
    const everyHours = history.everyHours * (isMade ? MADE_EVERY : 1);
    const given = feedable(one, feed);
    const ends = windowEnds(one)
      .map((now, hour) => ({ now, leak: isLeak(one, now), isLearned: history.weight > 0 && hour % everyHours === 0 }))
      .filter(({ isLearned }) => isLearned || (calibrates && !isMade));
    const shareOf = (leak: boolean) => {
      const count = ends.filter((end) => end.isLearned && end.leak === leak).length;
      return (history.weight * WEIGHTS[origin]) / Math.max(LEAST_WINDOWS_HOURS / everyHours, count);
    };
    const [leaking, healthy] = [shareOf(true), shareOf(false)];
    return ends.flatMap(({ now, leak, isLearned }) => {
      const features = featuresAt(windowOf(given, now, feed.hours));
      const weight = !isLearned || leak === null ? 0 : leak ? leaking : healthy;
      return features === null ? [] : [{ series: index, now, leak, ...features, weight }];
    });
  });
}

function featuresAt(window: Series): Pick<Row, 'features' | 'ownFeatures'> | null {
  const samples = clean(window);
  if (samples === undefined || samples.times.length === 0) return null;
  const grid = gridOf(samples, window.window.end);
  const own = ownSegment(grid, lastSegment(grid).start);
  return { features: measure(grid).features, ownFeatures: own === null ? null : measure(own).features };
}

export function columnsOf(rows: readonly Pick<Row, 'features'>[], kinds: readonly FeatureKind[]): Float64Array[] {
  return kinds.map((_, feature) => Float64Array.from(rows, ({ features }) => features[feature] ?? Number.NaN));
}
