/** Whether a restart or a deployment cured a leak: whether the growth that it had at the same age is gone. */
import { slopeInterval } from '../../detector/trend.ts';
import type { Growth } from '../../model/story.ts';
import type { Verdicts } from './facts.ts';
import { hourAt, medianOf } from './levels.ts';

/** Hours after the restart that warm the host up, and those that a trend needs. */
const WARM_HOURS = 6;
const LEAST_HOURS = 12;
/** A leak that grows at less than this share of its rate is another one. */
const SAME_SHARE = 0.5;
/** The standard score of the interval's bounds, and the least standard error, in points an hour. */
const BOUND_Z = 1.2816;
const LEAST_ERROR = 0.005;
/** Below it nothing is said: it may be either. */
const LEAST_CONFIDENCE = 0.8;
const MOST_CONFIDENCE = 0.99;

/** The probability that it grows at less than half of its former rate; null where that is not probable. */
export function curedWith({ rates }: Growth, restartedAt: number, { floors }: Verdicts): number | null {
  const since = floors.hourly.subarray(hourAt(floors, restartedAt) + WARM_HOURS);
  if (since.length < LEAST_HOURS) return null;
  const { low, estimate, high } = slopeInterval(since);
  const error = Math.max(LEAST_ERROR, (high - low) / 2 / BOUND_Z);
  const confidence = normal((medianOf(rates) * SAME_SHARE - estimate) / error);
  return confidence < LEAST_CONFIDENCE ? null : Math.min(MOST_CONFIDENCE, confidence);
}

/** The normal distribution by its logistic approximation (Bowling et al. 2009), within .0002. */
function normal(z: number): number {
  return 1 / (1 + Math.exp(-(0.07056 * z ** 3 + 1.5976 * z)));
}
