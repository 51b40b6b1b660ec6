/**
 * The entire way from a message on the queue to the subscribers of a tenant's topic: the packaged functions with the
 * packaged rights, in an AWS that others wrote.
 */
import { DeleteTopicCommand } from '@aws-sdk/client-sns';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConfigStore } from '../../adapters/dynamodb/config-store.ts';
import { createIncidentStore } from '../../adapters/dynamodb/incident-store.ts';
import { createRunLog } from '../../adapters/dynamodb/run-log.ts';
import { createPublisher } from '../../adapters/sns/publisher.ts';
import { createInspectionQueue } from '../../adapters/sqs/inspection-queue.ts';
import { putTenant } from '../../core/tenants/put-tenant.ts';
import { type Deployment, deploy } from './deployment.ts';
import { enforceRights, HOME, REGION, reset } from './moto.ts';
import { sqsEvent, takeAll } from './queue.ts';
import { type Subscriber, subscribe } from './subscriber.ts';
import { grantReading, LEAKING, putHosts } from './tenant-account.ts';

const SCHEDULED = '2026-11-20T12:00:00.000Z';
const EXTERNAL_ID = 'external-id-of-the-tenant';
const HOUR = 3_600_000;
const ACCEPTED = { batchItemFailures: [] };

/** An account of a tenant, and Plimsoll's own one inspected like a tenant's: only there does moto read trust policies. */
const ABROAD = '111122223333';

let deployment: Deployment;
let roleAbroad: string;
let roleAtHome: string;

beforeAll(async () => {
  await reset();
  deployment = await deploy();
  for (const account of [ABROAD, HOME]) await putHosts(account, Date.parse(SCHEDULED));
  roleAbroad = await grantReading(ABROAD, 'plimsoll-reader', EXTERNAL_ID);
  roleAtHome = await grantReading(HOME, 'plimsoll-reader', EXTERNAL_ID);
  await enforceRights();
});

afterAll(async () => {
  await reset();
  await deployment?.remove();
});

describe('an inspection in AWS', () => {
  it('reads an account through its role, opens an incident for the host that leaks, and notifies the subscriber', async () => {
    const subscriber = await arrangeTenant('acme');

    const response = await inspect('acme');

    expect(response).toEqual(ACCEPTED);
    expect(await openIncidents('acme')).toMatchObject([
      { version: 2, value: { status: 'open', episode: 1, key: { host: LEAKING, account: ABROAD }, outbox: [] } },
    ]);
    expect(await subscriber.received()).toMatchObject([
      { type: expect.stringContaining('opened'), data: { kind: 'opened', tenant: 'acme', host: { id: LEAKING } } },
    ]);
    expect(await newestRun('acme')).toMatchObject({
      outcome: 'complete',
      hosts: { known: 3, inspected: 2, notMonitored: 1, unreadable: 0 },
      verdicts: { confirmed: 1, steady: 1 },
      calls: { ListMetrics: 5, GetMetricData: 2, GetResources: 1 },
    });
  });

  it('publishes nothing new when its message is delivered again, or twice at once', async () => {
    const subscriber = await arrangeTenant('twice');
    const event = await requestInspection('twice');

    const together = await Promise.all([1, 2].map(() => deployment.invoke('inspect-aws', event)));
    const again = await deployment.invoke('inspect-aws', event);

    const ids = (await subscriber.received()).map(({ id }) => id);
    expect([...together, again]).toEqual([ACCEPTED, ACCEPTED, ACCEPTED]);
    expect(new Set(ids).size).toBe(1);
    expect(await openIncidents('twice')).toHaveLength(1);
  });

  it('leaves what the topic did not take to the next sweep', async () => {
    await arrangeTenant('silenced');
    await deployment.operator.sns.send(new DeleteTopicCommand({ TopicArn: topicOf('silenced') }));

    const response = await inspect('silenced');
    const waiting = await openIncidents('silenced');
    const subscriber = await listen('silenced');
    await makeAnHourOlder('silenced');
    const sweep = await deployment.invoke('publish-outbox', {});

    expect(response).toEqual(ACCEPTED);
    expect(waiting).toMatchObject([{ value: { outbox: [{ data: { kind: 'opened' } }] } }]);
    expect(sweep).toEqual({ published: 1, failed: [], undeliverable: [] });
    expect(await subscriber.received()).toMatchObject([{ data: { kind: 'opened', host: { id: LEAKING } } }]);
    expect(await openIncidents('silenced')).toMatchObject([{ value: { outbox: [] } }]);
  });

  it('reads an account whose role expects the external id of the tenant', async () => {
    await arrangeTenant('known-here', { account: HOME, role: roleAtHome });

    await inspect('known-here', HOME);

    expect(await newestRun('known-here', HOME)).toMatchObject({ outcome: 'complete', hosts: { inspected: 2 } });
  });

  it('is refused by a role that expects another external id, logs that, and opens nothing', async () => {
    const subscriber = await arrangeTenant('deputy', { account: HOME, role: roleAtHome, externalId: 'a-guess' });

    const response = await inspect('deputy', HOME);

    expect(response).toEqual(ACCEPTED);
    expect(await newestRun('deputy', HOME)).toMatchObject({ outcome: 'partial', unreadable: { denied: 1 } });
    expect(await openIncidents('deputy', HOME)).toEqual([]);
    expect(await subscriber.received()).toEqual([]);
  });

  it('puts a message that it does not understand on the dead-letter queue, with the reason', async () => {
    const { operator, queueUrl, deadLetterQueueUrl } = deployment;
    await operator.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: '{"version":2}' }));

    const response = await deployment.invoke('inspect-aws', sqsEvent(await takeAll(operator.sqs, queueUrl)));

    expect(response).toEqual(ACCEPTED);
    expect(await takeAll(operator.sqs, deadLetterQueueUrl)).toMatchObject([
      { Body: '{"version":2}', MessageAttributes: { reason: { StringValue: expect.stringContaining('version') } } },
    ]);
  });
});

