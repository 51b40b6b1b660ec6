/**
 * The ports of an inspect function over AWS: the table, the bucket, the topics and the queue. The functions differ in the source
 * that they open.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { BOUNDED_WAIT, type ClientWait } from '../adapters/aws/client.ts';
import { createConfigStore } from '../adapters/dynamodb/config-store.ts';
import { createEventLog } from '../adapters/dynamodb/event-log.ts';
import { createIncidentList } from '../adapters/dynamodb/incident-list.ts';
import { createIncidentStore } from '../adapters/dynamodb/incident-store.ts';
import { createLabelStore } from '../adapters/dynamodb/tenant-items.ts';
import { createAnomalyResultsStore } from '../adapters/s3/anomaly-results-store.ts';
import { createPointStateStore } from '../adapters/s3/point-state-store.ts';
import { createPublisher } from '../adapters/sns/publisher.ts';
import { createInspectionQueue } from '../adapters/sqs/inspection-queue.ts';
import { replayRegion } from '../core/backtest/replay-region.ts';
import type { HostReadPorts } from '../core/inspection/answer-host-read.ts';
import { createHostChoice } from '../core/inspection/choose-hosts.ts';
import type { InspectionPorts } from '../core/inspection/inspect-regions.ts';
import { readExclusions } from '../core/inspection/not-learned-from.ts';
import { isDeepReadPutOff } from '../core/inspection/slot-cadence.ts';
import type { AccountProvider } from '../core/model/series.ts';
import type { Account, StoredTenant } from '../core/model/tenant.ts';
import type { RunJobPorts } from '../core/points/run-job.ts';
import type { MemorySource } from '../core/ports/memory-source.ts';
import { createAlertPolicy } from './alert-policy.ts';
import { createClosePorts } from './close-ports.ts';
import type { InspectVariables } from './environment.ts';
import { createWeights } from './evaluator-weights.ts';
import { openMessageContext } from './message-context.ts';

/** What an inspect function inspects with, and reads hosts with. */
export type InspectPorts = InspectionPorts & HostReadPorts & RunJobPorts;

type AccountOf<P extends AccountProvider> = Extract<Account, { provider: P }>;

/** Makes the source of one region of an account of the function's own provider. */
export type OpenSource<P extends AccountProvider> = (
  tenant: StoredTenant,
  account: AccountOf<P>,
  region: string,
) => MemorySource;

/**
 * Made once and kept while a function is warm. The SDK's clients find their endpoints themselves (AWS_ENDPOINT_URL).
 *
 * @param wait How long these clients wait for an answer.
 */
export function createPorts<P extends AccountProvider>(
  variables: InspectVariables,
  provider: P,
  openSource: OpenSource<P>,
  wait: ClientWait = BOUNDED_WAIT,
): InspectPorts {
  const { AWS_REGION: region, TABLE: table, TOPIC_ARN_PREFIX: topicArnPrefix } = variables;
  const dynamodb = { client: new DynamoDBClient({ region, ...wait }), table };
  const s3 = { client: new S3Client({ region, ...wait }), bucket: variables.RESULTS_BUCKET };
  const configs = createConfigStore({ ...dynamodb, table: variables.CONFIGS_TABLE });
  const incidents = createIncidentStore(dynamodb);
  const closePorts = createClosePorts(dynamodb, s3);
  const past = { incidents: createIncidentList(dynamodb), labels: createLabelStore(dynamodb) };
  return {
    ...closePorts,
    configs,
    incidents,
    log: createEventLog({ ...dynamodb, keptDays: Number(variables.EVENTS_DAYS) }),
    decide: createAlertPolicy(dynamodb, { configs, incidents }),
    contextOf: openMessageContext(dynamodb, configs, {
      stage: variables.STAGE,
      function: `inspect-${provider}`,
      provider,
    }),
    dueHosts: createHostChoice({ configs, incidents, ...closePorts }),
    weeks: {
      baselines: closePorts.baselines,
      exclusions: (run, since) => readExclusions(run, since, past),
      isPutOff: (tenant) => isDeepReadPutOff(tenant, closePorts.spend),
    },
    pointStates: createPointStateStore(s3),
    anomalyResults: createAnomalyResultsStore(s3),
    weightsOf: createWeights(dynamodb),
    provider,
    replay: replayRegion,
    publisher: createPublisher({
      client: new SNSClient({ region, ...wait }),
      topicArnPrefix,
      stage: variables.STAGE,
    }),
    queue: createInspectionQueue({
      client: new SQSClient({ region, ...wait }),
      queueUrl: variables.INSPECT_QUEUE_URL,
      deadLetterQueueUrl: variables.DEAD_LETTER_QUEUE_URL,
    }),
    openSource(tenant, account, accountRegion) {
      if (!isOf(account, provider))
        throw new Error(`A message for ${account.provider} came on the queue of ${provider}`);
      return openSource(tenant, account, accountRegion);
    },
  };
}

function isOf<P extends AccountProvider>(account: Account, provider: P): account is AccountOf<P> {
  return account.provider === provider;
}
