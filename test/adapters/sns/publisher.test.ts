/** The publisher over SNS: the suite of its port, and what is SNS's alone. */
import { createServer } from 'node:http';
import { GetTopicAttributesCommand, SetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPublisher } from '../../../adapters/sns/publisher.ts';
import { DeliveryError } from '../../../core/ports/errors.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { close, listen } from '../../../sandbox/wire/listen.ts';
import { itKeeps } from '../../contract/check.ts';
import {
  type FailingPublisherSubject,
  publisherChecks,
  publisherFailureChecks,
  SUBSCRIBED,
} from '../../contract/publisher.ts';
import { aNotification, anIncidentKey, aServiceEvent } from '../../fixtures/builders.ts';
import { listenToTopics, type MadeQueue } from '../queue-reader.ts';

let sandbox: Sandbox;
let topics: SNSClient;
let queues: SQSClient;
let made = 0;

beforeAll(async () => {
  sandbox = await startSandbox();
  topics = new SNSClient(sandbox.inProcess('eu-west-1'));
  queues = new SQSClient(sandbox.inProcess('eu-west-1'));
});
afterEach(() => sandbox.liftFaults());
afterAll(async () => {
  topics.destroy();
  queues.destroy();
  await sandbox.close();
});

describe('the publisher over SNS', () => {
  itKeeps(publisherChecks, startSubject);
  itKeeps(publisherFailureChecks, startSubject);

  it('sends ten events in one request where they belong to ten incidents', async () => {
    const { publisher } = await startSubject();
    sandbox.calls.clear();

    await publisher.publish(eventsOfHosts(25));

    expect(sandbox.calls.count('sns', 'PublishBatch')).toBe(3);
  });

  it('waits for a topic that does not answer once, however many events are left', async () => {
    const topicArnPrefix = `arn:aws:sns:eu-west-1:000000000000:plimsoll-${++made}-`;
    const publisher = createPublisher({ client: topics, topicArnPrefix, waitMs: 100 });
    sandbox.inject({ service: 'sns', kind: 'unanswered' });
    sandbox.calls.clear();

    const outcomes = await publisher.publish(eventsOfHosts(95));

    expect(outcomes).toHaveLength(95);
    expect(new Set(outcomes.map((outcome) => outcome.kind === 'failed' && outcome.unresponsive))).toEqual(
      new Set([true]),
    );
    expect(sandbox.calls.count('sns', 'PublishBatch')).toBeLessThanOrEqual(1);
  });

  it('gives subscribers the facts to filter by', async () => {
    const { publisher, queueOf } = await startSubject();

    await publisher.publish([aNotification(), aNotification({ transition: 2 }, 'recovered')]);

    const attributes = (await queueOf('acme').read()).map(({ MessageAttributes = {} }) =>
      Object.fromEntries(Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue])),
    );
    const facts = {
      tenant: 'acme',
      finding: 'leak',
      provider: 'aws',
      account: '111122223333',
      region: 'eu-west-1',
      page: 'false',
      severity: 'medium',
    };
    expect(attributes).toEqual([
      { ...facts, kind: 'opened', grade: 'confirmed' },
      { ...facts, kind: 'recovered' },
    ]);
  });

  it('gives subscribers the facts of an event about inspections to filter by, and people a text', async () => {
    const { publisher, queueOf } = await startSubject();
    const before = sandbox.emails.length;

    await publisher.publish([aServiceEvent()]);

    const [message] = await queueOf('acme').read();
    const attributes = Object.entries(message?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [
      name,
      StringValue,
    ]);
    expect(Object.fromEntries(attributes)).toEqual({
      tenant: 'acme',
      kind: 'inspection_failed',
      provider: 'aws',
      account: '111122223333',
      severity: 'high',
    });
    const [email] = sandbox.emails.slice(before);
    expect(email?.subject).toBe('[high] Inspections of aws 111122223333 fail');
    expect(email?.text).toContain('plimsoll doctor --tenant acme');
  });

  it('gives people a text to read and programs the event', async () => {
    const { publisher, queueOf } = await startSubject();
    const before = sandbox.emails.length;

    await publisher.publish([aNotification()]);

    const [email] = sandbox.emails.slice(before);
    expect(email?.subject).toBe('[medium] full in 3 d 23 h: i-0a1b2c3d, +0.40 %/h');
    expect(email?.text).toContain('plimsoll explain i-0a1b2c3d');
    expect(JSON.parse((await queueOf('acme').read())[0]?.Body ?? '')).toEqual(aNotification());
  });

  it('states the stage in every event, and commands of its text name it', async () => {
    const { queueOf, topicArnPrefix } = await startSubject();
    const publisher = createPublisher({ client: topics, topicArnPrefix, stage: 'prod' });
    const before = sandbox.emails.length;

    await publisher.publish([aNotification(), aServiceEvent()]);

    const texts = sandbox.emails.slice(before).map(({ text }) => text);
    expect(texts).toEqual([
      expect.stringMatching(/ incidents ack \S+ --stage prod\n/),
      expect.stringContaining('plimsoll doctor --tenant acme --stage prod\n'),
    ]);
    expect(texts.join('')).not.toContain('--stage NAME');
    const bodies = (await queueOf('acme').read()).map(({ Body = '' }) => JSON.parse(Body).data.stage);
    expect(bodies).toEqual(['prod', 'prod']);
  });

  it('packs large events by size as well', async () => {
    const { publisher, received } = await startSubject();
    const events = eventsOfHosts(12).map((event) => {
      const host = { ...event.data.host, name: 'x'.repeat(50_000) };
      return { ...event, data: { ...event.data, host } };
    });
    sandbox.calls.clear();

    const outcomes = await publisher.publish(events);

    expect(outcomes.map(({ kind }) => kind)).toEqual(events.map(() => 'published'));
    expect(await received('acme')).toEqual(events);
    expect(sandbox.calls.count('sns', 'PublishBatch')).toBe(3);
  });

  it('gives up an event that no shortening makes small enough, and holds back what follows it', async () => {
    const { publisher } = await startSubject();
    const first = aNotification();
    const monster = aNotification({ transition: 2, key: anIncidentKey({ host: 'i-0a1b2c3d' }) });
    const events = [first, { ...monster, id: 'x'.repeat(300_000) }, aNotification({ transition: 3 })];

    const outcomes = await publisher.publish(events);

    expect(outcomes.map(({ kind }) => kind)).toEqual(['published', 'failed', 'failed']);
    expect(outcomes[1]).toMatchObject({ retryable: false, detail: expect.stringContaining('131072 bytes') });
    expect(outcomes[2]).toMatchObject({ retryable: true, detail: 'an earlier event of this incident was not taken' });
  });

  it('reports that a topic is missing, and how to make it', async () => {
    const { publisher } = await startSubject();

    const outcomes = await publisher.publish([aNotification({ key: anIncidentKey({ tenant: 'nobody' }) })]);

    expect(outcomes[0]).toMatchObject({ retryable: true, detail: expect.stringContaining('put its tenant again') });
  });

  it.each([
    ['denied', /not authorized/],
    ['throttled', /Rate exceeded/],
    ['server_error', /Something went wrong/],
    ['garbage', /./],
  ] as const)('may be asked again when the topic is %s', async (kind, detail) => {
    const { publisher } = await startSubject();
    sandbox.inject({ service: 'sns', kind });

    const outcomes = await publisher.publish([aNotification()]);

    expect(outcomes[0]).toMatchObject({ kind: 'failed', retryable: true, detail: expect.stringMatching(detail) });
  });

  it('refuses a prefix that belongs to another account than the credentials', async () => {
    const publisher = createPublisher({
      client: topics,
      topicArnPrefix: 'arn:aws:sns:eu-west-1:999999999999:plimsoll-',
    });

    await expect(publisher.ensureTopic('acme')).rejects.toThrow(DeliveryError);
    await expect(publisher.ensureTopic('acme')).rejects.toThrow(/000000000000.*999999999999/);
  });

  it('throws a delivery error when a topic cannot be made', async () => {
    const { publisher } = await startSubject();
    sandbox.inject({ service: 'sns', action: 'CreateTopic', kind: 'denied' });

    await expect(publisher.ensureTopic('acme')).rejects.toThrow(/could not be made: .*not authorized/);
  });
});

