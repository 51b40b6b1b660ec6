/** Every five minutes: publishes what the topics have not taken yet. */
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { createIncidentStore } from '../adapters/dynamodb/incident-store.ts';
import { createPublisher } from '../adapters/sns/publisher.ts';
import { type Delivery, sweepPending } from '../inspection/deliver.ts';
import { readEnvironment } from './environment.ts';

const logger = new Logger();

/** Its event says nothing that is needed. Throws when the table fails, so that the function's error alarm sees it. */
export async function handler(): Promise<Delivery> {
  const { AWS_REGION: region, TABLE: table, TOPIC_ARN_PREFIX: topicArnPrefix } = readEnvironment();
  const incidents = createIncidentStore({ client: new DynamoDBClient({ region }), table });
  const publisher = createPublisher({ client: new SNSClient({ region }), topicArnPrefix });
  const delivery = await sweepPending(publisher, incidents, Date.now());
  if (delivery.failed.length > 0) {
    logger.error('Topics did not take every event; they stay pending.', { ...delivery });
  } else if (delivery.taken > 0) {
    logger.info('Published what was pending.', { taken: delivery.taken });
  }
  return delivery;
}
