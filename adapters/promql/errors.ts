/** Why a request to a server failed: by its own kind of error, by the status, or by what came instead of an answer. */

import type { UnreadableReason } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { type Failure, failureFor, failureOfSourceError, OUT_OF_TIME } from '../reading/failure.ts';
import { waitNamedBy } from '../reading/retry-after.ts';
import type { ErrorAnswer } from './answers.ts';
import { TooLongError } from './body.ts';

/** Characters of a server's message that are repeated. */
const MAX_MESSAGE = 300;

/** https://prometheus.io/docs/prometheus/latest/querying/api/#format-overview ; Mimir and Thanos add some. */
const REASONS: Readonly<Record<string, UnreadableReason>> = {
  bad_data: 'malformed',
  timeout: 'timeout',
  canceled: 'timeout',
  execution: 'malformed',
  internal: 'unavailable',
  unavailable: 'unavailable',
  not_found: 'not_found',
  not_acceptable: 'malformed',
  too_many_requests: 'throttled',
  bad_response: 'unavailable',
};

/** What servers call a query that would hold or return more than they allow: fewer hosts at a time may be read. */
const TOO_LARGE = /too many (?:samples|series|points)|exceed|max(?:imum)?[- ]|limit/i;

export interface RefusedAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** What the server stated about it; undefined where that is no answer of Prometheus. */
  readonly stated: ErrorAnswer | undefined;
}

/** An answer that states an error, or whose status is none of success. */
export function failureOfAnswer({ status, retryAfter, stated }: RefusedAnswer): Failure {
  const reason = reasonOf(status, stated);
  // What refuses credentials may quote them: proxies repeat the header that they did not take.
  const text = reason === 'denied' ? undefined : stated?.error;
  const message =
    text === undefined ? `HTTP ${status}` : `${stated?.errorType ?? status}: ${oneLine(withoutSecrets(text))}`;
  const retryAfterMs = retryAfter === undefined ? 0 : waitNamedBy(retryAfter);
  return { ...failureFor(reason, `${message}${adviceFor(status)}`), ...(retryAfterMs > 0 && { retryAfterMs }) };
}

/** Proxies repeat headers in other errors too. */
function withoutSecrets(text: string): string {
  return text.replaceAll(/\b(basic|bearer|aws4-hmac-sha256)\b[\s:=]+[^\r\n]*/gi, '$1 …');
}

function reasonOf(status: number, stated: ErrorAnswer | undefined): UnreadableReason {
  if (status === 401 || status === 403) return 'denied';
  if (status === 429) return 'throttled';
  if (status === 413) return 'truncated';
  const { errorType = '', error = '' } = stated ?? {};
  if ((errorType === 'execution' || errorType === 'bad_data') && TOO_LARGE.test(error)) return 'truncated';
  const known = REASONS[errorType];
  if (known !== undefined) return known;
  if (status === 404) return 'not_found';
  return status >= 500 || status === 408 ? 'unavailable' : 'malformed';
}

function adviceFor(status: number): string {
  if (status === 401) return '; check the credentials that requests are authorised with';
  if (status === 403) return '; check that these credentials may query the server';
  if (status === 404) return '; check that the URL is that of the API, without /api/v1';
  return '';
}

/** A redirect, which nobody follows: credentials are for one host. */
export function failureOfRedirect(status: number, location: string | undefined, url: URL): Failure {
  const target = location === undefined ? undefined : URL.parse(location, url.href);
  const where = target == null ? 'elsewhere' : `to ${target.host}`;
  return failureFor(
    'malformed',
    `the server redirects ${where} (HTTP ${status}), which is not followed: name the address of the API itself`,
  );
}

/** An answer that is no JSON, as a page for signing in. */
export function failureOfText(contentType: string | undefined): Failure {
  if (contentType !== undefined && /\bjson\b/i.test(contentType)) {
    return failureFor(
      'malformed',
      'the answer is no complete JSON: the server, or a proxy before it, ended or changed it',
    );
  }
  const what = contentType === undefined ? 'no JSON' : `${oneLine(contentType)} and no complete JSON`;
  return failureFor('malformed', `the answer is ${what}: check that the URL is that of the API of Prometheus`);
}

/** An answer that is not what Prometheus documents. */
export function undocumented(what: string): Failure {
  return failureFor('malformed', `the server’s answer is not as documented: ${what}`);
}

/** An error that was thrown while a request was under way. */
export function failureOfError(error: unknown, { ended, timedOut, host }: RequestEnd): Failure {
  if (ended) return OUT_OF_TIME;
  if (timedOut) return failureFor('timeout', `${host} did not answer in time`);
  if (error instanceof SourceError) return failureOfSourceError(error);
  if (error instanceof TooLongError) return failureFor('truncated', error.message);
  // Messages of Node may quote what was sent; codes do not.
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
  if (code.startsWith('Z_')) {
    return failureFor(
      'malformed',
      `the answer of ${host} cannot be unpacked: it is no gzip, or a proxy changed it (${code})`,
    );
  }
  return failureFor('unavailable', `${host} could not be read: ${code}`);
}

export interface RequestEnd {
  /** Whether the read itself is over, or only the time of this request. */
  readonly ended: boolean;
  readonly timedOut: boolean;
  readonly host: string;
}

/** Text of a server for a message: one line, without control characters, and short. */
export function oneLine(text: string): string {
  const line = text.slice(0, MAX_MESSAGE + 1).replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]+/gu, ' ');
  return line.length > MAX_MESSAGE ? `${line.slice(0, MAX_MESSAGE)}…` : line;
}
