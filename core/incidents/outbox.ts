/** Publishes the outboxes of incidents. An event leaves its outbox only when the topic has accepted it: it is late rather than lost. */
import pLimit from 'p-limit';
import type { Incident } from '../model/incident.ts';
import type { Notification } from '../model/notification.ts';
import type { Versioned } from '../ports/conditional-put.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import type { Publisher, PublishOutcome } from '../ports/publisher.ts';
import { raceWith } from './in-flight.ts';

/** Incidents whose outboxes are published in one go: bounds memory after a topic was down for long. */
const INCIDENTS_AT_ONCE = 100;

/**
 * A run publishes what it recorded itself, within its five minutes. The sweep leaves younger changes alone, so that an
 * event is not published by both.
 */
export const SWEEP_GRACE_MS = 5 * 60_000;

/** Outboxes that are written at once. */
const REMOVED_AT_ONCE = 16;

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

/**
 * Publishes the outboxes of these incidents, oldest event first within an incident. Throws `StoreError` when the store fails.
 *
 * @param timeIsUp What is not published by then stays in its outbox.
 */
export async function deliver(
  incidents: readonly Versioned<Incident>[],
  publisher: Publisher,
  store: IncidentStore,
  timeIsUp?: AbortSignal,
): Promise<Delivery> {
  const deliveries = startDeliveries(publisher, store, timeIsUp);
  for (let start = 0; start < incidents.length; start += INCIDENTS_AT_ONCE)
    await deliveries.add(incidents.slice(start, start + INCIDENTS_AT_ONCE));
  return deliveries.total();
}

export interface SweepOptions {
  /** What is not published by then stays in its outbox. Default: there is time for all. */
  readonly timeIsUp?: AbortSignal;
  /** In [0, 1): where in the store's list the sweep begins. It should differ: else the same outboxes are always the last. */
  readonly begin?: number;
}

/**
 * Publishes what earlier runs left in the outboxes: the topic was down, or the function ended before it could publish. An
 * incident that cannot be read back does not hold up the others; it is thrown as `ItemError` after their events were sent.
 *
 * @param now Epoch milliseconds.
 */
export async function sweepOutbox(
  publisher: Publisher,
  store: IncidentStore,
  now: number,
  { timeIsUp, begin }: SweepOptions = {},
): Promise<Delivery> {
  const deliveries = startDeliveries(publisher, store, timeIsUp);
  let batch: Versioned<Incident>[] = [];
  const flush = async () => {
    await deliveries.add(batch);
    batch = [];
  };
  try {
    for await (const incident of store.outbox(begin)) {
      if (timeIsUp?.aborted) break;
      if (now - incident.value.changedAt < SWEEP_GRACE_MS) continue;
      batch.push(incident);
      if (batch.length === INCIDENTS_AT_ONCE) await flush();
    }
  } finally {
    if (batch.length > 0) await flush();
  }
  return deliveries.total();
}

/** Delivers batch after batch. A topic that did not answer in time is not waited for again: its other events stay where they are. */
function startDeliveries(publisher: Publisher, store: IncidentStore, timeIsUp?: AbortSignal) {
  const unresponsive = new Set<string>();
  const published: string[] = [];
  const failed: Failed[] = [];
  const undeliverable: Delivery['undeliverable'][number][] = [];

  async function publish(bodies: readonly Notification[]): Promise<PublishOutcome[]> {
    const [kept, sent] = partition(bodies, ({ data }) => timeIsUp?.aborted === true || unresponsive.has(data.tenant));
    const outcomes = sent.length === 0 ? [] : await publisher.publish(sent, timeIsUp);
    for (const [index, outcome] of outcomes.entries()) {
      const tenant = sent[index]?.data.tenant;
      if (outcome.kind === 'failed' && outcome.unresponsive && tenant !== undefined) unresponsive.add(tenant);
    }
    return [...outcomes, ...kept.map(({ id }) => ({ id, ...NOT_SENT }))];
  }

  return {
    async add(incidents: readonly Versioned<Incident>[]): Promise<void> {
      const bodies = incidents.flatMap(({ value }) => value.outbox);
      const outcomes = new Map((await publish(bodies)).map((outcome) => [outcome.id, outcome]));
      for (const body of bodies) {
        const outcome = outcomes.get(body.id);
        if (outcome?.kind === 'published') published.push(body.id);
        else if (outcome?.retryable) failed.push(outcome);
        else if (outcome) undeliverable.push({ body, detail: outcome.detail });
      }
      const isDone = ({ id }: Notification) => {
        const outcome = outcomes.get(id);
        return outcome?.kind === 'published' || (outcome?.kind === 'failed' && !outcome.retryable);
      };
      // What is given up was published: the next sweep publishes it again, under the same id.
      await raceWith(timeIsUp, removeFromOutboxes(incidents, isDone, store));
    },
    total: (): Delivery => ({ published: published.length, failed, undeliverable }),
  };
}

const NOT_SENT = {
  kind: 'failed',
  retryable: true,
  detail: 'not sent: the topic did not answer an earlier event in time, or no time was left',
} as const;

function partition<Item>(items: readonly Item[], belongs: (item: Item) => boolean): [yes: Item[], no: Item[]] {
  const { yes = [], no = [] } = Object.groupBy(items, (item) => (belongs(item) ? 'yes' : 'no'));
  return [yes, no];
}

/** All are removed before any failure is thrown: an event that was published and stays in its outbox would go out twice. */
async function removeFromOutboxes(
  incidents: readonly Versioned<Incident>[],
  isDone: (body: Notification) => boolean,
  store: IncidentStore,
): Promise<void> {
  const sent = incidents.filter(({ value }) => value.outbox.some(isDone));
  const limit = pLimit(REMOVED_AT_ONCE);
  const removals = sent.map((incident) => limit(() => removeFromOutbox(incident, isDone, store)));
  const failure = (await Promise.allSettled(removals)).find(({ status }) => status === 'rejected');
  if (failure?.status === 'rejected') throw failure.reason;
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
