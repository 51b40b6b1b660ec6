/** From an error that a Google Cloud client threw to a `Failure`. Status codes stay here. */
import { status } from '@grpc/grpc-js';
import * as z from 'zod';
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

const callStatusSchema = z.object({ code: z.enum(status), details: z.string() });

/** How a call ended, as gRPC puts it. */
export type CallStatus = Readonly<z.output<typeof callStatusSchema>>;

/** How the call ended that threw; undefined where the error is about none that left. */
export function statusOf(error: unknown): CallStatus | undefined {
  return callStatusSchema.safeParse(error).data;
}

/** A status other than OK; also of an error inside an answer. */
export function failureOfStatus({ code, details }: CallStatus, signal?: AbortSignal): Failure {
  if (signal?.aborted) return OUT_OF_TIME;
  const isUnreadable = [UNPARSABLE, TOO_LARGE].some((message) => details.startsWith(message));
  const reason = isUnreadable ? 'malformed' : (REASONS[code] ?? 'unavailable');
  const name = status[code] ?? `status ${code}`;
  return failureFor(reason, details === '' ? name : `${name}: ${details}`);
}

/** Reads an error that a client threw. */
export function failureOf(error: unknown, signal?: AbortSignal): Failure {
  if (signal?.aborted) return OUT_OF_TIME;
  if (error instanceof SourceError) return failureOfSourceError(error);
  const end = statusOf(error);
  if (end !== undefined) return failureOfStatus(end);
  return failureFor('unavailable', error instanceof Error ? error.message : String(error));
}
