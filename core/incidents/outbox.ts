/** Hands pending bodies to the topic, and forgets each only when the topic has taken it: an event is late rather than lost. */
import type { Incident } from '../model/incident.ts';
import type { Notification } from '../model/notification.ts';
import type { Versioned } from '../ports/conditional-put.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import type { Publisher, PublishOutcome } from '../ports/publisher.ts';

/** Incidents whose bodies are handed over in one go: bounds memory when a topic was down for long. */
const INCIDENTS_AT_ONCE = 100;

/**
 * A run publishes what it recorded itself, within its five minutes. The sweep leaves younger changes alone, so that
 * the two do not page twice.
 */
export const SWEEP_GRACE_MS = 5 * 60_000;

const ATTEMPTS = 8;

type Failed = PublishOutcome & { kind: 'failed' };

export interface Delivery {
  readonly taken: number;
  /** What stays pending and is sent again by the next sweep. */
  readonly failed: readonly Failed[];
  /**
   * What the topic will never take, whatever is mended: given up, so that the events after it can go. The body is here
   * for the log.
   */
  readonly givenUp: readonly { readonly body: Notification; readonly detail: string }[];
}

/** Publishes what the incidents hold, oldest first within an incident. What fails stays pending. */
export async function deliver(
  incidents: readonly Versioned<Incident>[],
  publisher: Publisher,
  store: IncidentStore,
): Promise<Delivery> {
  const bodies = incidents.flatMap(({ value }) => value.outbox);
  const outcomes = new Map((await publisher.publish(bodies)).map((outcome) => [outcome.id, outcome]));
  const isDone = ({ id }: Notification) => {
    const outcome = outcomes.get(id);
    return outcome?.kind === 'taken' || (outcome?.kind === 'failed' && !outcome.retryable);
  };
  // All are settled before any failure is told: what was taken and stays pending would be sent a second time.
  const settled = await Promise.allSettled(
    incidents.filter(({ value }) => value.outbox.some(isDone)).map((incident) => settle(incident, isDone, store)),
  );
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  const failures = [...outcomes.values()].filter((outcome) => outcome.kind === 'failed');
  return {
    taken: outcomes.size - failures.length,
    failed: failures.filter(({ retryable }) => retryable),
    givenUp: bodies.flatMap((body) => {
      const outcome = outcomes.get(body.id);
      return outcome?.kind === 'failed' && !outcome.retryable ? [{ body, detail: outcome.detail }] : [];
    }),
  };
}

/**
 * Delivers what earlier runs left pending: the topic was down, or the function ended before it could publish. An
 * incident that cannot be read back holds up nobody else's events; it is thrown as `ItemError` after they were sent.
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
    taken: deliveries.reduce((sum, { taken }) => sum + taken, 0),
    failed: deliveries.flatMap(({ failed }) => failed),
    givenUp: deliveries.flatMap(({ givenUp }) => givenUp),
  };
}

/** Drops bodies from an incident. Losing the race for good only means that a body is sent again, under the same id. */
async function settle(
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
