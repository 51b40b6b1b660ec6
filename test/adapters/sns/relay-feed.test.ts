/** How a tenant's topic feeds the relay, and its second topic, over SNS. */
import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChatTopics } from '../../../adapters/sns/chat-topics.ts';
import { createPublisher } from '../../../adapters/sns/publisher.ts';
import { createRelayFeed } from '../../../adapters/sns/relay-feed.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { aNotification } from '../../fixtures/builders.ts';
import { makeQueue } from '../queue-reader.ts';

let sandbox: Sandbox;
let topics: SNSClient;
let queues: SQSClient;
let made = 0;

beforeAll(async () => {
  sandbox = await startSandbox();
  topics = new SNSClient(sandbox.inProcess('eu-west-1'));
  queues = new SQSClient(sandbox.inProcess('eu-west-1'));
});
afterAll(async () => {
  topics.destroy();
  queues.destroy();
  await sandbox.close();
});

async function aRelay() {
  const topicArnPrefix = `arn:aws:sns:eu-west-1:000000000000:plimsoll-relay${++made}_`;
  const [queue, dead] = await Promise.all(['', '-dead'].map((end) => makeQueue(queues, `relay-${made}${end}`)));
  if (!queue || !dead) throw new Error('no queue');
  return { dead, queue, topicArnPrefix };
}

async function subscriptionsOf(TopicArn: string) {
  const { Subscriptions = [] } = await topics.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  return Subscriptions;
}

describe('a topic that is ensured', () => {
  it('feeds the relay with what it takes, and with its own name', async () => {
    const { queue, topicArnPrefix } = await aRelay();
    const publisher = createPublisher({ client: topics, topicArnPrefix, relayQueueArn: queue.arn });

    await publisher.ensureTopic('acme');
    await publisher.publish([aNotification()]);

    const [message] = await queue.read();
    const envelope = JSON.parse(message?.Body ?? '');
    expect(envelope).toMatchObject({ Type: 'Notification', TopicArn: `${topicArnPrefix}acme` });
    expect(JSON.parse(envelope.Message)).toEqual(aNotification());
  });

  it('feeds the relay once, however often it is ensured', async () => {
    const { queue, topicArnPrefix } = await aRelay();
    const publisher = createPublisher({ client: topics, topicArnPrefix, relayQueueArn: queue.arn });

    for (let time = 0; time < 3; time++) await publisher.ensureTopic('acme');

    const subscriptions = await subscriptionsOf(`${topicArnPrefix}acme`);
    expect(subscriptions).toMatchObject([{ Protocol: 'sqs', Endpoint: queue.arn }]);
  });

  it('has a second one for chats where it is requested, and both are removed', async () => {
    const { topicArnPrefix } = await aRelay();
    const publisher = createPublisher({ client: topics, topicArnPrefix });
    const ours = async () => {
      const { Topics = [] } = await topics.send(new ListTopicsCommand({}));
      return Topics.flatMap(({ TopicArn = '' }) =>
        TopicArn.startsWith(topicArnPrefix) ? [TopicArn.slice(topicArnPrefix.length)] : [],
      );
    };

    await publisher.ensureTopic('acme', true);
    await publisher.ensureTopic('globex');
    const before = await ours();
    for (const tenant of ['acme', 'globex']) await publisher.removeTopic(tenant);

    expect(before.toSorted()).toEqual(['acme', 'acme_chat', 'globex']);
    expect(await ours()).toEqual([]);
  });
});

describe('the feed of the relay', () => {
  it('finds topics that were made before, and leaves missing ones alone', async () => {
    const { dead, queue, topicArnPrefix } = await aRelay();
    await createPublisher({ client: topics, topicArnPrefix }).ensureTopic('acme');
    const feed = createRelayFeed({ client: topics, topicArnPrefix, queueArn: queue.arn });

    expect([await feed.ensure('acme'), await feed.ensure('acme'), await feed.ensure('globex')]).toEqual([
      'feeds',
      'feeds',
      'no_topic',
    ]);
    const [subscription] = await subscriptionsOf(`${topicArnPrefix}acme`);
    const { SubscriptionArn } = subscription ?? {};
    const { Attributes } = await topics.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
    expect(JSON.parse(Attributes?.['RedrivePolicy'] ?? '')).toEqual({ deadLetterTargetArn: dead.arn });
  });

  it('gives a subscription of before its dead-letter queue', async () => {
    const { dead, queue, topicArnPrefix } = await aRelay();
    const TopicArn = await createPublisher({ client: topics, topicArnPrefix }).ensureTopic('acme');
    await topics.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queue.arn }));

    await createRelayFeed({ client: topics, topicArnPrefix, queueArn: queue.arn }).ensure('acme');

    const [subscription, ...others] = await subscriptionsOf(TopicArn);
    const { SubscriptionArn } = subscription ?? {};
    const { Attributes } = await topics.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
    expect(others).toEqual([]);
    expect(Attributes?.['RedrivePolicy']).toContain(dead.arn);
  });
});

describe('the topic for chats', () => {
  it('takes a message, and reports that it is missing', async () => {
    const { queue, topicArnPrefix } = await aRelay();
    await createPublisher({ client: topics, topicArnPrefix }).ensureTopic('acme', true);
    const TopicArn = `${topicArnPrefix}acme_chat`;
    await topics.send(
      new SubscribeCommand({
        TopicArn,
        Protocol: 'sqs',
        Endpoint: queue.arn,
        Attributes: { RawMessageDelivery: 'true' },
      }),
    );
    const chat = createChatTopics({ client: topics, topicArnPrefix });

    const sent = await chat.publish('acme', { version: '1.0' });
    const missing = await chat.publish('globex', { version: '1.0' });

    expect(sent).toMatchObject({ kind: 'sent' });
    expect(missing).toMatchObject({ kind: 'refused' });
    expect((await queue.read()).map(({ Body }) => Body)).toEqual(['{"version":"1.0"}']);
  });
});
