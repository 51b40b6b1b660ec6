/** A request to the address of a tenant's events, before anybody is believed: size, address and token as far as they can be read. */
import * as z from 'zod';
import { parseInput } from '../core/model/issues.ts';

/** Bytes of a body: an entry of an audit log has a few thousand, and Event Grid sends one event at a time. */
const MAX_BODY_BYTES = 64 * 1024;

/** Characters of a token: those of both issuers have some 1,500. */
const MAX_TOKEN_LENGTH = 8 * 1024;

const text = z.string().max(16 * 1024);

/** Payload 2.0: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
const requestSchema = z.object({
  version: z.literal('2.0'),
  rawPath: z.string().max(500),
  headers: z.record(z.string(), text),
  requestContext: z.object({ domainName: z.string().max(300), http: z.object({ method: z.string().max(20) }) }),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().default(false),
});

/** The stage of the API may stand before it. */
const PATH = /^(?:\/[\w-]{1,128})?\/events\/(gcp|azure)\/([a-z0-9-]{1,40})\/([\w-]{22,100})$/;

const BEARER = /^Bearer +([\w-]+\.[\w-]+\.[\w-]*)$/i;

export interface EventRequest {
  readonly provider: 'gcp' | 'azure';
  readonly tenant: string;
  /** The random part of the path. */
  readonly path: string;
  /** The address as the sender knows it: the API's own domain, which no header can set. */
  readonly url: string;
  readonly method: 'POST' | 'OPTIONS';
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined where there is none that looks like one. */
  readonly token: string | undefined;
  readonly body: string;
}

export type ReadRequest =
  | { readonly kind: 'request'; readonly request: EventRequest }
  | { readonly kind: 'refused'; readonly status: 404 | 413; readonly reason: string };

export function readEventRequest(event: unknown): ReadRequest {
  const parsed = parseInput(requestSchema, event);
  if (!parsed.success) return refused(404, 'it is no request of an HTTP API');
  const { rawPath, headers, requestContext, body = '', isBase64Encoded } = parsed.data;
  const { method } = requestContext.http;
  const [, provider, tenant, path] = PATH.exec(rawPath) ?? [];
  if (method !== 'POST' && method !== 'OPTIONS') return refused(404, 'the method is neither POST nor OPTIONS');
  if ((provider !== 'gcp' && provider !== 'azure') || tenant === undefined || path === undefined)
    return refused(404, 'the path is that of no events');
  // Before it is decoded: in base64 a text is a third longer.
  const bytes = isBase64Encoded ? Math.floor((body.length * 3) / 4) : Buffer.byteLength(body);
  if (bytes > MAX_BODY_BYTES) return refused(413, `the body has ${bytes} bytes; ${MAX_BODY_BYTES} are allowed`);
  const request: EventRequest = {
    provider,
    tenant,
    path,
    url: `https://${requestContext.domainName}${rawPath}`,
    method,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    token: undefined,
    body: isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
  };
  return { kind: 'request', request: { ...request, token: tokenOf(request.headers['authorization']) } };
}

function tokenOf(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length > MAX_TOKEN_LENGTH) return undefined;
  return BEARER.exec(authorization)?.[1];
}

function refused(status: 404 | 413, reason: string): ReadRequest {
  return { kind: 'refused', status, reason };
}
