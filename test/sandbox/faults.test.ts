import { CloudWatchClient, GetMetricDataCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { aFleet, hosts, lastHours, memoryQuery, REGION } from './small-fleets.ts';

const ROLE = 'arn:aws:iam::111111111111:role/reader';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ fleet: aFleet(...hosts(4)) });
  sandbox.trust(ROLE, 'secret');
  sandbox.putScheduleGroup('group');
});
afterEach(() => sandbox.close());

/** One try, so that a test sees the fault and not the client's retries. */
function settings() {
  return { ...sandbox.clientConfig(REGION), maxAttempts: 1 };
}

function readAll() {
  const queries = hosts(4).map(({ resource }) => memoryQuery(resource.id));
  return new CloudWatchClient(settings()).send(new GetMetricDataCommand(lastHours(1, queries)));
}

const EVERY_SERVICE = {
  cloudwatch: () => new CloudWatchClient(settings()).send(new ListMetricsCommand({})),
  dynamodb: () => new DynamoDBClient(settings()).send(new ListTablesCommand({})),
  scheduler: () => new SchedulerClient(settings()).send(new ListSchedulesCommand({ GroupName: 'group' })),
  sns: () => new SNSClient(settings()).send(new CreateTopicCommand({ Name: 'topic' })),
  sqs: () => new SQSClient(settings()).send(new ListQueuesCommand({})),
  sts: () => fromTemporaryCredentials({ params: { RoleArn: ROLE, ExternalId: 'secret' }, clientConfig: settings() })(),
};

const SERVICES = ['cloudwatch', 'dynamodb', 'scheduler', 'sns', 'sqs', 'sts'] as const;

describe.each(SERVICES)('a fault of %s', (service) => {
  it.each([
    ['throttled', /Throttl/, service === 'scheduler' ? 429 : 400],
    ['denied', /AccessDenied|AuthorizationError/, 4],
    ['server_error', /InternalFailure/, 500],
  ] as const)('answers %s in the form that the client reads', async (kind, name, status) => {
    sandbox.inject({ service, kind });

    const error: unknown = await EVERY_SERVICE[service]().catch((reason: unknown) => reason);

    expect(error).toMatchObject({ name: expect.stringMatching(name) });
    expect(JSON.stringify(error)).toContain(`"httpStatusCode":${status}`);
  });

  it.each(['garbage', 'down', 'lost'] as const)('makes the client fail when it is %s', async (kind) => {
    sandbox.inject({ service, kind });

    await expect(EVERY_SERVICE[service]()).rejects.toThrow();
  });

  it('is over when it is lifted', async () => {
    const lift = sandbox.inject({ service, kind: 'denied' });
    await expect(EVERY_SERVICE[service]()).rejects.toThrow();

    lift();

    await expect(EVERY_SERVICE[service]()).resolves.toBeDefined();
  });
});

describe('a fault', () => {
  it('strikes as many requests as it names, after those that it lets pass', async () => {
    sandbox.inject({ service: 'cloudwatch', action: 'ListMetrics', kind: 'throttled', after: 1, times: 1 });

    const outcomes = [];
    for (let i = 0; i < 3; i++)
      outcomes.push(
        await EVERY_SERVICE.cloudwatch().then(
          () => 'ok',
          () => 'throttled',
        ),
      );

    expect(outcomes).toEqual(['ok', 'throttled', 'ok']);
    expect(sandbox.calls.calls.map(({ fault }) => fault)).toEqual([undefined, 'throttled', undefined]);
  });

  it('leaves other actions, accounts and regions alone', async () => {
    sandbox.inject({ service: 'cloudwatch', action: 'GetMetricData', kind: 'denied' });
    sandbox.inject({ service: 'cloudwatch', account: '111111111111', kind: 'denied' });
    sandbox.inject({ service: 'cloudwatch', region: 'us-east-1', kind: 'denied' });

    await expect(EVERY_SERVICE.cloudwatch()).resolves.toBeDefined();
  });

  it('is retried away by a client with its usual attempts', async () => {
    sandbox.inject({ service: 'cloudwatch', kind: 'throttled', times: 1 });
    const client = new CloudWatchClient(sandbox.clientConfig(REGION));

    const { $metadata } = await client.send(new ListMetricsCommand({}));

    expect($metadata.attempts).toBe(2);
  });

  it('that loses the answer has done the work', async () => {
    sandbox.inject({ service: 'sqs', kind: 'lost', times: 1 });
    const client = new SQSClient(settings());
    await expect(client.send(new CreateQueueCommand({ QueueName: 'queue' }))).rejects.toThrow();

    const { QueueUrls } = await client.send(new ListQueuesCommand({}));

    expect(QueueUrls).toHaveLength(1);
  });

  it('that never answers leaves the client waiting until it aborts', async () => {
    sandbox.inject({ service: 'cloudwatch', kind: 'unanswered' });
    const abort = new AbortController();
    const waiting = new CloudWatchClient(settings()).send(new ListMetricsCommand({}), { abortSignal: abort.signal });
    while (sandbox.calls.count('cloudwatch') === 0) await new Promise(setImmediate);

    abort.abort();

    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a fault inside an answer of CloudWatch', () => {
  it('truncates a page of samples without a token to go on', async () => {
    sandbox.inject({ service: 'cloudwatch', kind: 'truncated' });

    const page = await readAll();

    expect(page.NextToken).toBeUndefined();
    expect(page.MetricDataResults?.map(({ StatusCode, Values }) => [StatusCode, Values?.length])).toEqual([
      ['Complete', 4],
      ['Complete', 4],
      ['PartialData', 2],
    ]);
  });

  it('truncates a page of the list and refuses its token', async () => {
    sandbox.inject({ service: 'cloudwatch', kind: 'truncated' });
    const client = new CloudWatchClient(settings());

    const { Metrics, NextToken } = await client.send(new ListMetricsCommand({}));

    expect(Metrics).toHaveLength(4);
    await expect(client.send(new ListMetricsCommand({ NextToken }))).rejects.toMatchObject({
      name: 'InvalidNextToken',
    });
  });

  it('gives the same token for ever', async () => {
    sandbox.inject({ service: 'cloudwatch', kind: 'endless' });
    const client = new CloudWatchClient(settings());

    const first = await client.send(new ListMetricsCommand({}));
    const second = await client.send(new ListMetricsCommand({ NextToken: first.NextToken }));
    const samples = await readAll();

    expect(second.NextToken).toBe(first.NextToken);
    expect(samples.NextToken).toBeDefined();
  });

  it('gives fewer values than timestamps', async () => {
    sandbox.inject({ service: 'cloudwatch', kind: 'mismatched' });

    const { MetricDataResults } = await readAll();

    expect(MetricDataResults?.map(({ Timestamps, Values }) => [Timestamps?.length, Values?.length])).toEqual(
      Array(4).fill([4, 3]),
    );
  });

  it('fails the metrics of some hosts', async () => {
    sandbox.inject({ service: 'cloudwatch', kind: 'internal_error', only: ['i-2'] });

    const { MetricDataResults } = await readAll();

    expect(MetricDataResults?.map(({ StatusCode }) => StatusCode)).toEqual([
      'Complete',
      'Complete',
      'InternalError',
      'Complete',
    ]);
  });
});
