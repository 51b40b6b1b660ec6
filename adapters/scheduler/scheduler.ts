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
import { cronExpression, minutesApart } from './expression.ts';
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

/**
 * A job takes in what is new, whenever it is sent: its request may be late. One that could not be sent for a minute is followed by the next.
 */
const MAX_AGE_SECONDS_OF_JOB = 60;

/** Minutes between requests of a job from which they are spread as those of accounts are. */
const SPREAD_FROM_MINUTES = 15;

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
      const { tenant, provider, account, job } = schedule;
      const of = job === undefined ? '' : `job ${job} of `;
      const subject = `The schedule of ${of}account ${provider}/${account} of tenant ${tenant}`;
      return create(options, { Name: nameOf(schedule, definition).text, ...definition }, subject);
    },

    remove: (name) => remove(name, options),
  };
}

type Definition = Omit<CreateScheduleCommandInput, 'Name' | 'GroupName'>;

/** All that a schedule does. Its message holds no time: the slot is computed from when the message was sent. */
function definitionOf(schedule: InspectionSchedule, options: SchedulerOptions): Definition {
  const { tenant, provider, account, cron, timezone, job } = schedule;
  const age = job === undefined ? MAX_AGE_SECONDS : MAX_AGE_SECONDS_OF_JOB;
  const retries = { MaximumEventAgeInSeconds: age, MaximumRetryAttempts: MAX_RETRIES };
  const request = {
    version: 1,
    tenant,
    provider,
    account,
    trigger: 'schedule',
    ...(job !== undefined && { job }),
  } as const;
  return {
    ScheduleExpression: cronExpression(cron),
    ScheduleExpressionTimezone: timezone,
    FlexibleTimeWindow: isSpread(schedule)
      ? { Mode: 'FLEXIBLE', MaximumWindowInMinutes: WINDOW_MINUTES }
      : { Mode: 'OFF' },
    Target: targetOf(options, request, retries),
  };
}

function isSpread({ job, cron }: InspectionSchedule): boolean {
  return job === undefined || minutesApart(cron) >= SPREAD_FROM_MINUTES;
}

function nameOf(
  { tenant, provider, account, job }: InspectionSchedule,
  definition: Definition,
): Required<ScheduleName> {
  return scheduleName(tenant, job === undefined ? [provider, account] : [provider, account, job], definition);
}

async function remove({ text }: ScheduleName, { client, group }: SchedulerOptions): Promise<void> {
  try {
    await client.send(new DeleteScheduleCommand({ GroupName: group, Name: text }));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return;
    throw schedulerError(`The schedule ${text} could not be removed from group ${group}`, error);
  }
}
