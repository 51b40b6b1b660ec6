/** What an inspect function does with a message that names a job of anomaly inspection. */
import { Logger } from '@aws-lambda-powertools/logger';
import { describe, expect, it } from 'vitest';
import { dispatchRequest } from '../../core/inspection/dispatch.ts';
import type { InspectMessage } from '../../core/model/message.ts';
import { inspectEvent } from '../../functions/inspect-event.ts';
import { inspectMessages } from '../../functions/inspect-messages.ts';
import type { MetricValues } from '../../functions/metrics.ts';
import { aReaderPorts } from '../contract/host-reader-world.ts';
import { aCapState } from '../contract/spend-store.ts';
import { aWorld } from '../core/inspection/world.ts';
import { anAccount, aTenantConfig, MINUTE, NOON } from '../fixtures/builders.ts';
import { aJob, aJobRef, aPointWorld, POINT_SCOPE } from '../fixtures/point-jobs.ts';
import { createMemoryQueue } from '../memory/messaging.ts';
import { createMemoryRequestLog, createMemorySpendStore } from '../memory/stores.ts';
import { aMessage, anSqsEvent } from './pipeline.ts';

const CONFIG = aTenantConfig({ accounts: [anAccount({ anomalies: [aJob(), aJob({ name: 'off', enabled: false })] })] });
const JOB: Partial<InspectMessage> = { trigger: 'schedule', job: 'resident', regions: ['eu-west-1'] };

async function aFunction(config = CONFIG) {
  const points = aPointWorld();
  const world = await aWorld({ openSource: () => points.source }, config);
  const ports = { ...world, spend: createMemorySpendStore() };
  const emitted: MetricValues[] = [];
  const options = {
    ports,
    logger: new Logger({ logLevel: 'SILENT' }),
    context: { getRemainingTimeInMillis: () => 300_000 },
    metrics: (values: MetricValues) => void emitted.push(values),
    now: NOON,
  };
  return {
    ...{ ports, points, emitted, spend: ports.spend },
    handle: (...messages: InspectMessage[]) => inspectMessages(anSqsEvent(...messages), options),
  };
}

describe('a message that names a job', () => {
  it('has its points taken in, and is no inspection for leaks', async () => {
    const { handle, ports, emitted } = await aFunction();

    const { batchItemFailures } = await handle(aMessage(JOB));

    expect(batchItemFailures).toEqual([]);
    expect((await ports.pointStates.get(aJobRef()))?.value).toMatchObject({ watermark: NOON - MINUTE });
    expect(await ports.pointStates.newestRun(aJobRef())).toMatchObject({ outcome: 'complete', series: { known: 2 } });
    expect(emitted).toEqual([{ JobRuns: 1, FailedJobRuns: 0, EventsFailed: 0, EventsDropped: 0 }]);
    expect(await ports.runs.newest('acme', POINT_SCOPE, 1)).toEqual([]);
  });

  it('stays in no queue where nothing can be read: the next one catches up', async () => {
    const { handle, points, ports, emitted } = await aFunction();
    points.isDown = true;

    const { batchItemFailures } = await handle(aMessage(JOB));

    expect(batchItemFailures).toEqual([]);
    expect(emitted).toMatchObject([{ JobRuns: 1, FailedJobRuns: 1 }]);
    expect(await ports.pointStates.newestRun(aJobRef())).toMatchObject({ outcome: 'failed', window: null });
  });

  it('is counted where a cost cap pauses it, and is not inspected', async () => {
    const { handle, ports, emitted } = await aFunction({ ...CONFIG, costCap: { usdPerMonth: 5 } });
    await ports.spend.putCap('acme', aCapState({ jobs: 'paused' }), 0);

    await handle(aMessage(JOB));

    expect(emitted).toMatchObject([{ JobRuns: 0, PausedJobRuns: 1 }]);
    expect(await ports.pointStates.newestRun(aJobRef())).toBeUndefined();
  });

  it.each(['gone', 'off'])('is left behind where the job is not there or disabled: %s', async (job) => {
    const { handle, ports, emitted } = await aFunction();

    await handle(aMessage({ ...JOB, job }));

    expect(emitted).toEqual([{ Skipped: 1 }]);
    expect(ports.queue.rejected).toEqual([]);
  });

  it.each<[string, Partial<InspectMessage>]>([
    ['of another trigger', { ...JOB, trigger: 'on_demand' }],
    ['of single hosts', { ...JOB, hosts: ['i-1'] }],
    ['of a past', { ...JOB, from: '2026-11-19T00:00:00.000Z', to: '2026-11-20T00:00:00.000Z' }],
    ['with an id', { ...JOB, id: 'mine' }],
  ])('is put aside where it is %s', async (_, overrides) => {
    const { handle, ports } = await aFunction();

    await handle(aMessage(overrides));

    expect(ports.queue.rejected).toHaveLength(1);
  });

  it('is refused where a function is invoked with it', async () => {
    const { ports, spend } = await aFunction();
    const logger = new Logger({ logLevel: 'SILENT' });
    const context = { getRemainingTimeInMillis: () => 300_000 };
    const readers = await aReaderPorts();

    const answer = await inspectEvent(aMessage(JOB), {
      ports: { ...readers, ...ports, spend },
      logger,
      context,
      now: NOON,
    });

    expect(answer).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(/^job: a job is inspected by its/),
    });
  });
});

describe('the request of a schedule for a job', () => {
  it('is a message a region, due when it was sent', async () => {
    const { ports } = await aFunction();
    const queue = createMemoryQueue();
    const queues = { aws: queue, gcp: queue, azure: queue, prometheus: queue, otlp: queue };
    const sentAt = NOON + 7 * MINUTE + 1234;
    const request = {
      version: 1,
      tenant: 'acme',
      provider: 'aws',
      account: '111122223333',
      trigger: 'schedule',
      job: 'resident',
    } as const;
    const requests = createMemoryRequestLog(() => NOON);

    const outcome = await dispatchRequest(
      request,
      { sentAt, now: sentAt, deliveryId: 'd' },
      { configs: ports.configs, requests, queues },
    );

    expect(outcome).toMatchObject({ kind: 'dispatched', id: undefined, sent: 1 });
    expect(queue.sent).toEqual([{ ...request, regions: ['eu-west-1'], scheduledTime: new Date(sentAt).toISOString() }]);
  });
});
