/** Schedules over EventBridge Scheduler: the suite of their port, and what is that service's alone. */
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createScheduler } from '../../../adapters/scheduler/scheduler.ts';
import { inspectionRequestSchema } from '../../../core/model/message.ts';
import type { SandboxSchedule } from '../../../sandbox/aws/scheduler-endpoint.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { itKeeps } from '../../contract/check.ts';
import {
  aSchedule,
  type CRONS,
  type FailingSchedulerSubject,
  schedulerChecks,
  schedulerFailureChecks,
  scheduleText,
} from '../../contract/scheduler.ts';
import { anyText } from '../../fixtures/any-text.ts';
import { listening } from '../../fixtures/listening.ts';

const ARNS = {
  queueArn: 'arn:aws:sqs:eu-west-1:000000000000:requests',
  roleArn: 'arn:aws:iam::000000000000:role/plimsoll-schedules',
  deadLetterArn: 'arn:aws:sqs:eu-west-1:000000000000:schedules-dead',
};

/** The crons of the suite as the scheduler has them. */
const EXPRESSIONS: Readonly<Record<string, (typeof CRONS)[number]>> = {
  'cron(0 * * * ? *)': '0 * * * *',
  'cron(30 * * * ? *)': '30 * * * *',
  'cron(30 6 ? * MON,TUE,WED,THU,FRI *)': '30 6 * * 1-5',
};

let sandbox: Sandbox;
let client: SchedulerClient;
let made = 0;

beforeAll(async () => {
  sandbox = await startSandbox();
  client = new SchedulerClient({ ...sandbox.inProcess('eu-west-1'), maxAttempts: 1 });
});
afterEach(() => sandbox.liftFaults());
afterAll(async () => {
  client.destroy();
  await sandbox.close();
});

describe('schedules over EventBridge Scheduler', () => {
  itKeeps(schedulerChecks, startSubject);
  itKeeps(schedulerFailureChecks, startSubject);

  it('makes a schedule that sends the account’s request, without a time, to the queue', async () => {
    const { scheduler, group } = startSubject();
    const schedule = aSchedule({ timezone: 'Europe/Berlin' });

    await scheduler.put(schedule);

    const stored = await client.send(
      new GetScheduleCommand({ GroupName: group, Name: scheduler.nameOf(schedule).text }),
    );
    expect(stored).toMatchObject({
      ScheduleExpression: 'cron(0 * * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 },
      Target: {
        Arn: ARNS.queueArn,
        RoleArn: ARNS.roleArn,
        DeadLetterConfig: { Arn: ARNS.deadLetterArn },
        RetryPolicy: { MaximumEventAgeInSeconds: 480, MaximumRetryAttempts: 20 },
      },
    });
    const request = { version: 1, tenant: 'acme', provider: 'aws', account: '111122223333', trigger: 'schedule' };
    expect(inspectionRequestSchema.parse(JSON.parse(stored.Target?.Input ?? ''))).toEqual(request);
  });

  it('sends, retries included, before the next slot of the most frequent schedule can begin', async () => {
    const { scheduler, schedules } = startSubject();
    await scheduler.put(aSchedule({ cron: '*/15 * * * *' }));

    const [schedule] = schedules.values();

    const { FlexibleTimeWindow: window, Target } = schedule ?? {};
    const minutes = window?.Mode === 'FLEXIBLE' ? window.MaximumWindowInMinutes : Number.NaN;
    const retries = (Target?.RetryPolicy?.MaximumEventAgeInSeconds ?? Number.NaN) / 60;
    // The scheduler is precise to a minute.
    expect(minutes + 1 + retries).toBeLessThan(15);
  });

  it.each([
    ['queue', { queueArn: `${ARNS.queueArn}-2` }],
    ['role', { roleArn: `${ARNS.roleArn}-2` }],
    ['dead-letter queue', { deadLetterArn: `${ARNS.deadLetterArn}-2` }],
  ])('names a schedule otherwise where its %s is another', (_, other) => {
    const [one, two] = [ARNS, { ...ARNS, ...other }].map((arns) => createScheduler({ client, group: 'any', ...arns }));

    expect(one?.nameOf(aSchedule()).text).not.toBe(two?.nameOf(aSchedule()).text);
  });

  it('gives every tenant and account a name that the scheduler takes, and reads its owner back', async () => {
    // Making up texts of all characters takes seconds, in which connections that are kept alive end: this client tries again.
    const patient = new SchedulerClient(sandbox.inProcess('eu-west-1'));
    const scheduler = createScheduler({ client: patient, group: startSubject().group, ...ARNS });
    const tenants = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/);
    const accounts = anyText({ minLength: 1, maxLength: 200 });

    await fc.assert(
      fc.asyncProperty(tenants, accounts, async (tenant, account) => {
        const name = scheduler.nameOf(aSchedule({ tenant, account }));
        expect(name.text).toMatch(/^[0-9a-zA-Z-_.]{1,64}$/);

        await scheduler.put(aSchedule({ tenant, account }));

        expect(await Array.fromAsync(scheduler.list(tenant))).toContainEqual(name);
        await scheduler.remove(name);
      }),
      { numRuns: 100 },
    );
    patient.destroy();
  });

  it('tries a throttled write again', async () => {
    const { group } = startSubject();
    const patient = new SchedulerClient(sandbox.inProcess('eu-west-1'));
    const scheduler = createScheduler({ client: patient, group, ...ARNS });
    sandbox.inject({ service: 'scheduler', action: 'CreateSchedule', kind: 'throttled', times: 2 });

    await scheduler.put(aSchedule());

    expect(await Array.fromAsync(scheduler.list())).toHaveLength(1);
    patient.destroy();
  });

  it('takes a write whose answer was lost as written', async () => {
    const { scheduler } = startSubject();
    sandbox.inject({ service: 'scheduler', action: 'CreateSchedule', kind: 'lost', times: 1 });
    await scheduler.put(aSchedule()).catch(() => {});

    await scheduler.put(aSchedule());

    expect(await Array.fromAsync(scheduler.list())).toEqual([scheduler.nameOf(aSchedule())]);
  });
});

