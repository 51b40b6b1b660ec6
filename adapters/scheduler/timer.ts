/** One-time requests over EventBridge Scheduler: schedules that are deleted when they have sent. */
import type { Timer } from '../../core/ports/scheduler.ts';
import { create, type SchedulerOptions, targetOf } from './create.ts';
import { atExpression } from './expression.ts';
import { scheduleName } from './name.ts';

/** A comparison at an age of half an hour is of use for as long again. */
const MAX_AGE_SECONDS = 30 * 60;

/** Not reached before the age is: the scheduler waits longer after each attempt. */
const MAX_RETRIES = 30;

/** @param options A group of its own: schedules of accounts are put right against configs, and these have none. */
export function createTimer(options: SchedulerOptions): Timer {
  return {
    async sendAt(at, request) {
      const { tenant, provider = '', account = '' } = request;
      const retries = { MaximumEventAgeInSeconds: MAX_AGE_SECONDS, MaximumRetryAttempts: MAX_RETRIES };
      const definition = {
        ScheduleExpression: atExpression(at),
        ScheduleExpressionTimezone: 'UTC',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: targetOf(options, request, retries),
      } as const;
      const { text } = scheduleName(tenant, [provider, account], definition);
      const subject = `The one-time request of tenant ${tenant} for ${definition.ScheduleExpression} UTC`;
      await create(options, { Name: text, ...definition }, subject);
    },
  };
}
