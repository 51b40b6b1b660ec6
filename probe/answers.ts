/** What an answer of the receiver means, and when the next request is made. */

/** An answer of a server, or that there was none. */
export interface Answer {
  /** Undefined where none came: `body` has the reason. */
  readonly status: number | undefined;
  readonly body: string;
  /** Of the header, as it came. */
  readonly retryAfter?: string;
  readonly etag?: string;
  /** Seconds, of the header cache-control. */
  readonly maxAge?: number;
  /** Of an answer to samples: the ETag of what recordings select here. */
  readonly selections?: string;
}

export type Outcome =
  /** It is stored: what was sent is removed here. */
  | 'accepted'
  /** The same is sent again later. */
  | 'again'
  /** The same will never be taken: a part of it may. */
  | 'refused'
  /** A person has to do something first: the same is sent again, slowly. */
  | 'denied';

/** 400 and 413 are about what was sent; other client errors are about token, address or version. */
export function outcomeOf({ status }: Pick<Answer, 'status'>): Outcome {
  if (status === undefined || status >= 500 || status === 408 || status === 429) return 'again';
  if (status >= 200 && status < 300) return 'accepted';
  return status === 400 || status === 413 ? 'refused' : 'denied';
}

/** As `outcomeOf`, of samples: a page of a proxy or of another program, with 200, has not stored them. */
export function sentOutcomeOf(answer: Answer): Outcome {
  const outcome = outcomeOf(answer);
  if (outcome !== 'accepted' || answer.body.trim() === '') return outcome;
  const body = parsed(answer.body);
  return typeof body === 'object' && body !== null ? 'accepted' : 'again';
}

const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 300_000;
/** Of a token that is refused: whoever mends it does not have to restart the probe. */
const DENIED_WAIT_MS = 900_000;
/** A server that states a later time is not believed: it may be a clock that is wrong. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/**
 * Milliseconds until the next request after one that failed: doubled each time, with a random half, so that the hosts of a fleet do not
 * return together; never sooner than Retry-After states.
 *
 * @param failures In a row, this one included. @param random From 0 to 1. @param now Epoch milliseconds, for a Retry-After that is a date.
 */
export function waitAfter(answer: Answer, failures: number, random: number, now: number): number {
  const longest = Math.min(FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 20), LONGEST_WAIT_MS);
  const own = outcomeOf(answer) === 'denied' ? DENIED_WAIT_MS : (longest * (1 + random)) / 2;
  return Math.max(own, Math.min(retryAfterMs(answer.retryAfter, now), LONGEST_RETRY_AFTER_MS));
}

function retryAfterMs(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  // JavaScript takes much for a date that HTTP does not.
  const date = /^[A-Z][a-z]{2}, \d/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}

export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

/** What an accepted request states of points that were not taken. Undefined where all were. */
export function partialSuccessOf(body: string): PartialSuccess | undefined {
  const partial = fieldOf(parsed(body), 'partialSuccess');
  const rejected = Number(fieldOf(partial, 'rejectedDataPoints') ?? 0);
  const message = fieldOf(partial, 'errorMessage');
  const reason = typeof message === 'string' ? printable(message) : '';
  return Number.isFinite(rejected) && (rejected > 0 || reason !== '') ? { rejected, message: reason } : undefined;
}

const MOST_PRINTED = 300;

/** Why a request failed, on one line and without a period at its end: more of the sentence follows. */
export function reasonOf({ status, body }: Answer): string {
  const message = fieldOf(parsed(body), 'message');
  const reason = printable(typeof message === 'string' ? message : body).replace(/\.$/, '');
  if (status === undefined) return reason;
  return reason === '' ? `it answers ${status}` : `it answers ${status}: ${reason}`;
}

/** What a server sends goes to a terminal or a log: without control characters, and not all of it. */
function printable(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length > MOST_PRINTED ? `${line.slice(0, MOST_PRINTED)} …` : line;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === field)?.[1]
    : undefined;
}
