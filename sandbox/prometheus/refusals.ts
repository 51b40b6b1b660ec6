/** Faults that are an answer of their own, whatever was requested. */
import type { Answer } from '../wire/answer.ts';
import type { PrometheusFaultKind } from '../wire/faults.ts';
import { type ErrorType, PromError } from './errors.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

export function refusal({ status, errorType, message }: PromError): Answer {
  return { status, headers: JSON_TYPE, body: JSON.stringify({ status: 'error', errorType, error: message }) };
}

/** Refusals of the server itself. */
const ERRORS: Partial<Record<PrometheusFaultKind, readonly [status: number, type: ErrorType, message: string]>> = {
  bad_data: [400, 'bad_data', 'invalid parameter "query": 1:1: parse error: unexpected character'],
  too_many_samples: [422, 'execution', 'query processing would load too many samples into memory in query execution'],
  timeout: [503, 'timeout', 'query timed out in expression evaluation'],
  unavailable: [503, 'unavailable', 'TSDB not ready'],
  server_error: [500, 'internal', 'internal error'],
};

/** Answers of a proxy before it, which are no JSON. */
const PLAIN: Partial<Record<PrometheusFaultKind, readonly [status: number, headers: Answer['headers'], body: string]>> =
  {
    // A test does not wait; a proxy that limits the rate names seconds.
    throttled: [429, { 'retry-after': '0' }, 'too many requests\n'],
    throttled_for_long: [429, { 'retry-after': '3600' }, 'too many requests\n'],
    unauthorized: [401, { 'www-authenticate': 'Basic realm="prometheus"' }, 'Unauthorized\n'],
    denied: [403, {}, 'Forbidden\n'],
    not_found: [404, {}, '404 page not found\n'],
    redirected: [302, { location: '/elsewhere/api/v1/query' }, ''],
    garbage: [200, { 'content-type': 'text/html' }, '<html><body>Sign in to the hotel network'],
  };

/** Undefined where the server answers, perhaps wrongly. */
export function refusalOfFault(kind: PrometheusFaultKind): Answer | undefined {
  const error = ERRORS[kind];
  if (error !== undefined) return refusal(new PromError(...error));
  const plain = PLAIN[kind];
  if (plain === undefined) return undefined;
  const [status, headers, body] = plain;
  return { status, headers: { 'content-type': 'text/plain', ...headers }, body };
}