interface Grant {
  readonly account: string;
  readonly role: string;
  readonly externalId?: string;
}

/** Puts the tenant's config as the command line does, and listens to its topic. */
async function arrangeTenant(
  tenant: string,
  { account, role, externalId = EXTERNAL_ID }: Grant = { account: ABROAD, role: roleAbroad },
): Promise<Subscriber> {
  const config = { version: 1, tenant, accounts: [{ provider: 'aws', account, regions: [REGION], role }] };
  const ports = { configs: createConfigStore({ ...store(), table: deployment.configsTable }), publisher: publisher() };
  await putTenant(config, ports, { newExternalId: externalId, now: Date.parse(SCHEDULED) });
  return listen(tenant);
}

async function listen(tenant: string): Promise<Subscriber> {
  return subscribe(deployment.operator, await publisher().ensureTopic(tenant));
}

async function inspect(tenant: string, account = ABROAD): Promise<unknown> {
  return deployment.invoke('inspect-aws', await requestInspection(tenant, account));
}

/** Asks on the queue and takes the message off as Lambda would: the event that the function gets. */
async function requestInspection(tenant: string, account = ABROAD): Promise<object> {
  const { operator, queueUrl, deadLetterQueueUrl } = deployment;
  const queue = createInspectionQueue({ client: operator.sqs, queueUrl, deadLetterQueueUrl });
  await queue.send({ version: 1, provider: 'aws', tenant, account, scheduledTime: SCHEDULED });
  return sqsEvent(await takeAll(operator.sqs, queueUrl));
}

async function openIncidents(tenant: string, account = ABROAD) {
  const scope = { provider: 'aws', account, region: REGION } as const;
  return Array.fromAsync(createIncidentStore(store()).open(tenant, scope));
}

async function newestRun(tenant: string, account = ABROAD) {
  const scope = { provider: 'aws', account, region: REGION } as const;
  // The scheduled time is fixed and the log forgets by the clock of whoever reads it.
  const runs = await createRunLog({ ...store(), now: () => Date.parse(SCHEDULED) }).newest(tenant, scope, 1);
  return runs[0];
}

/** A sweep leaves alone what a run may be publishing right now: an hour later it does not. */
async function makeAnHourOlder(tenant: string): Promise<void> {
  const incidents = createIncidentStore(store());
  for (const { value, version } of await openIncidents(tenant)) {
    await incidents.put({ ...value, changedAt: value.changedAt - HOUR }, version);
  }
}

function store() {
  return { client: deployment.operator.dynamodb, table: deployment.table };
}

function publisher() {
  return createPublisher({ client: deployment.operator.sns, topicArnPrefix: deployment.topicArnPrefix });
}

function topicOf(tenant: string): string {
  return `${deployment.topicArnPrefix}${tenant}`;
}
