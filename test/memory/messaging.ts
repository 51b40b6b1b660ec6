/** The publisher and the queue in memory: second adapters for the contract suites, and quick ones for tests of the use cases. */

import type { InspectMessage } from '../../core/model/message.ts';
import type { Notification } from '../../core/model/notification.ts';
import { isServiceEvent, type PublishedEvent, type ServiceEvent } from '../../core/model/service-event.ts';
import { DeliveryError } from '../../core/ports/errors.ts';
import type { InspectionQueue } from '../../core/ports/inspection-queue.ts';
import type { Publisher, PublishOutcome } from '../../core/ports/publisher.ts';

export interface MemoryPublisher extends Publisher {
  /** What each tenant's topic has accepted, in order. */
  readonly published: ReadonlyMap<string, readonly Notification[]>;
  /** The same of events about inspections. */
  readonly serviceEvents: ReadonlyMap<string, readonly ServiceEvent[]>;
  /** Ids of events that are refused; add and delete as the test goes. */
  readonly refused: Set<string>;
  /** While true nothing is accepted. */
  down: boolean;
}

export function createMemoryPublisher(): MemoryPublisher {
  const published = new Map<string, Notification[]>();
  const serviceEvents = new Map<string, ServiceEvent[]>();

  function attempt(event: PublishedEvent): PublishOutcome {
    const { tenant } = event.data;
    if (publisher.down || !published.has(tenant)) return failed(event, 'the topic does not answer');
    if (publisher.refused.has(event.id)) return failed(event, 'the topic refused the event');
    if (isServiceEvent(event)) serviceEvents.get(tenant)?.push(event);
    else published.get(tenant)?.push(event);
    return { id: event.id, kind: 'published' };
  }

  const publisher: MemoryPublisher = {
    published,
    serviceEvents,
    refused: new Set(),
    down: false,
    async ensureTopic(tenant) {
      if (!published.has(tenant)) {
        published.set(tenant, []);
        serviceEvents.set(tenant, []);
      }
      return `memory:${tenant}`;
    },
    async removeTopic(tenant) {
      published.delete(tenant);
      serviceEvents.delete(tenant);
    },
    async publish(events) {
      const held = new Set<string>();
      return events.map((event) => {
        const incident = incidentOf(event);
        const outcome = held.has(incident) ? failed(event, 'an earlier event was not accepted') : attempt(event);
        if (outcome.kind === 'failed') held.add(incident);
        return outcome;
      });
    },
  };
  return publisher;
}

function incidentOf(event: PublishedEvent): string {
  if (isServiceEvent(event)) return event.source;
  const { tenant, metric, host } = event.data;
  return [tenant, metric, host.account, host.region, host.id].join(' ');
}

function failed({ id }: PublishedEvent, detail: string): PublishOutcome {
  return { id, kind: 'failed', retryable: true, detail };
}

export interface MemoryQueue extends InspectionQueue {
  readonly sent: readonly InspectMessage[];
  readonly rejected: readonly { readonly body: string; readonly reason: string }[];
  /** While true nothing is accepted. */
  down: boolean;
}

/** Characters that are kept of a rejected body. */
const MAX_BODY = 80_000;

export function createMemoryQueue(): MemoryQueue {
  const sent: InspectMessage[] = [];
  const rejected: { body: string; reason: string }[] = [];
  const refuseWhenDown = () => {
    if (queue.down) throw new DeliveryError('The queue does not answer.');
  };
  const queue: MemoryQueue = {
    sent,
    rejected,
    down: false,
    async send(message) {
      refuseWhenDown();
      sent.push(message);
    },
    async reject(body, reason) {
      refuseWhenDown();
      rejected.push({ body: body.slice(0, MAX_BODY), reason });
    },
  };
  return queue;
}
