/** How an SDK's client in this process reaches the sandbox without a connection: a third of what a request costs is HTTP's. */
import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { Incoming } from './request.ts';
import type { Outcome } from './router.ts';

/** What the SDK hands to what sends its requests. */
interface ClientRequest {
  readonly method: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface ClientResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Readable;
}

/** `requestHandler` of a client of any service. */
export interface RequestHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(
    request: ClientRequest,
    options?: { readonly abortSignal?: unknown },
  ): Promise<{ readonly response: ClientResponse }>;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Readonly<Record<string, never>>;
}

/**
 * A handler that hands each request to the sandbox. It has no time limit of its own: a client that is to give up by itself, and
 * not by a signal, needs a connection.
 *
 * @param host The sandbox's own address. A request to another one is refused.
 */
export function inProcess(host: string, serve: (incoming: Incoming) => Promise<Outcome>): RequestHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request, { abortSignal } = {}) {
      if (`${request.hostname}:${request.port}` !== host)
        throw new Error(`The sandbox is ${host}, and this client calls ${request.hostname}:${request.port}.`);
      const outcome = await unlessAborted(serve(incomingOf(request)), abortSignal);
      if (outcome === 'hung_up') throw hungUp();
      if (outcome === 'unanswered') return await unlessAborted(new Promise<never>(() => {}), abortSignal);
      const { status: statusCode, headers, body } = outcome;
      return { response: { statusCode, headers: lowerCase(headers), body: streamOf(request.method, body) } };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
}

function incomingOf({ method, path, query, headers, body }: ClientRequest): Incoming {
  const search = Object.entries(query)
    .flatMap(([name, values]) => (Array.isArray(values) ? values : [values]).map((value) => parameter(name, value)))
    .join('&');
  return {
    method,
    path: search === '' ? path : `${path}?${search}`,
    headers: lowerCase(headers),
    body: bytesOf(body),
  };
}

function parameter(name: string, value: string | null): string {
  return value === null ? encodeURIComponent(name) : `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
}

function bytesOf(body: unknown): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  throw new Error('The sandbox takes texts and bytes; a stream needs a connection.');
}

/** An answer to HEAD has no body. */
function streamOf(method: string, body: string | Buffer): Readable {
  return Readable.from(method === 'HEAD' || body.length === 0 ? [] : [Buffer.from(body)]);
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> & IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** As the SDK's own handler names it, so that it is tried again. */
function hungUp(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', name: 'TimeoutError' });
}

/** Rejects as the SDK's own handler does when the caller gives up. */
async function unlessAborted<T>(outcome: Promise<T>, signal: unknown): Promise<T> {
  if (!(signal instanceof AbortSignal)) return outcome;
  const aborted = () => Object.assign(new Error('Request aborted'), { name: 'AbortError' });
  if (signal.aborted) throw aborted();
  return await new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(aborted());
    signal.addEventListener('abort', onAbort, { once: true });
    outcome.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
