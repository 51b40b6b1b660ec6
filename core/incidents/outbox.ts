/**
 * Empties the outboxes of incidents: publishes what was decided to be sent, and logs all of it. An entry leaves only when its topic has
 * accepted it and the log has it: it is late rather than lost.
 */
import pLimit from 'p-limit';
import {
  changeId,
  decidedAtOf,
  type Incident,
  type IncidentKey,
  incidentId,
  type OutboxEntry,
} from '../model/incident.ts';
import type { IncidentEvent } from '../model/incident-event.ts';
import type { Notification } from '../model/notification.ts';
import type { Versioned } from '../ports/conditional-put.ts';
import type { EventWriter } from '../ports/event-log.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import type { Publisher, PublishOutcome } from '../ports/publisher.ts';
import { raceWith } from './in-flight.ts';
import { ATTEMPTS } from './record.ts';

/** Incidents whose outboxes are published in one go: bounds memory after a topic was down for long. */
const INCIDENTS_AT_ONCE = 100;

/** Outboxes that are logged and written at once. */
const REMOVED_AT_ONCE = 16;

export interface DeliveryPorts {
  readonly incidents: IncidentStore;
  readonly publisher: Publisher;
  readonly log: EventWriter;
}

type Failed = PublishOutcome & { kind: 'failed' };

/** What became of what was in the outboxes. */
export interface Delivery {
  /** Events that a topic accepted. */
  readonly published: number;
  /** Changes that were decided to be held back. */
  readonly held: number;
  /** Events that stay in their outbox for the next sweep. */
  readonly failed: readonly Failed[];
  /**
   * Events that their topic will never accept. They leave the outbox, so that the events after them can go; the log of the incident has
   * the body.
   */
  readonly undeliverable: readonly { readonly id: string; readonly detail: string }[];
  /** Ids of changes whose bodies left before they were sent, because no room was left for them. */
  readonly crowdedOut: readonly string[];
}

/** Collects what became of the outboxes that are delivered batch after batch. */
export interface Deliveries {
  /** Delivers the outboxes, oldest event first within an incident. Throws `StoreError` when the store or the log fails. */
  add(incidents: readonly Versioned<Incident>[]): Promise<void>;
  total(): Delivery;
}

/**
 * A topic that did not answer in time is not waited for again: its other events stay where they are.
 *
 * @param timeIsUp What is not published by then stays in its outbox.
 * @param giveUpBefore Events that were decided before are given up where their topic does not accept them, epoch milliseconds.
 */
export function startDeliveries(
  ports: DeliveryPorts,
  timeIsUp?: AbortSignal,
  giveUpBefore = Number.NEGATIVE_INFINITY,
): Deliveries {
  const publish = createPublishing(ports.publisher, { timeIsUp, giveUpBefore });
  let published = 0;
  let held = 0;
  const failed: Failed[] = [];
  const undeliverable: Delivery['undeliverable'][number][] = [];
  const crowdedOut: string[] = [];

  function count(
    key: IncidentKey,
    { change, decision, body, dropped }: OutboxEntry,
    outcome: PublishOutcome | undefined,
  ): void {
    if (dropped !== null) crowdedOut.push(changeId(key, change));
    else if (body === null) held += decision.outcome === 'held' ? 1 : 0;
    else if (outcome?.kind === 'published') published++;
    else if (outcome?.retryable) failed.push(outcome);
    else if (outcome) undeliverable.push({ id: body.id, detail: outcome.detail });
  }

  async function addBatch(incidents: readonly Versioned<Incident>[]): Promise<void> {
    const waiting = incidents.flatMap(({ value }) => value.outbox.flatMap(waitingOf));
    const outcomes = new Map((await publish(waiting)).map((outcome) => [outcome.id, outcome]));
    const outcomeOf = ({ body }: OutboxEntry) => (body === null ? undefined : outcomes.get(body.id));
    for (const { value } of incidents) for (const entry of value.outbox) count(value.key, entry, outcomeOf(entry));
    // What is given up was published: the next sweep publishes it again, under the same id.
    await raceWith(timeIsUp, removeAll(incidents, outcomeOf, ports));
  }

  return {
    async add(incidents) {
      for (let start = 0; start < incidents.length; start += INCIDENTS_AT_ONCE)
        await addBatch(incidents.slice(start, start + INCIDENTS_AT_ONCE));
    },
    total: () => ({ published, held, failed, undeliverable, crowdedOut }),
  };
}

/** A body that waits for its topic, and since when. */
interface Waiting {
  readonly body: Notification;
  readonly decidedAt: number;
}

function waitingOf(entry: OutboxEntry): Waiting[] {
  return entry.body === null ? [] : [{ body: entry.body, decidedAt: decidedAtOf(entry) }];
}

type OutcomeOf = (entry: OutboxEntry) => PublishOutcome | undefined;

