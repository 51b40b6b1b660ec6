/** Curves of few points, for what is drawn small. Pure. */
import type { Curve } from '../model/host-memory.ts';
import { isoText, roundFigure } from '../model/notation.ts';
import type { Series } from '../model/series.ts';

/** How the samples of one point are folded: means of means are means, and minima of minima are minima; of one another they are neither. */
export type Fold = 'mean' | 'least';

/** A series' samples. Values that are no number are gaps. */
export type Sampled = Pick<Series, 'window' | 'periodMs'> & {
  readonly times: ArrayLike<number>;
  readonly values: ArrayLike<number>;
};

/** The samples in at most so many periods, each as long as several of the series'; null where a period has no sample. */
export function thinCurve(series: Sampled, most: number, fold: Fold): Curve {
  const { window, times, values } = series;
  const { pointMs, points } = gridOf(series, most);
  const folded = new Float64Array(points).fill(Number.NaN);
  const counts = new Uint32Array(points);
  for (let index = 0; index < times.length; index++) {
    const point = Math.floor(((times[index] ?? Number.NaN) - window.start) / pointMs);
    const value = values[index] ?? Number.NaN;
    if (!(point >= 0 && point < points && Number.isFinite(value))) continue;
    const before = folded[point] ?? Number.NaN;
    const count = (counts[point] ?? 0) + 1;
    counts[point] = count;
    folded[point] = Number.isNaN(before) ? value : FOLDS[fold](before, value, count);
  }
  return {
    start: isoText(window.start),
    periodSeconds: pointMs / 1000,
    values: Array.from(folded, (value) => (Number.isNaN(value) ? null : roundFigure(value))),
  };
}

const FOLDS = {
  least: (before: number, value: number) => Math.min(before, value),
  mean: (before: number, value: number, count: number) => before + (value - before) / count,
} as const satisfies Record<Fold, (before: number, value: number, count: number) => number>;

/** A source that states no period gives as many points as there may be. */
function gridOf({ window, periodMs }: Sampled, most: number): { readonly pointMs: number; readonly points: number } {
  const spanMs = Math.max(0, window.end - window.start);
  const pointMs =
    periodMs > 0 ? periodMs * Math.max(1, Math.ceil(spanMs / periodMs / most)) : Math.max(1000, spanMs / most);
  return { pointMs, points: Math.min(most, Math.ceil(spanMs / pointMs)) };
}
