/** Somebody who listens to a tenant's topic with a queue of their own. */
import { SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { type Notification, notificationSchema } from '../../core/model/notification.ts';
import type { Clients } from './moto.ts';
import { takeAll } from './queue.ts';

export interface Subscriber {
  /** The events that have come since the last call, each checked against its schema. */
  received(): Promise<Notification[]>;
}

export async function subscribe({ sns, sqs }: Clients, topicArn: string): Promise<Subscriber> {
  const name = `subscriber-${topicArn.split(':').at(-1)}-${Date.now()}`;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const queueUrl = z.url().parse(QueueUrl);
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }),
  );
  const raw = { RawMessageDelivery: 'true' };
  await sns.send(
    new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: Attributes?.['QueueArn'], Attributes: raw }),
  );
  return {
    async received() {
      const messages = await takeAll(sqs, queueUrl);
      return messages.map(({ Body }) => notificationSchema.parse(JSON.parse(z.string().parse(Body))));
    },
  };
}
