/** Every five minutes: decides what no run has decided, and publishes what is still in an outbox. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { createConfigStore } from '../adapters/dynamodb/config-store.ts';
import { createEventLog } from '../adapters/dynamodb/event-log.ts';
import { createIncidentStore } from '../adapters/dynamodb/incident-store.ts';
import { createPublisher } from '../adapters/sns/publisher.ts';
import type { Delivery } from '../core/incidents/outbox.ts';
import { sweep } from '../core/incidents/sweep.ts';
import { whenLeft } from '../core/inspection/deadline.ts';
import { DeliveryError } from '../core/ports/errors.ts';
import { createAlertPolicy } from './alert-policy.ts';
import { publishOutboxVariables } from './environment.ts';
import type { InvocationContext } from './inspect-messages.ts';
import { createLogger } from './log.ts';
import { createMetrics, deliveryMetrics } from './metrics.ts';
import { noteOldest } from './outbox-age.ts';

const logger = createLogger();

/** Time that is kept back to write the log and the metrics, in milliseconds. */
const RESERVE_MS = 15_000;

/**
 * Sweeps once, whatever the event. Throws when the table fails, a topic does not accept its events or the time does not suffice,
 * so that the alarm on this function's errors sees it: nobody can be paged by events that are not published.
 */
export async function handler(_event: unknown, context: InvocationContext): Promise<Delivery> {
  const variables = publishOutboxVariables();
  const { AWS_REGION: region, TABLE: table, TOPIC_ARN_PREFIX: topicArnPrefix, STAGE: stage } = variables;
  const emit = createMetrics({ stage, function: 'publish-outbox' });
  const now = Date.now();
  const timeIsUp = whenLeft({ remainingMs: () => context.getRemainingTimeInMillis() }, RESERVE_MS);
  const dynamodb = { client: new DynamoDBClient({ region, ...BOUNDED_WAIT }), table };
  const publisher = createPublisher({ client: new SNSClient({ region, ...BOUNDED_WAIT }), topicArnPrefix });
  const oldest = noteOldest(createIncidentStore(dynamodb), now);
  const configs = createConfigStore({ ...dynamodb, table: variables.CONFIGS_TABLE });
  const decide = createAlertPolicy(dynamodb, { configs, incidents: oldest.store });
  const ports = { incidents: oldest.store, publisher, log: createEventLog(dynamodb), decide };
  let delivery: Delivery | undefined;
  try {
    delivery = await sweep(ports, { now, timeIsUp, begin: Math.random() });
  } finally {
    emit({ OldestOutboxAgeSeconds: oldest.seconds(), ...(delivery && deliveryMetrics([delivery])) });
  }
  for (const { body, detail } of delivery.undeliverable)
    logger.error('Dropped an event that its topic will never accept.', { event: body.id, detail });
  const { published, held, failed, crowdedOut } = delivery;
  if (crowdedOut.length > 0) logger.error('Dropped events for which no room was left.', { events: crowdedOut });
  logger.info('Swept the outboxes.', { published, held, failed });
  requireSwept(delivery, timeIsUp);
  return delivery;
}

function requireSwept({ published, failed }: Delivery, timeIsUp: AbortSignal): void {
  if (timeIsUp.aborted) {
    throw new DeliveryError(
      `The time was up before all outboxes were read; ${published} events were published, and the next sweep goes on. If it happens again, compare the function's duration with the table's and the topics' latencies.`,
    );
  }
  const [first] = failed;
  if (first !== undefined) {
    throw new DeliveryError(
      `${failed.length} events stay in their outbox because their topics did not accept them; the first is ${first.id}: ${first.detail}`,
    );
  }
}
