/**
 * Sends notifications of tenants' topics on to their receivers. Every quarter of an hour it renews alerts that still fire, and
 * sees to it that every topic feeds it.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse } from 'aws-lambda';
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { createConfigStore } from '../adapters/dynamodb/config-store.ts';
import { createDeliveryLog } from '../adapters/dynamodb/delivery-log.ts';
import { createIncidentStore } from '../adapters/dynamodb/incident-store.ts';
import { addressRules } from '../adapters/https/addresses.ts';
import { createHttpsClient } from '../adapters/https/client.ts';
import { listIssues } from '../adapters/https/listed-endpoints.ts';
import { createReceiverGateway } from '../adapters/receivers/gateway.ts';
import { createSecretStore } from '../adapters/secrets-manager/store.ts';
import { createChatTopics } from '../adapters/sns/chat-topics.ts';
import { createPublisher } from '../adapters/sns/publisher.ts';
import { createRelayFeed } from '../adapters/sns/relay-feed.ts';
import { createInspectionQueue } from '../adapters/sqs/inspection-queue.ts';
import { createRelayQueue } from '../adapters/sqs/relay-queue.ts';
import { whenLeft } from '../core/inspection/deadline.ts';
import { DeliveryError, InvalidInputError } from '../core/ports/errors.ts';
import { type FeedPorts, type FeedReport, feedRelay } from '../core/relay/feed-relay.ts';
import { type RenewPorts, type RenewReport, renewAlerts } from '../core/relay/renew-alerts.ts';
import { type RelayVariables, relayVariables } from './environment.ts';
import type { InvocationContext } from './inspect-messages.ts';
import { createLogger } from './log.ts';
import { isBatch } from './messages.ts';
import { createMetrics } from './metrics.ts';
import { type RelayMessagesPorts, relayMessages } from './relay-messages.ts';

const logger = createLogger();

/** Time that is kept back to note what was sent, in milliseconds. */
const RESERVE_MS = 10_000;

type Ports = RelayMessagesPorts & RenewPorts & FeedPorts;

/** What the schedule's invocation did. */
export type UpkeepReport = Pick<RenewReport, 'renewed'> & Pick<FeedReport, 'subscribed'>;

/** Made on the first event and kept while the function is warm: secrets and connections are used again. */
let ports: Ports | undefined;

/** Anything but a batch of its queue, as the schedule's event, is an invocation for upkeep. */
export async function handler(event: unknown, context: InvocationContext): Promise<SQSBatchResponse | UpkeepReport> {
  const variables = relayVariables();
  ports ??= openPorts(variables);
  const now = Date.now();
  const signal = whenLeft({ remainingMs: () => context.getRemainingTimeInMillis() }, RESERVE_MS);
  if (!isBatch(event)) return upkeep(ports, now, signal);
  const metrics = createMetrics({ stage: variables.STAGE, function: 'relay' });
  return relayMessages(event, { ports, topicArnPrefix: variables.TOPIC_ARN_PREFIX, logger, metrics, signal, now });
}

/** Throws at the end where something failed, so that the alarm on this function's errors sees it; the rest was done. */
async function upkeep(opened: Ports, now: number, signal: AbortSignal): Promise<UpkeepReport> {
  // Receivers that are down may take all the time that there is: what depends on none of them goes first.
  const feeds = await feedRelay(opened);
  const renewal = await renewAlerts(opened, { now, signal });
  for (const { tenant, receiver, error } of renewal.failures)
    logger.error('Alerts could not be renewed; it is tried again.', { tenant, receiver, error });
  for (const { tenant, error } of feeds.failures)
    logger.error('A topic could not be subscribed to; it is tried again.', { tenant, error });
  const report = { renewed: renewal.renewed, subscribed: feeds.subscribed };
  logger.info('Renewed the alerts that fire, and looked at the subscriptions.', report);
  const [first, ...others] = [...renewal.failures, ...feeds.failures];
  if (first !== undefined)
    throw new DeliveryError(
      `Alerts or subscriptions of tenant ${first.tenant} could not be renewed, and ${others.length} others; the rest was. ${first.error.message}`,
    );
  return report;
}

export function openPorts(variables: RelayVariables): Ports {
  const { AWS_REGION: region, CONFIGS_TABLE, TABLE: table, TOPIC_ARN_PREFIX: topicArnPrefix } = variables;
  checkLists(variables);
  const settings = { region, ...BOUNDED_WAIT };
  const [dynamodb, topics, queues] = [new DynamoDBClient(settings), new SNSClient(settings), new SQSClient(settings)];
  const { DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl } = variables;
  return {
    configs: createConfigStore({ client: dynamodb, table: CONFIGS_TABLE }),
    log: createDeliveryLog({ client: dynamodb, table }),
    incidents: createIncidentStore({ client: dynamodb, table }),
    publisher: createPublisher({ client: topics, topicArnPrefix, stage: variables.STAGE }),
    gateway: createReceiverGateway({
      https: createHttpsClient({ rules: addressRules(variables.RELAY_PRIVATE_NETWORKS) }),
      secrets: createSecretStore({ client: new SecretsManagerClient(settings), prefix: variables.SECRET_PREFIX }),
      chat: createChatTopics({ client: topics, topicArnPrefix }),
      endpoints: variables.RELAY_ENDPOINTS,
    }),
    feed: createRelayFeed({
      client: topics,
      topicArnPrefix,
      queueArn: variables.RELAY_QUEUE_ARN,
    }),
    queue: createRelayQueue(queues, variables.RELAY_QUEUE_URL),
    // Nothing is sent but what is put aside.
    deadLetters: createInspectionQueue({ client: queues, queueUrl: deadLetterQueueUrl, deadLetterQueueUrl }),
  };
}

/** What the operator gave at deploy. Throws `InvalidInputError` that names each part that is wrong. */
function checkLists({ RELAY_ENDPOINTS, RELAY_PRIVATE_NETWORKS }: RelayVariables): void {
  const issues = listIssues({ endpoints: RELAY_ENDPOINTS, privateNetworks: RELAY_PRIVATE_NETWORKS }, 'RELAY');
  if (issues.length > 0) throw new InvalidInputError('The function’s environment', issues);
}
