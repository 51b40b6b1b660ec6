/** What schedules of inspections and one-time ones have in common: where they send, and how they are made. */
import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler';
import type { InspectionRequest } from '../../core/model/message.ts';
import type { UnreadableReason } from '../../core/model/series.ts';
import { SchedulerError } from '../../core/ports/errors.ts';
import { failureOf, lacksCredentials } from '../aws/errors.ts';

export interface SchedulerOptions {
  readonly client: SchedulerClient;
  /** The schedule group: of this deployment alone, because what has no config is removed from it. */
  readonly group: string;
  /** The queue that gets the requests. */
  readonly queueArn: string;
  /** The role that the scheduler assumes to send to both queues. */
  readonly roleArn: string;
  /** The queue of requests that could not be sent. */
  readonly deadLetterArn: string;
}

type Target = NonNullable<CreateScheduleCommandInput['Target']>;
type RetryPolicy = NonNullable<Target['RetryPolicy']>;

/** The target of a schedule: the queue, with the request as its message. */
export function targetOf(options: SchedulerOptions, request: InspectionRequest, retries: RetryPolicy): Target {
  return {
    Arn: options.queueArn,
    RoleArn: options.roleArn,
    DeadLetterConfig: { Arn: options.deadLetterArn },
    RetryPolicy: retries,
    Input: JSON.stringify(request),
  };
}

/** Makes a schedule. One of the same name exists with the same content: the name holds its hash. */
export async function create(
  { client, group }: SchedulerOptions,
  input: CreateScheduleCommandInput,
  subject: string,
): Promise<void> {
  try {
    await client.send(new CreateScheduleCommand({ ...input, GroupName: group }));
  } catch (error) {
    if (error instanceof ConflictException) return;
    throw schedulerError(`${subject} could not be made in group ${group}`, error);
  }
}

const ADVICE: Partial<Record<UnreadableReason, string>> = {
  denied:
    'Check that the role of this function may use the schedules of the group and pass the role that sends (iam:PassRole).',
  malformed: 'Check the schedule in the tenant’s config, the group and the ARNs of the stack.',
};

export function schedulerError(what: string, cause: unknown): SchedulerError {
  const { detail, reason, retryable } = failureOf(cause);
  const advice = lacksCredentials(cause) ? '' : (ADVICE[reason] ?? (retryable ? 'It is tried again later.' : ''));
  return new SchedulerError(`${what}: ${detail.replace(/\.$/, '')}. ${advice}`.trimEnd(), { cause });
}
