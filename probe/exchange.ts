/** Requests to the receiver. */
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Answer } from './answers.ts';

const packed = promisify(gzip);

/** Longer than a function takes to start. */
const LONGEST_MS = 30_000;
/** Of an answer: a hundred selections are less. */
const MOST_BYTES = 1024 * 1024;

/** Where packed JSON is not taken, it is sent unpacked from then on: some gateways hand it on as text. */
const UNSUPPORTED = 415;

export interface ExchangeOptions {
  /** The address that /v1/metrics is below. */
  readonly url: string;
  /** Called for each request, so that a token that is replaced needs no restart. Undefined: none is sent. */
  readonly token: () => string | undefined;
  readonly userAgent: string;
}

/** Neither throws: an answer that did not come has no status. */
export interface Exchange {
  /** @param body JSON. */
  postMetrics(body: string): Promise<Answer>;
  /**
   * @param attributes Of the host, as its samples have them: recordings select hosts by name and labels as well.
   * @param etag Of the selections that are known: where they are the same, the answer is 304.
   */
  getSelections(attributes: Readonly<Record<string, string>>, etag: string | undefined): Promise<Answer>;
  /** Ends requests that are under way, so that the process can. */
  close(): void;
}

export function createExchange({ url, token, userAgent }: ExchangeOptions): Exchange {
  const base = url.replace(/\/+$/, '');
  const running = new Set<AbortController>();
  let takesPacked = true;

  async function request(
    path: string,
    init: RequestInit & { readonly headers: Record<string, string> },
  ): Promise<Answer> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(new Error(`no answer in ${LONGEST_MS / 1000} s`)), LONGEST_MS);
    running.add(abort);
    try {
      const secret = token();
      const headers = {
        ...init.headers,
        'user-agent': userAgent,
        ...(secret !== undefined && { authorization: `Bearer ${secret}` }),
      };
      // A redirect is not followed: the token is for this address.
      const response = await fetch(`${base}${path}`, { ...init, headers, redirect: 'manual', signal: abort.signal });
      return await answerOf(response);
    } catch (error) {
      return { status: undefined, body: causeOf(error) };
    } finally {
      clearTimeout(timer);
      running.delete(abort);
    }
  }

  return {
    async postMetrics(body) {
      const method = 'POST';
      const plain = { 'content-type': 'application/json' };
      if (takesPacked) {
        const headers = { ...plain, 'content-encoding': 'gzip' };
        const answer = await request('/v1/metrics', { method, headers, body: new Uint8Array(await packed(body)) });
        if (answer.status !== UNSUPPORTED) return answer;
        takesPacked = false;
      }
      return request('/v1/metrics', { method, headers: plain, body });
    },
    getSelections: (attributes, etag) =>
      request(`/v1/selections?${new URLSearchParams(attributes)}`, {
        headers: { accept: 'application/json', ...(etag !== undefined && { 'if-none-match': etag }) },
      }),
    close() {
      for (const abort of running) abort.abort(new Error('the probe ends'));
    },
  };
}

async function answerOf(response: Response): Promise<Answer> {
  const [retryAfter, etag] = [response.headers.get('retry-after'), response.headers.get('etag')];
  const selections = response.headers.get('plimsoll-selections');
  const maxAge = /\bmax-age=(\d{1,9})\b/.exec(response.headers.get('cache-control') ?? '')?.[1];
  return {
    status: response.status,
    body: await beginningOf(response),
    ...(retryAfter !== null && { retryAfter }),
    ...(etag !== null && { etag }),
    ...(maxAge !== undefined && { maxAge: Number(maxAge) }),
    ...(selections !== null && { selections }),
  };
}

async function beginningOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the rest.
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MOST_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `fetch failed` states nothing: its cause does. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}

const TOKEN = /^[\x21-\x7e]{1,1024}$/;

/** @throws Error The file cannot be read, or holds something else. The message never has the content. */
export function readToken(file: string): string {
  const token = contentOf(file).trim();
  if (!TOKEN.test(token)) throw new Error(`${file} does not hold a token on one line.`);
  return token;
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) throw error;
    throw new Error(UNREADABLE[error.code]?.(file) ?? `The token file ${file} cannot be read (${error.code}).`, {
      cause: error,
    });
  }
}

const UNREADABLE: Readonly<Record<string, (file: string) => string>> = {
  ENOENT: (file) => `The token file ${file} is not there: put the ingest token into it.`,
  EACCES: (file) => `The user who runs the probe may not read the token file ${file}.`,
  EISDIR: (file) => `The token file ${file} is a folder.`,
};
