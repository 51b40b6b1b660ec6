/** From an error that an AWS client threw to a `Failure`. The vendor's error names stay here. */
import type { UnreadableReason } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { type Failure, failureFor, failureOfSourceError, OUT_OF_TIME } from '../reading/failure.ts';

/** What a failed send leaves on its error: https://github.com/aws/aws-sdk-js-v3/blob/main/supplemental-docs/ERROR_HANDLING.md */
interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
  readonly $retryable?: { readonly throttling?: boolean };
}

const THROTTLED = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'SlowDown',
  'TooManyRequestsException',
]);

/** Errors about credentials that have expired or were never valid: granting a right would not help. */
const NOT_SIGNED_IN = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

/** Errors about a region that the account has not enabled, or in which it has switched STS off. */
const DISABLED_REGION = new Set(['OptInRequired', 'RegionDisabledException']);

const DENIED = new Set([
  ...NOT_SIGNED_IN,
  ...DISABLED_REGION,
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
]);

const TIMED_OUT = new Set(['AbortError', 'TimeoutError', 'RequestTimeout', 'RequestTimeoutException']);

/** The client names these `TimeoutError` too, but nobody was there to wait for. */
const NOT_REACHED = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

/** The name of the service's host, which holds the region, was not found. */
const NO_ADDRESS = new Set(['ENOTFOUND', 'EAI_AGAIN']);

/** Page tokens that the service no longer takes: what lies behind them cannot be had. */
const LOST_PAGE = new Set(['InvalidNextToken', 'InvalidNextTokenException']);

/** What the client throws where none of its providers has credentials, or the one that is configured fails. */
const NO_CREDENTIALS = 'CredentialsProviderError';
const FIND_CREDENTIALS =
  'name a profile that exists (AWS_PROFILE), set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in';

/** The client's message where neither a variable nor a profile names a region. */
const NO_REGION = 'Region is missing';

/** The client quotes the text that it could not parse; that is of no use to anybody. */
const NOT_JSON = 'the answer is not JSON: is there a proxy that answers instead?';

/** Reads an error that `client.send` threw, after the client's own retries. */
export function failureOf(error: unknown, signal?: AbortSignal): Failure {
  if (signal?.aborted) return OUT_OF_TIME;
  if (error instanceof SourceError) return failureOfSourceError(error);
  if (!(error instanceof Error)) return failureFor('unavailable', String(error));
  if (lacksRegion(error)) return failureFor('malformed', 'no AWS region is set');
  if (lacksCredentials(error)) {
    return failureFor('denied', `your AWS credentials could not be found (${firstLineOf(error)}): ${FIND_CREDENTIALS}`);
  }
  return failureFor(reasonOf(error), detailOf(error));
}

/** Whether neither a setting nor the environment names a region. */
export function lacksRegion(error: unknown): boolean {
  return error instanceof Error && error.message === NO_REGION;
}

/** Whether the environment holds no credentials of our own: then no role and no policy is at fault. */
export function lacksCredentials(error: unknown): boolean {
  return error instanceof Error && error.name === NO_CREDENTIALS;
}

/** Whether nobody is signed in: there are no credentials, or AWS does not know them. */
export function isNotSignedIn(error: unknown): boolean {
  return lacksCredentials(error) || (error instanceof Error && NOT_SIGNED_IN.has(error.name));
}

/** Whether the account of the keys may not use the region that was called. */
export function isDisabledRegion(error: unknown): boolean {
  return error instanceof Error && DISABLED_REGION.has(error.name);
}

/** How often the client sent the request that failed, its retries included. Without credentials it never left. */
export function attemptsOf(error: unknown): number {
  if (error instanceof SourceError || !(error instanceof Error) || lacksCredentials(error)) return 0;
  const { $metadata }: SdkError = error;
  return $metadata?.attempts ?? 1;
}

function reasonOf(error: SdkError): UnreadableReason {
  const status = error.$metadata?.httpStatusCode;
  if (THROTTLED.has(error.name) || status === 429 || error.$retryable?.throttling) return 'throttled';
  if (DENIED.has(error.name) || status === 401 || status === 403) return 'denied';
  if (NOT_REACHED.has(error.code ?? '')) return 'unavailable';
  if (TIMED_OUT.has(error.name)) return 'timeout';
  if (LOST_PAGE.has(error.name)) return 'truncated';
  // A success whose body could not be read, or a request that was refused as invalid: asking again changes nothing.
  if (status !== undefined && status < 500) return 'malformed';
  return 'unavailable';
}

function detailOf(error: SdkError): string {
  if (error instanceof SyntaxError) return NOT_JSON;
  const firstLine = firstLineOf(error);
  // The client's parser met something else, a page of a proxy for example.
  if (error.name === 'SyntaxError') return 'the answer is not from AWS: is a proxy in between?';
  if (NO_ADDRESS.has(error.code ?? ''))
    return `no address was found (${firstLine}): is there a network, and such a region?`;
  const what = firstLine === '' ? (error.code ?? '') : firstLine;
  return what === '' ? error.name : `${error.name}: ${what}`;
}

/** What the client adds below its first line is advice to its user. */
function firstLineOf({ message }: Error): string {
  return message.split('\n', 1)[0] ?? '';
}
