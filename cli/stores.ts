/** The stores and the publisher of a deployment, as the command line reaches them: with the user's own credentials. */
import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createAccessStore } from '../adapters/dynamodb/access-store.ts';
import { createAuditLog } from '../adapters/dynamodb/audit-log.ts';
import { createConfigStore } from '../adapters/dynamodb/config-store.ts';
import { createDeletedTenants } from '../adapters/dynamodb/deleted-tenants.ts';
import { createDeliveryLog } from '../adapters/dynamodb/delivery-log.ts';
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
import { createTenantData } from '../adapters/dynamodb/tenant-data.ts';
import { createLabelStore, createMuteStore, createTuningStore } from '../adapters/dynamodb/tenant-items.ts';
import { createPublisher } from '../adapters/sns/publisher.ts';
import { createTopicSubscriptions } from '../adapters/sns/subscriptions.ts';
import { createRequestQueue } from '../adapters/sqs/inspection-queue.ts';
import type { AccessStore } from '../core/ports/access-store.ts';
import type { AnomalyResultsStore } from '../core/ports/anomaly-results-store.ts';
import type { AuditLog } from '../core/ports/audit-log.ts';
import type { BaselineStore } from '../core/ports/baseline-store.ts';
import type { ConfigStore } from '../core/ports/config-store.ts';
import type { DeletedTenants } from '../core/ports/deleted-tenants.ts';
import type { DeliveryLog } from '../core/ports/delivery-log.ts';
import type { EventLog } from '../core/ports/event-log.ts';
import type { HealthStore } from '../core/ports/health-store.ts';
import type { IncidentList } from '../core/ports/incident-list.ts';
import type { IncidentStore } from '../core/ports/incident-store.ts';
import type { IngestTokenStore } from '../core/ports/ingest-token-store.ts';
import type { RequestQueue } from '../core/ports/inspection-queue.ts';
import type { LabelStore } from '../core/ports/label-store.ts';
import type { MuteStore } from '../core/ports/mute-store.ts';
import type { PointStateStore } from '../core/ports/point-state-store.ts';
import type { Publisher } from '../core/ports/publisher.ts';
import type { RecordedSamples, RecordingStore } from '../core/ports/recording-store.ts';
import type { RequestLog } from '../core/ports/request-log.ts';
import type { ResultsArchive } from '../core/ports/results-archive.ts';
import type { ResultsStore } from '../core/ports/results-store.ts';
import type { RunLog } from '../core/ports/run-log.ts';
import type { ScalingLog } from '../core/ports/scaling-log.ts';
import type { SpendStore } from '../core/ports/spend-store.ts';
import type { TenantData } from '../core/ports/tenant-data.ts';
import type { TopicSubscriptions } from '../core/ports/topic-subscriptions.ts';
import type { TuningStore } from '../core/ports/tuning-store.ts';
import type { CommandContext } from './context.ts';
import type { CommandEnvironment } from './environment.ts';

export function openConfigStore(environment: CommandEnvironment): ConfigStore {
  return createConfigStore({ client: new DynamoDBClient({}), table: environment.configsTable() });
}

/** Where version 0.1.0 kept configs: beside incidents and runs. */
export function openConfigStoreOfFirstVersion(environment: CommandEnvironment): ConfigStore {
  return createConfigStore({ client: new DynamoDBClient({}), table: environment.table() });
}

/** The health of inspections. */
export function openHealthStore(environment: CommandEnvironment): HealthStore {
  return createHealthStore({ client: new DynamoDBClient({}), table: environment.table() });
}

/** What happened to incidents, and what was decided about it. */
export function openEventLog(environment: CommandEnvironment): EventLog {
  return createEventLog({
    client: new DynamoDBClient({}),
    table: environment.table(),
    keptDays: environment.eventsDays(),
  });
}

/** What people muted and labelled. */
export function openMarks(environment: CommandEnvironment): { readonly mutes: MuteStore; readonly labels: LabelStore } {
  const options = { client: new DynamoDBClient({}), table: environment.table() };
  return { mutes: createMuteStore(options), labels: createLabelStore(options) };
}

/** What tunings of thresholds changed, and why. */
export function openTuningStore(environment: CommandEnvironment): TuningStore {
  return createTuningStore({ client: new DynamoDBClient({}), table: environment.table() });
}

/** What tenants spend, and what their cost caps lead to. */
export function openSpendStore(environment: CommandEnvironment): SpendStore {
  return createSpendStore({ client: new DynamoDBClient({}), table: environment.table() });
}

export function openTenantData(environment: CommandEnvironment): TenantData {
  return createTenantData({ client: new DynamoDBClient({}), table: environment.table() });
}

export function openRunLog(environment: CommandEnvironment): RunLog {
  return createRunLog({ client: new DynamoDBClient({}), table: environment.table() });
}

/** What was deployed to groups, and how they scaled. */
export function openScalingLog(environment: CommandEnvironment): ScalingLog {
  return createScalingLog({ client: new DynamoDBClient({}), table: environment.table() });
}

/** Topics are named plimsoll-STAGE_TENANT: see infra/kept.js. */
const STAGE_OF_PREFIX = /:plimsoll-([^:_]+)_$/;

export function openPublisher(environment: CommandEnvironment): Publisher {
  const topicArnPrefix = environment.topicArnPrefix();
  return createPublisher({
    client: new SNSClient({}),
    topicArnPrefix,
    stage: STAGE_OF_PREFIX.exec(topicArnPrefix)?.[1],
    key: environment.key(),
    relayQueueArn: environment.relayQueue(),
  });
}