describe('the topic of a tenant', () => {
  const KEY = 'arn:aws:kms:eu-west-1:000000000000:key/00000000-0000-4000-8000-000000000000';
  const topicArnPrefix = () => `arn:aws:sns:eu-west-1:000000000000:plimsoll-${++made}-`;
  const attributesOf = async (TopicArn: string) =>
    (await topics.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes ?? {};

  it('is encrypted with the key of the deployment and refuses what is published without TLS', async () => {
    const publisher = createPublisher({ client: topics, topicArnPrefix: topicArnPrefix(), key: KEY });

    const topic = await publisher.ensureTopic('acme');

    const { KmsMasterKeyId, Policy = '' } = await attributesOf(topic);
    expect(KmsMasterKeyId).toBe(KEY);
    expect(JSON.parse(Policy).Statement).toEqual([
      {
        Sid: 'RefuseWithoutTls',
        Effect: 'Deny',
        Principal: '*',
        Action: 'sns:Publish',
        Resource: topic,
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ]);
  });

  it('is secured where it exists without, and keeps what its policy allowed', async () => {
    const prefix = topicArnPrefix();
    const topic = await createPublisher({ client: topics, topicArnPrefix: prefix }).ensureTopic('acme');
    const allowed = { Sid: 'LetSubscriber', Effect: 'Allow', Principal: '*', Action: 'sns:Subscribe', Resource: topic };
    await setPolicy(topic, { Version: '2012-10-17', Statement: allowed });

    await createPublisher({ client: topics, topicArnPrefix: prefix, key: KEY }).ensureTopic('acme');

    const { KmsMasterKeyId, Policy = '' } = await attributesOf(topic);
    expect(KmsMasterKeyId).toBe(KEY);
    expect(JSON.parse(Policy).Statement).toMatchObject([allowed, { Sid: 'RefuseWithoutTls' }]);
  });

  it('is left alone where nothing is missing', async () => {
    const publisher = createPublisher({ client: topics, topicArnPrefix: topicArnPrefix(), key: KEY });
    await publisher.ensureTopic('acme');
    sandbox.calls.clear();

    await publisher.ensureTopic('acme');

    expect(sandbox.calls.count('sns', 'SetTopicAttributes')).toBe(0);
  });

  it('keeps its encryption where the caller knows no key', async () => {
    const prefix = topicArnPrefix();
    const topic = await createPublisher({ client: topics, topicArnPrefix: prefix, key: KEY }).ensureTopic('acme');

    await createPublisher({ client: topics, topicArnPrefix: prefix }).ensureTopic('acme');

    expect(await attributesOf(topic)).toMatchObject({ KmsMasterKeyId: KEY });
  });

  it.each(['GetTopicAttributes', 'SetTopicAttributes'])(
    'is refused, with the rights that are missing, where %s is denied',
    async (action) => {
      const publisher = createPublisher({ client: topics, topicArnPrefix: topicArnPrefix(), key: KEY });
      sandbox.inject({ service: 'sns', action, kind: 'denied' });

      await expect(publisher.ensureTopic('acme')).rejects.toThrow(
        /plimsoll-\d+-acme is there, and it could not be secured .*not authorized.*sns:SetTopicAttributes/,
      );
    },
  );

  it('is refused where its policy is malformed', async () => {
    const prefix = topicArnPrefix();
    const publisher = createPublisher({ client: topics, topicArnPrefix: prefix, key: KEY });
    const topic = await publisher.ensureTopic('acme');
    await setPolicy(topic, 'none');

    await expect(publisher.ensureTopic('acme')).rejects.toThrow(/its policy is malformed/);
  });

  async function setPolicy(TopicArn: string, policy: unknown): Promise<void> {
    const AttributeValue = JSON.stringify(policy);
    await topics.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }));
  }
});

