/**
 * A webhook of a tenant's own: the event as it is, signed as Standard Webhooks has it, for which there are libraries in many languages.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { createHmac } from 'node:crypto';
import type { PublishedEvent } from '../../core/model/service-event.ts';
import type { HttpsRequest } from '../../core/ports/https-client.ts';
import type { Endpoint } from './endpoints.ts';

/** What a secret begins with whose rest is Base64. */
const PREFIX = 'whsec_';

interface Signing {
  readonly key: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly ca: string | undefined;
}

export function webhookRequest(
  { url, allowsPrivate }: Extract<Endpoint, { kind: 'endpoint' }>,
  event: PublishedEvent,
  { key, now, ca }: Signing,
): HttpsRequest {
  const body = JSON.stringify(event);
  const timestamp = String(Math.floor(now / 1000));
  return {
    url,
    allowsPrivate,
    ca,
    body,
    headers: {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'user-agent': 'plimsoll',
      'webhook-id': event.id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature(key, `${event.id}.${timestamp}.${body}`)}`,
    },
  };
}

function signature(secret: string, content: string): string {
  const key = secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret);
  return createHmac('sha256', key).update(content).digest('base64');
}
