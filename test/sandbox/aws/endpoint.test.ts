import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { describe, expect, it } from 'vitest';
import { createTable } from '../../../sandbox/aws/table.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { aFleet, aHost, REGION } from '../small-fleets.ts';

const ROLE = 'arn:aws:iam::111111111111:role/reader';

/** A CloudWatch client that has assumed a role, as the functions do. */
function assuming(sandbox: Sandbox, role: string, externalId: string): CloudWatchClient {
  const config = sandbox.clientConfig(REGION);
  return new CloudWatchClient({
    ...config,
    credentials: fromTemporaryCredentials({
      params: { RoleArn: role, ExternalId: externalId, RoleSessionName: 'plimsoll-test' },
      clientConfig: config,
    }),
  });
}

function inAccount(account: string, id: string) {
  return aHost({ resource: { provider: 'aws', account, region: REGION, id } });
}

async function idsSeenBy(client: CloudWatchClient): Promise<(string | undefined)[]> {
  const { Metrics = [] } = await client.send(new ListMetricsCommand({ Namespace: 'AWS/EC2' }));
  return Metrics.map(({ Dimensions }) => Dimensions?.[0]?.Value);
}

describe('the sandbox’s endpoint', () => {
  it('serves all services to clients that know its address alone', async () => {
    await using sandbox = await startSandbox({ fleet: aFleet(aHost()) });
    const config = sandbox.clientConfig(REGION);
    const dynamodb = new DynamoDBClient(config);
    const sqs = new SQSClient(config);

    await createTable(dynamodb, 'plimsoll', 'Table');
    await dynamodb.send(new PutItemCommand({ TableName: 'plimsoll', Item: { pk: { S: 'a' }, sk: { S: 'b' } } }));
    const item = await dynamodb.send(
      new GetItemCommand({ TableName: 'plimsoll', Key: { pk: { S: 'a' }, sk: { S: 'b' } } }),
    );
    const topic = await new SNSClient(config).send(new CreateTopicCommand({ Name: 'topic' }));
    const queue = await sqs.send(new CreateQueueCommand({ QueueName: 'queue' }));
    const metrics = await idsSeenBy(new CloudWatchClient(config));

    expect(item.Item).toEqual({ pk: { S: 'a' }, sk: { S: 'b' } });
    expect(topic.TopicArn).toBe('arn:aws:sns:eu-west-1:000000000000:topic');
    expect(queue.QueueUrl).toBe(`${sandbox.endpoint}/000000000000/queue`);
    expect(metrics).toEqual(['i-1']);
  });

  it('gives queue addresses on itself, in each region its own', async () => {
    await using sandbox = await startSandbox();
    const ireland = new SQSClient(sandbox.clientConfig('eu-west-1'));
    const virginia = new SQSClient(sandbox.clientConfig('us-east-1'));

    await ireland.send(new CreateQueueCommand({ QueueName: 'queue' }));
    const missing = virginia.send(
      new SendMessageCommand({ QueueUrl: `${sandbox.endpoint}/000000000000/queue`, MessageBody: 'x' }),
    );

    await expect(missing).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
    const { QueueUrls } = await ireland.send(new ListQueuesCommand({}));
    const { QueueUrl } = await ireland.send(new GetQueueUrlCommand({ QueueName: 'queue' }));
    expect(QueueUrls).toEqual([QueueUrl]);
    expect(QueueUrl).toBe(`${sandbox.endpoint}/000000000000/queue`);
  });

  it('refuses what is signed for no service that it has', async () => {
    await using sandbox = await startSandbox();

    const response = await fetch(sandbox.endpoint, { method: 'POST', body: 'Action=ListUsers' });

    expect(response.status).toBe(400);
  });

  it('counts calls by service and action, with account and region', async () => {
    await using sandbox = await startSandbox();
    const client = new CloudWatchClient(sandbox.clientConfig(REGION));

    await client.send(new ListMetricsCommand({}));
    await new SNSClient(sandbox.clientConfig(REGION)).send(new CreateTopicCommand({ Name: 'topic' }));

    expect(sandbox.calls.count('cloudwatch')).toBe(1);
    expect(sandbox.calls.count('cloudwatch', 'GetMetricData')).toBe(0);
    expect(sandbox.calls.calls).toEqual([
      {
        service: 'cloudwatch',
        action: 'ListMetrics',
        account: '000000000000',
        region: REGION,
        status: 200,
        metrics: 0,
      },
      { service: 'sns', action: 'CreateTopic', account: '000000000000', region: REGION, status: 200, metrics: 0 },
    ]);
    sandbox.calls.clear();
    expect(sandbox.calls.count('sns')).toBe(0);
  });
});

describe('an account of the sandbox', () => {
  it('is read by the sessions of its own role and by nobody else', async () => {
    await using sandbox = await startSandbox({
      fleet: aFleet(inAccount('111111111111', 'i-mine'), inAccount('222222222222', 'i-other')),
    });
    sandbox.trust(ROLE, 'secret');

    const assumed = await idsSeenBy(assuming(sandbox, ROLE, 'secret'));
    const unassumed = await idsSeenBy(new CloudWatchClient(sandbox.clientConfig(REGION)));

    expect(assumed).toEqual(['i-mine']);
    expect(unassumed).toEqual([]);
  });

  it.each([
    ['with a wrong external id', 'guess'],
    ['whose trust was taken back', 'secret'],
  ])('does not let a caller in %s', async (_, externalId) => {
    await using sandbox = await startSandbox();
    sandbox.trust(ROLE, externalId === 'secret' ? undefined : 'secret');

    const listing = idsSeenBy(assuming(sandbox, ROLE, externalId));

    await expect(listing).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('does not let a session in that STS never issued', async () => {
    await using sandbox = await startSandbox();
    const credentials = { accessKeyId: 'ASIAFORGED', secretAccessKey: 'x', sessionToken: 'x' };
    const client = new CloudWatchClient({ ...sandbox.clientConfig(REGION), credentials });

    await expect(idsSeenBy(client)).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  });

  it('is returned by STS to callers that query their identity', async () => {
    await using sandbox = await startSandbox();
    sandbox.trust(ROLE, 'secret');
    const { accessKeyId } = await fromTemporaryCredentials({
      params: { RoleArn: ROLE, ExternalId: 'secret' },
      clientConfig: sandbox.clientConfig(REGION),
    })();

    const response = await fetch(sandbox.endpoint, {
      method: 'POST',
      headers: { authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261120/${REGION}/sts/aws4_request` },
      body: new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' }),
    });

    expect(await response.text()).toContain('<Account>111111111111</Account>');
  });

  it('is divided by region', async () => {
    await using sandbox = await startSandbox({ fleet: aFleet(aHost()) });

    const elsewhere = await idsSeenBy(new CloudWatchClient(sandbox.clientConfig('us-east-1')));

    expect(elsewhere).toEqual([]);
  });
});
