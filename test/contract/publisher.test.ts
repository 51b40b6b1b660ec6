/** The suite of publishers: kept by the publisher in memory, and broken by each publisher that lies. */
import { describe, expect, it } from 'vitest';
import { isServiceEvent, type PublishedEvent } from '../../core/model/service-event.ts';
import type { Publisher, PublishOutcome } from '../../core/ports/publisher.ts';
import { createMemoryPublisher } from '../memory/messaging.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { type FailingPublisherSubject, publisherChecks, publisherFailureChecks, SUBSCRIBED } from './publisher.ts';

const CHECKS = [...publisherChecks, ...publisherFailureChecks];

describe('the publisher in memory', () => {
  itKeeps(CHECKS, () => subject(() => ({})));
});

const EMPTY = 'has no outcome where there is no event';
const TOPIC = 'makes a topic once and always gives its address';
const COMPLETE = 'delivers an event as it was given';
const MANY = 'delivers every event of many to the topic of its tenant, with one outcome each in the order given';
const ORDER = 'delivers the events of an incident in their order';
const REFUSED = 'reports a refused event as failed and delivers the others';
const HELD = 'holds an event back while an earlier one of its incident is not taken';
const TWINS = 'holds no event back for a host of the same id in another region, or another account';
const NO_TOPIC = 'reports the events of a tenant without a topic as failed and delivers those of the others';
const SERVICE = 'delivers events about inspections as they were given, beside the others';
const SERVICE_HELD = 'holds an event about inspections back while an earlier one of its account is not taken';
const DOWN = 'reports all events as failed for now when the topics are down, and throws nothing';

type Lie = (honest: Publisher) => Partial<Publisher>;

const LIES: readonly [string, string, Lie][] = [
  ['makes a new topic each time', TOPIC, () => ({ ensureTopic: async () => `memory:${Math.random()}` })],
  ['gives all tenants one topic', TOPIC, () => ({ ensureTopic: async () => 'memory:all' })],
  ['throws where there is nothing to send', EMPTY, throwingOnNothing],
  [
    'leaves parts of an event out',
    COMPLETE,
    ({ publish }) => ({ publish: (events) => publish(events.map(withoutLeak)) }),
  ],
  ['drops what comes after the tenth', MANY, ({ publish }) => ({ publish: (events) => publish(events.slice(0, 10)) })],
  ['claims to have sent what comes after the tenth', MANY, claimingTheRest],
  ['gives outcomes in an order of its own', MANY, givingOutcomesBackwards],
  [
    'sends everything to the first tenant',
    MANY,
    ({ publish }) => ({ publish: (events) => publish(events.map(asAcmes)) }),
  ],
  ['sends backwards', ORDER, sendingBackwards],
  [
    'reports a failed event as taken',
    REFUSED,
    ({ publish }) => ({ publish: async (events) => (await publish(events)).map(asPublished) }),
  ],
  ['fails the entire batch for one entry', REFUSED, failingTogether],
  ['sends what follows a failed event', HELD, ({ publish }) => ({ publish: (events) => oneByOne(publish, events) })],
  [
    'gives a held event up',
    HELD,
    ({ publish }) => ({ publish: async (events) => (await publish(events)).map(asGivenUp) }),
  ],
  ['takes hosts of one id for one incident', TWINS, holdingById],
  ['stops at a tenant without a topic', NO_TOPIC, failingTogether],
  ['throws when a topic is down', DOWN, throwingOnFailure],
  [
    'knows events about hosts alone',
    SERVICE,
    ({ publish }) => ({
      publish: async (events) => {
        await publish(events.filter((event) => !isServiceEvent(event)));
        return events.map(asPublished);
      },
    }),
  ],
  [
    'sends that an account recovered before that it failed',
    SERVICE_HELD,
    ({ publish }) => ({ publish: (events) => oneByOne(publish, events) }),
  ],
];

