/** The API and the page at one address, with the headers of both. */
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { secureHeaders } from 'hono/secure-headers';
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
  for (const path of ['/api/*', '/iam/*']) server.use(path, compress());
  server.all('/api/*', (context) => api.fetch(context.req.raw, context.env));
  // The same routes, behind the authoriser of IAM.
  server.mount('/iam', (request, environment) => api.fetch(request, environment));
  server.all('*', (context) => page(context.req.raw));
  return server;
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
