/** One event of a tenant's topic to the receivers that it is for. One that fails delays no other. */
import type { Delivery } from '../model/delivery.ts';
import type { Receiver } from '../model/receiver.ts';
import type { PublishedEvent } from '../model/service-event.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { DeliveryLog } from '../ports/delivery-log.ts';
import type { Publisher } from '../ports/publisher.ts';
import type { ReceiverGateway } from '../ports/receiver-gateway.ts';
import { alertsOf } from '../tenants/alerts.ts';
import { alertEnd } from './alert-end.ts';
import { chooseReceivers } from './choose-receivers.ts';
import { type Attempt, deliver } from './deliver.ts';
import { noteReceiver } from './receiver-trouble.ts';

export interface RelayPorts {
  readonly configs: Pick<ConfigStore, 'get'>;
  readonly log: DeliveryLog;
  readonly gateway: ReceiverGateway;
  readonly publisher: Pick<Publisher, 'publish'>;
}

export interface RelayOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  /** How often the event was received, this time included. */
  readonly attempts: number;
  readonly signal?: AbortSignal | undefined;
}

/** What became of the event at one receiver. */
export interface Relayed {
  readonly receiver: string;
  readonly attempt: Attempt;
  /** Whether the receiver began to fail by this event. */
  readonly beganToFail: boolean;
  /** Why the tenant could not be notified of that. */
  readonly reportFailure: string | undefined;
}

export interface RelayReport {
  readonly relayed: readonly Relayed[];
  /** Receivers that the event names and the config has no longer. */
  readonly unknown: readonly string[];
  /** Milliseconds after which the event is to come again; undefined where it is settled everywhere. */
  readonly againAfterMs: number | undefined;
}

/** A receiver that did not take an event so often is failing, and its tenant is notified: by then minutes have passed. */
const FAILING_ATTEMPTS = 4;

/** Between tries, doubled each time. Seven of them are half an hour. */
const FIRST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 30 * 60_000;

const NOTHING: RelayReport = { relayed: [], unknown: [], againAfterMs: undefined };

/** Throws `StoreError` when the table fails. An event of a tenant that is gone has no receivers. */
export async function relayEvent(
  event: PublishedEvent,
  ports: RelayPorts,
  options: RelayOptions,
): Promise<RelayReport> {
  const stored = await ports.configs.get(event.data.tenant);
  if (stored === undefined) return NOTHING;
  const { data } = event;
  const scope = 'host' in data ? data.host : null;
  const account = 'account' in data ? data : scope;
  const { receivers, unknown } = chooseReceivers(event, alertsOf(stored.config, account));
  const firesUntil = alertEnd(stored.config, scope, options.now);
  const relayed = await Promise.all(
    receivers.map((receiver) => relayTo(receiver, event, ports, { ...options, firesUntil })),
  );
  const waits = relayed.flatMap(({ attempt }) => waitOf(attempt, options.attempts));
  // The shortest: one receiver delays no other. One that is not due by then is passed over.
  return { relayed, unknown, againAfterMs: waits.length === 0 ? undefined : Math.min(...waits) };
}

async function relayTo(
  receiver: Receiver,
  event: PublishedEvent,
  ports: RelayPorts,
  options: RelayOptions & { readonly firesUntil: number },
): Promise<Relayed> {
  const attempt = await deliver(event, receiver, ports, options);
  const reason = troubleOf(attempt, options.attempts);
  const note =
    reason === undefined ? undefined : await noteReceiver(event.data.tenant, receiver, reason, ports, options.now);
  return {
    receiver: receiver.name,
    attempt,
    beganToFail: note?.isNew ?? false,
    reportFailure: note?.failure,
  };
}

/** Why the receiver fails; null where it works; undefined where this attempt shows neither. */
function troubleOf(attempt: Attempt, attempts: number): string | null | undefined {
  if (attempt.kind === 'failed') return attempts >= FAILING_ATTEMPTS ? attempt.reason : undefined;
  if (attempt.kind === 'waits' || !attempt.isNew) return undefined;
  const { outcome, reason }: Delivery = attempt.delivery;
  if (outcome === 'refused') return reason ?? 'refused';
  return outcome === 'sent' ? null : undefined;
}

function waitOf(attempt: Attempt, attempts: number): number[] {
  if (attempt.kind === 'settled') return [];
  const doublings = 2 ** (attempts - 1);
  if (attempt.kind === 'waits') return [Math.min(attempt.firstMs * doublings, attempt.atMostMs)];
  return [Math.max(Math.min(FIRST_WAIT_MS * doublings, LONGEST_WAIT_MS), attempt.afterMs ?? 0)];
}
