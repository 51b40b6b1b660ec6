/**
 * What each provider has of its own: a queue, a function, and the role that the function acts with. One provider that is down must
 * not hold back the inspections of another. serverless.yml takes `function` and `resources` of each export.
 */
import { workQueue } from './queues.js';
import {
  arnOf,
  consumeQueue,
  findObjects,
  functionRole,
  objects,
  publishToTenantTopics,
  readConfigs,
  readSecretsOfStage,
  WHY_OBJECTS,
  WHY_SECRETS,
  WHY_TENANT_TOPICS,
} from './rights.js';

/** Those that are open, those with changes that other invocations have recorded of the run, and those of weeks that are not learned from. */
const findIncidents = {
  Sid: 'FindIncidents',
  Action: 'dynamodb:Query',
  Resource: [
    '${self:custom.addresses.openIndexArn}',
    '${self:custom.addresses.outboxIndexArn}',
    '${self:custom.addresses.incidentsIndexArn}',
  ],
};

/**
 * Results of hosts, the head of a run, what a run that one invocation cannot hold works with, and what is learned from weeks; and scored points
 * of jobs, and what they remember.
 */
const keepResults = objects(
  'KeepResults',
  ['s3:GetObject', 's3:PutObject'],
  ['results', 'heads', 'work', 'baselines', 'anomalies', 'points'],
);

/** Variables that are the same for every provider. */
const SHARED = {
  CONFIGS_TABLE: '${self:custom.addresses.configsTable}',
  TABLE: '${self:custom.addresses.table}',
  RESULTS_BUCKET: '${self:custom.addresses.resultsBucket}',
  TOPIC_ARN_PREFIX: '${self:custom.addresses.topicArnPrefix}',
  EVENTS_DAYS: '${self:custom.eventLog.days}',
};

/** Seconds that an inspection may take. */
const TIMEOUT = 300;

/**
 * @typedef {object} Provider
 * @property {'aws' | 'gcp' | 'azure' | 'prometheus' | 'otlp'} provider
 * @property {string} id As the names of resources have it.
 * @property {string} description Of the function.
 * @property {readonly import('./rights.js').Statement[]} proofs How the function proves for which tenant it acts.
 * @property {Readonly<Record<string, string>>} [explained]
 * @property {Readonly<Record<string, unknown>>} [environment]
 * @property {Readonly<Record<string, object>>} [resources]
 * @property {string} [roleName]
 */

/** @type {import('./rights.js').Statement} */
const assumeTenantRoles = {
  Sid: 'AssumeTenantRoles',
  Action: 'sts:AssumeRole',
  Resource: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::*:role/plimsoll-*' },
};

const WHY_TENANT_ROLES =
  "The accounts of tenants are not known when the stack is deployed. The role's name is: a tenant's role begins with plimsoll-, and its trust policy requires that tenant's external id.";

/** @type {import('./rights.js').Statement} */
const assumeGcpSession = {
  Sid: 'ProveTenantToGoogle',
  Action: 'sts:AssumeRole',
  // By its name and not by its ARN: that role names this one, and neither can be made after the other.
  Resource: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/plimsoll-${sls:stage}-gcp-session' },
};

/** @type {import('./rights.js').Statement} */
const getTokenForMicrosoft = {
  Sid: 'ProveTenantToMicrosoft',
  Action: 'sts:GetWebIdentityToken',
  Resource: '*',
  Condition: {
    'ForAllValues:StringLike': { 'sts:IdentityTokenAudience': 'api://AzureADTokenExchange/plimsoll/*' },
    // Without it a request that names no audience would pass the condition above.
    Null: { 'sts:IdentityTokenAudience': 'false' },
    StringEquals: { 'sts:SigningAlgorithm': 'RS256' },
    NumericLessThanEquals: { 'sts:DurationSeconds': 300 },
  },
};

const WHY_OWN_TOKEN =
  "The role requests a token for nobody but itself, so that there is no resource to name. The conditions limit what the token may hold: an audience of Plimsoll's at Microsoft Entra, which ends with a tenant's external id, for five minutes.";

// It reads no metrics itself: each account is read through a role of its tenant's.
export const aws = inspectProvider({
  provider: 'aws',
  id: 'Aws',
  description: "Inspects the memory of one AWS account's hosts and records and publishes what grows like a leak.",
  proofs: [assumeTenantRoles],
  explained: { AssumeTenantRoles: WHY_TENANT_ROLES },
});

// It reads no metrics itself: each project is read as a service account, which its pool lets a session of the role below act for.
export const gcp = inspectProvider({
  provider: 'gcp',
  id: 'Gcp',
  description:
    "Inspects the memory of one Google Cloud project's hosts and records and publishes what grows like a leak.",
  proofs: [assumeGcpSession],
  environment: { GCP_SESSION_ROLE: arnOf('GcpSessionRole') },
  resources: {
    // Its sessions are named by the external id of a tenant, which that tenant's workload identity pool requires: they prove
    // for whom the function acts, and need no right to anything. The name is fixed because pools are set up with it.
    GcpSessionRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'plimsoll-${sls:stage}-gcp-session',
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: ['InspectGcpRole', 'InspectPrometheusRole'].map(arnOf) },
              Action: 'sts:AssumeRole',
            },
          ],
        },
      },
    },
  },
});

