/** What every publisher promises. */
import { expect } from 'vitest';
import type { Notification } from '../../core/model/notification.ts';
import { isServiceEvent, type PublishedEvent } from '../../core/model/service-event.ts';
import type { Publisher, PublishOutcome } from '../../core/ports/publisher.ts';
import { aNotification, anIncidentKey, aServiceEvent } from '../fixtures/builders.ts';
import type { Check } from './check.ts';

/** A publisher with the topics of `SUBSCRIBED` made and listened to. */
export interface PublisherSubject {
  readonly publisher: Publisher;
  /** All events that a subscriber of the tenant's topic has got, in the order in which the topic took them. */
  received(tenant: string): Promise<PublishedEvent[]>;
}

/** One whose topics can be made to fail. */
export interface FailingPublisherSubject extends PublisherSubject {
  /** Fails this event alone, until it is called off. */
  refuse(event: PublishedEvent): () => void;
  /** Takes all topics down, until they are called up again. */
  goDown(): () => void;
}

export const SUBSCRIBED = ['acme', 'globex'] as const;

export const publisherChecks: readonly Check<PublisherSubject>[] = [
  {
    message: 'makes a topic once and always gives its address',
    async verify({ publisher }) {
      const first = await publisher.ensureTopic('initech');
      const second = await publisher.ensureTopic('initech');

      expect(second).toBe(first);
      expect(await publisher.ensureTopic('acme')).not.toBe(first);
    },
  },
  {
    message: 'removes a topic, which takes no event any more, and is not hurt by one that is gone',
    async verify({ publisher }) {
      await publisher.removeTopic('globex');
      await publisher.removeTopic('globex');

      const outcomes = await publisher.publish([
        anEvent('i-1', { tenant: 'globex' }),
        anEvent('i-2', { tenant: 'acme' }),
      ]);

      expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'published']);
    },
  },
  {
    message: 'has no outcome where there is no event',
    async verify({ publisher }) {
      expect(await publisher.publish([])).toEqual([]);
    },
  },
  {
    message: 'delivers an event as it was given',
    async verify({ publisher, received }) {
      const event = anEvent('i-1', { name: 'Wéb “one” \u{1f600}' });

      const outcomes = await publisher.publish([event]);

      expect(outcomes).toEqual([{ id: event.id, kind: 'published' }]);
      expect(await received('acme')).toEqual([event]);
    },
  },
  {
    message: 'delivers every event of many to the topic of its tenant, with one outcome each in the order given',
    async verify({ publisher, received }) {
      const events = Array.from({ length: 50 }, (_, index) => anEvent(`i-${index}`, { tenant: SUBSCRIBED[index % 2] }));

      const outcomes = await publisher.publish(events);

      expect(outcomes).toEqual(events.map(({ id }) => ({ id, kind: 'published' })));
      for (const tenant of SUBSCRIBED) {
        const own = events.filter(({ data }) => data.tenant === tenant);
        expect(idsOf(await received(tenant)).toSorted()).toEqual(idsOf(own).toSorted());
      }
    },
  },
  {
    message: 'delivers the events of an incident in their order',
    async verify({ publisher, received }) {
      const hosts = Array.from({ length: 15 }, (_, index) => `i-${index}`);
      const events = [1, 2, 3].flatMap((transition) => hosts.map((host) => anEvent(host, { transition })));

      await publisher.publish(events);

      const arrived = await received('acme');
      for (const host of hosts) {
        const transitions = notificationsAmong(arrived)
          .filter(({ data }) => data.host.id === host)
          .map(({ data }) => data.transition);
        expect(transitions).toEqual([1, 2, 3]);
      }
    },
  },
  {
    message: 'reports the events of a tenant without a topic as failed and delivers those of the others',
    async verify({ publisher, received }) {
      const outcomes = await publisher.publish([anEvent('i-1', { tenant: 'nobody' }), anEvent('i-2')]);

      expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'published']);
      expect(hostsOf(await received('acme'))).toEqual(['i-2']);
    },
  },
  {
    message: 'delivers events about inspections as they were given, beside the others',
    async verify({ publisher, received }) {
      const events = [aServiceEvent(), anEvent('i-1'), aServiceEvent({ account: '444455556666' })];

      const outcomes = await publisher.publish(events);

      expect(outcomes).toEqual(events.map(({ id }) => ({ id, kind: 'published' })));
      const arrived = await received('acme');
      expect(arrived.toSorted(byId)).toEqual(events.toSorted(byId));
    },
  },
  {
    message: 'delivers an event however long its texts are',
    async verify({ publisher, received }) {
      const long = 'ä"\n'.repeat(200_000);
      const event = anEvent('i-1');
      const host = { ...event.data.host, name: long, group: long, labels: { long } };

      const outcomes = await publisher.publish([{ ...event, data: { ...event.data, host, summary: long } }]);

      expect(outcomes).toEqual([{ id: event.id, kind: 'published' }]);
      expect(idsOf(await received('acme'))).toEqual([event.id]);
    },
  },
];

