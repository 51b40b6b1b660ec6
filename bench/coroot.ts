/**
 * The memory leak check of Coroot, as its source describes it (https://github.com/coroot/coroot, auditor/memory.go): growth
 * of a line over the longest segment without a restart, in an hour, where the end still climbs.
 */
import { leastSquares, type PeerSamples } from './samples.ts';

/** Of the limit, and of the level before: points and share that an hour must add. */
const LEAST_POINTS_PER_HOUR = 5;
const LEAST_SHARE_PER_HOUR = 0.1;
/** A drop to less than this share of the level before is a restart. */
const RESTART = 0.5;
/** The last quarter must climb at this share of the segment's slope. */
const LEAST_TAIL_SHARE = 0.3;
const LEAST_SEGMENT_SAMPLES = 10;
const LEAST_TAIL_SAMPLES = 5;

export function corootFlags(samples: PeerSamples): boolean {
  const segment = longestSegment(samples);
  const n = segment.hours.length;
  if (n < LEAST_SEGMENT_SAMPLES || n < samples.hours.length / 3) return false;
  const { slope, intercept } = leastSquares(segment);
  const tail = leastSquares(part(segment, n - Math.max(Math.floor(n / 4), LEAST_TAIL_SAMPLES), n));
  if (slope <= 0 || tail.slope < slope * LEAST_TAIL_SHARE) return false;
  const anHourAgo = intercept - slope;
  return slope >= LEAST_POINTS_PER_HOUR && slope >= LEAST_SHARE_PER_HOUR * anHourAgo;
}

function longestSegment(samples: PeerSamples): PeerSamples {
  const { levels } = samples;
  let [from, best, longest] = [0, 0, 0];
  for (let i = 1; i <= levels.length; i++) {
    if (i < levels.length && (levels[i] ?? 0) >= (levels[i - 1] ?? 0) * RESTART) continue;
    if (i - from > longest) [best, longest] = [from, i - from];
    from = i;
  }
  return part(samples, best, best + longest);
}

function part({ hours, levels }: PeerSamples, from: number, to: number): PeerSamples {
  return { hours: hours.subarray(from, to), levels: levels.subarray(from, to) };
}
