/**
 * Scaling events. That a rule of a tenant's account reaches the bus of another account, and that AWS alone may send events of
 * aws.autoscaling, no emulator shows: ministack refuses both. Here its envelope begins on the queue behind the bus;
 * test/acceptance/local holds the policy of the bus and the pattern of its rule.
 */

import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { GetQueueUrlCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { anAutoScalingEvent } from '../../fixtures/scaling-events.ts';
import { type Deployment, findDeployment } from './deployment.ts';
import { type HttpAnswer, requestApi } from './http-api.ts';
import { HOST_REGION } from './ministack.ts';
import { resourcesOf } from './stack.ts';
import { depthOf, takeAll } from './subscriber.ts';
import { putHosts } from './tenant-account.ts';

const HOUR = 3_600_000;
const ACCOUNT = '888899990000';
const SOON = { timeout: 60_000, interval: 500 };

let deployment: Deployment;

beforeAll(async () => {
  deployment = await findDeployment();
  await putHosts(ACCOUNT, Math.floor(Date.now() / HOUR) * HOUR);
  await deployment.connect('growing', ACCOUNT);
});

describe('a scaling event', () => {
  it('of a tenant’s account schedules four comparisons of the new hosts', async () => {
    await send(launchIn(ACCOUNT));

    await expect.poll(checks, SOON).toHaveLength(4);
  });

  it('schedules no more when the same group goes on scaling', async () => {
    await send(launchIn(ACCOUNT));

    await expect.poll(waiting, SOON).toBe(0);
    expect(await checks()).toHaveLength(4);
  });

  it('of an account that no tenant has is dropped, and one that is malformed is put aside with the reason', async () => {
    await send(launchIn('000011112222'));
    await send({ ...launchIn(ACCOUNT), account: 'nobody' });

    const aside = await queueUrl('scaling-dead');
    await expect
      .poll(() => takeAll(deployment.root.sqs, aside), SOON)
      .toMatchObject([{ MessageAttributes: { reason: { StringValue: expect.stringContaining('account') } } }]);
    await expect.poll(waiting, SOON).toBe(0);
    expect(await takeAll(deployment.root.sqs, aside)).toEqual([]);
  });
});

describe('the HTTP API of events', () => {
  it.each(['gcp', 'azure'])('refuses a push of %s that has no token, and queues nothing', async (provider) => {
    const { status } = await post(`/events/${provider}/growing/5f2b8c1d9e3a4706b5c4d3e2f1a09876`);

    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(await waiting()).toBe(0);
  });

  it('has no other path', async () => {
    expect((await post('/')).status).toBe(404);
  });
});

function launchIn(account: string): object {
  const time = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  return anAutoScalingEvent({ account, time, id: crypto.randomUUID(), region: HOST_REGION });
}

async function send(envelope: object): Promise<void> {
  const QueueUrl = await queueUrl('scaling');
  await deployment.root.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(envelope) }));
}

async function queueUrl(name: string): Promise<string> {
  const QueueName = `${deployment.stack}-${name}`;
  const { QueueUrl } = await deployment.root.sqs.send(new GetQueueUrlCommand({ QueueName }));
  return z.string().parse(QueueUrl);
}

/** Events that nobody has worked off. */
async function waiting(): Promise<number> {
  return depthOf(deployment.root.sqs, await queueUrl('scaling'));
}

async function checks(): Promise<string[]> {
  const groups = await resourcesOf(deployment.root, deployment.stack, 'AWS::Scheduler::ScheduleGroup');
  const { Schedules = [] } = await deployment.root.scheduler.send(
    new ListSchedulesCommand({ GroupName: groups['CheckScheduleGroup'], MaxResults: 100 }),
  );
  return Schedules.map(({ Name = '' }) => Name);
}

function post(path: string): Promise<HttpAnswer> {
  return requestApi(deployment.outputs['EventsUrl'] ?? '', path, { method: 'POST', body: {} });
}
