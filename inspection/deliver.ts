/** Hands pending bodies to the topic, and forgets each only when the topic has taken it: an event is late rather than lost. */
import type { Incident } from '../model/incident.ts';
import type { IncidentStore, Publisher, PublishOutcome, Versioned } from './ports.ts';

/** Incidents whose bodies are handed over in one go: bounds memory when a topic was down for long. */
const INCIDENTS_AT_ONCE = 100;

/**
 * A run publishes what it recorded itself, within its five minutes. The sweep leaves younger changes alone, so that
 * the two do not page twice.
 */
export const SWEEP_GRACE_MS = 5 * 60_000;

const ATTEMPTS = 8;

export interface Delivery {
  readonly taken: number;
  readonly failed: readonly (PublishOutcome & { kind: 'failed' })[];
}

/** Publishes what the incidents hold, oldest first within an incident. What fails stays pending. */
export async function deliver(
  incidents: readonly Versioned<Incident>[],
  publisher: Publisher,
  store: IncidentStore,
): Promise<Delivery> {
  const outcomes = await publisher.publish(incidents.flatMap(({ value }) => value.pending));
  const taken = new Set(outcomes.filter(({ kind }) => kind === 'taken').map(({ id }) => id));
  for (const incident of incidents) {
    if (incident.value.pending.some(({ id }) => taken.has(id))) await settle(incident, taken, store);
  }
  return { taken: taken.size, failed: outcomes.filter((outcome) => outcome.kind === 'failed') };
}

/** Delivers what earlier runs left pending: the topic was down, or the function ended before it could publish. */
export async function sweepPending(publisher: Publisher, store: IncidentStore, now: number): Promise<Delivery> {
  let taken = 0;
  const failed: (PublishOutcome & { kind: 'failed' })[] = [];
  const flush = async (batch: readonly Versioned<Incident>[]) => {
    const delivery = await deliver(batch, publisher, store);
    taken += delivery.taken;
    failed.push(...delivery.failed);
  };
  let batch: Versioned<Incident>[] = [];
  for await (const incident of store.pending()) {
    if (now - incident.value.changedAt < SWEEP_GRACE_MS) continue;
    batch.push(incident);
    if (batch.length < INCIDENTS_AT_ONCE) continue;
    await flush(batch);
    batch = [];
  }
  if (batch.length > 0) await flush(batch);
  return { taken, failed };
}

/** Drops taken bodies from an incident. Losing the race for good only means that a body is sent again, under the same id. */
async function settle(incident: Versioned<Incident>, taken: ReadonlySet<string>, store: IncidentStore): Promise<void> {
  let current: Versioned<Incident> | undefined = incident;
  for (let attempt = 1; attempt <= ATTEMPTS && current !== undefined; attempt++) {
    const pending = current.value.pending.filter(({ id }) => !taken.has(id));
    if (pending.length === current.value.pending.length) return;
    if ((await store.put({ ...current.value, pending }, current.version)) === 'stored') return;
    current = await store.get(incident.value.key);
  }
}
