/** From an error that an AWS client threw to a `Failure`. The vendor's error names stay here. */
import type { UnreadableReason } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { type Failure, failureFor, failureOfSourceError, OUT_OF_TIME } from '../reading/failure.ts';
import { waitNamedBy } from '../reading/retry-after.ts';

/** What a failed send leaves on its error: https://github.com/aws/aws-sdk-js-v3/blob/main/supplemental-docs/ERROR_HANDLING.md */
interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: {
    readonly httpStatusCode?: number;
    /** Whether the client has just corrected its clock by the answer's. */
    readonly clockSkewCorrected?: boolean;
  };
  /** There where the service's model has the error as one that may pass. */
  readonly $retryable?: { readonly throttling?: boolean };
  /** Headers have lower-case names. */
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/** Those by which the client's own retries know a throttle. */
const THROTTLED = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'PriorRequestNotComplete',
  'TransactionInProgressException',
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

/** Reads an error that `client.send` threw. */
export function failureOf(error: unknown, signal?: AbortSignal): Failure {
  if (signal?.aborted) return OUT_OF_TIME;
  if (error instanceof SourceError) return failureOfSourceError(error);
  if (!(error instanceof Error)) return failureFor('unavailable', String(error));
  if (lacksRegion(error)) return failureFor('malformed', 'no AWS region is set');
  if (lacksCredentials(error)) {
    return failureFor('denied', `your AWS credentials could not be found (${firstLineOf(error)}): ${FIND_CREDENTIALS}`);
  }
  return failureOfSdk(error);
}

function failureOfSdk(error: SdkError): Failure {
  const failure = failureFor(reasonOf(error), detailOf(error));
  const retryAfterMs = retryAfterOf(error);
  const retryable = failure.retryable || wasDatedWrong(error);
  return { ...failure, retryable, ...(retryAfterMs > 0 && { retryAfterMs }) };
}

/** Whether a further request has another date: the client has corrected its clock, or the request waited for too long before it left. */
function wasDatedWrong({ name, message, $metadata }: SdkError): boolean {
  return (
    $metadata?.clockSkewCorrected === true ||
    (name === 'InvalidSignatureException' && message.includes('Signature expired'))
  );
}

/** Milliseconds that the service named, in the standard's header or in AWS's own; 0 where it named none. */
function retryAfterOf({ $response }: SdkError): number {
  const { 'retry-after': standard = '', 'x-amz-retry-after': own = '' } = $response?.headers ?? {};
  return /^\d+$/.test(own) ? Number(own) : waitNamedBy(standard);
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

/** Whether the request that failed was sent. Without credentials it never left. */
export function hasLeft(error: unknown): boolean {
  return error instanceof Error && !(error instanceof SourceError) && !lacksCredentials(error);
}

function reasonOf(error: SdkError): UnreadableReason {
  const status = error.$metadata?.httpStatusCode;
  if (THROTTLED.has(error.name) || status === 429 || error.$retryable?.throttling) return 'throttled';
  if (DENIED.has(error.name) || status === 401 || status === 403) return 'denied';
  if (NOT_REACHED.has(error.code ?? '')) return 'unavailable';
  if (TIMED_OUT.has(error.name)) return 'timeout';
  if (LOST_PAGE.has(error.name)) return 'truncated';
  // A success whose body could not be read, or a request that was refused as invalid: asking again changes nothing.
  if (status !== undefined && status < 500) return error.$retryable === undefined ? 'malformed' : 'unavailable';
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
