/** What goes wrong, as RFC 9457 writes it: what happened, and what to do. Never a stack, and nothing of another tenant. */
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type * as z from 'zod';
import { fieldIssues } from '../core/model/issues.ts';
import {
  DeliveryError,
  InvalidFieldsError,
  InvalidInputError,
  ItemError,
  PlimsollError,
  StoreError,
} from '../core/ports/errors.ts';
import { RecordingError } from '../core/recordings/start-stop.ts';
import type { Problem } from './contract/route.ts';

const TITLES = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  412: 'Changed meanwhile',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Cannot be done',
  428: 'Precondition required',
  429: 'Too many requests',
  500: 'Internal error',
  501: 'Not available here',
  503: 'Unavailable',
} as const satisfies Partial<Record<ContentfulStatusCode, string>>;

export type ProblemStatus = keyof typeof TITLES;

export interface ProblemOptions {
  /** `conflict`: names the kind of problem for programs. */
  readonly kind?: string;
  readonly issues?: Problem['issues'];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** Ends a request with a problem. */
export class ProblemError extends PlimsollError {
  readonly status: ProblemStatus;
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  /** @param detail What happened, and what to do. */
  constructor(status: ProblemStatus, detail: string, { kind, issues, headers = {}, cause }: ProblemOptions = {}) {
    super(detail, { cause });
    this.status = status;
    this.headers = headers;
    const type = kind === undefined ? 'about:blank' : `urn:plimsoll:problem:${kind}`;
    this.problem = { type, title: TITLES[status], status, detail, ...(issues && { issues }) };
  }
}

/** The same for what does not exist and for what is of another tenant. */
export function notFound(what: string): ProblemError {
  return new ProblemError(404, `There is no ${what}, or you may not see it. Check the address.`);
}

/** @param version The newest one. */
export function changedMeanwhile(version: number): ProblemError {
  const detail = `The config is at version ${version} by now, so nothing was stored. Read it again, and repeat your change.`;
  return new ProblemError(412, detail, { kind: 'conflict', headers: { ETag: `"${version}"` } });
}

/** @param what `The query`. */
export function invalid(what: string, error: z.ZodError): ProblemError {
  const issues = fieldIssues(error).map(({ path, message }) => ({ path: path.join('.'), message }));
  return new ProblemError(400, `${what} is not valid. Correct the fields that \`issues\` names.`, {
    kind: 'invalid',
    issues,
  });
}

/** What a use case threw, as a problem; undefined of what nobody expected. */
export function problemOf(error: unknown): ProblemError | undefined {
  if (error instanceof ProblemError) return error;
  if (error instanceof InvalidInputError) return invalidInput(error);
  if (error instanceof RecordingError) return new ProblemError(422, error.message, { kind: 'refused' });
  if (error instanceof ItemError)
    return new ProblemError(500, 'A stored item is damaged or cannot be stored: another try does not help.', {
      kind: 'damaged',
      cause: error,
    });
  if (error instanceof StoreError)
    return new ProblemError(503, 'What is stored could not be read or written now. Try again in some seconds.', {
      kind: 'store',
      headers: { 'Retry-After': '5' },
      cause: error,
    });
  if (error instanceof DeliveryError)
    return new ProblemError(503, 'A topic or a queue did not take what was sent. Try again in some seconds.', {
      kind: 'unavailable',
      headers: { 'Retry-After': '5' },
      cause: error,
    });
  return undefined;
}

function invalidInput(error: InvalidInputError): ProblemError {
  const [what] = error.message.split(' is not valid:');
  const detail = `${what} is not valid. Correct what \`issues\` names.`;
  return new ProblemError(400, detail, { kind: 'invalid', issues: issuesOf(error) });
}

/** One for each wrong field, with its path where that is known. */
export function issuesOf(error: InvalidInputError): NonNullable<Problem['issues']> {
  if (!(error instanceof InvalidFieldsError)) return error.issues.map((message) => ({ path: '', message }));
  return error.fields.map(({ path, message }) => ({ path: path.join('.'), message }));
}

/** Of a write for a tenant whose deletion has begun: it would outlast the tenant. */
export function beingDeleted(tenant: string): ProblemError {
  return new ProblemError(409, `The deletion of tenant ${tenant} has begun, so nothing was stored.`, {
    kind: 'deleting',
  });
}
