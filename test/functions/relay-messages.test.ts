/** What the function relay does with notifications of topics, and with what is none. */
import { Logger } from '@aws-lambda-powertools/logger';
import { describe, expect, it } from 'vitest';
import type { PublishedEvent } from '../../core/model/service-event.ts';
import { DeliveryError, StoreError } from '../../core/ports/errors.ts';
import type { Outgoing, SendOutcome } from '../../core/ports/receiver-gateway.ts';
import type { MetricValues } from '../../functions/metrics.ts';
import { relayMessages } from '../../functions/relay-messages.ts';
import { NOON } from '../fixtures/builders.ts';
import { anEventFor, aTenantWith, CHAT, HOOK, SENT } from '../fixtures/receivers.ts';
import { createMemoryPublisher, createMemoryQueue } from '../memory/messaging.ts';
import { createMemoryConfigStore, createMemoryDeliveryLog } from '../memory/stores.ts';
import { anSqsEvent } from './pipeline.ts';

const PREFIX = 'arn:aws:sns:eu-central-1:111122223333:plimsoll-dev_';
const NOTHING_FAILED = { batchItemFailures: [] };

/** As SNS writes it for a queue. */
function fromTopic(event: PublishedEvent, topic = `${PREFIX}${event.data.tenant}`): string {
  return JSON.stringify({ Type: 'Notification', MessageId: '1', TopicArn: topic, Message: JSON.stringify(event) });
}

async function aFunction() {
  const configs = createMemoryConfigStore();
  for (const tenant of ['acme', 'globex'])
    await configs.put(aTenantWith({ receivers: [CHAT, HOOK] }, { tenant }), 0, 'external', NOON);
  const publisher = createMemoryPublisher();
  await publisher.ensureTopic('acme');
  const sent: Outgoing[] = [];
  const answers = new Map<string, SendOutcome>();
  const hidden: number[] = [];
  const log = createMemoryDeliveryLog();
  const queue = {
    broken: false,
    async hide(_: string, ms: number) {
      if (queue.broken) throw new DeliveryError('throttled');
      hidden.push(ms);
    },
  };
  const deadLetters = createMemoryQueue();
  const emitted: MetricValues[] = [];
  const gateway = {
    async send(outgoing: Outgoing) {
      sent.push(outgoing);
      return answers.get(outgoing.receiver.name) ?? SENT;
    },
    renew: async () => SENT,
  };
  const handle = (...bodies: string[]) =>
    relayMessages(anSqsEvent(...bodies), {
      ports: { configs, publisher, gateway, log, queue, deadLetters },
      topicArnPrefix: PREFIX,
      logger: new Logger({ logLevel: 'SILENT' }),
      metrics: (values) => void emitted.push(values),
      now: NOON,
    });
  return { answers, deadLetters, emitted, handle, hidden, log, queue, sent };
}

describe('a notification of a topic', () => {
  it('is sent to its receivers, and counted', async () => {
    const { emitted, handle, sent } = await aFunction();

    expect(await handle(fromTopic(anEventFor(['chat', 'hook'])))).toEqual(NOTHING_FAILED);

    expect(sent.map(({ receiver }) => receiver.name)).toEqual(['chat', 'hook']);
    expect(emitted).toEqual([{ EventsRelayed: 2 }]);
  });

  it('returns to the queue alone, hidden for as long as its receiver wants', async () => {
    const { answers, handle, hidden } = await aFunction();
    answers.set('hook', { kind: 'failed', reason: 'it answered HTTP 429', retryAfterMs: 90_000 });

    const answer = await handle(fromTopic(anEventFor(['chat'])), fromTopic(anEventFor(['hook'], { transition: 2 })));

    expect(answer.batchItemFailures).toHaveLength(1);
    expect(hidden).toEqual([90_000]);
  });

  it('returns to the queue where it cannot be hidden', async () => {
    const { answers, handle, queue } = await aFunction();
    answers.set('hook', { kind: 'failed', reason: 'it answered HTTP 503' });
    queue.broken = true;

    expect((await handle(fromTopic(anEventFor(['hook'])))).batchItemFailures).toHaveLength(1);
  });

  it('returns to the queue when the table fails', async () => {
    const { handle, log } = await aFunction();
    log.delivery = () => Promise.reject(new StoreError('throttled'));

    expect((await handle(fromTopic(anEventFor(['chat'])))).batchItemFailures).toHaveLength(1);
  });

  it('follows those of its incident that are in the batch before it', async () => {
    const { handle, sent } = await aFunction();
    const events = [1, 2, 3].map((transition) => anEventFor(['chat'], { transition, kind: 'worse' }));

    expect(await handle(...events.map((event) => fromTopic(event)))).toEqual(NOTHING_FAILED);

    expect(sent.map(({ event }) => event.id)).toEqual(events.map(({ id }) => id));
  });

  it('counts a receiver that begins to fail', async () => {
    const { answers, emitted, handle } = await aFunction();
    answers.set('chat', { kind: 'refused', reason: 'there is no secret' });

    await handle(fromTopic(anEventFor(['chat'])));

    expect(emitted).toEqual([{ EventsRelayed: 0, NewlyFailingReceivers: 1 }]);
  });
});

describe('what is no notification of its tenant’s topic', () => {
  it.each([
    ['of the topic of another tenant', fromTopic(anEventFor(['chat']), `${PREFIX}globex`)],
    ['of another stage', fromTopic(anEventFor(['chat']), 'arn:aws:sns:eu-central-1:111122223333:plimsoll-prod_acme')],
    ['of a topic whose name is longer', fromTopic(anEventFor(['chat']), `${PREFIX}acme_chat`)],
    ['without an envelope', JSON.stringify(anEventFor(['chat']))],
    [
      'with a body that is no event',
      JSON.stringify({ Type: 'Notification', TopicArn: `${PREFIX}acme`, Message: '{}' }),
    ],
    [
      'that confirms a subscription',
      JSON.stringify({ Type: 'SubscriptionConfirmation', TopicArn: PREFIX, Message: '' }),
    ],
    ['that is no JSON', '<xml/>'],
    ['of 300 KB', fromTopic({ ...anEventFor(['chat']), subject: 'x'.repeat(300_000) })],
  ])('is put aside with the reason: %s', async (_, body) => {
    const { deadLetters, handle, sent } = await aFunction();

    expect(await handle(body)).toEqual(NOTHING_FAILED);

    expect(sent).toEqual([]);
    expect(deadLetters.rejected).toMatchObject([{ reason: expect.any(String) }]);
  });
});
