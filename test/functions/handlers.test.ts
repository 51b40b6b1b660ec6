import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../functions/environment.ts';
import { handler as inspectAws } from '../../functions/inspect-aws.ts';
import { handler as publishPending } from '../../functions/publish-pending.ts';
import { aMessage, anSqsEvent, startPipeline } from './pipeline.ts';

const CONTEXT = { getRemainingTimeInMillis: () => 300_000 };

describe('the deployed handlers', () => {
  it('open one incident and publish one event id for an event that comes twice and in two copies at once', async () => {
    await using pipeline = await startPipeline();
    const event = anSqsEvent(aMessage());

    await Promise.all([inspectAws(event, CONTEXT), inspectAws(event, CONTEXT)]);
    await inspectAws(event, CONTEXT);

    const ids = (await pipeline.received()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(1);
    expect(await publishPending()).toEqual({ taken: 0, failed: [] });
  });
});

describe('readEnvironment', () => {
  it('names every variable that is missing', () => {
    expect(() => readEnvironment({ AWS_REGION: 'eu-west-1' })).toThrow(
      /TABLE: [\s\S]*TOPIC_ARN_PREFIX: [\s\S]*INSPECT_QUEUE_URL: [\s\S]*DEAD_LETTER_QUEUE_URL: /,
    );
  });
});
