/** Queues: what waits in them, and one that listens to a tenant's topic with a filter of its own. */
import { SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { NOTIFICATION_KINDS, notificationSchema } from '../../../core/model/notification.ts';
import { type PublishedEvent, serviceEventSchema } from '../../../core/model/service-event.ts';
import type { Clients } from './ministack.ts';

export interface Subscriber {
  readonly queueArn: string;
  /** The events that have come so far, each checked against its schema. */
  received(): Promise<readonly PublishedEvent[]>;
}

const eventSchema = z.union([notificationSchema, serviceEventSchema]);

const HOSTS = { kind: NOTIFICATION_KINDS };

let made = 0;

/**
 * Listens to a topic as the README's subscribers do.
 * @param filter A filter policy on the attributes of messages. By default what is about hosts, and not what is about Plimsoll.
 */
export async function subscribe({ sns, sqs }: Clients, TopicArn: string, filter: object = HOSTS): Promise<Subscriber> {
  const QueueName = `listens-${TopicArn.split(':').at(-1)}-${process.pid}-${++made}`;
  const queueArn = TopicArn.replace(':sns:', ':sqs:').replace(/[^:]+$/, QueueName);
  // Without this policy SNS delivers nothing, here as in AWS.
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': TopicArn } },
      },
    ],
  });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { Policy } }));
  const queueUrl = z.url().parse(QueueUrl);
  const Attributes = { RawMessageDelivery: 'true', FilterPolicy: JSON.stringify(filter) };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queueArn, Attributes }));
  const all: PublishedEvent[] = [];
  return {
    queueArn,
    async received() {
      for (const { Body = '' } of await takeAll(sqs, queueUrl)) all.push(eventSchema.parse(JSON.parse(Body)));
      return all;
    },
  };
}

/** Takes everything that waits off the queue. */
export async function takeAll(sqs: Clients['sqs'], QueueUrl: string): Promise<Message[]> {
  const taken: Message[] = [];
  for (;;) {
    const receive = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0, MessageAttributeNames: ['All'] };
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(receive));
    if (Messages.length === 0) return taken;
    for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    taken.push(...Messages);
  }
}

/** How many messages the queue holds, those included that somebody works on. */
export async function depthOf(sqs: Clients['sqs'], QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
}
