/** Every five minutes: publishes the events that are still in an outbox. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { createIncidentStore } from '../adapters/dynamodb/incident-store.ts';
import { createPublisher } from '../adapters/sns/publisher.ts';
import { type Delivery, sweepOutbox } from '../core/incidents/outbox.ts';
import { DeliveryError } from '../core/ports/errors.ts';
import type { IncidentStore } from '../core/ports/incident-store.ts';
import { publishOutboxVariables } from './environment.ts';
import { createLogger } from './log.ts';
import { createMetrics } from './metrics.ts';

const logger = createLogger();

/**
 * Sweeps once, whatever the event. Throws when the table fails or a topic does not accept its events, so that the alarm on
 * this function's errors sees it: nobody can be paged by events that are not published.
 */
export async function handler(): Promise<Delivery> {
  const { AWS_REGION: region, TABLE: table, TOPIC_ARN_PREFIX: topicArnPrefix, STAGE: stage } = publishOutboxVariables();
  const emit = createMetrics({ stage, function: 'publish-outbox' });
  const now = Date.now();
  const incidents = createIncidentStore({ client: new DynamoDBClient({ region, ...BOUNDED_WAIT }), table });
  const publisher = createPublisher({ client: new SNSClient({ region, ...BOUNDED_WAIT }), topicArnPrefix });
  const age = { oldestMs: 0 };
  const delivery = await sweepOutbox(publisher, withAge(incidents, age, now), now);
  for (const { body, detail } of delivery.undeliverable)
    logger.error('Dropped an event that its topic will never accept.', { event: body.id, detail });
  const failures = delivery.failed.length + delivery.undeliverable.length;
  emit({ OldestOutboxAgeSeconds: age.oldestMs / 1000, EventsFailed: failures });
  logger.info('Swept the outboxes.', { published: delivery.published, failed: delivery.failed });
  const [first] = delivery.failed;
  if (first !== undefined) {
    throw new DeliveryError(
      `${delivery.failed.length} events stay in their outbox because their topics did not accept them; the first is ${first.id}: ${first.detail}`,
    );
  }
  return delivery;
}

/** The store, which notes for how long the incident that waits longest has been as it is. */
function withAge(incidents: IncidentStore, age: { oldestMs: number }, now: number): IncidentStore {
  return {
    ...incidents,
    async *outbox() {
      for await (const incident of incidents.outbox()) {
        age.oldestMs = Math.max(age.oldestMs, now - incident.value.changedAt);
        yield incident;
      }
    },
  };
}
