/** From an error that a Google Cloud client threw to a `Failure`. Status codes stay here. */
import { status } from '@grpc/grpc-js';
import type { UnreadableReason } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { type Failure, failureFor, failureOfSourceError, OUT_OF_TIME } from '../reading/failure.ts';

/** https://grpc.github.io/grpc/core/md_doc_statuscodes.html. What is not here is `unavailable`: it may pass. */
const REASONS: Partial<Record<status, UnreadableReason>> = {
  [status.DEADLINE_EXCEEDED]: 'timeout',
  [status.RESOURCE_EXHAUSTED]: 'throttled',
  [status.PERMISSION_DENIED]: 'denied',
  [status.UNAUTHENTICATED]: 'denied',
  [status.NOT_FOUND]: 'not_found',
  // A request that was refused as it is: asking again changes nothing.
  [status.INVALID_ARGUMENT]: 'malformed',
  [status.FAILED_PRECONDITION]: 'malformed',
  [status.OUT_OF_RANGE]: 'malformed',
  [status.UNIMPLEMENTED]: 'malformed',
};

/** The client's message, under INTERNAL, about an answer that is no message of the protocol. */
const UNPARSABLE = 'Response message parsing error';

/** The client's message, under RESOURCE_EXHAUSTED, about an answer that is larger than its limit. */
const TOO_LARGE = 'Received message ';

/** How a call ended, as gRPC puts it. */
export interface CallStatus {
  readonly code: status;
  readonly details: string;
}

/** A status other than OK, after the client's own retries; also of an error inside an answer. */
export function failureOfStatus({ code, details }: CallStatus, signal?: AbortSignal): Failure {
  if (signal?.aborted) return OUT_OF_TIME;
  const isUnreadable = [UNPARSABLE, TOO_LARGE].some((message) => details.startsWith(message));
  const reason = isUnreadable ? 'malformed' : (REASONS[code] ?? 'unavailable');
  const name = status[code] ?? `status ${code}`;
  return failureFor(reason, details === '' ? name : `${name}: ${details}`);
}

/** An error without a status: thrown before a call left, or by the client about itself. */
export function failureOf(error: unknown, signal?: AbortSignal): Failure {
  if (signal?.aborted) return OUT_OF_TIME;
  if (error instanceof SourceError) return failureOfSourceError(error);
  return failureFor('unavailable', error instanceof Error ? error.message : String(error));
}
