/** One event to one receiver: once, in the order of its incident, and remembered. */
import type { Delivery, SubjectProgress } from '../model/delivery.ts';
import { orderOf, subjectOf } from '../model/event-subject.ts';
import type { Receiver, ReceiverType } from '../model/receiver.ts';
import type { PublishedEvent } from '../model/service-event.ts';
import type { DeliveryLog } from '../ports/delivery-log.ts';
import type { ReceiverGateway, SendOutcome } from '../ports/receiver-gateway.ts';

export interface DeliverPorts {
  readonly log: Pick<DeliveryLog, 'delivery' | 'putDelivery' | 'progress' | 'putProgress'>;
  readonly gateway: Pick<ReceiverGateway, 'send'>;
}

export interface DeliverOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Until when an alert fires without being sent again, epoch milliseconds. */
  readonly firesUntil: number;
  readonly signal?: AbortSignal | undefined;
}

export type Attempt =
  /** `isNew` where it was not settled before. */
  | { readonly kind: 'settled'; readonly delivery: Delivery; readonly isNew: boolean }
  /** The receiver did not take it. It is tried again. */
  | { readonly kind: 'failed'; readonly reason: string; readonly afterMs: number | undefined }
  /** It is not its turn yet. Every wait is doubled from the first one on, up to when it can be its turn at the latest. */
  | { readonly kind: 'waits'; readonly reason: string; readonly firstMs: number; readonly atMostMs: number };

/** Longer than one request takes, with a secret that is read anew and the writes around it. */
const LEASE_MS = 60_000;

/** Until what sends another event of the incident is done. */
const BUSY_MS = 5_000;

/** How long later events of an incident wait for an earlier one that the receiver does not take. */
const WAIT_MS = 3_600_000;
const FIRST_WAIT_MS = 15_000;

/** Receivers that keep a state by incident: an earlier event would undo a later one. */
const STATEFUL: ReadonlySet<ReceiverType> = new Set<ReceiverType>(['pagerduty', 'alertmanager']);

/** Throws `StoreError` when the log fails: nothing is lost, the event comes again. */
export async function deliver(
  event: PublishedEvent,
  receiver: Receiver,
  ports: DeliverPorts,
  options: DeliverOptions,
): Promise<Attempt> {
  const { log } = ports;
  const { tenant } = event.data;
  const { now } = options;
  const known = await log.delivery(tenant, event.id, receiver.name);
  if (known !== undefined) return { kind: 'settled', delivery: known, isNew: false };
  const subject = subjectOf(event);
  const held = await log.progress(tenant, receiver.name, subject);
  const progress = held?.value ?? { subject, thread: null, order: -1, lease: null, waiting: null, alert: null };
  const turn = turnOf(event, receiver, progress, now);
  if (turn.kind === 'waits') return turn;
  if (turn.kind === 'settled') return settle(event, receiver, turn.outcome, { log, now, reason: turn.reason });
  const leased = { ...progress, lease: { event: event.id, until: now + LEASE_MS } };
  const version = held?.version ?? 0;
  if ((await log.putProgress(tenant, receiver.name, leased, version)) === 'conflict') return busyFor(LEASE_MS);
  const outcome = await ports.gateway.send(
    { event, receiver, thread: progress.thread, firing: progress.alert, firesUntil: options.firesUntil, now },
    options.signal,
  );
  // A conflict means that the lease was over: whoever has it now sends the next event, and writes what it knows.
  await log.putProgress(tenant, receiver.name, progressAfter(event, progress, outcome, now), version + 1);
  if (outcome.kind === 'failed') return { kind: 'failed', reason: outcome.reason, afterMs: outcome.retryAfterMs };
  return settle(event, receiver, outcome.kind, { log, now, reason: outcome.kind === 'sent' ? null : outcome.reason });
}

type Wait = Extract<Attempt, { kind: 'waits' }>;

function busyFor(atMostMs: number): Wait {
  return { kind: 'waits', reason: 'another event of its incident is being sent', firstMs: BUSY_MS, atMostMs };
}

type Waiting = NonNullable<SubjectProgress['waiting']>;

type Turn =
  | { readonly kind: 'now' }
  | Wait
  | { readonly kind: 'settled'; readonly outcome: Delivery['outcome']; readonly reason: string | null };

function turnOf(event: PublishedEvent, { type }: Receiver, progress: SubjectProgress, now: number): Turn {
  const order = orderOf(event);
  const { lease, waiting } = progress;
  if (lease !== null && lease.until > now) return busyFor(lease.until - now);
  const wait = waiting === null ? undefined : waitFor(waiting, order, now);
  if (wait !== undefined) return wait;
  // It was sent, and what sent it was ended before it could note that.
  if (order === progress.order) return { kind: 'settled', outcome: 'sent', reason: null };
  if (order < progress.order && STATEFUL.has(type))
    return { kind: 'settled', outcome: 'superseded', reason: 'a later event of its incident was sent before' };
  return { kind: 'now' };
}

function waitFor(waiting: Waiting, order: number, now: number): Wait | undefined {
  const { until, notBefore = null } = waiting;
  if (waiting.order < order && until > now) {
    const reason = 'an earlier event of its incident is not sent yet';
    return { kind: 'waits', reason, firstMs: FIRST_WAIT_MS, atMostMs: until - now };
  }
  if (waiting.order !== order || notBefore === null || notBefore <= now) return undefined;
  const leftMs = notBefore - now;
  return { kind: 'waits', reason: 'its receiver wants to be tried later', firstMs: leftMs, atMostMs: leftMs };
}

function progressAfter(
  event: PublishedEvent,
  progress: SubjectProgress,
  outcome: SendOutcome,
  now: number,
): SubjectProgress {
  const order = orderOf(event);
  const before = { ...progress, lease: null };
  if (outcome.kind === 'failed') {
    const { waiting } = progress;
    const notBefore = outcome.retryAfterMs === undefined ? null : now + outcome.retryAfterMs;
    const isFirst = waiting === null || waiting.order > order || waiting.until <= now;
    if (isFirst) return { ...before, waiting: { order, until: now + WAIT_MS, notBefore } };
    return waiting.order === order ? { ...before, waiting: { ...waiting, notBefore } } : before;
  }
  const waiting = progress.waiting?.order === order ? null : progress.waiting;
  if (outcome.kind !== 'sent') return { ...before, waiting };
  return {
    ...before,
    waiting,
    thread: outcome.thread ?? progress.thread,
    order: Math.max(order, progress.order),
    alert: outcome.firing,
  };
}

async function settle(
  event: PublishedEvent,
  receiver: Receiver,
  outcome: Delivery['outcome'],
  { log, now, reason }: { log: DeliverPorts['log']; now: number; reason: string | null },
): Promise<Attempt> {
  const delivery: Delivery = {
    event: event.id,
    receiver: receiver.name,
    outcome,
    reason: reason === null ? null : reason.slice(0, 500),
    at: now,
  };
  await log.putDelivery(event.data.tenant, delivery);
  return { kind: 'settled', delivery, isNew: true };
}
