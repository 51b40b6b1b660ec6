/**
 * The complete pipeline over the sandbox: tenants with their hosts, the functions' own code, and a subscriber that
 * keeps what it gets.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createConfigStore } from '../../adapters/dynamodb/config-store.ts';
import { createDeletedTenants } from '../../adapters/dynamodb/deleted-tenants.ts';
import { createIncidentStore } from '../../adapters/dynamodb/incident-store.ts';
import { createRunLog } from '../../adapters/dynamodb/run-log.ts';
import { createPublisher } from '../../adapters/sns/publisher.ts';
import type { InspectMessage } from '../../core/model/message.ts';
import type { Notification } from '../../core/model/notification.ts';
import type { ConfigStore } from '../../core/ports/config-store.ts';
import type { IncidentStore } from '../../core/ports/incident-store.ts';
import type { Publisher } from '../../core/ports/publisher.ts';
import type { RunLog } from '../../core/ports/run-log.ts';
import { putTenant } from '../../core/tenants/put-tenant.ts';
import { openPorts } from '../../functions/inspect-aws.ts';
import { inspectMessages } from '../../functions/inspect-messages.ts';
import type { InspectPorts } from '../../functions/inspection-ports.ts';
import { type Deployment, deploy } from '../../sandbox/deployment.ts';
import { aRetryClock } from '../../sandbox/retry-clock.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import type { Fleet } from '../../sandbox/scenario/fleet.ts';
import { type HostPlan, hostAt, type Location } from '../../sandbox/scenario/hosts.ts';
import { flat, linear, sum } from '../../sandbox/scenario/shapes.ts';
import { aTenantConfig, NOON } from '../fixtures/builders.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';
const EXTERNAL_ID = 'an-external-id-that-nobody-guesses';

/** All the time that the function is given. */
const FIVE_MINUTES = 300_000;

const steady = (name: string): HostPlan => ({ name, story: 'flat', memory: flat(40), expected: { state: 'steady' } });

/** Grows half a point an hour for 100 h: 30 % to 80 %. */
export const LEAKER: HostPlan = {
  name: 'leaker',
  story: 'leaks half a point an hour',
  memory: sum(flat(30), linear({ from: -100, perHour: 0.5 })),
  expected: { state: 'leaking', pattern: 'linear', topConsumer: 'node' },
};

/** Two flat hosts and one that leaks. */
export const ONE_LEAK: readonly HostPlan[] = [steady('flat-1'), LEAKER, steady('flat-2')];

export interface Pipeline extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly deployment: Deployment;
  readonly ports: InspectPorts;
  readonly configs: ConfigStore;
  readonly incidents: IncidentStore;
  readonly runs: RunLog;
  readonly publisher: Publisher;
  /** The events that the tenant's subscriber has received since the last call. */
  received(): Promise<readonly Notification[]>;
  /** Invokes the function's own code with an event. */
  handle(event: unknown, remainingMs?: number): Promise<SQSBatchResponse>;
  /** Invokes it with an SQS event of these bodies. */
  inspect(...bodies: (InspectMessage | string)[]): Promise<SQSBatchResponse>;
}

export async function startPipeline(plans: readonly HostPlan[] = ONE_LEAK): Promise<Pipeline> {
  const config = aTenantConfig();
  const location: Location = { tenant: config.tenant, account: ACCOUNT, region: REGION, asOf: NOON, seed: 1 };
  const hosts = plans.map((plan) => hostAt(location, plan));
  const fleet: Fleet = { asOf: NOON, tenants: [config], hosts, refusing: [] };
  const sandbox = await startSandbox({ fleet });
  const deployment = await deploy(sandbox);
  Object.assign(process.env, deployment.environment);

  const { environment, dynamodb: client, sns } = deployment;
  const configs = createConfigStore({ client, table: environment.CONFIGS_TABLE });
  const deleted = createDeletedTenants({ client, table: environment.CONFIGS_TABLE });
  const publisher = createPublisher({ client: sns, topicArnPrefix: environment.TOPIC_ARN_PREFIX });
  const put = await putTenant(
    config,
    { configs, publisher, deleted },
    { newExternalId: EXTERNAL_ID, now: sandbox.now },
  );
  if (put.kind !== 'stored') throw new Error('The tenant was not stored');
  for (const account of config.accounts) if (account.provider === 'aws') sandbox.trust(account.role, EXTERNAL_ID);
  const { requestHandler } = sandbox.inProcess(REGION);
  const ports = openPorts(environment, { requestHandler }, aRetryClock());
  const logger = new Logger({ logLevel: 'SILENT' });
  const handle = (event: unknown, remainingMs = FIVE_MINUTES) => {
    // The function begins with all of its time.
    const left = [FIVE_MINUTES];
    const context = { getRemainingTimeInMillis: () => left.pop() ?? remainingMs };
    return inspectMessages(event, { ports, logger, context, now: sandbox.now });
  };
  return {
    sandbox,
    deployment,
    ports,
    configs,
    publisher,
    incidents: createIncidentStore({ client, table: environment.TABLE }),
    runs: createRunLog({ client, table: environment.TABLE, now: () => NOON }),
    received: await deployment.subscribe(put.topic),
    handle,
    inspect: (...bodies) => handle(anSqsEvent(...bodies)),
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}

/** The message that a schedule would have put on the queue. */
export function aMessage(overrides: Partial<InspectMessage> = {}): InspectMessage {
  const scheduledTime = new Date(NOON).toISOString();
  return { version: 1, tenant: 'acme', provider: 'aws', account: ACCOUNT, scheduledTime, ...overrides };
}

/** As Lambda hands it over: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event */
export function anSqsEvent(...bodies: (InspectMessage | string)[]): SQSEvent {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `message-${index}`,
      receiptHandle: `handle-${index}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: String(NOON),
        SenderId: 'AIDAEXAMPLE',
        ApproximateFirstReceiveTimestamp: String(NOON),
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:plimsoll-sandbox-inspect-aws',
      awsRegion: REGION,
    })),
  };
}
