/**
 * The schedules of accounts: saving a config makes them, through the stream of the table and a function that alone may. The
 * cadence of an account is 15 minutes at least, so that none of them fires while the tests run: a twin with the same target,
 * role and input fires every minute instead. Time zones, flexible windows, retries and dead-letter queues of schedules are not
 * modelled by ministack: test/core/tenants and test/adapters/scheduler cover what is sent to the scheduler.
 */
import {
  CreateScheduleCommand,
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  ListSchedulesCommand,
} from '@aws-sdk/client-scheduler';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, findDeployment } from './deployment.ts';
import { resourcesOf } from './stack.ts';
import { subscribe } from './subscriber.ts';
import { LEAKING, putHosts } from './tenant-account.ts';

const HOUR = 3_600_000;
const ACCOUNT = '666677778888';
const SCHEDULED = Math.floor(Date.now() / HOUR) * HOUR;
/** Of the twin, which fires for the first time when it has passed once. */
const INTERVAL = 60_000;
/** A config's schedules follow within a minute. */
const MINUTE = { timeout: 60_000, interval: 500 };

let deployment: Deployment;
let group: string;

beforeAll(async () => {
  deployment = await findDeployment();
  group =
    (await resourcesOf(deployment.root, deployment.stack, 'AWS::Scheduler::ScheduleGroup'))['ScheduleGroup'] ?? '';
  await putHosts(ACCOUNT, SCHEDULED);
});

describe('the schedule of an account', () => {
  it('is made when its config is saved: it sends a request to the queue, by the role that may do that alone', async () => {
    await deployment.connect('clockwork', ACCOUNT);

    await expect.poll(() => schedulesOf('clockwork'), MINUTE).toHaveLength(1);

    const [schedule] = await schedulesOf('clockwork');
    const role = await resourcesOf(deployment.root, deployment.stack, 'AWS::IAM::Role');
    expect(schedule).toMatchObject({
      State: 'ENABLED',
      ScheduleExpression: expect.stringMatching(/^cron\(0 \* \* \* \? \*\)$/),
      ScheduleExpressionTimezone: 'UTC',
      Target: {
        Arn: expect.stringMatching(/:sqs:.*:plimsoll-prod-requests$/),
        RoleArn: expect.stringContaining(`:role/${role['ScheduleRole']}`),
        DeadLetterConfig: { Arn: expect.stringContaining('plimsoll-prod-requests-dead') },
      },
    });
  });

  it('fires, and its finding is with the subscriber', async () => {
    const subscriber = await subscribe(deployment.root, deployment.topicOf('clockwork'));
    const [schedule] = await schedulesOf('clockwork');
    const created = Date.now();

    await deployment.root.scheduler.send(
      new CreateScheduleCommand({
        Name: 'twin',
        GroupName: group,
        ScheduleExpression: 'rate(1 minutes)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: schedule?.Target,
      }),
    );

    await expect
      .poll(subscriber.received, { timeout: 110_000, interval: 250 })
      .toMatchObject([{ data: { kind: 'opened', tenant: 'clockwork', host: { id: LEAKING } } }]);
    const seconds = (Date.now() - created - INTERVAL) / 1000;
    console.info(`From the firing of a schedule to the message of its finding: ${seconds.toFixed(1)} s.`);
    expect(await deployment.newestRun('clockwork', ACCOUNT)).toMatchObject({ scheduledTime: SCHEDULED });
  });

  it('is the only one that reconciling leaves: what no config names is removed', async () => {
    await deployment.invoke('reconcile-schedules', {});

    expect(await namesOf()).not.toContain('twin');
    expect(await schedulesOf('clockwork')).toHaveLength(1);
  });
});

async function schedulesOf(tenant: string): Promise<GetScheduleCommandOutput[]> {
  const names = await namesOf();
  const all = await Promise.all(
    names.map((Name) => deployment.root.scheduler.send(new GetScheduleCommand({ Name, GroupName: group }))),
  );
  return all.filter(({ Name, Target }) => Name !== 'twin' && Target?.Input?.includes(`"${tenant}"`));
}

async function namesOf(): Promise<string[]> {
  const { Schedules = [] } = await deployment.root.scheduler.send(
    new ListSchedulesCommand({ GroupName: group, MaxResults: 100 }),
  );
  return Schedules.map(({ Name = '' }) => Name);
}
