/**
 * Tries requests again that failed for a reason that passes, as long as that makes sense. The clients whose requests go through it
 * try each of them once: no other wait is between them.
 */
import { setTimeout } from 'node:timers/promises';
import type { Failure } from './failure.ts';

/** Time, as an argument. */
export interface RetryClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Ends early, also by rejecting, when the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** From 0 to 1: retries of several readers must not come all at once. */
  random(): number;
}

const SYSTEM_CLOCK: RetryClock = {
  now: Date.now,
  wait: (ms, signal) => setTimeout(ms, undefined, { signal }),
  random: Math.random,
};

/** Waits before further tries: short for what passes at once, then longer, up to a minute, after which quotas per minute are there again. */
const FIRST_WAIT_MS = 250;
const WAIT_FACTOR = 3;
const LONGEST_WAIT_MS = 60_000;

/**
 * How long everything may fail, by a service that throttles and by one that does not answer, before requests are tried once each:
 * longer than the minute of a quota, and short enough that a read of some minutes has time left to report.
 */
const THROTTLED_MS = 90_000;
const UNAVAILABLE_MS = 20_000;

/** From its first failure on until retries are worthwhile again: a source may be read once more much later. */
const OPEN_MS = 5 * 60_000;

export interface Retries {
  /**
   * The result of `send`, which does not throw, or that of a further try.
   *
   * @param failureOf What failed; undefined where it was answered.
   */
  attempt<Result>(
    send: () => Promise<Result>,
    failureOf: (result: Result) => Failure | undefined,
    signal: AbortSignal,
  ): Promise<Result>;
}

/**
 * Retries of the requests to one service, which are a circuit breaker together: what one of them waits while none is answered, the
 * others need not wait again. When the signal is aborted the last failure is the result: it is why there was no answer.
 */
export function createRetries({ now, wait, random }: RetryClock = SYSTEM_CLOCK): Retries {
  /** Since when no request was answered. */
  let failingSince: number | undefined;

  /** Milliseconds until the next try, or undefined where there is none. */
  function waitBefore(tries: number, since: number, failure: Failure): number | undefined {
    const { reason, retryAfterMs: requested = 0 } = failure;
    // A service that names a time to wait is there, and busy.
    const left = since + (reason === 'throttled' || requested > 0 ? THROTTLED_MS : UNAVAILABLE_MS) - now();
    if (left <= 0 || requested > left) return undefined;
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * WAIT_FACTOR ** (tries - 1));
    return Math.min(left, Math.max(requested, longest * (0.5 + random() / 2)));
  }

  /** Waits until a request that failed may be tried again. Returns false where it may not. */
  async function mayTryAgain(tries: number, ownSince: number, failure: Failure, signal: AbortSignal) {
    if (signal.aborted) return false;
    if (failingSince === undefined || now() - failingSince > OPEN_MS) failingSince = now();
    const ms = waitBefore(tries, Math.min(failingSince, ownSince), failure);
    return ms !== undefined && (await hasWaited(wait(ms, signal), signal));
  }

  return {
    async attempt(send, failureOf, signal) {
      let ownSince: number | undefined;
      for (let tries = 1; ; tries++) {
        const result = await send();
        const failure = failureOf(result);
        if (!failure?.retryable) {
          failingSince = undefined;
          return result;
        }
        ownSince ??= now();
        if (!(await mayTryAgain(tries, ownSince, failure, signal))) return result;
      }
    },
  };
}

/** Whether a wait came to its end before the signal was aborted. */
async function hasWaited(waiting: Promise<void>, signal: AbortSignal): Promise<boolean> {
  try {
    await waiting;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return !signal.aborted;
}
