/** Windows with known truth, as rows of signs for the booster. */

import { clean } from '../../detector/clean.ts';
import { gridOf } from '../../detector/floors.ts';
import { measure } from '../../detector/judge.ts';
import { SIGNS } from '../../detector/signs.ts';
import type { Lessons, Origin } from '../corpus.ts';
import { isLeak, windowEnds } from '../data.ts';
import { type Feed, feedable, windowOf } from '../feeds.ts';

/** One judged window of a series at one length of history. */
export interface Row {
  /** Index of its series. */
  readonly series: number;
  /** Seconds from the start of the series. */
  readonly now: number;
  readonly leak: boolean | null;
  readonly signs: Float64Array;
  /** Weight before hard examples are weighed up. */
  readonly weight: number;
}

/** A length of history that a host may have. */
interface History {
  readonly feed: Feed;
  /** What a series at this length counts for. */
  readonly weight: number;
  /** Every how many hours a window is learned from. */
  readonly everyHours: number;
}

/** What the adapters ask for comes first and counts most; the others keep the model honest on young hosts and long files. */
export const HISTORIES: readonly History[] = [
  { feed: { name: '100 h', hours: 100, samples: 'minima' }, weight: 1, everyHours: 1 },
  { feed: { name: 'all', hours: Infinity, samples: 'minima' }, weight: 0.5, everyHours: 3 },
  { feed: { name: '30 h', hours: 30, samples: 'minima' }, weight: 0.3, everyHours: 3 },
  { feed: { name: '12 h', hours: 12, samples: 'minima' }, weight: 0.1, everyHours: 3 },
];

/** Windows of one series share one weight, but a leak of a few hours does not count for more per hour than one of half a day. */
const LEAST_WINDOWS_HOURS = 12;

/** Unmodified hosts are what a fleet is made of, so they count for more than hosts to which something was done. */
const WEIGHTS: Readonly<Record<Origin, number>> = { unmodified: 3, injected: 1, made: 0.25 };
/** Of made series, one in three windows is enough. */
const MADE_EVERY = 3;

/** Rows of every window that is learned from. */
export function rowsOf({ series, originOf }: Pick<Lessons, 'series' | 'originOf'>, history: History): Row[] {
  const { feed } = history;
  return series.flatMap((one, index) => {
    const origin = originOf(index);
    const everyHours = history.everyHours * (origin === 'made' ? MADE_EVERY : 1);
    const weight = history.weight * WEIGHTS[origin];
    const given = feedable(one, feed);
    const ends = windowEnds(one)
      .filter((_, hour) => hour % everyHours === 0)
      .map((now) => ({ now, leak: isLeak(one, now) }));
    const count = (leak: boolean) =>
      Math.max(LEAST_WINDOWS_HOURS / everyHours, ends.filter((end) => end.leak === leak).length);
    const shares = new Map([
      [true, weight / count(true)],
      [false, weight / count(false)],
    ]);
    return ends.flatMap(({ now, leak }) => {
      const signs = signsAt(windowOf(given, now, feed.hours));
      return signs === null
        ? []
        : [{ series: index, now, leak, signs, weight: leak === null ? 0 : (shares.get(leak) ?? 0) }];
    });
  });
}

function signsAt(window: Parameters<typeof clean>[0]): Float64Array | null {
  const samples = clean(window);
  if (samples === undefined || samples.times.length === 0) return null;
  return measure(gridOf(samples, window.window.end)).signs;
}

export function columnsOf(rows: readonly Row[]): Float64Array[] {
  return SIGNS.map((_, sign) => Float64Array.from(rows, ({ signs }) => signs[sign] ?? Number.NaN));
}
