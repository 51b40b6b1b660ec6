import { describe, expect, it, vi } from 'vitest';
import { StoreError } from '../../core/ports/errors.ts';
import { inspectAwsVariables, publishOutboxVariables } from '../../functions/environment.ts';
import { handler as inspectAws } from '../../functions/inspect-aws.ts';
import { handler as publishOutbox } from '../../functions/publish-outbox.ts';
import { HOUR, NOON } from '../fixtures/builders.ts';
import { aMessage, anSqsEvent, startPipeline } from './pipeline.ts';

const CONTEXT = { getRemainingTimeInMillis: () => 300_000 };

describe('the deployed handlers', () => {
  it('open one incident and publish one event id for an event that comes twice and in two copies at once', async () => {
    await using pipeline = await startPipeline();
    const event = anSqsEvent(aMessage());

    await Promise.all([inspectAws(event, CONTEXT), inspectAws(event, CONTEXT)]);
    await inspectAws(event, CONTEXT);

    expect(await pipeline.received()).toHaveLength(1);
    expect(await publishOutbox({}, CONTEXT)).toEqual({
      published: 0,
      held: 0,
      failed: [],
      undeliverable: [],
      crowdedOut: [],
    });
  });
});

describe('publish-outbox', () => {
  it('goes on when a topic does not accept its events, and counts its tenant', async () => {
    await using pipeline = await startPipeline();
    pipeline.sandbox.inject({ service: 'sns', kind: 'denied' });
    await pipeline.inspect(aMessage());

    process.env['STAGE'] = 'test';
    vi.useFakeTimers({ now: NOON + HOUR, toFake: ['Date'] });
    const lines: string[] = [];
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);

    const delivery = await publishOutbox({}, CONTEXT);
    write.mockRestore();
    vi.useRealTimers();

    expect(delivery).toMatchObject({ published: 0, failed: [{ retryable: true }] });
    expect(lines.filter((line) => line.includes('"FailingTopics":1'))).toHaveLength(1);
  });

  it('ends before it is killed, and fails where it has not read all outboxes', async () => {
    await using pipeline = await startPipeline();
    pipeline.sandbox.inject({ service: 'sns', kind: 'down' });
    await pipeline.inspect(aMessage());

    await expect(publishOutbox({}, { getRemainingTimeInMillis: () => 0 })).rejects.toThrow(
      /^The time was up before all outboxes were read/,
    );
  });

  it('emits its metrics where the table fails', async () => {
    await using pipeline = await startPipeline();
    process.env['STAGE'] = 'test';
    pipeline.sandbox.inject({ service: 'dynamodb', kind: 'denied' });
    const lines: string[] = [];
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);

    await expect(publishOutbox({}, CONTEXT)).rejects.toThrow(StoreError);
    write.mockRestore();

    expect(lines.filter((line) => line.includes('OldestOutboxAgeSeconds'))).toHaveLength(1);
  });
});

describe('the variables of a function', () => {
  it('are named in the error, every one that is missing', () => {
    expect(() => inspectAwsVariables({ AWS_REGION: 'eu-west-1' })).toThrow(
      /TABLE: [\s\S]*TOPIC_ARN_PREFIX: [\s\S]*INSPECT_QUEUE_URL: [\s\S]*DEAD_LETTER_QUEUE_URL: /,
    );
  });

  it('are no more than it uses: the sweep needs no queue', () => {
    const variables = {
      AWS_REGION: 'eu-west-1',
      TABLE: 'plimsoll',
      CONFIGS_TABLE: 'plimsoll-configs',
      TOPIC_ARN_PREFIX: 'arn:aws:sns:eu-west-1:1:plimsoll_',
      EVENTS_DAYS: '30',
    };

    expect(publishOutboxVariables({ ...variables, INSPECT_QUEUE_URL: 'of another function' })).toEqual(variables);
  });
});
