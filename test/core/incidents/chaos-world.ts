/** A table, topics and workers that fail at any call, for tests of what becomes of changes. Everything is drawn from one seed. */
import { setImmediate } from 'node:timers/promises';
import type { Incident } from '../../../core/model/incident.ts';
import { type IncidentEvent, isDecided } from '../../../core/model/incident-event.ts';
import type { Notification } from '../../../core/model/notification.ts';
import { isServiceEvent } from '../../../core/model/service-event.ts';
import type { Versioned } from '../../../core/ports/conditional-put.ts';
import { StoreError } from '../../../core/ports/errors.ts';
import type { EventWriter } from '../../../core/ports/event-log.ts';
import type { IncidentStore } from '../../../core/ports/incident-store.ts';
import type { Publisher } from '../../../core/ports/publisher.ts';
import { createMemoryEventLog, createMemoryIncidentStore, type MemoryIncidentStore } from '../../memory/stores.ts';

/** A worker that was ended from outside: nothing that it has begun goes on. */
export class Killed extends Error {}

export interface Chances {
  /** That a worker is killed, before a call and after it. */
  readonly killed: number;
  /** That the table refuses a call. */
  readonly throttled: number;
  /** That a topic refuses a batch. */
  readonly topicDown: number;
  /** That an index does not have an incident yet. */
  readonly lag: number;
}

export interface ChaosPorts {
  readonly incidents: IncidentStore;
  readonly log: EventWriter;
  readonly publisher: Publisher;
}

export interface Counts {
  calls: number;
  killed: number;
  throttled: number;
  refused: number;
  conflicts: number;
}

export interface ChaosWorld {
  readonly store: MemoryIncidentStore;
  readonly entries: readonly IncidentEvent[];
  /** What topics accepted, in order, with repetitions. */
  readonly published: readonly Notification[];
  /** Entries that were written again with other contents. */
  readonly rewritten: readonly string[];
  readonly counts: Counts;
  /** The ports of one worker, which `turn` awaits before each call. */
  worker(turn: () => Promise<void>): ChaosPorts;
  /** Nothing fails any more. */
  calm(): void;
}

export function aChaosWorld(random: () => number, given: Chances): ChaosWorld {
  let chances = given;
  const store = createMemoryIncidentStore();
  const log = createMemoryEventLog();
  const published: Notification[] = [];
  const rewritten: string[] = [];
  const contents = new Map<string, string>();
  const counts: Counts = { calls: 0, killed: 0, throttled: 0, refused: 0, conflicts: 0 };

  async function put(incident: Incident, version: number) {
    const outcome = await store.put(incident, version);
    if (outcome === 'conflict') counts.conflicts++;
    return outcome;
  }

  async function append(event: IncidentEvent) {
    const text = JSON.stringify(event);
    const known = contents.get(event.id);
    if (known !== undefined && known !== text) rewritten.push(event.id);
    contents.set(event.id, known ?? text);
    return log.put(event);
  }

  /** Takes what comes before the first event that it refuses, and events of other incidents. */
  async function publish(events: Parameters<Publisher['publish']>[0]): ReturnType<Publisher['publish']> {
    const isDown = random() < chances.topicDown;
    const held = new Set<string>();
    return events.map((event) => {
      if (isServiceEvent(event)) throw new Error('No event is about inspections here.');
      const { incident, host } = event.data;
      const refused = held.has(host.id) || isDown || random() < chances.topicDown / 10;
      if (!refused) {
        published.push(event);
        return { id: event.id, kind: 'published' };
      }
      counts.refused++;
      held.add(host.id);
      return { id: event.id, kind: 'failed', retryable: true, detail: `the topic of ${incident} is down` };
    });
  }

  function worker(turn: () => Promise<void>): ChaosPorts {
    let isDead = false;
    const die = () => {
      isDead = true;
      counts.killed++;
      throw new Killed('it was ended');
    };
    const maybeDie = () => {
      if (isDead) throw new Killed('it was ended');
      if (random() < chances.killed) die();
    };
    const step = async () => {
      await turn();
      counts.calls++;
      maybeDie();
    };
    const throttle = () => {
      if (random() >= chances.throttled) return;
      counts.throttled++;
      throw new StoreError('the table is throttled');
    };
    const call =
      <Given extends readonly unknown[], Result>(make: (...given: Given) => Promise<Result>, before = () => {}) =>
      async (...made: Given): Promise<Result> => {
        await step();
        before();
        const result = await make(...made);
        maybeDie();
        return result;
      };
    const list = <Given extends readonly unknown[]>(make: (...given: Given) => AsyncIterable<Versioned<Incident>>) =>
      async function* (...made: Given) {
        await step();
        throttle();
        for await (const incident of make(...made)) if (random() >= chances.lag) yield incident;
      };
    return {
      incidents: {
        get: call(store.get, throttle),
        put: call(put, throttle),
        open: list(store.open),
        unsettled: list(store.unsettled),
        unsettledIn: list(store.unsettledIn),
      },
      log: { put: call(append, throttle) },
      publisher: { ensureTopic: async () => '', removeTopic: async () => {}, publish: call(publish) },
    };
  }

  return {
    store,
    get entries() {
      return log.entries;
    },
    published,
    rewritten,
    counts,
    worker,
    calm() {
      chances = { killed: 0, throttled: 0, topicDown: 0, lag: 0 };
    },
  };
}

