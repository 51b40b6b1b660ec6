/** The API and the page at one address, with the headers of both. */
import { Hono, type MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';
import { secureHeaders } from 'hono/secure-headers';
import { COMPRESSIBLE_CONTENT_TYPE_REGEX } from 'hono/utils/compress';
import { ProblemError } from '../api/problem.ts';
import { respondProblem } from '../api/respond.ts';
import type { TrustedIssuer } from '../core/model/trusted-issuer.ts';
import type { MetricsOptions } from './metrics.ts';
import type { Page } from './page-files.ts';

export type RequestKind = NonNullable<MetricsOptions['kind']>;

export interface ServerOptions {
  readonly api: { fetch(request: Request, environment: unknown): Response | Promise<Response> };
  readonly page: Page;
  readonly issuers: readonly Pick<TrustedIssuer, 'issuer' | 'origins'>[];
  /** @param milliseconds How long it took. */
  readonly measured: (kind: RequestKind, milliseconds: number, status: number) => void;
}

/** What the server hands over beside the request reaches the API as it is. */
export function createServer({ api, page, issuers, measured }: ServerOptions): Hono {
  const server = new Hono();
  server.use(async (context, next) => {
    const begun = performance.now();
    await next();
    measured(kindOf(context.req.method, context.req.path), performance.now() - begun, context.res.status);
  });
  server.use(securityHeaders(issuers));
  for (const path of ['/api/*', '/iam/*']) server.use(path, bounded, compress({ contentTypeFilter: isCompressible }));
  server.all('/api/*', (context) => api.fetch(context.req.raw, context.env));
  // The same routes, behind the authoriser of IAM.
  server.mount('/iam', (request, environment) => api.fetch(request, environment));
  server.all('*', (context) => page(context.req.raw));
  return server;
}

const LINES = /^application\/x-ndjson/;

function isCompressible(type: string): boolean {
  return COMPRESSIBLE_CONTENT_TYPE_REGEX.test(type) || LINES.test(type);
}

/** Lambda answers with 6 MB at the most, in which what is compressed is base64: 4 characters for 3 bytes. */
const MOST_BYTES = 4_500_000;

/** Lines are answered in one piece: more than Lambda can answer is a problem that names the way, not a 502. */
const bounded: MiddlewareHandler = async (context, next) => {
  await next();
  const { res } = context;
  if (res.body === null || !LINES.test(res.headers.get('content-type') ?? '')) return;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of res.body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MOST_BYTES) break;
  }
  const { status, headers } = res;
  context.res = undefined;
  context.res = bytes > MOST_BYTES ? tooLarge() : new Response(Buffer.concat(chunks), { status, headers });
};

function tooLarge(): Response {
  const detail =
    'The results are more than one answer can hold. Send Accept-Encoding: gzip, name one account and region, or read them with plimsoll results --json.';
  const headers = new Headers({ 'Cache-Control': 'no-store' });
  return respondProblem(new ProblemError(413, detail, { kind: 'too-large' }), crypto.randomUUID(), headers);
}

function kindOf(method: string, path: string): RequestKind {
  if (!/^\/(iam\/)?api\//.test(path)) return 'page';
  if (path.endsWith('/memory')) return 'memory';
  return method === 'GET' ? 'read' : 'write';
}

/**
 * Nothing is loaded from another origin, and nothing is sent to one but to those that sign people in. No other page may frame this
 * one or keep a handle to it.
 */
function securityHeaders(issuers: ServerOptions['issuers']) {
  const origins = issuers.flatMap(({ issuer, origins: further }) => [new URL(issuer).origin, ...further]);
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      connectSrc: ["'self'", ...new Set(origins)],
      imgSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
    crossOriginOpenerPolicy: 'same-origin',
    crossOriginResourcePolicy: 'same-origin',
    referrerPolicy: 'no-referrer',
    strictTransportSecurity: 'max-age=31536000',
    xContentTypeOptions: 'nosniff',
    xFrameOptions: 'DENY',
    permissionsPolicy: { camera: [], geolocation: [], microphone: [], payment: [], usb: [] },
  });
}
