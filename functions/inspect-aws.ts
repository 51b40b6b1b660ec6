/** Inspects the AWS accounts that the messages on its queue name. */
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse } from 'aws-lambda';
import { BOUNDED_WAIT } from '../adapters/aws-client.ts';
import { roleCredentials } from '../adapters/aws-credentials.ts';
import { cloudwatchSource } from '../adapters/cloudwatch/source.ts';
import { createConfigStore } from '../adapters/dynamodb/config-store.ts';
import { createIncidentStore } from '../adapters/dynamodb/incident-store.ts';
import { createRunLog } from '../adapters/dynamodb/run-log.ts';
import { createPublisher } from '../adapters/sns/publisher.ts';
import { createInspectionQueue } from '../adapters/sqs.ts';
import type { InspectionPorts } from '../inspection/run-inspection.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { type InvocationContext, inspectMessages } from './inspect-messages.ts';

const logger = new Logger();

/** Made on the first event and kept while the function is warm: connections and assumed roles are reused. */
let ports: InspectionPorts | undefined;

export async function handler(event: unknown, context: InvocationContext): Promise<SQSBatchResponse> {
  ports ??= openPorts(readEnvironment());
  return inspectMessages(event, { ports, logger, context, now: Date.now() });
}

/** The ports of this function over AWS. `endpoint` is the SDK's own business (AWS_ENDPOINT_URL). */
export function openPorts(environment: Environment, wait = BOUNDED_WAIT): InspectionPorts {
  const { AWS_REGION: region, TABLE: table, TOPIC_ARN_PREFIX: topicArnPrefix } = environment;
  const dynamodb = { client: new DynamoDBClient({ region, ...wait }), table };
  const credentialsFor = roleCredentials({ client: { region, ...wait } });
  return {
    configs: createConfigStore(dynamodb),
    incidents: createIncidentStore(dynamodb),
    runs: createRunLog(dynamodb),
    publisher: createPublisher({ client: new SNSClient({ region, ...wait }), topicArnPrefix }),
    queue: createInspectionQueue({
      client: new SQSClient({ region, ...wait }),
      queueUrl: environment.INSPECT_QUEUE_URL,
      deadLetterQueueUrl: environment.DEAD_LETTER_QUEUE_URL,
    }),
    openSource({ config: { tenant }, externalId }, { account, role }, accountRegion) {
      const credentials = credentialsFor({ role, externalId, tenant });
      return cloudwatchSource({ account, region: accountRegion, client: { credentials } });
    },
  };
}