/** Lets one of those who wait go on, drawn at random, one call after the other, until all have ended. */
export function createTurns(random: () => number) {
  const waiting: (() => void)[] = [];
  return {
    turn: () => new Promise<void>((resolve) => waiting.push(resolve)),
    async drive(workers: readonly Promise<void>[]): Promise<void> {
      let isOver = false;
      const all = Promise.all(workers).finally(() => {
        isOver = true;
      });
      // A failure is thrown below.
      all.catch(() => undefined);
      while (!isOver) {
        const [next] = waiting.splice(Math.floor(random() * waiting.length), 1);
        next?.();
        // All that follows from it without a call of its own.
        await setImmediate();
      }
      await all;
    },
  };
}

/** What a test expects of a world in which nothing waits any more. */
export interface Outcome {
  readonly unsettled: number;
  /** Changes of incidents, by id, that the log does not have. */
  readonly notLogged: readonly string[];
  /** Entries of the log without a change. */
  readonly unknown: readonly string[];
  /** Ids that were sent with several bodies. */
  readonly severalBodies: readonly string[];
  /** What the log has as sent and nobody got, and the other way around. */
  readonly notSent: readonly string[];
  readonly notLoggedAsSent: readonly string[];
  /** Incidents of which a later change was first seen before an earlier one. */
  readonly outOfOrder: readonly string[];
}

export function outcomeOf({ store, entries, published }: ChaosWorld): Outcome {
  const incidents = store.all().map(({ value }) => value);
  const logged = new Map<string, IncidentEvent>();
  const known = new Set<string>();
  for (const entry of entries) if (isDecided(entry)) logged.set(`${hostOf(entry)} ${entry.change.number}`, entry);
  for (const { key, transition } of incidents)
    for (let number = 1; number <= transition; number++) known.add(`${key.tenant} ${key.host} ${number}`);
  const bodies = Map.groupBy(published, ({ id }) => id);
  const sent = new Set(entries.flatMap((entry) => (entry.kind === 'change' && entry.body ? [entry.id] : [])));
  const newest = new Map<string, number>();
  const outOfOrder: string[] = [];
  const seen = new Set<string>();
  for (const { id, data } of published) {
    if (seen.has(id)) continue;
    seen.add(id);
    const host = `${data.tenant} ${data.host.id}`;
    if (data.transition < (newest.get(host) ?? 0)) outOfOrder.push(id);
    newest.set(host, data.transition);
  }
  return {
    unsettled: incidents.filter(({ undecided, outbox }) => undecided.length > 0 || outbox.length > 0).length,
    notLogged: [...known].filter((change) => !logged.has(change)),
    unknown: [...logged.keys()].filter((change) => !known.has(change)),
    severalBodies: [...bodies].flatMap(([id, own]) =>
      new Set(own.map((body) => JSON.stringify(body))).size > 1 ? [id] : [],
    ),
    notSent: [...sent].filter((id) => !bodies.has(id)),
    notLoggedAsSent: [...bodies.keys()].filter((id) => !sent.has(id)),
    outOfOrder,
  };
}

function hostOf({ tenant, incident }: IncidentEvent): string {
  // Tenant, provider, account, region, host, metric.
  return `${tenant} ${incident?.split('/')[4]}`;
}

export const NOTHING_WRONG: Outcome = {
  unsettled: 0,
  notLogged: [],
  unknown: [],
  severalBodies: [],
  notSent: [],
  notLoggedAsSent: [],
  outOfOrder: [],
};
