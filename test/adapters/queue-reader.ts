/** Queues that are read to their end, and queues that listen to the topics of tenants. */
import { type SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Publisher } from '../../core/ports/publisher.ts';

export interface MadeQueue {
  readonly url: string;
  readonly arn: string;
  /** All messages that ever arrived, in their order. */
  read(): Promise<readonly Message[]>;
}

export async function makeQueue(client: SQSClient, name: string): Promise<MadeQueue> {
  const { QueueUrl: url = '' } = await client.send(new CreateQueueCommand({ QueueName: name }));
  const requested = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] });
  const arn = (await client.send(requested)).Attributes?.['QueueArn'] ?? '';
  const arrived: Message[] = [];
  return {
    url,
    arn,
    async read() {
      for (;;) {
        const receive = { QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 0, MessageAttributeNames: ['All'] };
        const { Messages = [] } = await client.send(new ReceiveMessageCommand(receive));
        if (Messages.length === 0) return arrived;
        for (const message of Messages) {
          arrived.push(message);
          await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message.ReceiptHandle }));
        }
      }
    },
  };
}

/** Makes the tenants' topics and lets a queue of its own listen to each. */
export async function listenToTopics(
  { topics, queues }: { topics: SNSClient; queues: SQSClient },
  publisher: Publisher,
  name: string,
  tenants: readonly string[],
): Promise<(tenant: string) => MadeQueue> {
  const listening = new Map<string, MadeQueue>();
  for (const tenant of tenants) {
    const queue = await makeQueue(queues, name + tenant);
    const TopicArn = await publisher.ensureTopic(tenant);
    const Attributes = { RawMessageDelivery: 'true' };
    await topics.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queue.arn, Attributes }));
    listening.set(tenant, queue);
  }
  return (tenant) => {
    const queue = listening.get(tenant);
    if (!queue) throw new Error(`nobody listens to the topic of ${tenant}`);
    return queue;
  };
}
