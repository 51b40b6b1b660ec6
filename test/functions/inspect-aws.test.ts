import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { BOUNDED_WAIT } from '../../adapters/aws/client.ts';
import { SWEEP_GRACE_MS, sweep } from '../../core/incidents/sweep.ts';
import { runInspection } from '../../core/inspection/run-inspection.ts';
import { LEAK_METRIC } from '../../core/model/metrics.ts';
import { ItemError, StoreError } from '../../core/ports/errors.ts';
import type { MemorySource } from '../../core/ports/memory-source.ts';
import { openPorts } from '../../functions/inspect-aws.ts';
import { aRetryClock } from '../../sandbox/retry-clock.ts';
import type { HostPlan } from '../../sandbox/scenario/hosts.ts';
import { anAccount, aTenantConfig, HOUR, NOON } from '../fixtures/builders.ts';
import { ACCOUNT, aMessage, anSqsEvent, LEAKER, ONE_LEAK, REGION, startPipeline } from './pipeline.ts';

const SCOPE = { provider: 'aws', account: ACCOUNT, region: REGION } as const;
const NOTHING_FAILED = { batchItemFailures: [] };
const hour = (hours: number) => new Date(NOON + hours * HOUR).toISOString();

describe('the inspect-aws function', () => {
  it('publishes one event for the host that grows like a leak, and logs the run', async () => {
    await using pipeline = await startPipeline();

    const response = await pipeline.inspect(aMessage());

    expect(response).toEqual(NOTHING_FAILED);
    const events = await pipeline.received();
    expect(events.map(({ data }) => [data.kind, data.host.name ?? data.host.id, data.leak?.grade])).toEqual([
      ['opened', expect.any(String), 'confirmed'],
    ]);
    const [run] = await pipeline.runs.newest('acme', SCOPE, 1);
    expect(run).toMatchObject({
      outcome: 'complete',
      hosts: { known: 3, inspected: 3, notMonitored: 0, unreadable: 0 },
      verdicts: { confirmed: 1, suspected: 0, steady: 2, insufficientData: 0 },
      // One metric a host, and of the suspect the finer samples, six processes, the number of looks at them, its capacity, and its swap. Weeks
      // are read once a day: one more of each host.
      metricsBilled: 18,
      deep: { hosts: 3, metricsBilled: 3, putOff: null, problems: [] },
    });
  });

  it('publishes who grew, and reads it once for as long as nothing is new', async () => {
    await using pipeline = await startPipeline();

    await pipeline.inspect(aMessage());
    pipeline.sandbox.now = NOON + HOUR;
    await pipeline.inspect(aMessage({ scheduledTime: new Date(NOON + HOUR).toISOString() }));

    const [opened] = await pipeline.received();
    expect(opened?.data.leak?.attribution).toMatchObject({ basis: 'host', grown: [{ name: 'node' }, {}] });
    const runs = await pipeline.runs.newest('acme', SCOPE, 2);
    expect(runs.map(({ metricsBilled }) => metricsBilled)).toEqual([4, 18]);
  });

  it('publishes a leak whose processes could not be read, and ends partial', async () => {
    await using pipeline = await startPipeline();
    // Four calls list the hosts; the fifth lists the suspect's processes.
    pipeline.sandbox.inject({ service: 'cloudwatch', action: 'ListMetrics', kind: 'denied', after: 4 });

    await pipeline.inspect(aMessage());

    const [opened] = await pipeline.received();
    expect(opened?.data.leak?.attribution).toMatchObject({ kind: 'unattributed', reason: 'denied' });
    const [run] = await pipeline.runs.newest('acme', SCOPE, 1);
    expect(run).toMatchObject({ outcome: 'partial', unreadable: { denied: 1 } });
    expect(run?.failures).toEqual([expect.stringContaining('its processes or pods could not be read')]);
  });

  it('publishes nothing new when the same message comes again', async () => {
    await using pipeline = await startPipeline();

    await pipeline.inspect(aMessage());
    await pipeline.inspect(aMessage());

    expect(await pipeline.received()).toHaveLength(1);
  });

  it('opens one incident and publishes one event id when two copies run at once', async () => {
    await using pipeline = await startPipeline();

    await Promise.all([pipeline.inspect(aMessage()), pipeline.inspect(aMessage()), pipeline.inspect(aMessage())]);

    const open = await Array.fromAsync(pipeline.incidents.open('acme', SCOPE));
    expect(open).toMatchObject([{ value: { episode: 1, transition: 1, outbox: [] } }]);
    expect(await pipeline.received()).toHaveLength(1);
  });

  it('changes no incident when a run comes later than a newer one', async () => {
    await using pipeline = await startPipeline();
    pipeline.sandbox.now = NOON + 2 * HOUR;

    await pipeline.inspect(aMessage({ scheduledTime: hour(2) }));
    const [before] = await Array.fromAsync(pipeline.incidents.open('acme', SCOPE));
    await pipeline.inspect(aMessage({ scheduledTime: hour(1) }));

    const [after] = await Array.fromAsync(pipeline.incidents.open('acme', SCOPE));
    expect(after).toEqual(before);
  });

  it('inspects the regions that time allows and leaves the rest to a continuation', async () => {
    await using pipeline = await startPipeline();
    const config = (await pipeline.configs.get('acme'))?.config;
    const [account] = config?.accounts ?? [];
    if (config === undefined || account === undefined) throw new Error('The tenant has no account');
    const two = { ...config, accounts: [{ ...account, regions: [REGION, 'us-east-1'] }] };
    await pipeline.configs.put(two, 1, 'unused', NOON);

    await pipeline.handle(anSqsEvent(aMessage()), 50_000);

    const [left] = await pipeline.deployment.receive(pipeline.deployment.environment.INSPECT_QUEUE_URL);
    expect(JSON.parse(left?.message.Body ?? '')).toEqual(aMessage({ trigger: 'schedule', regions: ['us-east-1'] }));
  });
});

