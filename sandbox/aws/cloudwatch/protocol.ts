/** What CloudWatch's actions share: the context of a call, the errors that it refuses with, and the tokens of its pages. */
import { createHash } from 'node:crypto';
import type { Fault } from '../../wire/faults.ts';
import type { ServiceError } from '../answers.ts';
import type { MetricCatalogue } from './metrics.ts';

/** What the caller's account and region hold now, and what goes wrong with this call. */
export interface CloudWatchContext {
  readonly catalogue: MetricCatalogue;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly fault: Fault | undefined;
}

export interface MetricDataResult {
  readonly Id: string;
  readonly Label: string;
  /** Epoch seconds. */
  readonly Timestamps: readonly number[];
  readonly Values: readonly number[];
  readonly StatusCode: 'Complete' | 'PartialData' | 'InternalError' | 'Forbidden';
}

export interface MetricDataPage {
  readonly MetricDataResults: readonly MetricDataResult[];
  readonly NextToken?: string;
}

/** Thrown by an action, answered by the endpoint. */
export class CloudWatchError extends Error {
  readonly answer: ServiceError;

  constructor(code: string, message: string) {
    super(message);
    this.answer = { status: 400, code, message };
  }
}

/** Refuses with every complaint on a line of its own, as the service does. */
export function refuseInvalid(complaints: readonly string[]): void {
  if (complaints.length > 0) throw new CloudWatchError('ValidationError', complaints.join('\n'));
}

/** Where the next page begins: the index of the metric, and of the point in it. */
export interface PageCursor {
  readonly item: number;
  readonly point: number;
}

/** A token of a page belongs to one request: it is refused with other parameters. */
export function encodeToken(request: object, cursor: PageCursor): string {
  return Buffer.from(JSON.stringify([cursor.item, cursor.point, fingerprint(request)])).toString('base64url');
}

/** The cursor of a request's token; the start where it has none. */
export function decodeToken(request: object, token: string | undefined): PageCursor {
  if (token === undefined) return { item: 0, point: 0 };
  const [item, point, print] = parseToken(token);
  if (typeof item !== 'number' || typeof point !== 'number' || print !== fingerprint(request)) {
    throw new CloudWatchError('InvalidNextToken', 'The service rejected the provided next token.');
  }
  return { item, point };
}

/** A token that is refused when it comes back. */
export const DEAD_TOKEN = Buffer.from('[]').toString('base64url');

function parseToken(token: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

function fingerprint(request: object): string {
  const parameters = Object.entries(request).filter(([name]) => name !== 'NextToken');
  return createHash('sha256').update(JSON.stringify(parameters)).digest('hex').slice(0, 16);
}
