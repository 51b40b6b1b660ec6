/** Every five minutes: publishes the events that are still in an outbox. */
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { createIncidentStore } from '../adapters/dynamodb/incident-store.ts';
import { createPublisher } from '../adapters/sns/publisher.ts';
import { type Delivery, sweepOutbox } from '../core/incidents/outbox.ts';
import { DeliveryError } from '../core/ports/errors.ts';
import { publishOutboxVariables } from './environment.ts';

const logger = new Logger();

/**
 * Sweeps once, whatever the event. Throws when the table fails or a topic does not accept its events, so that the alarm on
 * this function's errors sees it: nobody can be paged by events that are not published.
 */
export async function handler(): Promise<Delivery> {
  const { AWS_REGION: region, TABLE: table, TOPIC_ARN_PREFIX: topicArnPrefix } = publishOutboxVariables();
  const incidents = createIncidentStore({ client: new DynamoDBClient({ region, ...BOUNDED_WAIT }), table });
  const publisher = createPublisher({ client: new SNSClient({ region, ...BOUNDED_WAIT }), topicArnPrefix });
  const delivery = await sweepOutbox(publisher, incidents, Date.now());
  for (const event of delivery.undeliverable)
    logger.error('Dropped an event that its topic will never accept.', { ...event });
  logger.info('Swept the outboxes.', { published: delivery.published, failed: delivery.failed });
  const [first] = delivery.failed;
  if (first !== undefined) {
    throw new DeliveryError(
      `${delivery.failed.length} events stay in their outbox because their topics did not accept them; the first is ${first.id}: ${first.detail}`,
    );
  }
  return delivery;
}
