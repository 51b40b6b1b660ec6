/** Why a request to a provider failed. Each provider's errors become this in an `errors.ts` of its own. */
import type { Scope, Unreadable, UnreadableReason } from '../../core/model/series.ts';
import type { SourceError } from '../../core/ports/errors.ts';

export interface Failure {
  readonly reason: UnreadableReason;
  /** Whether the same request may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  readonly detail: string;
  /** The time to wait that the service named, in milliseconds. */
  readonly retryAfterMs?: number;
}

const RETRYABLE: ReadonlySet<UnreadableReason> = new Set(['throttled', 'timeout', 'unavailable']);

/** A failure that is retryable where its reason passes by itself. */
export function failureFor(reason: UnreadableReason, detail: string): Failure {
  return { reason, retryable: RETRYABLE.has(reason), detail };
}

/** An error that an adapter threw itself, for example because signing in failed. */
export function failureOfSourceError({ reason, retryable, message }: SourceError): Failure {
  return { reason, retryable, detail: message };
}

/** The read's own signal aborted. */
export const OUT_OF_TIME: Failure = failureFor('timeout', 'the time for this read was over');

/** An answer whose pages repeat, or are more than there can be. @param subject The request's name. */
export function withoutEnd(subject: string): Failure {
  return failureFor('truncated', `${subject} gives further pages without end`);
}

/** The reading of a listing that ended early: hosts of the scope are missing, and nobody knows which. */
export function hostsMissing(scope: Scope, { reason, detail }: Pick<Failure, 'reason' | 'detail'>): Unreadable {
  return { kind: 'unreadable', scope, reason, detail: `some hosts are not known: ${detail}` };
}
