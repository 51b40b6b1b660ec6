/** Keeps the scaling events of tenants' groups, and schedules the comparisons of their new hosts. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse } from 'aws-lambda';
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { createConfigStore } from '../adapters/dynamodb/config-store.ts';
import { createScalingLog } from '../adapters/dynamodb/scaling-log.ts';
import { createTimer } from '../adapters/scheduler/timer.ts';
import { createInspectionQueue } from '../adapters/sqs/inspection-queue.ts';
import { type OnScalingVariables, onScalingVariables } from './environment.ts';
import { createLogger } from './log.ts';
import { createMetrics, type EmitMetrics } from './metrics.ts';
import { type OnScalingPorts, onScalingMessages } from './on-scaling-messages.ts';

const logger = createLogger();

/** Made on the first event and kept while the function is warm: connections are reused. */
let ports: OnScalingPorts | undefined;
let metrics: EmitMetrics | undefined;

export async function handler(event: unknown): Promise<SQSBatchResponse> {
  ports ??= openPorts(onScalingVariables());
  metrics ??= createMetrics({ stage: onScalingVariables().STAGE, function: 'on-scaling' });
  return onScalingMessages(event, { ports, logger, metrics, now: Date.now() });
}

export function openPorts(variables: OnScalingVariables): OnScalingPorts {
  const settings = { region: variables.AWS_REGION, ...BOUNDED_WAIT };
  const dynamodb = new DynamoDBClient(settings);
  const deadLetterQueueUrl = variables.DEAD_LETTER_QUEUE_URL;
  return {
    configs: createConfigStore({ client: dynamodb, table: variables.CONFIGS_TABLE }),
    log: createScalingLog({ client: dynamodb, table: variables.TABLE }),
    timer: createTimer({
      client: new SchedulerClient(settings),
      group: variables.CHECK_SCHEDULE_GROUP,
      queueArn: variables.REQUEST_QUEUE_ARN,
      roleArn: variables.SCHEDULE_ROLE_ARN,
      deadLetterArn: variables.SCHEDULE_DEAD_LETTER_ARN,
    }),
    // Nothing is sent but what is put aside.
    deadLetters: createInspectionQueue({
      client: new SQSClient(settings),
      queueUrl: deadLetterQueueUrl,
      deadLetterQueueUrl,
    }),
  };
}
