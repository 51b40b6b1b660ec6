/** From an error that an Azure client threw to a `Failure`. The vendor's error codes stay here. */
import { isRestError, type RestError } from '@azure/core-rest-pipeline';
import * as z from 'zod';
import type { UnreadableReason } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { type Failure, failureFor, failureOfSourceError, OUT_OF_TIME } from '../reading/failure.ts';
import { retryAfterOf } from './retry-after.ts';

/** Resource Graph's 400 for an identity that may read nothing of the subscription. */
const NOTHING_READABLE = 'NoValidSubscriptionsInQueryRequest';

/** The metrics backend answers 529 when it is overloaded; a 503 that names a time to wait is a throttle too. */
const THROTTLED = new Set([429, 529]);

const TIMED_OUT = new Set(['AbortError', 'TimeoutError']);

/** Milliseconds. A longer wait explains why a read ended, and is part of the detail. */
const LONG_WAIT_MS = 30_000;

/** Characters. A refusal may quote the entire body of an answer. */
const MAX_DETAIL = 300;

/** Reads an error that a client threw. */
export function failureOf(error: unknown, signal?: AbortSignal): Failure {
  if (error instanceof SourceError) return failureOfSourceError(error);
  if (isRestError(error)) return failureOfRest(error);
  if (signal?.aborted) return OUT_OF_TIME;
  if (!(error instanceof Error)) return failure('unavailable', String(error));
  if (TIMED_OUT.has(error.name)) return failure('timeout', `${error.name}: no answer in time`);
  // The clients convert what they parsed without looking: an answer of another shape makes them trip.
  return failure('malformed', `the answer could not be read: ${error.message}`);
}

/**
 * Reads an error that a sign-in threw. The client wraps the directory's error (AADSTS and a number), or the network's,
 * in errors of its own, one as the cause of the other.
 */
export function signInFailureOf(error: unknown): Failure {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (isRestError(cause)) return failureOfRest(cause);
    const { status } = statusSchema.safeParse(cause).data ?? {};
    if (status === 429) return failure('throttled', cause.message);
    if (status !== undefined && status >= 500) return failure('unavailable', cause.message);
    if (/AADSTS\d+/.test(cause.message)) return failure('denied', cause.message);
  }
  return failure('unavailable', error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}

/** What the sign-in library's errors carry of the directory's answer. */
const statusSchema = z.object({ status: z.number().optional() });

/** The body of the answer that refused a request, as text; empty where nothing was answered. */
export function refusalText(error: unknown): string {
  return (isRestError(error) && error.response?.bodyAsText) || '';
}

/** A failure whose detail, which may quote the service, is the first line of a text and not too long. */
export function failure(reason: UnreadableReason, detail: string): Failure {
  const [firstLine = ''] = detail.split('\n', 1);
  return failureFor(reason, firstLine.slice(0, MAX_DETAIL));
}

function failureOfRest(error: RestError): Failure {
  const what =
    error.code === undefined || error.code === 'PARSE_ERROR' ? error.message : `${error.code}: ${error.message}`;
  const { reason, retryable, detail } = failure(reasonOf(error), what);
  const retryAfterMs = error.response ? retryAfterOf(error.response) : 0;
  const wait = retryAfterMs > LONG_WAIT_MS ? `, which names a wait of ${Math.ceil(retryAfterMs / 1000)} s` : '';
  const status = error.statusCode === undefined ? '' : ` (HTTP ${error.statusCode}${wait})`;
  return { reason, retryable, detail: `${detail}${status}`, ...(retryAfterMs > 0 && { retryAfterMs }) };
}

function reasonOf(error: RestError): UnreadableReason {
  const { statusCode: status, response } = error;
  // Nothing was answered: the name did not resolve, the connection was refused or broke.
  if (status === undefined) return 'unavailable';
  if (THROTTLED.has(status) || (status === 503 && response?.headers.has('retry-after'))) return 'throttled';
  if (status === 401 || status === 403 || refusalText(error).includes(NOTHING_READABLE)) return 'denied';
  if (status === 404) return 'not_found';
  if (status >= 500 || status === 408) return 'unavailable';
  // A success whose body could not be read, or a request that was refused as invalid: asking again changes nothing.
  return 'malformed';
}
