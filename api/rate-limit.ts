/** How many requests a caller may make: a bucket of tokens each, that fills again. Of one process; the stage limits all together. */
import { LRUCache } from 'lru-cache';

export interface RateLimit {
  /** Requests that a caller may make at once. */
  readonly burst: number;
  /** Requests a second in the long run. */
  readonly perSecond: number;
}

/** Callers that are remembered: of one that was forgotten the bucket is full. */
const MOST_CALLERS = 10_000;

interface Bucket {
  readonly tokens: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** In how many seconds the caller may try again; 0 where the request is allowed. */
export type WaitOf = (caller: string, now: number, cost?: 0 | 1) => number;

/** A cost of 0 takes nothing from the bucket: it shows whether something is left. */
export function createRateLimit({ burst, perSecond }: RateLimit): WaitOf {
  const buckets = new LRUCache<string, Bucket>({ max: MOST_CALLERS });
  return (caller, now, cost = 1) => {
    const before = buckets.get(caller) ?? { tokens: burst, at: now };
    const elapsed = Math.max(0, now - before.at) / 1000;
    const tokens = Math.min(burst, before.tokens + elapsed * perSecond);
    if (tokens < 1) return Math.ceil((1 - tokens) / perSecond);
    buckets.set(caller, { tokens: tokens - cost, at: now });
    return 0;
  };
}
