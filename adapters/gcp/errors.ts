/** What a Google Cloud client threw, as the reason a reading or a `SourceError` gives. Status codes stay here. */
import { status } from '@grpc/grpc-js';
import type { UnreadableReason } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { Failure } from '../reading/failure.ts';

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

/** How the client says, under INTERNAL, that an answer is no message of the protocol. */
const UNPARSABLE = 'Response message parsing error';

const RETRYABLE: ReadonlySet<UnreadableReason> = new Set(['throttled', 'timeout', 'unavailable']);

/** How a call ended, as gRPC puts it. */
export interface CallStatus {
  readonly code: status;
  readonly details: string;
}

/** A status other than OK, after the client's own retries; also of an error inside an answer. */
export function failureOfStatus({ code, details }: CallStatus, signal?: AbortSignal): Failure {
  if (signal?.aborted) return OUT_OF_TIME;
  const reason = details.startsWith(UNPARSABLE) ? 'malformed' : (REASONS[code] ?? 'unavailable');
  const name = status[code] ?? `status ${code}`;
  return { reason, retryable: RETRYABLE.has(reason), detail: details === '' ? name : `${name}: ${details}` };
}

/** An error that says nothing of a status: thrown before a call left, or by the client about itself. */
export function failureOf(error: unknown, signal?: AbortSignal): Failure {
  if (signal?.aborted) return OUT_OF_TIME;
  if (error instanceof SourceError) {
    return { reason: error.reason, retryable: error.retryable, detail: error.message };
  }
  return { reason: 'unavailable', retryable: true, detail: error instanceof Error ? error.message : String(error) };
}

export const OUT_OF_TIME: Failure = { reason: 'timeout', retryable: true, detail: 'the time for this read was over' };
