/** Writes answers: JSON by the contract, texts, and problems. */
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { RawAnswer, Tagged } from './call.ts';
import type { Route } from './contract/route.ts';
import { ProblemError } from './problem.ts';

export interface RespondOptions {
  readonly request: Request;
  /** What the handler has set. */
  readonly headers: Headers;
  /** Whether an answer that does not fit its schema is an error: for tests. */
  readonly checksAnswers: boolean;
}

/** The response to what a handler has answered. */
export function respond(route: Route, answer: unknown, options: RespondOptions): Response {
  const { headers } = options;
  const status = route.status ?? 200;
  if (route.answer !== undefined) {
    const value = isTagged(route, answer) ? answer.value : answer;
    if (isTagged(route, answer)) headers.set('ETag', `"${answer.etag}"`);
    if (options.checksAnswers) route.answer.parse(value);
    if (isNotModified(route, options)) return new Response(null, { status: 304, headers });
    headers.set('Content-Type', 'application/json');
    return new Response(JSON.stringify(value), { status, headers });
  }
  if (route.mediaType !== undefined && isRaw(answer)) return respondRaw(route.mediaType, answer, headers);
  return new Response(null, { status, headers });
}

function isTagged(route: Route, answer: unknown): answer is Tagged<unknown> {
  return route.etag === true && typeof answer === 'object' && answer !== null && 'etag' in answer;
}

function isRaw(answer: unknown): answer is RawAnswer {
  return typeof answer === 'object' && answer !== null && 'body' in answer;
}

function isNotModified({ method }: Route, { request, headers }: RespondOptions): boolean {
  const known = request.headers.get('if-none-match');
  const etag = headers.get('etag');
  return method === 'get' && known !== null && etag !== null && tagsOf(known).includes(etag);
}

/** Tags of a header. Those that a proxy has made weak count as what they were. */
export function tagsOf(header: string): string[] {
  return header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
}

function respondRaw(mediaType: string, { body, filename }: RawAnswer, headers: Headers): Response {
  headers.set('Content-Type', mediaType);
  if (filename !== undefined) headers.set('Content-Disposition', `attachment; filename="${filename}"`);
  if (typeof body === 'string') return new Response(body, { headers });
  const encoder = new TextEncoder();
  const encoded = async function* () {
    for await (const text of body) yield encoder.encode(text);
  };
  return new Response(ReadableStream.from(encoded()), { headers });
}

/** @param id Of the request, which a person can report. */
export function respondProblem(error: ProblemError, id: string, headers: Headers): Response {
  for (const [name, value] of Object.entries(error.headers)) headers.set(name, value);
  headers.set('Content-Type', 'application/problem+json');
  headers.set('X-Request-Id', id);
  const status: ContentfulStatusCode = error.status;
  return new Response(JSON.stringify(error.problem), { status, headers });
}

/** What nobody expected: its cause is in the log of the server. */
export function unexpected(id: string, cause: unknown): ProblemError {
  return new ProblemError(500, `Something failed that nobody expected. Report the request ${id}.`, { cause });
}
