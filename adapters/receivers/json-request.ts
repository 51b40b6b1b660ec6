/** What requests to receivers have in common. */
import type { HttpsRequest } from '../../core/ports/https-client.ts';
import type { Endpoint } from './endpoints.ts';

/** A body that is composed, and where it goes. */
export function jsonRequest(
  { url, allowsPrivate }: Pick<Extract<Endpoint, { kind: 'endpoint' }>, 'url' | 'allowsPrivate'>,
  body: object,
  more: { readonly headers?: Readonly<Record<string, string>>; readonly ca?: string | undefined } = {},
): HttpsRequest {
  return {
    url,
    allowsPrivate,
    headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'plimsoll', ...more.headers },
    body: JSON.stringify(body),
    ca: more.ca,
  };
}
