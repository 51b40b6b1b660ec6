/** Follows whether a receiver works, and notifies its tenant once when it does not, and once when it does again. */
import type { ReceiverStatus } from '../model/delivery.ts';
import { isoText } from '../model/notation.ts';
import type { Receiver } from '../model/receiver.ts';
import { SERVICE_EVENTS, type ServiceEvent, serviceEvent } from '../model/service-event.ts';
import type { DeliveryLog } from '../ports/delivery-log.ts';
import type { Publisher } from '../ports/publisher.ts';

export interface TroublePorts {
  readonly log: Pick<DeliveryLog, 'status' | 'putStatus'>;
  readonly publisher: Pick<Publisher, 'publish'>;
}

export interface Trouble {
  /** Whether the receiver began to fail by this event. */
  readonly isNew: boolean;
  /** Why the tenant could not be notified; undefined where it was, or had not to be. */
  readonly failure: string | undefined;
}

const NONE: Trouble = { isNew: false, failure: undefined };

/** @param reason Why nothing can be sent; null where the receiver accepted an event. Throws `StoreError`. */
export async function noteReceiver(
  tenant: string,
  receiver: Receiver,
  reason: string | null,
  { log, publisher }: TroublePorts,
  now: number,
): Promise<Trouble> {
  const known = await log.status(tenant, receiver.name);
  const before: ReceiverStatus = known?.value ?? working(receiver);
  const after: ReceiverStatus =
    reason === null
      ? working(receiver)
      : { ...before, failingSince: before.failingSince ?? now, reason: reason.slice(0, 500) };
  const event = eventOf(tenant, receiver, before, after, now);
  // What keeps failing is written once.
  if (event === undefined && before.failingSince === after.failingSince) return NONE;
  const [published] = event === undefined ? [] : await publisher.publish([event]);
  const failure = published?.kind === 'failed' ? published.detail : undefined;
  const isReported = reason !== null && event !== undefined && failure === undefined;
  const kept = { ...after, reported: isReported || after.reported };
  // The end that could not be published is published after the next event.
  const state = reason === null && failure !== undefined ? before : kept;
  // A conflict means that another event of the receiver has noted, and published, the same under the same id.
  await log.putStatus(tenant, state, known?.version ?? 0);
  return { isNew: before.failingSince === null && after.failingSince !== null, failure };
}

function working({ name }: Receiver): ReceiverStatus {
  return { receiver: name, failingSince: null, reason: null, reported: false };
}

function eventOf(
  tenant: string,
  receiver: Receiver,
  before: ReceiverStatus,
  after: ReceiverStatus,
  now: number,
): ServiceEvent | undefined {
  if (after.failingSince !== null)
    return after.reported ? undefined : failingEvent(tenant, receiver, after.failingSince, after.reason ?? '', now);
  return before.failingSince !== null && before.reported
    ? restoredEvent(tenant, receiver, before.failingSince, now)
    : undefined;
}

function failingEvent(tenant: string, { name, type }: Receiver, since: number, message: string, now: number) {
  const { severity } = SERVICE_EVENTS.receiver_failing;
  const summary = `The receiver ${name} of ${tenant} takes no notifications`;
  return serviceEvent(
    { kind: 'receiver_failing', tenant, severity, summary, receiver: name, type, since: isoText(since), message },
    factsOf(tenant, name, 'receiver_failing', since, now),
  );
}

function restoredEvent(tenant: string, { name }: Receiver, since: number, now: number) {
  const { severity } = SERVICE_EVENTS.receiver_restored;
  const summary = `The receiver ${name} of ${tenant} takes notifications again`;
  return serviceEvent(
    { kind: 'receiver_restored', tenant, severity, summary, receiver: name, since: isoText(since) },
    factsOf(tenant, name, 'receiver_restored', since, now),
  );
}

function factsOf(tenant: string, receiver: string, kind: string, since: number, now: number) {
  const source = `/plimsoll/${tenant}`;
  return { source, subject: tenant, id: `${tenant}/${kind}/${receiver}/${isoText(since)}`, now };
}
