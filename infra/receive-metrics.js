/** Samples that hosts send: the way in, and the queue on which they wait until they are stored. */
import { workQueue } from './queues.js';
import { arnOf, functionRole, readConfigs } from './rights.js';

/** Seconds of the function. A sender waits for ten to thirty, and sends again. */
const TIMEOUT = 20;

/** Seconds that the function which stores samples has for a batch of messages. */
export const STORE_TIMEOUT = 120;

/** A message that could not be stored comes again after 12 minutes: samples outlast that the bucket or the table is down for almost five hours. */
const STORE_DELIVERIES = 24;

/**
 * Requests a second of all tenants together, before it is known who sends them: a flood is refused before it costs an execution. A thousand hosts
 * that send every five minutes have 3.3, and as many that are recorded, which send and ask each minute, have 17 of each. Senders repeat what is refused.
 */
const THROTTLES = {
  'POST /v1/metrics': { ThrottlingRateLimit: 40, ThrottlingBurstLimit: 200 },
  'GET /v1/selections': { ThrottlingRateLimit: 40, ThrottlingBurstLimit: 100 },
};

export const receiveMetrics = {
  function: {
    handler: 'functions/receive-metrics.handler',
    description: 'Takes samples of memory that hosts send by OTLP, and queues them.',
    role: 'ReceiveMetricsRole',
    // A body of 32 MB has millions of values; one of usual size is read in some milliseconds.
    memorySize: 1024,
    timeout: TIMEOUT,
    environment: {
      TABLE: '${self:custom.addresses.table}',
      CONFIGS_TABLE: '${self:custom.addresses.configsTable}',
      SAMPLE_QUEUE_URL: { Ref: 'SampleQueue' },
    },
    events: [
      { httpApi: { method: 'POST', path: '/v1/metrics' } },
      { httpApi: { method: 'GET', path: '/v1/selections' } },
    ],
  },
  resources: {
    Resources: {
      // A message has up to a megabyte, which is what a queue takes unless it states less.
      ...workQueue({ id: 'Sample', name: 'samples', timeout: STORE_TIMEOUT, deliveries: STORE_DELIVERIES }),
      ...functionRole({
        id: 'ReceiveMetricsRole',
        name: 'receive-metrics',
        statements: [
          // Whether the account of a token is enabled, and what is kept of its samples.
          readConfigs,
          // The token, and what recordings select.
          {
            Sid: 'ReadTokens',
            Action: ['dynamodb:GetItem', 'dynamodb:Query'],
            Resource: '${self:custom.addresses.tableArn}',
            Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['T#*'] } },
          },
          { Sid: 'QueueSamples', Action: 'sqs:SendMessage', Resource: arnOf('SampleQueue') },
        ],
      }),
    },
    extensions: {
      HttpApiStage: {
        Properties: { RouteSettings: THROTTLES },
        // A stage has settings of routes that are there already.
        DependsOn: ['HttpApiRoutePostV1Metrics', 'HttpApiRouteGetV1Selections'],
      },
    },
  },
};