/** What every publisher promises about failures. */
export const publisherFailureChecks: readonly Check<FailingPublisherSubject>[] = [
  {
    message: 'reports a refused event as failed and delivers the others',
    async verify({ publisher, received, refuse }) {
      const events = ['i-1', 'i-2', 'i-3'].map((host) => anEvent(host));
      refuse(anEvent('i-2'));

      const outcomes = await publisher.publish(events);

      expect(outcomes.map(({ kind }) => kind)).toEqual(['published', 'failed', 'published']);
      expect(hostsOf(await received('acme'))).toEqual(['i-1', 'i-3']);
    },
  },
  {
    message: 'holds an event back while an earlier one of its incident is not taken',
    async verify({ publisher, received, refuse }) {
      const first = anEvent('i-1');
      const later = [anEvent('i-1', { transition: 2 }), anEvent('i-1', { transition: 3, episode: 2 })];
      const accept = refuse(first);
      const outcomes = await publisher.publish([first, anEvent('i-2'), ...later]);
      accept();

      const again = await publisher.publish([first, ...later]);

      expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'published', 'failed', 'failed']);
      expect(outcomes.slice(2).every(isRetryable)).toBe(true);
      expect(again.map(({ kind }) => kind)).toEqual(['published', 'published', 'published']);
      expect(idsOf(await received('acme'))).toEqual(idsOf([anEvent('i-2'), first, ...later]));
    },
  },
  {
    message: 'holds an event about inspections back while an earlier one of its account is not taken',
    async verify({ publisher, received, refuse }) {
      const [failed, restored] = [aServiceEvent(), aServiceEvent({ kind: 'inspection_restored' })];
      const other = aServiceEvent({ account: '444455556666' });
      refuse(failed);

      const outcomes = await publisher.publish([failed, restored, other]);

      expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'failed', 'published']);
      expect(idsOf(await received('acme'))).toEqual([other.id]);
    },
  },
  {
    message: 'holds no event back for a host of the same id in another region, or another account',
    async verify({ publisher, received, refuse }) {
      const twins = [{}, { region: 'eu-west-2' }, { account: '999988887777' }].map((location) =>
        anEvent('i-twin', { location }),
      );
      refuse(anEvent('i-twin'));

      const outcomes = await publisher.publish(twins);

      expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'published', 'published']);
      expect(idsOf(await received('acme')).toSorted()).toEqual(idsOf(twins.slice(1)).toSorted());
    },
  },
  {
    message: 'reports all events as failed for now when the topics are down, and throws nothing',
    async verify({ publisher, received, goDown }) {
      const comeUp = goDown();
      const events = ['i-1', 'i-2'].map((host) => anEvent(host));
      const outcomes = await publisher.publish(events);
      comeUp();

      const again = await publisher.publish(events);

      expect(outcomes.map(isRetryable)).toEqual([true, true]);
      expect(again.map(({ kind }) => kind)).toEqual(['published', 'published']);
      expect(hostsOf(await received('acme'))).toEqual(['i-1', 'i-2']);
    },
  },
];

interface EventFacts {
  readonly tenant?: string | undefined;
  readonly name?: string;
  readonly location?: { readonly region?: string; readonly account?: string };
  readonly transition?: number;
  readonly episode?: number;
}

function anEvent(host: string, { tenant = 'acme', name, location, ...numbers }: EventFacts = {}): Notification {
  const key = anIncidentKey({ tenant, host, ...location });
  const { provider, account, region } = key;
  return aNotification({ key, resource: { provider, account, region, id: host, ...(name && { name }) }, ...numbers });
}

function byId(a: PublishedEvent, b: PublishedEvent): number {
  return a.id < b.id ? -1 : 1;
}

function isRetryable(outcome: PublishOutcome): boolean {
  return outcome.kind === 'failed' && outcome.retryable;
}

function idsOf(events: readonly PublishedEvent[]): string[] {
  return events.map(({ id }) => id);
}

function notificationsAmong(events: readonly PublishedEvent[]): Notification[] {
  return events.filter((event): event is Notification => !isServiceEvent(event));
}

function hostsOf(events: readonly PublishedEvent[]): string[] {
  return notificationsAmong(events).map(({ data }) => data.host.id);
}