describe('an answer of SNS that no emulator gives', () => {
  const answer = (result: string) =>
    `<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult>${result}</PublishBatchResult></PublishBatchResponse>`;

  it('gives up an entry that is the sender’s fault', async () => {
    const failed =
      '<member><Id>0</Id><Code>InvalidParameter</Code><Message>no</Message><SenderFault>true</SenderFault></member>';

    const outcomes = await publishTo([{ status: 200, body: answer(`<Successful/><Failed>${failed}</Failed>`) }], 1);

    expect(outcomes).toMatchObject([{ kind: 'failed', retryable: false, detail: 'InvalidParameter: no' }]);
  });

  it('does not take silence about an entry for success', async () => {
    const taken = '<member><Id>1</Id><MessageId>m</MessageId></member>';

    const outcomes = await publishTo([{ status: 200, body: answer(`<Successful>${taken}</Successful><Failed/>`) }], 2);

    expect(outcomes).toMatchObject([{ kind: 'failed', retryable: true }, { kind: 'published' }]);
  });

  it('sends each entry alone when the batch is refused for the sake of one', async () => {
    const refusal =
      '<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>InvalidParameter</Code><Message>Invalid parameter: Subject</Message></Error></ErrorResponse>';
    const taken = answer('<Successful><member><Id>0</Id><MessageId>m</MessageId></member></Successful><Failed/>');
    const refused = { status: 400, body: refusal };

    const outcomes = await publishTo([refused, refused, { status: 200, body: taken }], 2);

    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['failed', 'published']);
    expect(outcomes.find(({ kind }) => kind === 'failed')).toMatchObject({ retryable: true });
  });

  /** Publishes events of as many incidents to an endpoint that gives these answers, one after the other. */
  async function publishTo(answers: readonly { status: number; body: string }[], events: number) {
    const left = [...answers];
    const server = createServer((_, response) => {
      const { status, body } = left.shift() ?? { status: 500, body: '' };
      response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
    });
    const endpoint = `http://127.0.0.1:${await listen(server)}`;
    const client = new SNSClient({ ...sandbox.clientConfig('eu-west-1'), endpoint });
    try {
      const publisher = createPublisher({ client, topicArnPrefix: 'arn:aws:sns:eu-west-1:000000000000:plimsoll-' });
      return await publisher.publish(eventsOfHosts(events));
    } finally {
      client.destroy();
      await close(server);
    }
  }
});

function eventsOfHosts(count: number) {
  return Array.from({ length: count }, (_, index) => aNotification({ key: anIncidentKey({ host: `i-${index}` }) }));
}

/** A publisher with topics of its own, which queues listen to. */
interface Subject extends FailingPublisherSubject {
  readonly topicArnPrefix: string;
  queueOf(tenant: string): MadeQueue;
}

async function startSubject(): Promise<Subject> {
  const name = `plimsoll-${++made}-`;
  const topicArnPrefix = `arn:aws:sns:eu-west-1:000000000000:${name}`;
  const publisher = createPublisher({ client: topics, topicArnPrefix });
  const queueOf = await listenToTopics({ topics, queues }, publisher, name, SUBSCRIBED);
  return {
    publisher,
    topicArnPrefix,
    queueOf,
    received: async (tenant) => (await queueOf(tenant).read()).map(({ Body = '' }) => JSON.parse(Body)),
    refuse: ({ id }) => sandbox.inject({ service: 'sns', action: 'PublishBatch', kind: 'entry_refused', only: [id] }),
    goDown: () => sandbox.inject({ service: 'sns', kind: 'down' }),
  };
}
