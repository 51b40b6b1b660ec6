/**
 * Schedules of inspections over EventBridge Scheduler, one for each account. A schedule is never updated: one that differs has
 * another name. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
 */
import {
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  ListSchedulesCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-scheduler';
import * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import { SchedulerError } from '../../core/ports/errors.ts';
import type { InspectionSchedule, ScheduleName, Scheduler } from '../../core/ports/scheduler.ts';
import { create, type SchedulerOptions, schedulerError, targetOf } from './create.ts';
import { cronExpression } from './expression.ts';
import { namePrefix, parseName, scheduleName } from './name.ts';

/**
 * Minutes after a firing within which the scheduler sends: the hourly schedules of all accounts would otherwise send in the same
 * second. A message stands for the last firing before it was sent, and two firings are at least 15 minutes apart. So the window
 * (5), the precision of the scheduler (1) and the time for retries (8) have to stay below 15 together.
 */
const WINDOW_MINUTES = 5;

/** Later a message would stand for the next firing, which sends one of its own. */
const MAX_AGE_SECONDS = 8 * 60;

/** Not reached before the age is: the scheduler waits longer after each attempt. */
const MAX_RETRIES = 20;

/** Names of a page: the most that ListSchedules gives. */
const PAGE_SIZE = 100;

/** Pages after which the list counts as one without end: ten million schedules are the quota of a region. */
const MAX_PAGES = 100_000;

const pageSchema = z.object({
  Schedules: z.array(z.object({ Name: z.string().min(1).max(64) })).max(PAGE_SIZE),
  NextToken: z.string().max(2048).nullish(),
});
type Page = z.output<typeof pageSchema>;

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { client, group } = options;

  async function pageOf(prefix: string | undefined, token: string | undefined): Promise<Page> {
    const input = { GroupName: group, NamePrefix: prefix, NextToken: token, MaxResults: PAGE_SIZE };
    let answer: unknown;
    try {
      answer = await client.send(new ListSchedulesCommand(input));
    } catch (error) {
      throw schedulerError(`The schedules of group ${group} could not be listed`, error);
    }
    const page = parseInput(pageSchema, answer);
    if (page.success) return page.data;
    const issue = describeIssues(page.error).slice(0, 1).join();
    throw new SchedulerError(`The list of schedules of group ${group} is not as the scheduler gives it: ${issue}.`);
  }

  return {
    nameOf: (schedule) => nameOf(schedule, definitionOf(schedule, options)),

    async *list(tenant) {
      const prefix = tenant === undefined ? undefined : namePrefix(tenant);
      let token: string | undefined;
      for (let pages = 0; pages < MAX_PAGES; pages++) {
        const { Schedules, NextToken } = await pageOf(prefix, token);
        for (const { Name } of Schedules) yield parseName(Name);
        if (!NextToken) return;
        if (NextToken === token) break;
        token = NextToken;
      }
      throw new SchedulerError(`The list of schedules of group ${group} gives further pages without end.`);
    },

    put(schedule) {
      const definition = definitionOf(schedule, options);
      const { tenant, provider, account } = schedule;
      const subject = `The schedule of account ${provider}/${account} of tenant ${tenant}`;
      return create(options, { Name: nameOf(schedule, definition).text, ...definition }, subject);
    },

    remove: (name) => remove(name, options),
  };
}

type Definition = Omit<CreateScheduleCommandInput, 'Name' | 'GroupName'>;

/** All that a schedule does. Its message holds no time: the slot is computed from when the message was sent. */
function definitionOf(
  { tenant, provider, account, cron, timezone }: InspectionSchedule,
  options: SchedulerOptions,
): Definition {
  const retries = { MaximumEventAgeInSeconds: MAX_AGE_SECONDS, MaximumRetryAttempts: MAX_RETRIES };
  return {
    ScheduleExpression: cronExpression(cron),
    ScheduleExpressionTimezone: timezone,
    FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: WINDOW_MINUTES },
    Target: targetOf(options, { version: 1, tenant, provider, account, trigger: 'schedule' }, retries),
  };
}

function nameOf({ tenant, provider, account }: InspectionSchedule, definition: Definition): Required<ScheduleName> {
  return scheduleName(tenant, [provider, account], definition);
}

async function remove({ text }: ScheduleName, { client, group }: SchedulerOptions): Promise<void> {
  try {
    await client.send(new DeleteScheduleCommand({ GroupName: group, Name: text }));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return;
    throw schedulerError(`The schedule ${text} could not be removed from group ${group}`, error);
  }
}
