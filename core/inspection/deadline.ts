/** The time of an invocation, and how much of it is kept back for what. */

/** The clock of the caller, which use cases never read on their own. */
export interface Deadline {
  /** Epoch milliseconds when the invocation began. */
  readonly now: number;
  /** Milliseconds that are left to the function. */
  remainingMs(): number;
  /** Milliseconds that the function had when it began. Absent: five minutes, as it is deployed. */
  readonly totalMs?: number;
  /** Aborted when so many milliseconds are left. Absent: the time of the machine decides. */
  abortedAt?(leftMs: number): AbortSignal;
}

const DEPLOYED_MS = 300_000;

/** What is kept back of five minutes, in milliseconds. A shorter invocation keeps back as large a part of its time. */
const RESERVES = {
  /** A further region is begun, or a region planned, only when this much is left. Ten thousand hosts take about 25 s. */
  region: 90_000,
  /** To record and publish what a read found. */
  record: 30_000,
  /** No further host is compared. */
  compare: 25_000,
  /** No further record is begun. */
  recordUntil: 20_000,
  /** Records that are under way are given up. */
  giveUp: 15_000,
  /** Publishing ends. */
  publishUntil: 5_000,
} as const;

export type Reserve = keyof typeof RESERVES;

/** Milliseconds that are kept back. */
export function reserveMs({ totalMs = DEPLOYED_MS }: Pick<Deadline, 'totalMs'>, reserve: Reserve): number {
  return RESERVES[reserve] * Math.min(1, totalMs / DEPLOYED_MS);
}

/** Aborted when no more than the reserve is left to the function. */
export function whenOnlyLeft(deadline: Omit<Deadline, 'now'>, reserve: Reserve): AbortSignal {
  return whenLeft(deadline, reserveMs(deadline, reserve));
}

/** Aborted when so many milliseconds are left to the function. */
export function whenLeft({ remainingMs, abortedAt }: Omit<Deadline, 'now'>, leftMs: number): AbortSignal {
  if (abortedAt) return abortedAt(leftMs);
  return AbortSignal.timeout(Math.max(0, Math.floor(remainingMs() - leftMs)));
}

/** A deadline that knows the time. */
export interface Clock extends Deadline {
  readonly totalMs: number;
  /** Epoch milliseconds. */
  time(): number;
  /** Epoch milliseconds when the function ends at the latest. */
  readonly end: number;
}

export function clockOf({ now, remainingMs, totalMs, abortedAt }: Deadline): Clock {
  const end = Math.round(now + (totalMs ?? remainingMs()));
  const aborts = abortedAt && { abortedAt };
  return {
    ...aborts,
    now,
    remainingMs,
    totalMs: totalMs ?? DEPLOYED_MS,
    end,
    time: () => Math.round(end - remainingMs()),
  };
}