/** Who has subscribed to tenants' topics. */
export function openTopicSubscriptions(environment: CommandEnvironment): TopicSubscriptions {
  return createTopicSubscriptions(new SNSClient({}), environment.topicArnPrefix());
}

/** What the relay sent. */
export function openDeliveryLog(environment: CommandEnvironment): DeliveryLog {
  return createDeliveryLog({ client: new DynamoDBClient({}), table: environment.table() });
}

export function openRequestQueue(environment: CommandEnvironment): RequestQueue {
  return createRequestQueue({ client: new SQSClient({}), queueUrl: environment.requestQueueUrl() });
}

export function openRequestLog(environment: CommandEnvironment): RequestLog {
  return createRequestLog({ client: new DynamoDBClient({}), table: environment.table() });
}

export function openDeletedTenants(environment: CommandEnvironment): DeletedTenants {
  return createDeletedTenants({ client: new DynamoDBClient({}), table: environment.configsTable() });
}

/** Who may do what by the API. */
export function openAccessStore(environment: CommandEnvironment): AccessStore {
  return createAccessStore({ client: new DynamoDBClient({}), table: environment.configsTable() });
}

/** Tokens with which hosts send samples. */
export function openIngestTokenStore(environment: CommandEnvironment): IngestTokenStore {
  return createIngestTokenStore({ client: new DynamoDBClient({}), table: environment.table() });
}

/** Who changed what by the API. */
export function openAuditLog(environment: CommandEnvironment): AuditLog {
  return createAuditLog({ client: new DynamoDBClient({}), table: environment.table() });
}

export interface IncidentStores {
  readonly incidents: IncidentStore;
  readonly list: IncidentList;
  readonly log: EventLog;
  readonly mutes: MuteStore;
  readonly labels: LabelStore;
}

/** Incidents, their log, and what people decided about them. @param now Epoch milliseconds. */
export function openIncidentStores({ environment, now }: Pick<CommandContext, 'environment' | 'now'>): IncidentStores {
  const options = { client: new DynamoDBClient({}), table: environment.table() };
  return {
    incidents: createIncidentStore(options),
    list: createIncidentList(options),
    log: createEventLog({ ...options, now: () => now, keptDays: environment.eventsDays() }),
    mutes: createMuteStore(options),
    labels: createLabelStore(options),
  };
}

/** Loads its client when it is needed: few commands touch results. */
export async function openResultsArchive(environment: CommandEnvironment): Promise<ResultsArchive> {
  const bucket = environment.resultsBucket();
  const [{ S3Client }, { createResultsArchive }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('../adapters/s3/results-archive.ts'),
  ]);
  return createResultsArchive({ client: new S3Client({}), bucket });
}

/** The results of runs, for whoever shows them as they are. Loads its client as `openResultsArchive` does. */
export async function openResultsStore(environment: CommandEnvironment): Promise<ResultsStore> {
  const bucket = environment.resultsBucket();
  const [{ S3Client }, { createResultsStore }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('../adapters/s3/results-store.ts'),
  ]);
  return createResultsStore({ client: new S3Client({}), bucket });
}

/** What jobs of anomaly inspection have kept, and what they remember. Loads their client as `openResultsArchive` does. */
export async function openPointStores(environment: CommandEnvironment): Promise<PointStores> {
  const bucket = environment.resultsBucket();
  const [{ S3Client }, { createAnomalyResultsStore }, { createPointStateStore }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('../adapters/s3/anomaly-results-store.ts'),
    import('../adapters/s3/point-state-store.ts'),
  ]);
  const options = { client: new S3Client({}), bucket };
  return { anomalyResults: createAnomalyResultsStore(options), pointStates: createPointStateStore(options) };
}

interface PointStores {
  readonly anomalyResults: AnomalyResultsStore;
  readonly pointStates: PointStateStore;
}

export function openRecordingStore(environment: CommandEnvironment): RecordingStore {
  return createRecordingStore({ client: new DynamoDBClient({}), table: environment.table() });
}

/** What recordings have. Loads its client as `openResultsArchive` does. */
export async function openRecordedSamples(environment: CommandEnvironment): Promise<RecordedSamples> {
  const bucket = environment.resultsBucket();
  const [{ S3Client }, { createRecordedSamples }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('../adapters/s3/recorded-samples.ts'),
  ]);
  return createRecordedSamples({ client: new S3Client({}), bucket });
}

/** What is learned from weeks. Loads its client as `openResultsArchive` does. */
export async function openBaselineStore(environment: CommandEnvironment): Promise<BaselineStore> {
  const bucket = environment.resultsBucket();
  const [{ S3Client }, { createBaselineStore }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('../adapters/s3/baseline-store.ts'),
  ]);
  return createBaselineStore({ client: new S3Client({}), bucket });
}

/** Who runs the command: the ARN of the credentials, kept with what is put. Undefined where nobody can find out. */
export async function callerArn({ signal }: Pick<CommandContext, 'signal'>): Promise<string | undefined> {
  const { callerAccount } = await import('../adapters/aws/identity.ts');
  const caller = await callerAccount({}, signal);
  return caller.kind === 'known' ? caller.arn : undefined;
}

/** For a tenant that is new. Nobody can choose or guess it. */
export function newExternalId(): string {
  return `plimsoll-${randomUUID()}`;
}
