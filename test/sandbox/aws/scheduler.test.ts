/** The sandbox's EventBridge Scheduler through its client: it refuses what AWS refuses. */
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseSchedulerCron } from '../../../sandbox/aws/scheduler-cron.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { NOON } from '../../fixtures/builders.ts';

const SCHEDULE: CreateScheduleCommandInput = {
  Name: 'one',
  GroupName: 'group',
  ScheduleExpression: 'cron(0 * * * ? *)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn: 'arn:aws:sqs:eu-west-1:000000000000:queue', RoleArn: 'arn:aws:iam::000000000000:role/sends' },
};

let sandbox: Sandbox;
let client: SchedulerClient;

beforeAll(async () => {
  sandbox = await startSandbox();
  sandbox.now = NOON;
  client = new SchedulerClient({ ...sandbox.clientConfig('eu-west-1'), maxAttempts: 1 });
});
beforeEach(() => sandbox.putScheduleGroup('group'));
afterAll(async () => {
  client.destroy();
  await sandbox.close();
});

const create = (overrides: Partial<CreateScheduleCommandInput> = {}) =>
  client.send(new CreateScheduleCommand({ ...SCHEDULE, ...overrides }));

describe('the sandbox’s scheduler', () => {
  it('gives back what was made, until it is deleted', async () => {
    const one = { GroupName: 'group', Name: 'one' };
    await create();

    expect(await client.send(new GetScheduleCommand(one))).toMatchObject({
      ...one,
      ScheduleExpression: SCHEDULE.ScheduleExpression,
      ScheduleExpressionTimezone: 'UTC',
    });
    await client.send(new DeleteScheduleCommand(one));

    await expect(client.send(new GetScheduleCommand(one))).rejects.toThrow('Schedule one does not exist.');
    await expect(client.send(new DeleteScheduleCommand(one))).rejects.toThrow('Schedule one does not exist.');
  });

  it('lists by prefix, page by page, in order of name', async () => {
    for (const Name of ['b.2', 'a.1', 'b.1', 'b.3']) await create({ Name });
    const page = (NextToken?: string) =>
      client.send(new ListSchedulesCommand({ GroupName: 'group', NamePrefix: 'b.', MaxResults: 2, NextToken }));

    const first = await page();
    const second = await page(first.NextToken);

    expect([first, second].map(({ Schedules }) => Schedules?.map(({ Name }) => Name))).toEqual([
      ['b.1', 'b.2'],
      ['b.3'],
    ]);
    expect(second.NextToken).toBeUndefined();
    expect(first.Schedules?.[0]).not.toHaveProperty('ScheduleExpression');
  });

  it.each([
    ['a name that exists', {}, 'ConflictException'],
    ['a name of 65 characters', { Name: 'x'.repeat(65) }, 'ValidationException'],
    ['a name with a slash', { Name: 'a/b' }, 'ValidationException'],
    ['a group that does not exist', { GroupName: 'other' }, 'ResourceNotFoundException'],
    ['an unknown zone', { ScheduleExpressionTimezone: 'Mars/Olympus' }, 'ValidationException'],
    ['a zone in another case', { ScheduleExpressionTimezone: 'europe/berlin' }, 'ValidationException'],
    ['a short name of a zone', { ScheduleExpressionTimezone: 'SST' }, 'ValidationException'],
    ['the cron of a crontab', { ScheduleExpression: '0 * * * *' }, 'ValidationException'],
    ['two fields of days', { ScheduleExpression: 'cron(0 0 13 * FRI *)' }, 'ValidationException'],
    ['a time that is over', { ScheduleExpression: 'at(2026-11-20T12:00:00)' }, 'ValidationException'],
    ['a window without its length', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }, 'ValidationException'],
  ] as const)('refuses %s', async (_, overrides, name) => {
    await create();

    await expect(create(overrides)).rejects.toMatchObject({ name });
  });
});

describe('parseSchedulerCron', () => {
  const MONDAY_NOON = { minute: 0, hour: 12, monthDay: 30, month: 11, weekDay: 1 };

  it.each([
    ['cron(0 12 * * ? *)', true],
    ['cron(0 12 ? * MON *)', true],
    ['cron(0 12 ? * 2 *)', true],
    ['cron(0 12 ? * 1 *)', false],
    ['cron(0/15 10-14/2 30 NOV ? *)', true],
    ['cron(1 12 * * ? *)', false],
  ])('reads %s', (expression, fires) => {
    expect(parseSchedulerCron(expression)?.(MONDAY_NOON)).toBe(fires);
  });

  it.each([
    'cron(0 12 * * * *)',
    'cron(0 12 ? * ? *)',
    'cron(0 12 * * ?)',
    'cron(60 12 * * ? *)',
    'cron(0 12 ? * 0 *)',
    'cron(0 12 * * ? 1969)',
    'rate(1 hour)',
    'cron(5-1 12 * * ? *)',
  ])('refuses %s', (expression) => {
    expect(parseSchedulerCron(expression)).toBeUndefined();
  });
});
