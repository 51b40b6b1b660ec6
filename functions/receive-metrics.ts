/** The address of hosts that send samples: POST /v1/metrics and GET /v1/selections of an HTTP API, payload 2.0. */
import type { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { createConfigStore } from '../adapters/dynamodb/config-store.ts';
import { createIngestTokenStore } from '../adapters/dynamodb/ingest-token-store.ts';
import { createRecordingStore } from '../adapters/dynamodb/recording-store.ts';
import { createMetricsReader } from '../adapters/otlp/reader.ts';
import { createSampleQueue } from '../adapters/sqs/sample-queue.ts';
import { SenderVerifier } from '../core/ingest/verify.ts';
import { answerSender, type SenderPorts } from './answer-sender.ts';
import { type ReceiveMetricsVariables, receiveMetricsVariables } from './environment.ts';
import { createLogger } from './log.ts';
import { createMetrics, type EmitMetrics } from './metrics.ts';
import { createSelectionSource } from './selection-source.ts';
import { createSenderAccounts } from './sender-accounts.ts';

const logger = createLogger();

interface Opened {
  readonly ports: SenderPorts;
  readonly emit: EmitMetrics;
}

/** Made on the first request and kept while the function is warm: connections are reused, and tokens are verified once a minute. */
let opened: Opened | undefined;

export async function handler(event: unknown): Promise<APIGatewayProxyStructuredResultV2> {
  opened ??= open(receiveMetricsVariables());
  return answerOrFail(event, { ...opened, logger, now: Date.now() });
}

export interface AnswerOptions extends Opened {
  readonly logger: Logger;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Never throws: an error's text would be in the answer of a test invocation, and the log has it. */
async function answerOrFail(event: unknown, options: AnswerOptions): Promise<APIGatewayProxyStructuredResultV2> {
  try {
    return await answerSender(event, options);
  } catch (error) {
    options.logger.error('A request of a sender failed; it is sent again.', { error });
    options.emit({ SendersRefused: 1 });
    return { statusCode: 503, headers: { 'retry-after': '30' } };
  }
}

function open({ STAGE: stage, ...variables }: ReceiveMetricsVariables): Opened {
  return { ports: openPorts(variables), emit: createMetrics({ stage, function: 'receive-metrics' }) };
}

function openPorts(variables: Omit<ReceiveMetricsVariables, 'STAGE'>): SenderPorts {
  const { AWS_REGION: region, CONFIGS_TABLE, TABLE, SAMPLE_QUEUE_URL: queueUrl } = variables;
  // Two tries: a sender waits for some seconds, and sends again.
  const settings = { region, ...BOUNDED_WAIT, maxAttempts: 2 };
  const client = new DynamoDBClient(settings);
  const verifier = new SenderVerifier({
    tokens: createIngestTokenStore({ client, table: TABLE }),
    accounts: createSenderAccounts(createConfigStore({ client, table: CONFIGS_TABLE })),
  });
  return {
    verifier,
    reader: createMetricsReader(),
    queue: createSampleQueue({ client: new SQSClient(settings), queueUrl }),
    selections: createSelectionSource(createRecordingStore({ client, table: TABLE })),
  };
}
