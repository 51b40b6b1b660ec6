/** Hosts that send their memory, through the functions' own code: a message is stored, an hour merged, and a schedule's request evaluated and published. */
import { Logger } from '@aws-lambda-powertools/logger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConfigStore } from '../../adapters/dynamodb/config-store.ts';
import { createDeletedTenants } from '../../adapters/dynamodb/deleted-tenants.ts';
import { createRunLog } from '../../adapters/dynamodb/run-log.ts';
import { createSampleStore } from '../../adapters/s3/sample-store.ts';
import { createPublisher } from '../../adapters/sns/publisher.ts';
import { sampleMessages } from '../../adapters/sqs/sample-message.ts';
import { keepSamples } from '../../core/ingest/keep-samples.ts';
import type { InspectMessage } from '../../core/model/message.ts';
import type { SampleBatch } from '../../core/model/sample.ts';
import { MEMORY_USAGE, PROCESS_MEMORY } from '../../core/model/series.ts';
import { tenantConfigSchema } from '../../core/model/tenant.ts';
import type { SampleStore } from '../../core/ports/sample-store.ts';
import { putTenant } from '../../core/tenants/put-tenant.ts';
import { openPorts as openDispatch } from '../../functions/dispatch.ts';
import { dispatchMessages } from '../../functions/dispatch-messages.ts';
import { dispatchVariables, inspectOtlpVariables } from '../../functions/environment.ts';
import { inspectEvent } from '../../functions/inspect-event.ts';
import { openPorts } from '../../functions/inspect-otlp.ts';
import { storeSampleMessages } from '../../functions/sample-messages.ts';
import { type Deployment, deploy } from '../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import type { Host } from '../../sandbox/scenario/fleet.ts';
import { prometheusAt } from '../../sandbox/scenario/scenario.ts';
import { NOON } from '../fixtures/builders.ts';
import { anSqsEvent } from './pipeline.ts';

const HOUR = 3_600_000;
const GIB = 2 ** 30;
const SCOPE = { provider: 'otlp', account: 'production', region: 'global' } as const;

const logger = new Logger({ logLevel: 'SILENT' });
const context = { getRemainingTimeInMillis: () => 300_000 };

const machines = prometheusAt(NOON).hosts.filter(({ resource, reports }) => !resource.kind && reports.length === 1);
const leaking = machines.find(({ expected }) => expected.state === 'leaking');
const steady = machines.find(({ expected }) => expected.state === 'steady');

let sandbox: Sandbox;
let deployment: Deployment;

beforeAll(async () => {
  sandbox = await startSandbox();
  deployment = await deploy(sandbox);
  Object.assign(process.env, deployment.environment);
});

afterAll(() => sandbox.close());

/** A hundred hours, a batch each ten of them, and a sample each quarter of an hour. */
function batchesOf(hosts: readonly Host[]): SampleBatch[] {
  return Array.from({ length: 10 }, (_, part) => {
    const begins = NOON - (100 - part * 10) * HOUR;
    const times = Array.from({ length: 40 }, (_, index) => begins + index * 15 * 60_000);
    return {
      version: 1,
      tenant: 'acme',
      account: SCOPE.account,
      receivedAt: begins + 10 * HOUR,
      hosts: hosts.map(({ resource }) => ({ id: resource.id, group: 'web' })),
      series: hosts.flatMap(({ resource: { id }, used }) => {
        const values = times.map((time) => Math.round(used(time) * 8 * GIB));
        return [
          { host: id, metric: MEMORY_USAGE, limit: 8 * GIB, times, values },
          { host: id, metric: PROCESS_MEMORY, process: { name: 'java', pid: 7 }, times, values },
        ];
      }),
    };
  });
}

async function storeAll(hosts: readonly Host[], samples: SampleStore): Promise<void> {
  const messages = await Promise.all(batchesOf(hosts).map(sampleMessages));
  const Records = messages.flat().map((body, index) => ({ messageId: `m-${index}`, body, eventSource: 'aws:sqs' }));
  for (const again of [Records, Records.slice(0, 1)])
    expect(await storeSampleMessages({ Records: again }, { ports: { samples }, logger })).toEqual({
      batchItemFailures: [],
    });
}

async function inspect(samples: SampleStore): Promise<void> {
  const request: InspectMessage = {
    version: 1,
    tenant: 'acme',
    provider: 'otlp',
    account: SCOPE.account,
    trigger: 'schedule',
    scheduledTime: new Date(NOON).toISOString(),
  };
  const dispatch = openDispatch(dispatchVariables(deployment.dispatch.environment));
  await dispatchMessages(anSqsEvent(request), { ports: dispatch, logger, now: NOON });
  const variables = deployment.environmentOf('otlp');
  const ports = openPorts(inspectOtlpVariables(variables), samples);
  for (const { message, done } of await deployment.receive(variables.INSPECT_QUEUE_URL)) {
    await inspectEvent(anSqsEvent(JSON.parse(message.Body ?? '')), { ports, logger, context, now: NOON });
    await done();
  }
}

describe('the schedule of an account of hosts that send', () => {
  it('publishes the leak that was sent, with the process that grew, from what was stored and merged', async () => {
    const { environment, dynamodb: client, sns, s3 } = deployment;
    const configs = createConfigStore({ client, table: environment.CONFIGS_TABLE });
    const deleted = createDeletedTenants({ client, table: environment.CONFIGS_TABLE });
    const publisher = createPublisher({ client: sns, topicArnPrefix: environment.TOPIC_ARN_PREFIX });
    const accounts = [{ provider: 'otlp', account: SCOPE.account }];
    const config = tenantConfigSchema.parse({ version: 1, tenant: 'acme', accounts });
    const put = await putTenant(config, { configs, publisher, deleted }, { newExternalId: 'external-id', now: NOON });
    if (put.kind !== 'stored' || !leaking || !steady) throw new Error('The tenant was not stored, or has no hosts');
    const received = await deployment.subscribe(put.topic);
    // Without a connection for each of its requests, and with some hours merged and the others in parts.
    const samples = createSampleStore({ client: s3, bucket: environment.RESULTS_BUCKET });
    await storeAll([leaking, steady], samples);
    const { merged, failures } = await keepSamples(
      { configs, samples },
      { now: NOON - 85 * HOUR, remainingMs: () => 900_000 },
    );

    await inspect(samples);

    const events = await received();
    expect([failures, merged > 20]).toEqual([[], true]);
    expect(events.map(({ data }) => [data.kind, data.host.id, data.host.provider])).toEqual([
      ['opened', leaking.resource.id, 'otlp'],
    ]);
    expect(events[0]?.data.host).toMatchObject({ group: 'web', account: 'production' });
    expect(JSON.stringify(events[0]?.data)).toContain('"java"');
    const log = createRunLog({ client, table: environment.TABLE, now: () => NOON });
    const [run] = await log.newest('acme', SCOPE, 1);
    expect(run).toMatchObject({ outcome: 'complete', hosts: { known: 2, unreadable: 0 }, cost: { perRun: 0 } });
  });
});