describe('the states of an incident', () => {
  /** Grows to 60 % until 20 h after noon, is restarted, and grows again from 60 h after noon. */
  const restarted: HostPlan = {
    name: 'leaker',
    story: 'leaks, is restarted, and leaks again',
    memory: (at) => {
      // Weeks are read too: before it leaks it is where it comes back to.
      if (at < 20) return Math.max(30, 30 + 0.5 * (at + 100));
      return at < 60 ? 30 : 30 + 0.9 * (at - 60);
    },
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'node' },
  };

  it('recovers when the memory was given back, and opens again as the next cycle of the same incident', async () => {
    await using pipeline = await startPipeline([restarted]);

    for (const at of [0, 44, 48, 52, 56, 90]) {
      pipeline.sandbox.now = NOON + at * HOUR;
      await pipeline.inspect(aMessage({ scheduledTime: hour(at) }));
    }

    const reported = (await pipeline.received()).map(({ data }) => [data.kind, data.episode, data.cycles?.cycle]);
    expect(reported).toEqual([
      ['opened', 1, 1],
      ['recovered', 1, 1],
      ['opened', 1, 2],
    ]);
  });

  it('does not open for a late run what a newer run has found steady', async () => {
    await using pipeline = await startPipeline([restarted]);
    pipeline.sandbox.now = NOON + 41 * HOUR;

    await pipeline.inspect(aMessage({ scheduledTime: hour(40) }));
    await pipeline.inspect(aMessage({ scheduledTime: hour(0) }));

    expect(await pipeline.received()).toEqual([]);
  });

  it('does not open when a newer run finishes while this one is still reading', async () => {
    await using pipeline = await startPipeline([restarted]);
    pipeline.sandbox.now = NOON + 41 * HOUR;
    const { openSource } = pipeline.ports;
    const overtaken = {
      ...pipeline.ports,
      openSource: (...location: Parameters<typeof openSource>): MemorySource => {
        const { listing, ...source } = openSource(...location);
        if (listing === undefined) throw new Error('CloudWatch lists its hosts');
        const sourceOf: typeof listing.sourceOf = (hosts) => {
          const given = listing.sourceOf(hosts);
          return {
            ...given,
            async *read(...request) {
              yield* given.read(...request);
              await pipeline.inspect(aMessage({ scheduledTime: hour(40) }));
            },
          };
        };
        return { ...source, listing: { ...listing, sourceOf } };
      },
    };

    await runInspection({ message: aMessage(), metric: LEAK_METRIC }, overtaken, {
      now: pipeline.sandbox.now,
      remainingMs: () => 300_000,
    });

    expect(await pipeline.received()).toEqual([]);
  });

  it('is published after a run whose message was dated in the future', async () => {
    await using pipeline = await startPipeline();

    await pipeline.inspect(aMessage({ scheduledTime: hour(24 * 365) }));
    await pipeline.inspect(aMessage());

    expect((await pipeline.received()).map(({ data }) => data.kind)).toEqual(['opened']);
  });
});

