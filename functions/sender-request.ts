/** A request of a sender as the HTTP API hands it on, before anybody is believed. */
import * as z from 'zod';
import { parseInput } from '../core/model/issues.ts';

const text = z.string().max(16 * 1024);

/** Payload 2.0: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
const requestSchema = z.object({
  version: z.literal('2.0'),
  rawPath: z.string().max(500),
  headers: z.record(z.string(), text),
  queryStringParameters: z.record(z.string().max(255), z.string().max(2048)).optional(),
  requestContext: z.object({ http: z.object({ method: z.string().max(20) }) }),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().default(false),
});

/** The stage of the API may stand before it. */
const PATH = /^(?:\/[\w-]{1,128})?\/v1\/(metrics|selections)$/;

export interface SenderRequest {
  readonly route: 'metrics' | 'selections';
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly query: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/** Undefined where the API has no such route. */
export function readSenderRequest(event: unknown): SenderRequest | undefined {
  const parsed = parseInput(requestSchema, event);
  if (!parsed.success) return undefined;
  const { rawPath, headers, queryStringParameters = {}, requestContext, body = '', isBase64Encoded } = parsed.data;
  const route = PATH.exec(rawPath)?.[1];
  const method = route === 'metrics' ? 'POST' : 'GET';
  if ((route !== 'metrics' && route !== 'selections') || requestContext.http.method !== method) return undefined;
  return {
    route,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    query: new Map(Object.entries(queryStringParameters)),
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}