describe('the suite of publishers', () => {
  it.each(LIES)('catches a publisher that %s', async (_, promise, lie) => {
    const broken = await brokenPromises(CHECKS, () => subject(lie));

    expect(broken).toContain(promise);
  });
});

/** Sends nothing of a host's id after its first failure, wherever the host is. */
function holdingById({ publish }: Publisher): Partial<Publisher> {
  return {
    async publish(events) {
      const held = new Set<string>();
      const outcomes: PublishOutcome[] = [];
      for (const event of events) {
        const id = isServiceEvent(event) ? event.id : event.data.host.id;
        const [outcome] = held.has(id) ? [] : await publish([event]);
        outcomes.push(outcome ?? { id: event.id, kind: 'failed', retryable: true, detail: 'held back' });
        if (outcome?.kind !== 'published') held.add(id);
      }
      return outcomes;
    },
  };
}

async function subject(lie: Lie): Promise<FailingPublisherSubject> {
  const honest = createMemoryPublisher();
  for (const tenant of SUBSCRIBED) await honest.ensureTopic(tenant);
  return {
    publisher: {
      ensureTopic: honest.ensureTopic,
      removeTopic: honest.removeTopic,
      publish: honest.publish,
      ...lie(honest),
    },
    received: async (tenant) => [...(honest.published.get(tenant) ?? []), ...(honest.serviceEvents.get(tenant) ?? [])],
    refuse({ id }) {
      honest.refused.add(id);
      return () => honest.refused.delete(id);
    },
    goDown() {
      honest.down = true;
      return () => {
        honest.down = false;
      };
    },
  };
}

function throwingOnNothing({ publish }: Publisher): Partial<Publisher> {
  return {
    async publish(events) {
      if (events.length === 0) throw new Error('the batch is empty');
      return publish(events);
    },
  };
}

function claimingTheRest({ publish }: Publisher): Partial<Publisher> {
  return {
    publish: async (events) => [...(await publish(events.slice(0, 10))), ...events.slice(10).map(asPublished)],
  };
}

function givingOutcomesBackwards({ publish }: Publisher): Partial<Publisher> {
  return { publish: async (events) => (await publish(events)).toReversed() };
}

function sendingBackwards({ publish }: Publisher): Partial<Publisher> {
  return { publish: async (events) => (await publish(events.toReversed())).toReversed() };
}

function failingTogether({ publish }: Publisher): Partial<Publisher> {
  return {
    async publish(events) {
      const outcomes: PublishOutcome[] = [];
      let failed = false;
      for (const event of events) {
        outcomes.push(...(failed ? [asFailed(event)] : await publish([event])));
        failed = outcomes.at(-1)?.kind === 'failed';
      }
      return outcomes;
    },
  };
}

function throwingOnFailure({ publish }: Publisher): Partial<Publisher> {
  return {
    async publish(events) {
      const outcomes = await publish(events);
      if (outcomes.some(({ kind }) => kind === 'failed')) throw new Error('the topic does not answer');
      return outcomes;
    },
  };
}

async function oneByOne(publish: Publisher['publish'], events: readonly PublishedEvent[]): Promise<PublishOutcome[]> {
  const outcomes = [];
  for (const event of events) outcomes.push(...(await publish([event])));
  return outcomes;
}

function withoutLeak(event: PublishedEvent): PublishedEvent {
  if (isServiceEvent(event)) return event;
  const { leak: _, ...data } = event.data;
  return { ...event, data };
}

function asAcmes(event: PublishedEvent): PublishedEvent {
  if (isServiceEvent(event)) return event;
  return { ...event, data: { ...event.data, tenant: 'acme' } };
}

function asPublished({ id }: { readonly id: string }): PublishOutcome {
  return { id, kind: 'published' };
}

function asFailed({ id }: { readonly id: string }): PublishOutcome {
  return { id, kind: 'failed', retryable: true, detail: 'another event failed' };
}

function asGivenUp(outcome: PublishOutcome): PublishOutcome {
  return outcome.kind === 'failed' ? { ...outcome, retryable: false } : outcome;
}
