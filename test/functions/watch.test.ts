/** The watch function over the sandbox: a tenant whose account is denied is notified by the deployed handlers alone. */

import { SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { createHealthStore } from '../../adapters/dynamodb/health-store.ts';
import { serviceEventSchema } from '../../core/model/service-event.ts';
import { handler as publishOutbox } from '../../functions/publish-outbox.ts';
import { handler as watch } from '../../functions/watch.ts';
import { aScopeHealth, aTenantConfig, HOUR } from '../fixtures/builders.ts';
import { aMessage, type Pipeline, startPipeline } from './pipeline.ts';

const CONTEXT = { getRemainingTimeInMillis: () => 300_000 };

/** The events about inspections that a queue which takes these kinds receives. */
async function subscribe({ deployment, publisher }: Pipeline, kinds: readonly string[]) {
  const { sns, sqs } = deployment;
  const TopicArn = await publisher.ensureTopic('acme');
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `watching-${kinds.join('-')}` }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  await sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: Attributes?.['QueueArn'],
      Attributes: { RawMessageDelivery: 'true', FilterPolicy: JSON.stringify({ kind: kinds }) },
    }),
  );
  return async () => {
    const received = await deployment.receive(QueueUrl);
    await Promise.all(received.map(({ done }) => done()));
    return received.map(({ message }) => serviceEventSchema.parse(JSON.parse(message.Body ?? '')));
  };
}

describe('the watch function', () => {
  it('notifies a tenant once when its account was denied twice running', async () => {
    await using pipeline = await startPipeline();
    const [failures, alive] = [await subscribe(pipeline, ['inspection_failed']), await subscribe(pipeline, ['alive'])];
    pipeline.sandbox.inject({ service: 'sts', kind: 'denied' });
    for (const hours of [-1, 0]) {
      const scheduledTime = new Date(Date.parse(aMessage().scheduledTime) + hours * HOUR).toISOString();
      await pipeline.inspect(aMessage({ scheduledTime }));
    }

    // The inspections of the test's noon are older than the last two slots of today.
    const first = await watch({}, CONTEXT);
    const second = await watch({}, CONTEXT);

    expect(first).toMatchObject({ tenants: 1, published: 1, failures: [] });
    expect(second).toMatchObject({ tenants: 1, published: 0 });
    expect(await failures()).toEqual([]);
    expect(await alive()).toMatchObject([{ type: 'plimsoll.alive', data: { regions: { partial: 1 } } }]);

    const health = createHealthStore({
      client: pipeline.deployment.dynamodb,
      table: pipeline.deployment.environment.TABLE,
    });
    const recorded = await health.get('acme', aScopeHealth().scope);
    expect(recorded?.value).toMatchObject({ outcome: 'partial', partial: { runs: 2 } });
    await health.put({ ...aScopeHealth(), ...recorded?.value, slot: Date.now() }, recorded?.version ?? 0);
    expect(await watch({}, CONTEXT)).toMatchObject({ failingAccounts: 1, published: 1 });
    expect(await watch({}, CONTEXT)).toMatchObject({ failingAccounts: 1, published: 0 });
    expect(await failures()).toMatchObject([
      { type: 'plimsoll.inspection.failed', data: { account: '111122223333', regions: [{ status: 'partial' }] } },
    ]);
    expect(await alive()).toEqual([]);
  });

  it('fails at the end where a tenant has no topic, and has watched the others', async () => {
    await using pipeline = await startPipeline();
    await pipeline.configs.put(aTenantConfig({ tenant: 'aaa' }), 0, 'external', Date.now());
    const alive = await subscribe(pipeline, ['alive']);

    await expect(watch({}, CONTEXT)).rejects.toThrow(/^1 tenants could not be watched or notified.*aaa: .*no topic/);

    expect(await alive()).toMatchObject([{ data: { tenant: 'acme' } }]);
  });

  it('does not keep the sweep of outboxes from its result', async () => {
    await using _ = await startPipeline();
    process.env['STAGE'] = 'test';

    expect(await publishOutbox({}, CONTEXT)).toEqual({
      published: 0,
      held: 0,
      failed: [],
      undeliverable: [],
      crowdedOut: [],
    });
  });
});
