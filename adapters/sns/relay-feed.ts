/** The subscription by which a tenant's topic feeds the queue of the relay. */
import {
  InvalidParameterException,
  NotFoundException,
  SetSubscriptionAttributesCommand,
  type SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { DeliveryError } from '../../core/ports/errors.ts';
import type { RelayFeed } from '../../core/ports/relay-feed.ts';
import { failureOf } from '../aws/errors.ts';

/** Ends the name of a dead-letter queue (infra/queues.js): this one takes what SNS cannot bring to the queue. */
const DEAD = '-dead';

export interface RelayFeedOptions {
  readonly client: SNSClient;
  /** As of the publisher. */
  readonly topicArnPrefix: string;
  /** The ARN of the queue of the relay. */
  readonly queueArn: string;
}

export function createRelayFeed({ client, topicArnPrefix, queueArn }: RelayFeedOptions): RelayFeed {
  return { ensure: (tenant) => feedRelay(client, topicArnPrefix + tenant, queueArn) };
}

/** Without raw delivery: what SNS puts around a message names its topic, by which the relay knows whose it is. Throws `DeliveryError`. */
export async function feedRelay(client: SNSClient, TopicArn: string, queueArn: string): Promise<'feeds' | 'no_topic'> {
  const subscription = { TopicArn, Protocol: 'sqs', Endpoint: queueArn, ReturnSubscriptionArn: true };
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn + DEAD });
  try {
    try {
      await client.send(new SubscribeCommand({ ...subscription, Attributes: { RedrivePolicy } }));
    } catch (error) {
      if (!(error instanceof InvalidParameterException)) throw error;
      // It is subscribed with other attributes.
      const { SubscriptionArn } = await client.send(new SubscribeCommand(subscription));
      const attribute = { AttributeName: 'RedrivePolicy', AttributeValue: RedrivePolicy };
      await client.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, ...attribute }));
    }
    return 'feeds';
  } catch (error) {
    if (error instanceof NotFoundException) return 'no_topic';
    throw new DeliveryError(
      `The topic ${TopicArn} could not be subscribed to by the relay: ${failureOf(error).detail}`,
      {
        cause: error,
      },
    );
  }
}
