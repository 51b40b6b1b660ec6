/** Parses requests by their contract: what it does not know is refused, and what is too large is not read to its end. */
import * as z from 'zod';
import { parseInput } from '../core/model/issues.ts';
import type { Route } from './contract/route.ts';
import { invalid, ProblemError } from './problem.ts';

/** Bytes of a body: a config of a thousand accounts is below it. */
const MOST_BODY_BYTES = 1024 * 1024;

const NO_QUERY = z.strictObject({});

/** The query by the route's schema; undefined where it has none. Throws a 400. */
export function readQuery(route: Route, url: URL): unknown {
  const given: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    if (Object.hasOwn(given, name))
      throw new ProblemError(
        400,
        `The query has ${name} twice. Give it once; values of a list have commas between them.`,
      );
    given[name] = value;
  }
  const parsed = parseInput((route.query ?? NO_QUERY).strict(), given);
  if (!parsed.success) throw invalid('The query', parsed.error);
  return route.query === undefined ? undefined : parsed.data;
}

/** The body by the route's schema; undefined where it has none. Throws a 400, 413 or 415. */
export async function readBody(route: Route, request: Request): Promise<unknown> {
  if (route.body === undefined) return undefined;
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json')
    throw new ProblemError(415, 'The body has to be JSON. Send it with Content-Type: application/json.');
  const text = await readText(request);
  const parsed = parseInput(route.body, parsedJson(text));
  if (!parsed.success) throw invalid('The body', parsed.error);
  return parsed.data;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ProblemError(400, 'The body is no JSON. Check quotes, commas and brackets.', {
      kind: 'invalid',
      cause: error,
    });
  }
}

async function readText(request: Request): Promise<string> {
  const stated = Number(request.headers.get('content-length') ?? 0);
  if (stated > MOST_BODY_BYTES) throw tooLarge();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let [text, bytes] = ['', 0];
  try {
    for await (const chunk of request.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > MOST_BODY_BYTES) throw tooLarge();
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ProblemError(400, 'The body is no text in UTF-8. Encode it so.', { kind: 'invalid', cause: error });
  }
}

function tooLarge(): ProblemError {
  return new ProblemError(413, `The body has more than ${MOST_BODY_BYTES} bytes. Send less.`);
}

/**
 * Refuses what a page of another origin sends: no cookie signs it in, but `plimsoll console` signs in whoever reaches it.
 */
export function refuseForeignOrigin(request: Request): void {
  const origin = request.headers.get('origin');
  if (origin === null || origin === new URL(request.url).origin) return;
  throw new ProblemError(
    403,
    'A page of another origin may change nothing here. Use the console, or leave Origin out.',
    {
      kind: 'origin',
    },
  );
}
