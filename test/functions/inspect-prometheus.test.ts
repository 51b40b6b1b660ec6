/** A Prometheus server through the functions' own code: a schedule's request is dispatched, read, evaluated, recorded and published. */
import { Readable } from 'node:stream';
import { Logger } from '@aws-lambda-powertools/logger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConfigStore } from '../../adapters/dynamodb/config-store.ts';
import { createDeletedTenants } from '../../adapters/dynamodb/deleted-tenants.ts';
import { createRunLog } from '../../adapters/dynamodb/run-log.ts';
import { unauthorised } from '../../adapters/promql/authorise/none.ts';
import { createPublisher } from '../../adapters/sns/publisher.ts';
import type { InspectMessage } from '../../core/model/message.ts';
import type { Notification } from '../../core/model/notification.ts';
import type { PrometheusAccount } from '../../core/model/prometheus-account.ts';
import type { RunSummary } from '../../core/model/run.ts';
import { putTenant } from '../../core/tenants/put-tenant.ts';
import { openPorts as openDispatch } from '../../functions/dispatch.ts';
import { dispatchMessages } from '../../functions/dispatch-messages.ts';
import { dispatchVariables, inspectPrometheusVariables } from '../../functions/environment.ts';
import { inspectEvent } from '../../functions/inspect-event.ts';
import { openPorts } from '../../functions/inspect-prometheus.ts';
import { type Deployment, deploy } from '../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { prometheusAt } from '../../sandbox/scenario/scenario.ts';
import { NOON } from '../fixtures/builders.ts';
import { anSqsEvent } from './pipeline.ts';

const fleet = prometheusAt(NOON);
const config = fleet.tenants.find(({ tenant }) => tenant === 'harbour');
const account = config?.accounts.find((one): one is PrometheusAccount => one.provider === 'prometheus');
const SCOPE = { provider: 'prometheus', account: account?.account ?? '', region: 'global' } as const;

const logger = new Logger({ logLevel: 'SILENT' });
const context = { getRemainingTimeInMillis: () => 300_000 };

let sandbox: Sandbox;
let deployment: Deployment;
let events: readonly Notification[];
let run: RunSummary | undefined;

beforeAll(async () => {
  sandbox = await startSandbox({ fleet });
  deployment = await deploy(sandbox);
  const { environment, dynamodb: client, sns } = deployment;
  Object.assign(process.env, environment);
  if (config === undefined) throw new Error('harbour has no config');
  const configs = createConfigStore({ client, table: environment.CONFIGS_TABLE });
  const deleted = createDeletedTenants({ client, table: environment.CONFIGS_TABLE });
  const publisher = createPublisher({ client: sns, topicArnPrefix: environment.TOPIC_ARN_PREFIX });
  const put = await putTenant(config, { configs, publisher, deleted }, { newExternalId: 'external-id', now: NOON });
  if (put.kind !== 'stored') throw new Error('The tenant was not stored');
  const received = await deployment.subscribe(put.topic);

  await fireSchedule();

  events = await received();
  run = (await createRunLog({ client, table: environment.TABLE, now: () => NOON }).newest('harbour', SCOPE, 1))[0];
});

afterAll(() => sandbox.close());

/** What the account's schedule sends, through dispatch and the queue of the function. */
async function fireSchedule(): Promise<void> {
  const { account: name, provider } = SCOPE;
  const request: InspectMessage = {
    version: 1,
    tenant: 'harbour',
    provider,
    account: name,
    trigger: 'schedule',
    scheduledTime: new Date(NOON).toISOString(),
  };
  const dispatch = openDispatch(dispatchVariables(deployment.dispatch.environment));
  await dispatchMessages(anSqsEvent(request), { ports: dispatch, logger, now: NOON });
  const variables = deployment.environmentOf('prometheus');
  const ports = openPorts(inspectPrometheusVariables(variables));
  for (const { message, done } of await deployment.receive(variables.INSPECT_QUEUE_URL)) {
    await inspectEvent(anSqsEvent(JSON.parse(message.Body ?? '')), {
      ports,
      logger,
      metrics: () => {},
      context,
      now: NOON,
    });
    await done();
  }
}

describe('the schedule of a Prometheus account', () => {
  it('publishes the leaks that are expected, a container’s among them, and nothing else', () => {
    const leaking = [...fleet.hosts, ...(fleet.pods ?? [])].filter(({ expected }) => expected.state === 'leaking');
    // The pods of a rollout are one host.
    const expected = new Set(
      leaking.map((host) => ('resource' in host ? host.resource.id : `workload ${host.controller.name}`)),
    );

    expect(events.map(({ data }) => data.kind)).toEqual(events.map(() => 'opened'));
    expect(events.map(({ data }) => data.host.provider)).toEqual(events.map(() => 'prometheus'));
    expect(events).toHaveLength(expected.size);
    expect(events.some(({ data }) => data.host.labels?.['k8s.container.name'] !== undefined)).toBe(true);
  });

  it('logs one complete run of the server, which costs nothing', () => {
    expect(run).toMatchObject({ outcome: 'complete', hosts: { unreadable: 0 }, cost: { perRun: 0 } });
    expect(run?.verdicts.confirmed).toBe(events.length);
  });

  it('answers a read of one host with its memory', async () => {
    const ports = openPorts(inspectPrometheusVariables(deployment.environmentOf('prometheus')));
    const host = events[0]?.data.host.id ?? '';
    const request = {
      version: 1,
      kind: 'read_host',
      tenant: 'harbour',
      ...SCOPE,
      host,
      to: new Date(NOON).toISOString(),
    };

    const answer = await inspectEvent(request, { ports, logger, metrics: () => {}, context, now: NOON });

    expect(answer).toMatchObject({ outcome: 'read', memory: { host: { id: host, provider: 'prometheus' } } });
  });

  it('reports a server that refuses the credentials as unreadable, and publishes nothing', async () => {
    const refusing = {
      url: new URL('https://prometheus.example.com'),
      authorise: unauthorised,
      http: async () => ({ status: 401, headers: {}, body: Readable.from(['Unauthorized']) }),
    };
    const variables = inspectPrometheusVariables(deployment.environmentOf('prometheus'));
    const ports = openPorts(variables, () => refusing);
    const message = {
      version: 1,
      tenant: 'harbour',
      ...SCOPE,
      regions: ['global'],
      scheduledTime: '2026-11-20T13:00:00Z',
    };

    const { region: _, ...sent } = message;
    const answer = await inspectEvent(sent, { ports, logger, metrics: () => {}, context, now: NOON + 3_600_000 });

    expect(answer).toMatchObject({ regions: [{ outcome: 'partial', run: { unreadable: { denied: 1 } } }] });
  });
});
