/** What the functions that put schedules right have in common. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { createConfigStore } from '../adapters/dynamodb/config-store.ts';
import { createScheduler } from '../adapters/scheduler/scheduler.ts';
import type { ReconcilePorts } from '../core/tenants/reconcile-schedules.ts';
import type { SchedulesVariables } from './environment.ts';

export function openSchedulePorts(variables: SchedulesVariables): ReconcilePorts {
  const settings = { region: variables.AWS_REGION, ...BOUNDED_WAIT };
  return {
    configs: createConfigStore({ client: new DynamoDBClient(settings), table: variables.CONFIGS_TABLE }),
    scheduler: createScheduler({
      client: new SchedulerClient(settings),
      group: variables.SCHEDULE_GROUP,
      queueArn: variables.REQUEST_QUEUE_ARN,
      roleArn: variables.SCHEDULE_ROLE_ARN,
      deadLetterArn: variables.SCHEDULE_DEAD_LETTER_ARN,
    }),
  };
}
