/** The causes for which a use case stops. Expected outcomes are return values; these are not expected. Every `cause` survives. */
import { type FieldIssue, issueText } from '../model/issues.ts';
import type { UnreadableReason } from '../model/series.ts';

/** The base of every error that Plimsoll raises on purpose: its message states what happened, where, and what to do. */
export abstract class PlimsollError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = this.constructor.name;
  }
}

interface SourceFailure {
  readonly reason: UnreadableReason;
  readonly retryable: boolean;
  readonly cause?: unknown;
  /** The step that failed. Default `read`. */
  readonly stage?: SourceError['stage'];
}

/** A source that cannot be read at all: the account's role is denied, the provider is down. */
export class SourceError extends PlimsollError {
  readonly reason: UnreadableReason;
  /** Whether the same read may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  /** Whether signing in failed, or the read after it. */
  readonly stage: 'sign_in' | 'read';

  constructor(message: string, { reason, retryable, cause, stage = 'read' }: SourceFailure) {
    super(message, { cause });
    this.reason = reason;
    this.retryable = retryable;
    this.stage = stage;
  }
}

/** A store that did not answer, or refused: the message that requested the work goes back to its queue. */
export class StoreError extends PlimsollError {}

/** One item that cannot be stored or read back, while the store itself is well: the work on others goes on. */
export class ItemError extends StoreError {}

/** A topic that could not be made, or a queue that did not take a message. */
export class DeliveryError extends PlimsollError {}

/** A schedule that could not be listed, made or removed. */
export class SchedulerError extends PlimsollError {}

/** Another function inspects what a message requests: the message goes back to its queue, in case that one is killed. Nothing is wrong. */
export class UnderWayError extends PlimsollError {}

/** Input from outside that does not fit its schema: `issues` names every wrong field. */
export class InvalidInputError extends PlimsollError {
  readonly issues: readonly string[];

  constructor(what: string, issues: readonly string[], options?: ErrorOptions) {
    super(`${what} is not valid:\n${issues.map((issue) => `  ${issue}`).join('\n')}`, options);
    this.issues = issues;
  }
}

/** Input from outside of which single fields are wrong: each with its path, for whoever knows where it stands in a file. */
export class InvalidFieldsError extends InvalidInputError {
  readonly fields: readonly FieldIssue[];

  constructor(what: string, fields: readonly FieldIssue[]) {
    super(what, fields.map(issueText));
    this.fields = fields;
  }
}
