/** Publishes the outboxes of incidents. An event leaves its outbox only when the topic has accepted it: it is late rather than lost. */
import type { Incident } from '../model/incident.ts';
import type { Notification } from '../model/notification.ts';
import type { Versioned } from '../ports/conditional-put.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import type { Publisher, PublishOutcome } from '../ports/publisher.ts';

/** Incidents whose outboxes are published in one go: bounds memory after a topic was down for long. */
const INCIDENTS_AT_ONCE = 100;

/**
 * A run publishes what it recorded itself, within its five minutes. The sweep leaves younger changes alone, so that an
 * event is not published by both.
 */
export const SWEEP_GRACE_MS = 5 * 60_000;

/** Writes of one incident that are tried when others win the race, as in `record`. */
const ATTEMPTS = 8;

type Failed = PublishOutcome & { kind: 'failed' };

/** What became of the events that were in the outboxes. */
export interface Delivery {
  /** Events that a topic accepted. */
  readonly published: number;
  /** Events that stay in their outbox for the next sweep. */
  readonly failed: readonly Failed[];
  /**
   * Events that their topic will never accept. They leave the outbox, so that the events after them can go; the body is
   * here for the log.
   */
  readonly undeliverable: readonly { readonly body: Notification; readonly detail: string }[];
}

/** Publishes the outboxes of these incidents, oldest event first within an incident. Throws `StoreError` when the store fails. */
export async function deliver(
  incidents: readonly Versioned<Incident>[],
  publisher: Publisher,
  store: IncidentStore,
): Promise<Delivery> {
  const bodies = incidents.flatMap(({ value }) => value.outbox);
  const outcomes = new Map((await publisher.publish(bodies)).map((outcome) => [outcome.id, outcome]));
  const isDone = ({ id }: Notification) => {
    const outcome = outcomes.get(id);
    return outcome?.kind === 'published' || (outcome?.kind === 'failed' && !outcome.retryable);
  };
  // All are removed before any failure is thrown: an event that was published and stays in its outbox would go out twice.
  const removed = await Promise.allSettled(
    incidents
      .filter(({ value }) => value.outbox.some(isDone))
      .map((incident) => removeFromOutbox(incident, isDone, store)),
  );
  for (const result of removed) if (result.status === 'rejected') throw result.reason;
  const failures = [...outcomes.values()].filter((outcome) => outcome.kind === 'failed');
  return {
    published: outcomes.size - failures.length,
    failed: failures.filter(({ retryable }) => retryable),
    undeliverable: bodies.flatMap((body) => {
      const outcome = outcomes.get(body.id);
      return outcome?.kind === 'failed' && !outcome.retryable ? [{ body, detail: outcome.detail }] : [];
    }),
  };
}

/**
 * Publishes what earlier runs left in the outboxes: the topic was down, or the function ended before it could publish. An
 * incident that cannot be read back does not hold up the others; it is thrown as `ItemError` after their events were sent.
 *
 * @param now Epoch milliseconds.
 */
export async function sweepOutbox(publisher: Publisher, store: IncidentStore, now: number): Promise<Delivery> {
  const deliveries: Delivery[] = [];
  let batch: Versioned<Incident>[] = [];
  const flush = async () => {
    deliveries.push(await deliver(batch, publisher, store));
    batch = [];
  };
  try {
    for await (const incident of store.outbox()) {
      if (now - incident.value.changedAt < SWEEP_GRACE_MS) continue;
      batch.push(incident);
      if (batch.length === INCIDENTS_AT_ONCE) await flush();
    }
  } finally {
    if (batch.length > 0) await flush();
  }
  return {
    published: deliveries.reduce((sum, { published }) => sum + published, 0),
    failed: deliveries.flatMap(({ failed }) => failed),
    undeliverable: deliveries.flatMap(({ undeliverable }) => undeliverable),
  };
}

/** Removes events from an incident's outbox. Where all attempts lose their race an event is sent again, under the same id. */
async function removeFromOutbox(
  incident: Versioned<Incident>,
  isDone: (body: Notification) => boolean,
  store: IncidentStore,
): Promise<void> {
  let current: Versioned<Incident> | undefined = incident;
  for (let attempt = 1; attempt <= ATTEMPTS && current !== undefined; attempt++) {
    const outbox = current.value.outbox.filter((body) => !isDone(body));
    if (outbox.length === current.value.outbox.length) return;
    if ((await store.put({ ...current.value, outbox }, current.version)) === 'stored') return;
    current = await store.get(incident.value.key);
  }
}