describe('an error of schedules over EventBridge Scheduler', () => {
  it.each([
    ['throttled', /^The schedule of account aws\/111122223333 of tenant acme could not be made in group \S+: Throttl/],
    ['denied', /AccessDenied.*Check that the role of this function may .*iam:PassRole/],
  ] as const)('names the account and what to do where it is %s', async (kind, message) => {
    const { scheduler } = startSubject();
    sandbox.inject({ service: 'scheduler', kind });

    await expect(scheduler.put(aSchedule())).rejects.toThrow(message);
  });

  it('names the zone that the scheduler does not take', async () => {
    const { scheduler } = startSubject();

    await expect(scheduler.put(aSchedule({ timezone: 'EST' }))).rejects.toThrow(
      /ValidationException: Invalid Schedule Expression Timezone EST\. Check the schedule/,
    );
  });

  it('names the cron that cannot be scheduled', () => {
    const { scheduler } = startSubject();

    expect(() => scheduler.nameOf(aSchedule({ cron: '0 0 L * *' }))).toThrow(
      'The cron 0 0 L * * cannot be scheduled: its day of the month is not understood',
    );
  });

  it('names the group that does not exist', async () => {
    const scheduler = createScheduler({ client, group: 'misspelled', ...ARNS });

    await expect(scheduler.put(aSchedule())).rejects.toThrow(/group misspelled: ResourceNotFoundException/);
    await expect(Array.fromAsync(scheduler.list())).rejects.toThrow(/group misspelled could not be listed/);
  });

  it('comes where the answer is not the scheduler’s', async () => {
    const { scheduler } = startSubject();
    sandbox.inject({ service: 'scheduler', kind: 'garbage' });

    await expect(Array.fromAsync(scheduler.list())).rejects.toThrow(
      /could not be listed|is not as the scheduler gives it/,
    );
  });
});

describe('a list of schedules', () => {
  const listFrom = async (answer: object) => {
    const endpoint = await listening((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
    const scripted = new SchedulerClient({ ...sandbox.clientConfig('eu-west-1'), endpoint, maxAttempts: 1 });
    return Array.fromAsync(createScheduler({ client: scripted, group: 'any', ...ARNS }).list());
  };

  it.each([
    ['has no schedules', {}],
    ['names one with 65 characters', { Schedules: [{ Name: 'x'.repeat(65) }] }],
    ['has more on a page than were requested', { Schedules: Array(101).fill({ Name: 'a' }) }],
    ['has a token of 3,000 characters', { Schedules: [], NextToken: 'x'.repeat(3_000) }],
  ])('is refused where it %s', async (_, answer) => {
    await expect(listFrom(answer)).rejects.toThrow(
      /^The list of schedules of group any is not as the scheduler gives it/,
    );
  });

  it('is refused where it gives the same token for ever', async () => {
    await expect(listFrom({ Schedules: [], NextToken: 'again' })).rejects.toThrow(
      'The list of schedules of group any gives further pages without end.',
    );
  });
});

type Subject = FailingSchedulerSubject & { readonly group: string; readonly schedules: Map<string, SandboxSchedule> };

function startSubject(): Subject {
  const group = `group-${++made}`;
  const schedules = sandbox.putScheduleGroup(group);
  return {
    group,
    schedules,
    scheduler: createScheduler({ client, group, ...ARNS }),
    scheduled: async () => [...schedules.values()].map(textOf),
    async makeForeign(name) {
      schedules.set(name, { Name: name, ...FOREIGN, GroupName: group });
    },
    goDown: () => sandbox.inject({ service: 'scheduler', kind: 'down' }),
  };
}

const FOREIGN = {
  ScheduleExpression: 'cron(0 3 * * ? *)',
  ScheduleExpressionTimezone: 'UTC',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn: 'arn:aws:lambda:eu-west-1:000000000000:function:backup', RoleArn: ARNS.roleArn },
} as const;

function textOf({ ScheduleExpression, ScheduleExpressionTimezone: timezone, Target }: SandboxSchedule): string {
  const { account = '' } = inspectionRequestSchema.parse(JSON.parse(Target.Input ?? ''));
  return scheduleText({ account, cron: EXPRESSIONS[ScheduleExpression] ?? ScheduleExpression, timezone });
}
