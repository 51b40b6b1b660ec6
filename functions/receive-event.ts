/**
 * What the address of a tenant's events does with a request. The sender proves by a token that a config names it, and what it sends
 * has to be of that config's account. A request that states itself that it is none of these costs no read; of others the config is
 * read, and at times the issuer's keys, before anything is believed. Answers hold nothing that helps to forge a request; the log has
 * the reason.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readEventGridDelivery } from '../adapters/scaling-events/azure.ts';
import { readPubSubPush } from '../adapters/scaling-events/gcp.ts';
import type { ReadEvent } from '../core/model/scaling-event.ts';
import type { Account, StoredTenant } from '../core/model/tenant.ts';
import type { ConfigStore } from '../core/ports/config-store.ts';
import type { EventTokens, ExpectedSender } from '../core/ports/event-tokens.ts';
import type { ScalingQueue } from '../core/ports/scaling-queue.ts';
import { type EventRequest, readEventRequest } from './event-request.ts';

export interface ReceivePorts {
  readonly configs: Pick<ConfigStore, 'get'>;
  readonly tokens: EventTokens;
  readonly queue: ScalingQueue;
}

export interface Received {
  readonly status: 200 | 204 | 403 | 404 | 413 | 503;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the log: why nothing came of it, or what did. */
  readonly reason: string;
  readonly tenant?: string;
  /** Whether something was acknowledged and dropped that a person has to look at. */
  readonly isDropped?: boolean;
}

/** The one origin that Event Grid asks in the name of: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md */
const EVENT_GRID_ORIGIN = 'eventgrid.azure.net';

type ReceivingAccount = Extract<Account, { provider: 'gcp' | 'azure' }>;

/** Throws `StoreError` and `DeliveryError`: the sender tries again. */
export async function receiveEvent(event: unknown, ports: ReceivePorts, now: number): Promise<Received> {
  const read = readEventRequest(event);
  if (read.kind === 'refused') return read;
  const { request } = read;
  const { tenant } = request;
  // Whoever probes addresses costs no read.
  const fault = faultOf(request, ports.tokens, now);
  if (fault !== undefined) return forbidden(fault, tenant);
  const account = accountOf(await ports.configs.get(tenant), request);
  if (account === undefined) return forbidden('no account of this tenant receives events at this path', tenant);
  if (request.method === 'OPTIONS') return handshake(tenant);
  const sender = senderOf(account, request);
  const verdict = await ports.tokens.verify(request.token ?? '', sender, now);
  if (verdict.kind === 'unavailable') return { status: 503, reason: `keys: ${verdict.reason}`, tenant };
  if (verdict.kind === 'refused') return forbidden(`token: ${verdict.reason}`, tenant);
  return deliver(request, account, ports.queue);
}

/** Why a request cannot be one of a provider, whatever the config has; undefined where it may be one. */
function faultOf(request: EventRequest, tokens: EventTokens, now: number): string | undefined {
  const { provider, method, token, headers, url } = request;
  if (method === 'OPTIONS') {
    const isEventGrid = provider === 'azure' && headers['webhook-request-origin'] === EVENT_GRID_ORIGIN;
    return isEventGrid ? undefined : 'the handshake is not Event Grid’s';
  }
  if (token === undefined) return 'there is no token';
  const fault = tokens.faultOf(token, { provider, url }, now);
  return fault && `token: ${fault}`;
}

/** The enabled account of a tenant that has the path; every path is compared in the same time, whatever part of it is right. */
function accountOf(stored: StoredTenant | undefined, { provider, path }: EventRequest): ReceivingAccount | undefined {
  if (stored === undefined || !stored.config.enabled) return undefined;
  const receiving = stored.config.accounts
    .filter(isReceiving)
    .filter((account) => account.provider === provider && account.enabled);
  return receiving.find(({ events }) => events !== undefined && isSame(events.path, path));
}

function isReceiving(account: Account): account is ReceivingAccount {
  return account.provider === 'gcp' || account.provider === 'azure';
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

function senderOf(account: ReceivingAccount, { url }: EventRequest): ExpectedSender {
  if (account.provider === 'gcp')
    return { provider: 'gcp', audience: url, serviceAccount: account.events?.serviceAccount ?? '' };
  return { provider: 'azure', directory: account.directory, application: account.events?.application ?? '' };
}

/** Event Grid asks whether its events are wanted before it sends any in the CloudEvents schema. */
function handshake(tenant: string): Received {
  return {
    status: 200,
    headers: { 'webhook-allowed-origin': EVENT_GRID_ORIGIN },
    reason: 'allowed Event Grid',
    tenant,
  };
}

async function deliver(request: EventRequest, { account }: ReceivingAccount, queue: ScalingQueue): Promise<Received> {
  const { tenant } = request;
  const content = readBody(request);
  if (content.kind === 'validation') {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ validationResponse: content.code });
    return { status: 200, headers, body, reason: 'answered Event Grid’s validation', tenant };
  }
  const events = content.events.flatMap((read) => (read.kind === 'event' ? [read.event] : []));
  const malformed = content.events.find(({ kind }) => kind === 'malformed');
  // Of several none is taken where one is another's: nobody who is honest sends them together.
  const foreign = events.find((event) => event.account !== account);
  if (foreign) return dropped(`an event is of ${foreign.account}, and the path of ${account}`, tenant);
  if (malformed && 'reason' in malformed) return dropped(malformed.reason, tenant);
  for (const event of events) await queue.send({ ...event, tenant });
  // What is ignored is acknowledged: it would be sent again.
  return { status: 204, reason: `took ${events.length} of ${content.events.length} events`, tenant };
}

type Content =
  | { readonly kind: 'events'; readonly events: readonly ReadEvent[] }
  | { readonly kind: 'validation'; readonly code: string };

function readBody({ provider, body }: EventRequest): Content {
  let content: unknown;
  try {
    content = JSON.parse(body);
  } catch {
    return { kind: 'events', events: [{ kind: 'malformed', reason: 'the body is not JSON' }] };
  }
  if (provider === 'gcp') return { kind: 'events', events: [readPubSubPush(content)] };
  const delivery = readEventGridDelivery(content);
  return delivery.kind === 'malformed' ? { kind: 'events', events: [delivery] } : delivery;
}

/** Of a sender that is known: any other answer would have it send the same again for days. */
function dropped(reason: string, tenant: string): Received {
  return { status: 204, reason, tenant, isDropped: true };
}

function forbidden(reason: string, tenant: string): Received {
  return { status: 403, reason, tenant };
}
