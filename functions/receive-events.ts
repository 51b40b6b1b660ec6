/** The address of tenants' events: POST and OPTIONS /events/{provider}/{tenant}/{random} of an HTTP API, payload 2.0. */
import type { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { createConfigStore } from '../adapters/dynamodb/config-store.ts';
import { createEventTokens } from '../adapters/event-tokens/verify.ts';
import { createScalingQueue } from '../adapters/sqs/scaling-queue.ts';
import { type ReceiveEventsVariables, receiveEventsVariables } from './environment.ts';
import { createLogger } from './log.ts';
import { type ReceivePorts, receiveEvent } from './receive-event.ts';

const logger = createLogger();

/** Made on the first event and kept while the function is warm: connections and the issuers' keys are reused. */
let ports: ReceivePorts | undefined;

export async function handler(event: unknown): Promise<APIGatewayProxyStructuredResultV2> {
  ports ??= openPorts(receiveEventsVariables());
  return answerEvent(event, { ports, logger, now: Date.now() });
}

export interface AnswerOptions {
  readonly ports: ReceivePorts;
  readonly logger: Logger;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Never throws: an error's text would be in the answer of a test invocation, and the log has it. */
export async function answerEvent(
  event: unknown,
  { ports: receiving, logger: log, now }: AnswerOptions,
): Promise<APIGatewayProxyStructuredResultV2> {
  try {
    const { status: statusCode, headers, body, reason, tenant, isDropped } = await receiveEvent(event, receiving, now);
    if (isDropped) log.error('Dropped events of a known sender.', { tenant, reason });
    else if (statusCode < 300) log.info('Received a request with events.', { tenant, reason });
    else log.warn('Refused a request with events.', { tenant, reason, statusCode });
    return { statusCode, ...(headers && { headers: { ...headers } }), ...(body !== undefined && { body }) };
  } catch (error) {
    log.error('A request with events failed; its sender tries again.', { error });
    return { statusCode: 503 };
  }
}

export function openPorts(variables: ReceiveEventsVariables): ReceivePorts {
  const { AWS_REGION: region, CONFIGS_TABLE: table, SCALING_QUEUE_URL: queueUrl } = variables;
  // One try each: the function has twenty seconds, and whoever sent the event sends it again.
  const settings = { region, ...BOUNDED_WAIT, maxAttempts: 1 };
  return {
    configs: createConfigStore({ client: new DynamoDBClient(settings), table }),
    tokens: createEventTokens(),
    queue: createScalingQueue({ client: new SQSClient(settings), queueUrl }),
  };
}