/** Publishes batch after batch, and remembers which topics do not answer. */
function createPublishing(
  publisher: Publisher,
  { timeIsUp, giveUpBefore }: { readonly timeIsUp: AbortSignal | undefined; readonly giveUpBefore: number },
) {
  const unresponsive = new Set<string>();
  return async (waiting: readonly Waiting[]): Promise<PublishOutcome[]> => {
    const isKept = ({ body: { data } }: Waiting) => timeIsUp?.aborted === true || unresponsive.has(data.tenant);
    const [kept, sent] = partition(waiting, isKept);
    const bodies = sent.map(({ body }) => body);
    const outcomes = bodies.length === 0 ? [] : await publisher.publish(bodies, timeIsUp);
    for (const [index, outcome] of outcomes.entries()) {
      const tenant = bodies[index]?.data.tenant;
      if (outcome.kind === 'failed' && outcome.unresponsive && tenant !== undefined) unresponsive.add(tenant);
    }
    const tried = outcomes.map((outcome, index) => {
      const isOld = (sent[index]?.decidedAt ?? giveUpBefore) < giveUpBefore;
      return isOld && timeIsUp?.aborted !== true ? givenUp(outcome) : outcome;
    });
    return [...tried, ...kept.map(({ body: { id } }) => ({ id, ...NOT_SENT }))];
  };
}

/** A topic that nobody mends would fill outboxes for ever. */
function givenUp(outcome: PublishOutcome): PublishOutcome {
  if (outcome.kind === 'published') return outcome;
  return {
    ...outcome,
    retryable: false,
    detail: `given up after its topic had not accepted it for days: ${outcome.detail}`,
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

/** All are logged and removed before any failure is thrown: an event that was published and stays in its outbox would go out twice. */
async function removeAll(
  incidents: readonly Versioned<Incident>[],
  outcomeOf: OutcomeOf,
  ports: DeliveryPorts,
): Promise<void> {
  const limit = pLimit(REMOVED_AT_ONCE);
  const removals = incidents.map((incident) => limit(() => logAndRemove(incident, outcomeOf, ports)));
  const failure = (await Promise.allSettled(removals)).find(({ status }) => status === 'rejected');
  if (failure?.status === 'rejected') throw failure.reason;
}

/** An entry that is logged and not removed is sent again, under the same id, and logged again, which changes nothing. */
async function logAndRemove(
  incident: Versioned<Incident>,
  outcomeOf: OutcomeOf,
  { incidents, log }: DeliveryPorts,
): Promise<void> {
  const { outbox } = incident.value;
  const logged = outbox.flatMap((entry) => eventOf(incident.value, entry, outcomeOf(entry)) ?? []);
  for (const entry of logged) await log.put(entry);
  const lost = logged.filter((event) => event.kind === 'dropped' && event.body !== undefined).length;
  await remove(incident, new Set(logged.map(({ id }) => id)), lost, incidents);
}

type ChangeEvent = Exclude<IncidentEvent, { kind: 'action' }>;

/** What the log has of an entry that leaves its outbox; undefined of one that stays. */
function eventOf(
  { key, resource }: Incident,
  entry: OutboxEntry,
  outcome: PublishOutcome | undefined,
): ChangeEvent | undefined {
  const { change, decision, body, dropped } = entry;
  const facts = {
    id: entryId(key, entry),
    tenant: key.tenant,
    incident: incidentId(key, change.episode),
    at: change.at,
    host: resource,
    change,
    decision,
  };
  if (isPutOff(entry)) return { kind: 'put_off', ...facts, at: decidedAtOf(entry) };
  const withBody = { ...facts, ...(body && { body }) };
  if (dropped !== null) return { kind: 'dropped', ...withBody, reason: dropped };
  if (body === null || outcome?.kind === 'published') return { kind: 'change', ...withBody };
  if (outcome === undefined || outcome.retryable) return undefined;
  return { kind: 'dropped', ...withBody, reason: outcome.detail.slice(0, REASON_LENGTH) };
}

function isPutOff({ decision, dropped }: OutboxEntry): boolean {
  return decision.outcome === 'put_off' && dropped === null;
}

/** Of the entry of the log. A change may be here twice: that it was put off, and what became of it. */
function entryId(key: IncidentKey, entry: OutboxEntry): string {
  const id = changeId(key, entry.change);
  return isPutOff(entry) ? `${id}/put_off` : id;
}

/** Characters of a reason that the log keeps. */
const REASON_LENGTH = 2000;

/** Where all attempts lose their race the entries stay, and the next sweep does it again. */
async function remove(
  incident: Versioned<Incident>,
  ids: ReadonlySet<string>,
  lost: number,
  store: IncidentStore,
): Promise<void> {
  let current: Versioned<Incident> | undefined = incident;
  for (let attempt = 1; attempt <= ATTEMPTS && current !== undefined; attempt++) {
    const outbox = current.value.outbox.filter((entry) => !ids.has(entryId(incident.value.key, entry)));
    if (outbox.length === current.value.outbox.length) return;
    const dropped = current.value.dropped + lost;
    if ((await store.put({ ...current.value, outbox, dropped }, current.version)) === 'stored') return;
    current = await store.get(incident.value.key);
  }
}
