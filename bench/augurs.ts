/**
 * Two detectors of Grafana's augurs (https://docs.augu.rs), which run as WebAssembly: MSTL, a forecast with a season of a day, and outlier
 * detection among the hosts of a group.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { initSync as initMstl, MSTL } from '@bsull/augurs/mstl';
import { initSync as initOutlier, OutlierDetector } from '@bsull/augurs/outlier';
import type { PeerSamples } from './samples.ts';

const resolve = createRequire(import.meta.url).resolve;
initMstl({ module: wasmOf('mstl') });
initOutlier({ module: wasmOf('outlier') });

const DAY_HOURS = 24;
/** A season is fitted from two of them. */
const LEAST_HOURS = 2 * DAY_HOURS;
/** The middle of what `OutlierDetectorOptions` allows, which Grafana's own user interface begins with. */
const SENSITIVITY = 0.5;
/** With fewer series there is no cluster. */
const LEAST_SERIES = 3;

/** The level in percent that is forecast `ahead` hours after the last of hourly means; NaN where no model fits. */
export function mstlForecast(samples: PeerSamples, ahead: number): number {
  const levels = hourlyMeans(samples);
  if (levels.length < LEAST_HOURS) return Number.NaN;
  const model = MSTL.ets([DAY_HOURS]);
  try {
    model.fit(levels);
    return model.predict(ahead).point.at(-1) ?? Number.NaN;
  } catch {
    // What it throws is a sentence, the same class for every cause.
    return Number.NaN;
  } finally {
    model.free();
  }
}

/** Which of the series of equal length are outliers at their last sample, by DBSCAN. */
export function outliersNow(levels: readonly Float64Array[]): boolean[] {
  const length = levels[0]?.length ?? 0;
  if (levels.length < LEAST_SERIES || length === 0) return levels.map(() => false);
  const detector = OutlierDetector.dbscan({ sensitivity: SENSITIVITY });
  try {
    const { seriesResults } = detector.detect([...levels]);
    return seriesResults.map(({ outlierIntervals }) =>
      outlierIntervals.some(({ end }) => end === undefined || end >= length - 1),
    );
  } finally {
    detector.free();
  }
}

/** Of full hours before the end, the oldest first. An hour without a sample has the mean before it. */
export function hourlyMeans({ hours, levels }: PeerSamples): Float64Array {
  const length = Math.ceil(-(hours[0] ?? 0));
  const sums = new Float64Array(length);
  const counts = new Float64Array(length);
  for (let i = 0; i < hours.length; i++) {
    const hour = Math.min(length - 1, length + Math.floor((hours[i] ?? 0) + 1e-6));
    sums[hour] = (sums[hour] ?? 0) + (levels[i] ?? 0);
    counts[hour] = (counts[hour] ?? 0) + 1;
  }
  let last = Number.NaN;
  return sums.map((sum, hour) => {
    const count = counts[hour] ?? 0;
    if (count > 0) last = sum / count;
    return last;
  });
}

/** The package's own loader fetches a URL, which Node.js refuses for files; the module lies beside its JavaScript. */
function wasmOf(name: string): Uint8Array<ArrayBuffer> {
  const script = pathToFileURL(resolve(`@bsull/augurs/${name}`));
  return readFileSync(new URL(`${name}_bg.wasm`, script));
}
