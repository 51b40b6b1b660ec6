/** Keeps requests for samples below the rate at which an account and region may be read: it is counted in points, not in calls. */
import { LRUCache } from 'lru-cache';
import pThrottle from 'p-throttle';
import { unlessAborted } from '../reading/abort.ts';

/** Resolves when a request for so many points may leave. Rejects with the signal's reason when it is aborted first. */
export type Pace = (points: number, signal: AbortSignal) => Promise<void>;

/** Samples in one page of GetMetricData: the service's limit, and its default. */
export const MAX_SAMPLES = 100_800;

/**
 * Points that GetMetricData gives in a second to all callers in an account and region, of windows that begin more than three hours ago:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 */
const MAX_POINTS_PER_SECOND = 396_000;

/** What is left to dashboards and others who read the account. (Convention.) */
const HEADROOM = 0.05;

/** Accounts and regions whose pace a warm function remembers: what it read in the last second counts still. */
const MAX_PACES = 1_000;

/**
 * Spreads requests evenly: never more points than a full page has within the time that a full page takes at this rate. A throttle by the
 * second would let only as many pages through as fit into one completely: one instead of nearly two at half of the rate.
 *
 * @param share The part of the rate that is used: above 0, at most 1.
 */
export function createPace(share: number): Pace {
  if (!(share > 0 && share <= 1)) throw new Error(`the share of the rate must be above 0 and at most 1, not ${share}`);
  const interval = (1_000 * MAX_SAMPLES) / (MAX_POINTS_PER_SECOND * (1 - HEADROOM) * share);
  const weight = (points: number) => Math.min(points, MAX_SAMPLES);
  const enter = pThrottle({ limit: MAX_SAMPLES, interval, strict: true, weight })((_: number) => {});
  return (points, signal) => unlessAborted(Promise.resolve(enter(points)), signal);
}

const paces = new LRUCache<string, Pace, number>({
  max: MAX_PACES,
  memoMethod: (_key, _stale, { context: share }) => createPace(share),
});

/** The one pace of an account and region, as long as the process runs. */
export function paceOf(account: string, region: string, share: number): Pace {
  return paces.memo(JSON.stringify([account, region, share]), { context: share });
}
