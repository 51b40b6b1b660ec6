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
import { openMessageContext } from './message-context.ts';
import { createMetrics, deliveryMetrics } from './metrics.ts';
import { noteOldest } from './outbox-age.ts';

const logger = createLogger();

/** As the function is scheduled. */
const INTERVAL_MS = 5 * 60_000;

/** Time that is kept back to write the log and the metrics, in milliseconds. */
const RESERVE_MS = 15_000;

/**
 * Sweeps once, whatever the event. Throws when the table fails or the time does not suffice, so that the alarm on this function's errors
 * sees it. A topic that does not accept its events fails nothing: the log names its tenant, and an alarm is raised when it becomes late.
 */
export async function handler(_event: unknown, context: InvocationContext): Promise<Delivery> {
  const variables = publishOutboxVariables();
  const { AWS_REGION: region, TABLE: table, TOPIC_ARN_PREFIX: topicArnPrefix, STAGE: stage } = variables;
  const emit = createMetrics({ stage, function: 'publish-outbox' });
  const now = Date.now();
  const timeIsUp = whenLeft({ remainingMs: () => context.getRemainingTimeInMillis() }, RESERVE_MS);
  const dynamodb = { client: new DynamoDBClient({ region, ...BOUNDED_WAIT }), table };
  const publisher = createPublisher({ client: new SNSClient({ region, ...BOUNDED_WAIT }), topicArnPrefix, stage });
  const oldest = noteOldest(createIncidentStore(dynamodb), now);
  const configs = createConfigStore({ ...dynamodb, table: variables.CONFIGS_TABLE });
  const decide = createAlertPolicy(dynamodb, { configs, incidents: oldest.store });
  const log = createEventLog({ ...dynamodb, keptDays: Number(variables.EVENTS_DAYS) });
  const contextOf = openMessageContext(dynamodb, configs, { stage, function: 'publish-outbox' });
  const ports = { incidents: oldest.store, publisher, log, decide, contextOf };
  let delivery: Delivery | undefined;
  try {
    delivery = await sweep(ports, { now, timeIsUp, begin: Math.random() });
  } finally {
    const ages = { OldestOutboxAgeSeconds: oldest.seconds(), NewlyLateTopics: oldest.newlyLate(INTERVAL_MS) };
    emit({ ...ages, ...(delivery && { FailingTopics: failingOf(delivery).size, ...deliveryMetrics([delivery]) }) });
  }
  for (const { id, detail } of delivery.undeliverable)
    logger.error('Dropped an event that its topic will never accept.', { event: id, detail });
  const { published, held, failed, crowdedOut } = delivery;
  if (crowdedOut.length > 0)
    logger.error('Dropped events for which no room was left.', { count: crowdedOut.length, first: crowdedOut });
  for (const [tenant, [first, ...more]] of failingOf(delivery))
    logger.error('The topic of a tenant does not accept its events; they stay in their outboxes.', {
      tenant,
      count: 1 + more.length,
      oldestSeconds: oldest.byTenant().get(tenant),
      detail: first.detail,
    });
  logger.info('Swept the outboxes.', { published, held, failed: failed.length });
  requireSwept(delivery, timeIsUp);
  return listed(delivery);
}

/** Of each list that is returned: what a function returns has at most 6 MB, and the log has all of it. */
const MOST_RETURNED = 1000;

function listed(delivery: Delivery): Delivery {
  const { failed, undeliverable, crowdedOut } = delivery;
  return {
    ...delivery,
    failed: failed.slice(0, MOST_RETURNED),
    undeliverable: undeliverable.slice(0, MOST_RETURNED),
    crowdedOut: crowdedOut.slice(0, MOST_RETURNED),
  };
}

type Failed = Delivery['failed'][number];

/** What failed of each tenant, whose id an event's id begins with. */
function failingOf({ failed }: Delivery): ReadonlyMap<string, readonly [Failed, ...Failed[]]> {
  const byTenant = new Map<string, [Failed, ...Failed[]]>();
  for (const one of failed) {
    const [tenant = ''] = one.id.split('/');
    const known = byTenant.get(tenant);
    if (known) known.push(one);
    else byTenant.set(tenant, [one]);
  }
  return byTenant;
}

function requireSwept({ published }: Delivery, timeIsUp: AbortSignal): void {
  if (!timeIsUp.aborted) return;
  throw new DeliveryError(
    `The time was up before all outboxes were read; ${published} events were published, and the next sweep goes on. If it happens again, compare the function's duration with the table's and the topics' latencies.`,
  );
}
