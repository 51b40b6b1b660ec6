/** Every five minutes: publishes what the topics have not taken yet. */
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { createIncidentStore } from '../adapters/dynamodb/incident-store.ts';
import { createPublisher } from '../adapters/sns/publisher.ts';
import { type Delivery, sweepOutbox } from '../core/incidents/outbox.ts';
import { DeliveryError } from '../core/ports/errors.ts';
import { readEnvironment } from './environment.ts';

const logger = new Logger();

/**
 * Its event says nothing that is needed. Throws when the table fails or a topic does not take its events, so that the
 * alarm on this function's errors sees it: whoever would be paged by those events cannot be.
 */
export async function handler(): Promise<Delivery> {
  const { AWS_REGION: region, TABLE: table, TOPIC_ARN_PREFIX: topicArnPrefix } = readEnvironment();
  const incidents = createIncidentStore({ client: new DynamoDBClient({ region, ...BOUNDED_WAIT }), table });
  const publisher = createPublisher({ client: new SNSClient({ region, ...BOUNDED_WAIT }), topicArnPrefix });
  const delivery = await sweepOutbox(publisher, incidents, Date.now());
  for (const given of delivery.givenUp) logger.error('Gave an event up: its topic will never take it.', { ...given });
  logger.info('Swept what was pending.', { taken: delivery.taken, failed: delivery.failed });
  const [first] = delivery.failed;
  if (first !== undefined) {
    throw new DeliveryError(
      `${delivery.failed.length} events stay pending because their topics did not take them; the first is ${first.id}: ${first.detail}`,
    );
  }
  return delivery;
}
