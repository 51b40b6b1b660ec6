/** The queue on which inspections are requested, by schedules, people and scaling events, and the function that dispatches them. */
import { workQueue } from './queues.js';
import { arnOf, consumeQueue, functionRole, readConfigs } from './rights.js';

/** Seconds that a batch of ten requests may take. */
const TIMEOUT = 60;

const INSPECT_QUEUES = [
  'InspectAwsQueue',
  'InspectGcpQueue',
  'InspectAzureQueue',
  'InspectPrometheusQueue',
  'InspectOtlpQueue',
];

export const dispatch = {
  function: {
    handler: 'functions/dispatch.handler',
    description: 'Turns a request for inspections into one message for each account and region.',
    role: 'DispatchRole',
    memorySize: 256,
    timeout: TIMEOUT,
    environment: {
      CONFIGS_TABLE: '${self:custom.addresses.configsTable}',
      TABLE: '${self:custom.addresses.table}',
      DEAD_LETTER_QUEUE_URL: { Ref: 'RequestDeadLetterQueue' },
      INSPECT_AWS_QUEUE_URL: { Ref: 'InspectAwsQueue' },
      INSPECT_GCP_QUEUE_URL: { Ref: 'InspectGcpQueue' },
      INSPECT_AZURE_QUEUE_URL: { Ref: 'InspectAzureQueue' },
      INSPECT_PROMETHEUS_QUEUE_URL: { Ref: 'InspectPrometheusQueue' },
      INSPECT_OTLP_QUEUE_URL: { Ref: 'InspectOtlpQueue' },
    },
    events: [
      {
        sqs: {
          arn: arnOf('RequestQueue'),
          batchSize: 10,
          functionResponseType: 'ReportBatchItemFailures',
          // The least that AWS allows, and enough for a thousand accounts a minute.
          maximumConcurrency: 2,
        },
      },
    ],
  },
  resources: {
    Resources: {
      // Whoever sends to it sets MessageGroupId to the tenant: a tenant with many requests then holds back no other.
      ...workQueue({ id: 'Request', name: 'requests', timeout: TIMEOUT }),
      ...functionRole({
        id: 'DispatchRole',
        name: 'dispatch',
        statements: [
          consumeQueue('RequestQueue'),
          // What names an unknown tenant, account or region is set aside with the reason.
          {
            Sid: 'RequestInspectionsOrSetAside',
            Action: 'sqs:SendMessage',
            Resource: [...INSPECT_QUEUES, 'RequestDeadLetterQueue'].map(arnOf),
          },
          readConfigs,
          // A request that was dispatched before is recognised, and whoever sent it can read what became of it.
          {
            Sid: 'LogRequests',
            Action: ['dynamodb:PutItem', 'dynamodb:Query'],
            Resource: '${self:custom.addresses.tableArn}',
          },
        ],
      }),
    },
  },
};