// It reads no metrics itself: each subscription is read as an application of its directory, to which a token of AWS proves who
// this function is and for which tenant it acts.
export const azure = inspectProvider({
  provider: 'azure',
  id: 'Azure',
  description:
    "Inspects the memory of one Azure subscription's machines and records and publishes what grows like a leak.",
  proofs: [getTokenForMicrosoft],
  explained: { ProveTenantToMicrosoft: WHY_OWN_TOKEN },
  // Federated credentials name this role by its ARN. A stack that takes over another one's tenants takes over its name.
  roleName: '${self:custom.addresses.azureRoleName}',
});

// A server is read with a secret of its tenant, or, where a cloud has it, by the same proofs as that cloud's accounts.
export const prometheus = inspectProvider({
  provider: 'prometheus',
  id: 'Prometheus',
  description:
    'Inspects the memory of the hosts and containers of one Prometheus server and records and publishes what grows like a leak.',
  proofs: [readSecretsOfStage, assumeTenantRoles, assumeGcpSession, getTokenForMicrosoft],
  explained: {
    ReadSecretsOfStage: WHY_SECRETS,
    AssumeTenantRoles: WHY_TENANT_ROLES,
    ProveTenantToMicrosoft: WHY_OWN_TOKEN,
  },
  environment: {
    SECRET_PREFIX: 'plimsoll/${sls:stage}/',
    GCP_SESSION_ROLE: arnOf('GcpSessionRole'),
    // What it may reach beside the hosts of clouds: docs/prometheus.md.
    PROMETHEUS_ENDPOINTS: "${param:prometheusEndpoints, ''}",
    PROMETHEUS_PRIVATE_NETWORKS: "${param:prometheusPrivateNetworks, ''}",
  },
  // Federated credentials name this role by its ARN, which is the same when the stack is made again.
  roleName: 'plimsoll-${sls:stage}-inspect-prometheus',
});

// It connects to nobody: hosts have sent what it reads, and store-samples has put it under their tenant.
export const otlp = inspectProvider({
  provider: 'otlp',
  id: 'Otlp',
  description: 'Inspects the memory that hosts have sent by OTLP and records and publishes what grows like a leak.',
  proofs: [objects('ReadSamples', ['s3:GetObject'], ['samples'])],
  explained: { ReadSamples: WHY_OBJECTS },
});

/** @param {Provider} provider */
function inspectProvider({ provider, id, description, proofs, explained, environment, resources, roleName }) {
  const queue = `Inspect${id}Queue`;
  const deadLetterQueue = `Inspect${id}DeadLetterQueue`;
  const name = `inspect-${provider}`;
  const role = `Inspect${id}Role`;
  return {
    function: {
      handler: `functions/${name}.handler`,
      description,
      role,
      // One full core: 10,000 hosts of AWS are evaluated in some 9 s of it, and memory stays below 400 MB. A page of 100,000
      // points of Google Cloud takes some 100 MiB while it is decoded, and the one before it is still there.
      memorySize: 1769,
      timeout: TIMEOUT,
      environment: {
        ...SHARED,
        INSPECT_QUEUE_URL: { Ref: queue },
        DEAD_LETTER_QUEUE_URL: { Ref: deadLetterQueue },
        ...environment,
      },
      events: [
        {
          sqs: {
            arn: arnOf(queue),
            // Each message has all the time of an invocation: the second one of a batch would begin with what the first left.
            batchSize: 1,
            functionResponseType: 'ReportBatchItemFailures',
            // An account may have ten concurrent executions, and two are the least that AWS lets a queue have. It is a bound and
            // no reservation: a queue takes what its messages need. Five providers at work at the same time take all ten:
            // what dispatches, schedules and publishes is tried again where it finds none, and an alarm follows after a quarter of
            // an hour. An account that inspects more than three has its limit raised (docs/deploy.md), and one with more
            // executions gives more here.
            maximumConcurrency: '${param:inspectConcurrency, 2}',
          },
        },
      ],
    },
    resources: {
      Resources: {
        ...workQueue({ id: `Inspect${id}`, name, timeout: TIMEOUT }),
        ...functionRole({
          id: role,
          name,
          roleName,
          explained: { ...explained, KeepResults: WHY_OBJECTS, PublishToTenantTopics: WHY_TENANT_TOPICS },
          statements: [
            consumeQueue(queue),
            // A run that has no time left continues in a message of its own; one that is not understood is set aside.
            {
              Sid: 'QueueContinuationOrSetAside',
              Action: 'sqs:SendMessage',
              Resource: [arnOf(queue), arnOf(deadLetterQueue)],
            },
            ...proofs,
            readConfigs,
            // Incidents, runs, answered requests, and the health of accounts.
            {
              Sid: 'KeepIncidentsAndRuns',
              Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
              Resource: '${self:custom.addresses.tableArn}',
            },
            findIncidents,
            keepResults,
            findObjects,
            publishToTenantTopics,
          ],
        }),
        ...resources,
      },
    },
  };
}
