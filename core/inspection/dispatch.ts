/** Turns a request into one message for each account and region, on the queue of the provider that inspects it. */
import type { Dispatched } from '../model/inspection-result.ts';
import { type InspectionRequest, type InspectMessage, requestDigest, triggerOf } from '../model/message.ts';
import type { AccountProvider, Scope } from '../model/series.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { InspectionQueue } from '../ports/inspection-queue.ts';
import type { LoggedRequest, RequestLog } from '../ports/request-log.ts';
import {
  messagesOf,
  type NotInspected,
  type RequestTimes,
  type Resolved,
  resolveRequest,
  type SetAside,
} from './resolve-request.ts';
import { sendAll } from './send-all.ts';

export interface DispatchPorts {
  readonly configs: Pick<ConfigStore, 'get'>;
  readonly requests: RequestLog;
  /** Of each provider. */
  readonly queues: Readonly<Record<AccountProvider, Pick<InspectionQueue, 'send'>>>;
}

export interface DispatchTimes extends RequestTimes {
  /** Stands in for the id of a request that has none: the same on every delivery of it. */
  readonly deliveryId: string;
}

export type DispatchOutcome =
  | {
      readonly kind: 'dispatched';
      readonly id: string | undefined;
      readonly sent: number;
      /** Regions that were answered when an equal request came before. */
      readonly answered: number;
      readonly setAside: SetAside | undefined;
    }
  | NotInspected;

/**
 * Dispatches a request. A repeated one is dispatched to those regions alone that were not answered yet, for the same time; another
 * one with the id of one that was dispatched is refused. Throws `StoreError`
 * and `DeliveryError`: the request then goes back to its queue, and dispatching it again is harmless.
 */
export async function dispatchRequest(
  request: InspectionRequest,
  { deliveryId, ...times }: DispatchTimes,
  { configs, requests, queues }: DispatchPorts,
): Promise<DispatchOutcome> {
  // The results of scheduled inspections are runs. All others are kept under an id.
  const id = request.id ?? (triggerOf(request) === 'schedule' ? undefined : deliveryId);
  const key = id === undefined ? undefined : { tenant: request.tenant, id };
  const logged = key && (await requests.read(key));
  const first = logged?.dispatched?.outcome === 'dispatched' ? logged.dispatched : undefined;
  const digest = await requestDigest(request);
  if (first !== undefined && first.digest !== digest) return otherRequest(id);
  const sentAt = first?.sentAt ?? times.sentAt;
  const tenant = await configs.get(request.tenant);
  const resolution = resolveRequest(request, tenant, { ...times, sentAt });
  if (key !== undefined) await requests.putDispatched(key, { ...dispatchedFacts(resolution), digest, sentAt });
  if (resolution.kind !== 'resolved') return resolution;
  const messages = messagesOf(request, resolution, id);
  const waiting = unanswered(messages, logged);
  await sendAll(waiting, (message) => queues[message.provider].send(message));
  const { setAside } = resolution;
  return { kind: 'dispatched', id, sent: waiting.length, answered: messages.length - waiting.length, setAside };
}

function otherRequest(id: string | undefined): NotInspected {
  return {
    kind: 'refused',
    reason: `id: ${id} was the id of another request, whose results are kept for a week. Use another id.`,
  };
}

function dispatchedFacts(resolution: Resolved | NotInspected): Omit<Dispatched, 'digest' | 'sentAt'> {
  if (resolution.kind !== 'resolved') {
    return { outcome: resolution.kind, reason: resolution.reason, accounts: [], setAside: null };
  }
  const accounts = resolution.accounts.map(({ account: { provider, account }, regions }) => ({
    provider,
    account,
    regions,
  }));
  return { outcome: 'dispatched', reason: null, accounts, setAside: resolution.setAside ?? null };
}

function unanswered(messages: readonly InspectMessage[], logged: LoggedRequest | undefined): readonly InspectMessage[] {
  const answered = new Set(logged?.results.map(({ scope }) => scopeKey(scope)));
  return messages.filter(
    ({ provider, account, regions }) =>
      !regions?.every((region) => answered.has(scopeKey({ provider, account, region }))),
  );
}

function scopeKey({ provider, account, region }: Scope): string {
  return JSON.stringify([provider, account, region]);
}
