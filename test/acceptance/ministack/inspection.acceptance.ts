/**
 * From a message on the queue to the subscribers of a tenant's topic: the deployed functions with the deployed rights, in an
 * AWS that others wrote. An account of another tenant is read by its role.
 */
import { DeleteTopicCommand } from '@aws-sdk/client-sns';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, findDeployment } from './deployment.ts';
import { depthOf, subscribe, takeAll } from './subscriber.ts';
import { LEAKING, putHosts } from './tenant-account.ts';

const HOUR = 3_600_000;
const ACCOUNT = '222233334444';
const SCHEDULED = new Date(Math.floor(Date.now() / HOUR) * HOUR).toISOString();
const SOON = { timeout: 60_000, interval: 250 };
/** The README's filter, and its opposite. */
const PAGES = { kind: ['opened', 'worse', 'recovered'] };
const QUIET = { kind: ['suspected', 'cleared'] };

let deployment: Deployment;

beforeAll(async () => {
  deployment = await findDeployment();
  await putHosts(ACCOUNT, Date.parse(SCHEDULED));
});

describe('a deployed inspection', () => {
  it('reads an account through its role, opens an incident for the host that leaks, and notifies those who subscribed to its kind', async () => {
    await deployment.connect('found', ACCOUNT);
    const pager = await subscribe(deployment.root, deployment.topicOf('found'), PAGES);
    const archive = await subscribe(deployment.root, deployment.topicOf('found'));
    const quiet = await subscribe(deployment.root, deployment.topicOf('found'), QUIET);

    await deployment.request(inspectionOf('found'));

    await expect
      .poll(pager.received, SOON)
      .toMatchObject([
        { type: expect.stringContaining('opened'), data: { kind: 'opened', tenant: 'found', host: { id: LEAKING } } },
      ]);
    expect(await archive.received()).toHaveLength(1);
    expect(await quiet.received()).toEqual([]);
    await expect
      .poll(() => deployment.newestRun('found', ACCOUNT), SOON)
      .toMatchObject({
        outcome: 'complete',
        hosts: { known: 3, inspected: 2, notMonitored: 1, unreadable: 0 },
        verdicts: { confirmed: 1, steady: 1 },
      });
    expect(await deployment.openIncidents('found', ACCOUNT)).toMatchObject([
      { value: { status: 'open', episode: 1, key: { host: LEAKING, account: ACCOUNT }, outbox: [] } },
    ]);
  });

  it('publishes nothing new when its message comes twice', async () => {
    await deployment.connect('twice', ACCOUNT);
    const subscriber = await subscribe(deployment.root, deployment.topicOf('twice'));

    await Promise.all([1, 2].map(() => deployment.request(inspectionOf('twice'))));

    await expect.poll(subscriber.received, SOON).not.toEqual([]);
    await settled();
    const ids = (await subscriber.received()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(1);
    expect(await deployment.openIncidents('twice', ACCOUNT)).toHaveLength(1);
  });

  it('leaves what the topic did not take to the next sweep', async () => {
    await deployment.connect('silenced', ACCOUNT);
    await deployment.root.sns.send(new DeleteTopicCommand({ TopicArn: deployment.topicOf('silenced') }));

    await deployment.request(inspectionOf('silenced'));
    await expect
      .poll(() => deployment.openIncidents('silenced', ACCOUNT), SOON)
      .toMatchObject([{ value: { outbox: [{ body: { data: { kind: 'opened' } } }] } }]);
    await settled();
    await deployment.makeTopic('silenced');
    const subscriber = await subscribe(deployment.root, deployment.topicOf('silenced'));
    await makeAnHourOlder('silenced');
    const sweep = await deployment.invoke('publish-outbox', {});

    expect(sweep).toEqual({ published: 1, held: 0, failed: [], undeliverable: [], crowdedOut: [] });
    expect(await subscriber.received()).toMatchObject([{ data: { kind: 'opened', host: { id: LEAKING } } }]);
    expect(await deployment.openIncidents('silenced', ACCOUNT)).toMatchObject([{ value: { outbox: [] } }]);
  });

  it('is refused by a role that expects another external id, logs that, and opens nothing', async () => {
    await deployment.connect('deputy', ACCOUNT, { trusted: 'plimsoll-of-somebody-else' });
    const subscriber = await subscribe(deployment.root, deployment.topicOf('deputy'));

    await deployment.request(inspectionOf('deputy'));

    await expect
      .poll(() => deployment.newestRun('deputy', ACCOUNT), SOON)
      .toMatchObject({ outcome: 'partial', unreadable: { denied: 1 } });
    expect(await deployment.openIncidents('deputy', ACCOUNT)).toEqual([]);
    expect(await subscriber.received()).toEqual([]);
  });

  it('puts a message that it does not understand aside, with the reason', async () => {
    await deployment.request({ version: 2 });

    const aside = deployment.outputs['InspectAwsQueueUrl']?.concat('-dead') ?? '';
    await expect
      .poll(() => takeAll(deployment.root.sqs, aside), SOON)
      .toMatchObject([
        { Body: '{"version":2}', MessageAttributes: { reason: { StringValue: expect.stringContaining('version') } } },
      ]);
  });
});

function inspectionOf(tenant: string): object {
  return { version: 1, provider: 'aws', tenant, account: ACCOUNT, scheduledTime: SCHEDULED };
}

/** Resolves when the function has worked off its queue. */
async function settled(): Promise<void> {
  const queue = deployment.outputs['InspectAwsQueueUrl'] ?? '';
  await expect.poll(() => depthOf(deployment.root.sqs, queue), SOON).toBe(0);
}

/** A sweep leaves alone what a run may be publishing right now: an hour later it does not. */
async function makeAnHourOlder(tenant: string): Promise<void> {
  for (const { value, version } of await deployment.openIncidents(tenant, ACCOUNT)) {
    await deployment.putIncident({ value: { ...value, changedAt: value.changedAt - HOUR }, version });
  }
}
