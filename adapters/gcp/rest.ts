/** Requests to the REST interfaces of Google Cloud, for lists that need no client library of their own. */
import type { AuthClient } from 'google-auth-library';
import * as z from 'zod';
import type { UnreadableReason } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { type Failure, failureFor, failureOfSourceError, OUT_OF_TIME } from '../reading/failure.ts';

/** Tries of one request after the first, and milliseconds before the second one and at the most: quotas are per minute. */
const RETRIES = 6;
const RETRY_DELAY_MS = 500;
const MAX_RETRY_DELAY_MS = 20_000;

/** Milliseconds for an answer, and bytes of it. */
const REQUEST_TIMEOUT_MS = 10_000;
const MAX_BYTES = 8 * 2 ** 20;

/** Sends a GET and returns the answer's JSON. Throttles and errors of the server are tried again by the client. */
export async function getJson(client: AuthClient, url: URL, signal: AbortSignal): Promise<unknown> {
  const { data } = await client.request<unknown>({
    url: url.href,
    method: 'GET',
    responseType: 'json',
    timeout: REQUEST_TIMEOUT_MS,
    size: MAX_BYTES,
    signal,
    retry: true,
    retryConfig: {
      retry: RETRIES,
      noResponseRetries: RETRIES,
      retryDelay: RETRY_DELAY_MS,
      maxRetryDelay: MAX_RETRY_DELAY_MS,
    },
  });
  return data;
}

/** https://cloud.google.com/apis/design/errors#http_mapping */
const refusalSchema = z.object({
  status: z.number().optional(),
  response: z
    .object({ data: z.object({ error: z.object({ status: z.string().max(64), message: z.string() }) }) })
    .optional()
    .catch(undefined),
});

/** Reads an error that `getJson` threw, after the client's own retries. */
export function failureOfRest(error: unknown, signal: AbortSignal): Failure {
  if (signal.aborted) return OUT_OF_TIME;
  if (error instanceof SourceError) return failureOfSourceError(error);
  const { status, response } = refusalSchema.safeParse(error).data ?? {};
  const reported = response?.data.error;
  const message = error instanceof Error ? error.message : String(error);
  const detail = reported === undefined ? message : `${reported.status}: ${reported.message}`;
  return failureFor(reasonOf(error, status), detail.split('\n', 1)[0] ?? '');
}

function reasonOf(error: unknown, status: number | undefined): UnreadableReason {
  if (status === undefined) return isTimeout(error) ? 'timeout' : 'unavailable';
  if (status === 429) return 'throttled';
  if (status === 401 || status === 403) return 'denied';
  if (status === 404) return 'not_found';
  return status >= 500 || status === 408 ? 'unavailable' : 'malformed';
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'TimeoutError';
}
