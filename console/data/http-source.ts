/** Asks the API over HTTP. Answers with an ETag are kept, and read again only where they have changed. */
import { ApiError, noAnswer, problemOf } from './api-error.ts';
import { addressOf, type Method } from './routes.ts';
import type { Source } from './source.ts';

/** How a request is authorised; `refreshed` after the API has refused a token. */
export interface Tokens {
  /** Null where none is needed. */
  current(): Promise<string | null>;
  /** Another token, or null where there is none: the person has to sign in again. */
  refreshed(): Promise<string | null>;
}

export interface HttpOptions {
  /** `/api/v1`. */
  readonly base: string;
  readonly tokens: Tokens;
  /** By default the browser's own. */
  readonly fetch?: typeof fetch;
  /** Resolves after milliseconds, by default by a timer. */
  readonly wait?: (ms: number) => Promise<void>;
}

/** Answers with an ETag that are kept. */
const KEPT_ANSWERS = 60;
/** Times that a request is made again after 429, and the longest wait before it. */
const MOST_RETRIES = 3;
const LONGEST_WAIT_SECONDS = 20;
/** Any request that takes longer is given up: the gateway's limit is half a minute. */
const TIMEOUT_MS = 40_000;

interface Ask {
  readonly method: Method;
  readonly address: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

interface Kept {
  readonly etag: string;
  readonly value: unknown;
}

export function createHttpSource(options: HttpOptions): Source {
  const kept = new Map<string, Kept>();
  const ask = createAsk(options);

  async function getJson(address: string, signal?: AbortSignal): Promise<unknown> {
    const before = kept.get(address);
    const headers: Record<string, string> = before === undefined ? {} : { 'If-None-Match': before.etag };
    const response = await ask({ method: 'get', address, headers, signal });
    if (response.status === 304 && before !== undefined) return before.value;
    const value: unknown = await jsonOf(response);
    const etag = response.headers.get('ETag');
    if (etag !== null) keep(kept, address, { etag, value });
    return value;
  }

  // The contract is the server's promise: answers are not checked again here, which would bring every schema into the page.
  return {
    live: true,
    get: async (path, params, { query, signal } = {}) =>
      (await getJson(addressOf(path, params, query), signal)) as never,
    send: async (method, path, params, { body, query, ifMatch, signal } = {}) => {
      const headers: Record<string, string> = ifMatch === undefined ? {} : { 'If-Match': ifMatch };
      const response = await ask({ method, address: addressOf(path, params, query), body, headers, signal });
      return (response.status === 204 ? undefined : await jsonOf(response)) as never;
    },
    etagOf: (path, params, query) => kept.get(addressOf(path, params, query))?.etag,
    download: async (path, params, { query, signal } = {}) => {
      const response = await ask({ method: 'get', address: addressOf(path, params, query), signal });
      return response.blob();
    },
  };
}

function keep(kept: Map<string, Kept>, address: string, answer: Kept): void {
  kept.delete(address);
  kept.set(address, answer);
  const [oldest] = kept.keys();
  if (kept.size > KEPT_ANSWERS && oldest !== undefined) kept.delete(oldest);
}

/** One request with its token: once more after 401 with another token, and after 429 as late as the API asks. */
function createAsk({ base, tokens, fetch: request = globalThis.fetch.bind(globalThis), wait = waitMs }: HttpOptions) {
  return async (question: Ask): Promise<Response> => {
    const first = await tokens.current();
    const response = await patient(question, first);
    if (response.status !== 401 || first === null) return checked(response);
    const second = await tokens.refreshed();
    return checked(second === null ? response : await patient(question, second));
  };

  async function patient(question: Ask, token: string | null): Promise<Response> {
    for (let retries = 0; ; retries++) {
      const response = await once(question, token);
      if (response.status !== 429 || retries === MOST_RETRIES) return response;
      await wait(retryAfterMs(response));
    }
  }

  async function once({ method, address, body, headers, signal }: Ask, token: string | null): Promise<Response> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    try {
      return await request(`${base}${address}`, {
        method: method.toUpperCase(),
        headers: {
          Accept: 'application/json',
          // Every write states it, with or without a body: a form of another origin cannot.
          ...(method === 'get' ? {} : { 'Content-Type': 'application/json' }),
          ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
        credentials: 'omit',
        cache: 'no-store',
      });
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw noAnswer(error);
    }
  }
}

async function checked(response: Response): Promise<Response> {
  if (response.ok || response.status === 304) return response;
  throw problemOf(response.status, await jsonIfAny(response));
}

function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get('Retry-After') ?? '1');
  return Math.min(Number.isFinite(seconds) && seconds > 0 ? seconds : 1, LONGEST_WAIT_SECONDS) * 1000;
}

function waitMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    const detail = 'The API answered with something else than JSON. Check what stands between this page and the API.';
    throw new ApiError({ status: response.status, title: 'Unreadable answer', detail }, { cause: error });
  }
}

async function jsonIfAny(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    // The status alone describes the problem then.
    return null;
  }
}
