/** What the API needs, over AWS: of each tenant with credentials that reach this tenant alone. */
import { randomUUID } from 'node:crypto';
import type { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { LRUCache } from 'lru-cache';
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import type { CredentialProvider } from '../adapters/aws/credentials.ts';
import type { TenantResources } from '../adapters/aws/tenant-policy.ts';
import { createTenantSessions } from '../adapters/aws/tenant-session.ts';
import { createAccessStore } from '../adapters/dynamodb/access-store.ts';
import { createAuditLog } from '../adapters/dynamodb/audit-log.ts';
import { createConfigStore } from '../adapters/dynamodb/config-store.ts';
import { createDeletedTenants } from '../adapters/dynamodb/deleted-tenants.ts';
import { createEventLog } from '../adapters/dynamodb/event-log.ts';
import { createHealthStore } from '../adapters/dynamodb/health-store.ts';
import { createIncidentList } from '../adapters/dynamodb/incident-list.ts';
import { createIncidentStore } from '../adapters/dynamodb/incident-store.ts';
import { createIngestTokenStore } from '../adapters/dynamodb/ingest-token-store.ts';
import { createRecordingStore } from '../adapters/dynamodb/recording-store.ts';
import { createRequestLog } from '../adapters/dynamodb/request-log.ts';
import { createRunLog } from '../adapters/dynamodb/run-log.ts';
import { createScalingLog } from '../adapters/dynamodb/scaling-log.ts';
import { createSpendStore } from '../adapters/dynamodb/spend-store.ts';
import { createLabelStore, createMuteStore } from '../adapters/dynamodb/tenant-items.ts';
import { listTenants } from '../adapters/dynamodb/tenant-list.ts';
import { createLambdaHostReader, READER_WAIT } from '../adapters/lambda/host-reader.ts';
import { customQueryIssue } from '../adapters/promql/custom-queries.ts';
import { createAnomalyResultsStore } from '../adapters/s3/anomaly-results-store.ts';
import { createPointStateStore } from '../adapters/s3/point-state-store.ts';
import { createRecordedSamples } from '../adapters/s3/recorded-samples.ts';
import { createResultsStore } from '../adapters/s3/results-store.ts';
import { createPublisher } from '../adapters/sns/publisher.ts';
import { createTopicSubscriptions } from '../adapters/sns/subscriptions.ts';
import { createRequestQueue } from '../adapters/sqs/inspection-queue.ts';
import type { SignInView } from '../api/contract/tenants.ts';
import type { ApiPorts, TenantPorts } from '../api/ports.ts';
import type { AccessStore } from '../core/ports/access-store.ts';
import type { HostReader } from '../core/ports/host-reader.ts';
import type { ApiVariables } from './environment.ts';

/** Tenants whose clients a warm function keeps, with their credentials. */
const MAX_TENANTS = 200;

export interface OpenedApi {
  readonly ports: ApiPorts;
  readonly access: AccessStore;
}

export function openApiPorts(variables: ApiVariables, logger: Pick<Logger, 'error'>): OpenedApi {
  const { AWS_REGION: region, CONFIGS_TABLE } = variables;
  const client = new DynamoDBClient({ region, ...BOUNDED_WAIT });
  const ofConfigs = { client, table: CONFIGS_TABLE };
  const access = createAccessStore(ofConfigs);
  const sessions = createTenantSessions({
    sts: new STSClient({ region, ...BOUNDED_WAIT }),
    role: variables.TENANT_ROLE_ARN,
    resources: resourcesOf(variables),
  });
  // By the function's own role: a session of a tenant invokes nothing, and the inspect function reads by the tenant of the request.
  const hostReader = createLambdaHostReader({
    client: new LambdaClient({ region, ...READER_WAIT }),
    functionOf: (provider) => variables.INSPECT_FUNCTION_PREFIX + provider,
  });
  // Of all tenants: a tenant that is no longer kept leaves no connection open. Credentials are each request's own.
  const shared: Shared = { hostReader, requestHandler: client.config.requestHandler };
  const opened = new LRUCache<string, TenantPorts>({ max: MAX_TENANTS });
  const ports: ApiPorts = {
    async forTenant(tenant, use) {
      const key = `${use} ${tenant}`;
      const known = opened.get(key) ?? openTenant(variables, sessions(tenant, use), shared);
      opened.set(key, known);
      return known;
    },
    async *tenants() {
      // Names stand in configs, of which this function's own role reads none.
      for await (const tenant of listTenants(ofConfigs)) yield { tenant, name: null };
    },
    access,
    signIn: () => signInOf(variables),
    now: Date.now,
    newId: randomUUID,
    onFault: (error, { request, route }) => logger.error('A request to the API failed.', { request, route, error }),
  };
  return { ports, access };
}

interface Shared {
  readonly hostReader: HostReader;
  readonly requestHandler: DynamoDBClient['config']['requestHandler'];
}

function openTenant(
  variables: ApiVariables,
  credentials: CredentialProvider,
  { hostReader, requestHandler }: Shared,
): TenantPorts {
  const { AWS_REGION: region, TABLE, CONFIGS_TABLE, RESULTS_BUCKET: bucket, TOPIC_ARN_PREFIX } = variables;
  const settings = { region, credentials, requestHandler };
  const client = new DynamoDBClient(settings);
  const sns = new SNSClient(settings);
  const s3 = new S3Client(settings);
  const ofTable = { client, table: TABLE };
  const ofConfigs = { client, table: CONFIGS_TABLE };
  return {
    configs: createConfigStore(ofConfigs),
    deleted: createDeletedTenants(ofConfigs),
    publisher: createPublisher({
      client: sns,
      topicArnPrefix: TOPIC_ARN_PREFIX,
      key: variables.KEY_ARN,
      relayQueueArn: variables.RELAY_QUEUE_ARN,
    }),
    queryCheck: customQueryIssue,
    subscriptions: createTopicSubscriptions(sns, TOPIC_ARN_PREFIX),
    incidents: createIncidentStore(ofTable),
    list: createIncidentList(ofTable),
    log: createEventLog({ ...ofTable, keptDays: Number(variables.EVENTS_DAYS) }),
    mutes: createMuteStore(ofTable),
    labels: createLabelStore(ofTable),
    recordings: createRecordingStore(ofTable),
    recorded: createRecordedSamples({ client: s3, bucket, narrowed: true }),
    health: createHealthStore(ofTable),
    spend: createSpendStore(ofTable),
    runs: createRunLog(ofTable),
    results: createResultsStore({ client: s3, bucket, narrowed: true }),
    anomalyResults: createAnomalyResultsStore({ client: s3, bucket, narrowed: true }),
    pointStates: createPointStateStore({ client: s3, bucket, narrowed: true }),
    requests: createRequestLog(ofTable),
    scaling: createScalingLog(ofTable),
    queue: createRequestQueue({ client: new SQSClient(settings), queueUrl: variables.REQUEST_QUEUE_URL }),
    hostReader,
    ingestTokens: createIngestTokenStore(ofTable),
    audit: createAuditLog(ofTable),
  };
}

/** ARNs follow from the prefix of topics, which is one of this account and region. */
function resourcesOf({
  TABLE,
  CONFIGS_TABLE,
  RESULTS_BUCKET,
  KEY_ARN,
  REQUEST_QUEUE_URL,
  TOPIC_ARN_PREFIX,
}: ApiVariables): TenantResources {
  const [, partition, , region, account] = TOPIC_ARN_PREFIX.split(':');
  const arnOf = (service: string, name: string) => `arn:${partition}:${service}:${region}:${account}:${name}`;
  return {
    tableArn: arnOf('dynamodb', `table/${TABLE}`),
    configsTableArn: arnOf('dynamodb', `table/${CONFIGS_TABLE}`),
    bucketArn: `arn:${partition}:s3:::${RESULTS_BUCKET}`,
    keyArn: KEY_ARN,
    topicArnPrefix: TOPIC_ARN_PREFIX,
    requestQueueArn: arnOf('sqs', new URL(REQUEST_QUEUE_URL).pathname.split('/').at(-1) ?? ''),
  };
}

function signInOf({ API_ISSUERS, VERSION, STAGE }: ApiVariables): SignInView {
  const issuers = API_ISSUERS.map(({ issuer, name, clientId, scopes }) => ({ issuer, name, clientId, scopes }));
  return { mode: 'oidc', issuers, version: VERSION, stage: STAGE ?? null, simulated: null };
}