describe('what a config leaves out', () => {
  it.each([
    ['a disabled tenant', { enabled: false }],
    ['a disabled account', { accounts: [anAccount({ enabled: false })] }],
    ['a host that the tenant excludes', { hosts: { exclude: [{ id: '*' }] } }],
    ['a host that the account does not include', { accounts: [anAccount({ hosts: { include: [{ id: 'other' }] } })] }],
  ])('is not inspected: %s', async (_, overrides) => {
    await using pipeline = await startPipeline();
    await pipeline.configs.put(aTenantConfig(overrides), 1, 'unused', NOON);

    await pipeline.inspect(aMessage());

    expect(pipeline.sandbox.calls.metricsQueried()).toBe(0);
    expect(await pipeline.received()).toEqual([]);
  });

  it('is not read for a message that still names a region of an older config', async () => {
    await using pipeline = await startPipeline();

    await pipeline.inspect(aMessage({ regions: ['us-gov-west-1'] }));

    expect(pipeline.sandbox.calls.count('sts', 'AssumeRole')).toBe(0);
  });
});

describe('one host or item that cannot be kept', () => {
  it.each([
    ['a name that is longer than a key', 'é'.repeat(500)],
    ['half a surrogate pair', 'host-\ud800'],
  ])('is reported beside the others where it is only a name that is unusual: %s', async (_, name) => {
    const malformed: HostPlan = { ...LEAKER, name, naming: 'host_name' };
    await using pipeline = await startPipeline([malformed, ...ONE_LEAK]);

    expect(await pipeline.inspect(aMessage())).toEqual(NOTHING_FAILED);

    const hosts = (await pipeline.received()).map(({ data }) => data.host.id);
    expect(hosts).toContainEqual(expect.stringMatching(/^i-/));
    expect(hosts).toHaveLength(2);
  });

  it('does not hold up other tenants’ events when an incident cannot be read back', async () => {
    await using pipeline = await startPipeline();
    const lift = pipeline.sandbox.inject({ service: 'sns', kind: 'down' });
    await pipeline.inspect(aMessage());
    lift();
    const { dynamodb, environment } = pipeline.deployment;
    const corrupt = {
      pk: 'T#other',
      sk: 'INC#x',
      pendingShard: 'PENDING#0',
      version: 1,
      incident: { of: 'a later version' },
    };
    await DynamoDBDocumentClient.from(dynamodb).send(new PutCommand({ TableName: environment.TABLE, Item: corrupt }));

    const swept = sweep(pipeline.ports, { now: NOON + SWEEP_GRACE_MS });

    await expect(swept).rejects.toThrow(ItemError);
    expect((await pipeline.received()).map(({ data }) => data.kind)).toEqual(['opened']);
  });
});

describe('a service that never answers', () => {
  it.each(['sts', 'dynamodb', 'sns'] as const)(
    'is not waited for until the function is killed: %s',
    async (service) => {
      const { requestHandler } = BOUNDED_WAIT;
      await using pipeline = await startPipeline();
      pipeline.sandbox.inject({ service, kind: 'unanswered' });
      const { environment } = pipeline.deployment;
      const impatient = { ...requestHandler, requestTimeout: 300 };

      const ports = openPorts(environment, { requestHandler: impatient }, aRetryClock());
      const message = aMessage();
      const run = runInspection({ message, metric: LEAK_METRIC }, ports, { now: NOON, remainingMs: () => 300_000 });

      const outcome = await run.then(
        ({ kind }) => kind,
        (error: unknown) => (error instanceof StoreError ? 'store error' : error),
      );
      expect(outcome).toBe(service === 'dynamodb' ? 'store error' : 'inspected');
    },
  );
});

