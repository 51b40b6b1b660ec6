/** Fits a series to the columns of a picture. */
import type { Series } from '../../core/model/series.ts';

/** The mean of the finite samples of each of `count` equal parts of the series' window; null where a part holds none. */
export function bucketMeans({ window, times, values }: Series, count: number): (number | null)[] {
  const folded = Array.from({ length: count }, () => ({ sum: 0, samples: 0 }));
  times.forEach((time, index) => {
    const value = values[index];
    const bucket = folded[Math.floor(((time - window.start) / (window.end - window.start)) * count)];
    if (bucket === undefined || value === undefined || !Number.isFinite(value)) return;
    bucket.sum += value;
    bucket.samples++;
  });
  return folded.map(({ sum, samples }) => (samples === 0 ? null : sum / samples));
}

/** The series from its first sample on, or from `start` (epoch ms): a picture has no room for a past without samples. */
export function cropped(series: Series, start: number = series.times[0] ?? series.window.start): Series {
  return { ...series, window: { start: Math.max(start, series.window.start), end: series.window.end } };
}
