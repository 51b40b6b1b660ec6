import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTimer } from '../../../adapters/scheduler/timer.ts';
import { type InspectionRequest, inspectionRequestSchema } from '../../../core/model/message.ts';
import { SchedulerError } from '../../../core/ports/errors.ts';
import type { Timer } from '../../../core/ports/scheduler.ts';
import type { SandboxSchedule } from '../../../sandbox/aws/scheduler-endpoint.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';

const REQUEST: InspectionRequest = {
  version: 1,
  tenant: 'acme',
  provider: 'aws',
  account: '111122223333',
  regions: ['eu-west-1'],
  trigger: 'scaling',
  scaling: { group: 'web', at: '2026-11-20T12:00:00Z' },
};

let sandbox: Sandbox;
let client: SchedulerClient;
let schedules: Map<string, SandboxSchedule>;
let timer: Timer;

beforeAll(async () => {
  sandbox = await startSandbox();
  sandbox.now = NOON;
  client = new SchedulerClient({ ...sandbox.inProcess('eu-west-1'), maxAttempts: 1 });
});
beforeEach(() => {
  schedules = sandbox.putScheduleGroup('checks');
  timer = createTimer({
    client,
    group: 'checks',
    queueArn: 'arn:aws:sqs:eu-west-1:000000000000:requests',
    roleArn: 'arn:aws:iam::000000000000:role/plimsoll-schedules',
    deadLetterArn: 'arn:aws:sqs:eu-west-1:000000000000:schedules-dead',
  });
});
afterAll(async () => {
  client.destroy();
  await sandbox.close();
});

describe('a timer over EventBridge Scheduler', () => {
  it('makes a schedule that sends the request once and is deleted then', async () => {
    await timer.sendAt(NOON + HOUR, REQUEST);

    const [schedule] = schedules.values();
    expect(schedule).toMatchObject({
      ScheduleExpression: 'at(2026-11-20T13:00:00)',
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'DELETE',
    });
    expect(inspectionRequestSchema.parse(JSON.parse(schedule?.Target.Input ?? ''))).toEqual(REQUEST);
  });

  it('takes the same request at the same time as one, and any other as another', async () => {
    await Promise.all([1, 2, 3].map(() => timer.sendAt(NOON + HOUR, REQUEST)));
    expect(schedules.size).toBe(1);

    await timer.sendAt(NOON + 2 * HOUR, REQUEST);
    await timer.sendAt(NOON + HOUR, { ...REQUEST, regions: ['eu-west-2'] });

    expect(schedules.size).toBe(3);
  });

  it('never sends before the time, which the scheduler takes in seconds', async () => {
    await timer.sendAt(NOON + 1, REQUEST);

    expect([...schedules.values()].map(({ ScheduleExpression }) => ScheduleExpression)).toEqual([
      'at(2026-11-20T12:00:01)',
    ]);
  });

  it('throws where the time is over', async () => {
    const sent = timer.sendAt(NOON - HOUR, REQUEST);

    await expect(sent).rejects.toThrow(SchedulerError);
    await expect(sent).rejects.toThrow(
      /^The one-time request of tenant acme for at\(2026-11-20T11:00:00\) UTC could not be made/,
    );
  });
});