describe('the inspect-aws function, given bad input', () => {
  it('puts a message that is no request on the dead-letter queue with the reason, and works off the others', async () => {
    await using pipeline = await startPipeline();

    const response = await pipeline.inspect('not json', '{"version":1,"tenant":"acme"}', aMessage());

    expect(response).toEqual(NOTHING_FAILED);
    const { Messages = [] } = await pipeline.deployment.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: pipeline.deployment.environment.DEAD_LETTER_QUEUE_URL,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      }),
    );
    const reasons = Messages.map(({ MessageAttributes }) => MessageAttributes?.['reason']?.StringValue).sort();
    expect(reasons).toEqual([expect.stringMatching(/^not JSON: /), expect.stringMatching(/^provider: .*; account: /)]);
    expect(await pipeline.received()).toHaveLength(1);
  });

  it.each([
    [{}],
    [null],
    ['text'],
    [{ Records: [{ eventSource: 'aws:s3' }] }],
    [{ source: 'aws.autoscaling', detail: {} }],
  ])('drops an event that is no batch of its queue: %j', async (event) => {
    await using pipeline = await startPipeline();

    expect(await pipeline.handle(event)).toEqual(NOTHING_FAILED);
  });

  it.each([
    ['an unknown tenant', { tenant: 'nobody' }],
    ['an account that is not configured', { account: '999900001111' }],
  ])('skips %s', async (_, overrides) => {
    await using pipeline = await startPipeline();

    expect(await pipeline.inspect(aMessage(overrides))).toEqual(NOTHING_FAILED);

    expect(pipeline.sandbox.calls.count('sts', 'AssumeRole')).toBe(0);
  });

  it('returns the message to the queue when the table is down', async () => {
    await using pipeline = await startPipeline();
    pipeline.sandbox.inject({ service: 'dynamodb', kind: 'down' });

    const response = await pipeline.inspect(aMessage());

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
  });

  it('makes the run partial when the account’s role does not trust us, and pages nobody', async () => {
    await using pipeline = await startPipeline();
    pipeline.sandbox.trust('arn:aws:iam::111122223333:role/plimsoll-reader', 'another external id');

    const response = await pipeline.inspect(aMessage());

    expect(response).toEqual(NOTHING_FAILED);
    const [run] = await pipeline.runs.newest('acme', SCOPE, 1);
    expect(run).toMatchObject({ outcome: 'partial', unreadable: { denied: 1 }, hosts: { known: 0 } });
    expect(run?.failures[0]).not.toContain('external-id-that-nobody');
    expect(await pipeline.received()).toEqual([]);
  });

  it('makes the run partial when CloudWatch throttles for good', async () => {
    await using pipeline = await startPipeline();
    pipeline.sandbox.inject({ service: 'cloudwatch', action: 'GetMetricData', kind: 'throttled' });

    await pipeline.inspect(aMessage());

    const [run] = await pipeline.runs.newest('acme', SCOPE, 1);
    expect(run).toMatchObject({ outcome: 'partial', unreadable: { throttled: 3 }, hosts: { known: 3, unreadable: 3 } });
  });

  it('does not recover an incident for lack of samples', async () => {
    await using pipeline = await startPipeline();
    await pipeline.inspect(aMessage());
    pipeline.sandbox.now = NOON + 2 * HOUR;
    pipeline.sandbox.inject({ service: 'cloudwatch', action: 'GetMetricData', kind: 'internal_error' });

    await pipeline.inspect(aMessage({ scheduledTime: hour(1) }));
    await pipeline.inspect(aMessage({ scheduledTime: hour(2) }));

    const open = await Array.fromAsync(pipeline.incidents.open('acme', SCOPE));
    expect(open).toMatchObject([{ value: { status: 'open', asOf: expect.any(Number), steadyRuns: 0 } }]);
  });
});

describe('a topic that is down', () => {
  it('gets its event from the next sweep, once', async () => {
    await using pipeline = await startPipeline();
    const lift = pipeline.sandbox.inject({ service: 'sns', kind: 'down' });

    await pipeline.inspect(aMessage());
    lift();
    const again = () => sweep(pipeline.ports, { now: NOON + SWEEP_GRACE_MS });
    const first = await again();
    const second = await again();

    expect([first.published, second.published]).toEqual([1, 0]);
    expect((await pipeline.received()).map(({ data }) => data.kind)).toEqual(['opened']);
  });

  it('gets what opened before what became worse', async () => {
    await using pipeline = await startPipeline();
    const lift = pipeline.sandbox.inject({ service: 'sns', kind: 'down' });

    await pipeline.inspect(aMessage());
    pipeline.sandbox.now = NOON + 36 * HOUR;
    await pipeline.inspect(aMessage({ scheduledTime: hour(36) }));
    lift();
    await sweep(pipeline.ports, { now: pipeline.sandbox.now + SWEEP_GRACE_MS });

    const events = await pipeline.received();
    expect(events.map(({ data }) => [data.kind, data.severity, data.transition])).toEqual([
      ['opened', 'high', 1],
      ['worse', 'critical', 2],
    ]);
  });

  it('is left alone by the sweep while the run may still be publishing', async () => {
    await using pipeline = await startPipeline();
    pipeline.sandbox.inject({ service: 'sns', kind: 'down' });

    await pipeline.inspect(aMessage());
    const delivery = await sweep(pipeline.ports, { now: NOON + SWEEP_GRACE_MS - 1 });

    expect(delivery).toMatchObject({ published: 0, failed: [] });
  });
});
