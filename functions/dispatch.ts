/** Turns requests for inspections into one message for each account and region, on the queue of its provider. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse } from 'aws-lambda';
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { createConfigStore } from '../adapters/dynamodb/config-store.ts';
import { createRequestLog } from '../adapters/dynamodb/request-log.ts';
import { createInspectionQueue } from '../adapters/sqs/inspection-queue.ts';
import { type DispatchMessagesPorts, dispatchMessages } from './dispatch-messages.ts';
import { type DispatchVariables, dispatchVariables } from './environment.ts';
import { createLogger } from './log.ts';

const logger = createLogger();

/** Made on the first event and kept while the function is warm: connections are reused. */
let ports: DispatchMessagesPorts | undefined;

export async function handler(event: unknown): Promise<SQSBatchResponse> {
  ports ??= openPorts(dispatchVariables());
  return dispatchMessages(event, { ports, logger, now: Date.now() });
}

export function openPorts(variables: DispatchVariables): DispatchMessagesPorts {
  const { AWS_REGION: region, CONFIGS_TABLE, TABLE, DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl } = variables;
  const dynamodb = new DynamoDBClient({ region, ...BOUNDED_WAIT });
  const client = new SQSClient({ region, ...BOUNDED_WAIT });
  const queueAt = (queueUrl: string) => createInspectionQueue({ client, queueUrl, deadLetterQueueUrl });
  const aws = queueAt(variables.INSPECT_AWS_QUEUE_URL);
  const gcp = queueAt(variables.INSPECT_GCP_QUEUE_URL);
  const azure = queueAt(variables.INSPECT_AZURE_QUEUE_URL);
  const prometheus = queueAt(variables.INSPECT_PROMETHEUS_QUEUE_URL);
  const otlp = queueAt(variables.INSPECT_OTLP_QUEUE_URL);
  return {
    configs: createConfigStore({ client: dynamodb, table: CONFIGS_TABLE }),
    requests: createRequestLog({ client: dynamodb, table: TABLE }),
    queues: { aws, gcp, azure, prometheus, otlp },
    // Each of them has the same dead-letter queue.
    deadLetters: aws,
  };
}
