/** The subscriptions of tenants' topics over SNS. */
import { paginateListSubscriptionsByTopic, type SNSClient } from '@aws-sdk/client-sns';
import { DeliveryError } from '../../core/ports/errors.ts';
import type { Subscription, TopicSubscriptions } from '../../core/ports/topic-subscriptions.ts';
import { failureOf } from '../aws/errors.ts';

/** What SNS has instead of an ARN until somebody confirms. https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html */
const UNCONFIRMED = 'PendingConfirmation';

export function createTopicSubscriptions(client: SNSClient, topicArnPrefix: string): TopicSubscriptions {
  return {
    async list(tenant) {
      const TopicArn = topicArnPrefix + tenant;
      const subscriptions: Subscription[] = [];
      try {
        for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn }))
          for (const { Protocol: protocol = '', Endpoint: endpoint = '', SubscriptionArn } of Subscriptions)
            subscriptions.push({ protocol, endpoint, confirmed: SubscriptionArn !== UNCONFIRMED });
        return subscriptions;
      } catch (error) {
        throw new DeliveryError(
          `The subscriptions of ${TopicArn} could not be listed: ${failureOf(error).detail}. Your credentials need the right sns:ListSubscriptionsByTopic.`,
          { cause: error },
        );
      }
    },
  };
}
