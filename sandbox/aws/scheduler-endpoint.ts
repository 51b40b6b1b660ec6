/**
 * EventBridge Scheduler: schedules are made, listed, read and deleted, and never fire. What AWS refuses is refused.
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html
 */
import * as z from 'zod';
import type { Answer } from '../wire/answer.ts';
import { errorAnswer, restJsonAnswer } from './answers.ts';
import type { SandboxRequest } from './request.ts';
import { parseSchedulerCron } from './scheduler-cron.ts';

const nameSchema = z.string().regex(/^[0-9a-zA-Z-_.]{1,64}$/);
const arnSchema = z
  .string()
  .max(1600)
  .regex(/^arn:aws[a-z-]*:[^:]*:[^:]*:[^:]*:.+$/);

const scheduleSchema = z.strictObject({
  GroupName: nameSchema.default('default'),
  ScheduleExpression: z.string().min(1).max(256),
  ScheduleExpressionTimezone: z.string().min(1).max(50).default('UTC'),
  FlexibleTimeWindow: z.discriminatedUnion('Mode', [
    z.strictObject({ Mode: z.literal('OFF') }),
    z.strictObject({ Mode: z.literal('FLEXIBLE'), MaximumWindowInMinutes: z.int().min(1).max(1440) }),
  ]),
  ActionAfterCompletion: z.enum(['NONE', 'DELETE']).optional(),
  ClientToken: z.string().min(1).max(64).optional(),
  Target: z.strictObject({
    Arn: arnSchema,
    RoleArn: z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/),
    DeadLetterConfig: z
      .strictObject({ Arn: z.string().regex(/^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]+$/) })
      .optional(),
    RetryPolicy: z
      .strictObject({
        MaximumEventAgeInSeconds: z.int().min(60).max(86_400).optional(),
        MaximumRetryAttempts: z.int().min(0).max(185).optional(),
      })
      .optional(),
    Input: z.string().min(1).optional(),
  }),
});

/** A schedule as it was made. */
export type SandboxSchedule = Omit<z.output<typeof scheduleSchema>, 'ClientToken'> & { readonly Name: string };

/** Schedules by group and name. A group that is not there is not found. */
export type ScheduleGroups = Map<string, Map<string, SandboxSchedule>>;

/** Makes an empty group, and returns what is in it: from now on as it is. */
export function putGroup(groups: ScheduleGroups, name: string): Map<string, SandboxSchedule> {
  const group = new Map<string, SandboxSchedule>();
  groups.set(name, group);
  return group;
}

const MAX_PAGE_SIZE = 100;

const listSchema = z.object({
  ScheduleGroup: nameSchema.optional(),
  NamePrefix: nameSchema.optional(),
  MaxResults: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(MAX_PAGE_SIZE),
  NextToken: z.string().min(1).max(2048).optional(),
});

/** @param now Epoch milliseconds: a one-time schedule has to be later. */
export function answerScheduler(request: SandboxRequest, groups: ScheduleGroups, now: number): Answer {
  const { pathname, searchParams } = new URL(request.path, 'http://sandbox');
  if (request.action === 'ListSchedules') return list(searchParams, groups);
  const name = decodeURIComponent(pathname.split('/')[2] ?? '');
  if (!nameSchema.safeParse(name).success) return invalid(`Value at 'name' failed to satisfy constraint: ${name}`);
  if (request.action === 'CreateSchedule') return create(name, JSON.parse(request.body.toString()), groups, now);
  const group = searchParams.get('groupName') ?? 'default';
  const schedule = groups.get(group)?.get(name);
  if (schedule === undefined) return notFound(`Schedule ${name} does not exist.`);
  if (request.action === 'GetSchedule') return restJsonAnswer(schedule);
  groups.get(group)?.delete(name);
  return restJsonAnswer({});
}

function create(name: string, input: unknown, groups: ScheduleGroups, now: number): Answer {
  const parsed = scheduleSchema.safeParse(input);
  if (!parsed.success) return invalid(z.prettifyError(parsed.error));
  const { ClientToken: _, ...schedule } = parsed.data;
  const refusal = refusalOf(schedule.ScheduleExpression, schedule.ScheduleExpressionTimezone, now);
  if (refusal !== undefined) return invalid(refusal);
  const group = groups.get(schedule.GroupName);
  if (group === undefined) return notFound(`Schedule group ${schedule.GroupName} does not exist.`);
  if (group.has(name)) {
    const message = `Schedule ${name} already exists.`;
    return errorAnswer('scheduler', { status: 409, code: 'ConflictException', message });
  }
  group.set(name, { Name: name, ...schedule });
  return restJsonAnswer({ ScheduleArn: arnOf(schedule.GroupName, name) });
}

function refusalOf(expression: string, zone: string, now: number): string | undefined {
  if (!isZone(zone)) return `Invalid Schedule Expression Timezone ${zone}.`;
  const [, at] = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression) ?? [];
  const isGood = at === undefined ? parseSchedulerCron(expression) !== undefined : Date.parse(`${at}Z`) > now;
  return isGood ? undefined : `Invalid Schedule Expression ${expression}.`;
}

/** Names of the database as they are written: what the runtime takes beyond them is not the scheduler's. */
function isZone(name: string): boolean {
  if (!/^(UTC|[A-Z]\w*\/[A-Z][\w+/-]*)$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function list(query: URLSearchParams, groups: ScheduleGroups): Answer {
  const input = listSchema.safeParse(Object.fromEntries(query));
  if (!input.success) return invalid(z.prettifyError(input.error));
  const { ScheduleGroup: group = 'default', NamePrefix = '', MaxResults, NextToken } = input.data;
  const schedules = groups.get(group);
  if (schedules === undefined) return notFound(`Schedule group ${group} does not exist.`);
  const after = NextToken === undefined ? '' : Buffer.from(NextToken, 'base64url').toString();
  const names = [...schedules.keys()].filter((name) => name.startsWith(NamePrefix) && name > after).sort();
  const page = names.slice(0, MaxResults);
  return restJsonAnswer({
    Schedules: page.map((name) => ({
      Name: name,
      GroupName: group,
      Arn: arnOf(group, name),
      State: 'ENABLED',
      Target: { Arn: schedules.get(name)?.Target.Arn },
    })),
    ...(names.length > page.length && { NextToken: Buffer.from(page.at(-1) ?? '').toString('base64url') }),
  });
}

function arnOf(group: string, name: string): string {
  return `arn:aws:scheduler:eu-west-1:000000000000:schedule/${group}/${name}`;
}

function invalid(message: string): Answer {
  return errorAnswer('scheduler', { status: 400, code: 'ValidationException', message });
}

function notFound(message: string): Answer {
  return errorAnswer('scheduler', { status: 404, code: 'ResourceNotFoundException', message });
}
