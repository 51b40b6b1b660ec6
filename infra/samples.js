/** What becomes of samples that hosts sent: the function that stores them, and the one that merges what it stored and keeps recordings. */
import { STORE_TIMEOUT } from './receive-metrics.js';
import { arnOf, consumeQueue, findObjects, functionRole, objects, readConfigs, WHY_OBJECTS } from './rights.js';

/** Items of tenants, which recordings are. */
const OF_TENANTS = {
  Resource: '${self:custom.addresses.tableArn}',
  Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['T#*'] } },
};

export const storeSamples = {
  function: {
    handler: 'functions/store-samples.handler',
    description: 'Stores samples of memory that hosts sent.',
    role: 'StoreSamplesRole',
    // Half a million samples are in memory at a time, and a core unpacks and packs them.
    memorySize: 1769,
    timeout: STORE_TIMEOUT,
    environment: {
      TABLE: '${self:custom.addresses.table}',
      RESULTS_BUCKET: '${self:custom.addresses.resultsBucket}',
    },
    events: [
      {
        sqs: {
          arn: arnOf('SampleQueue'),
          // Each batch writes two objects an account, of however many messages: a write costs as much as twelve requests to the queue.
          batchSize: 10_000,
          // Seconds. What is recorded shows up a minute after it was sent.
          maximumBatchingWindow: 60,
          functionResponseType: 'ReportBatchItemFailures',
          // The least that AWS allows. Two take some thousand hosts a second.
          maximumConcurrency: 2,
        },
      },
    ],
  },
  resources: {
    Resources: functionRole({
      id: 'StoreSamplesRole',
      name: 'store-samples',
      explained: { StoreSamples: WHY_OBJECTS },
      statements: [
        consumeQueue('SampleQueue'),
        objects('StoreSamples', ['s3:PutObject'], ['samples', 'recordings']),
        // What is recorded of them.
        { Sid: 'FindRecordings', Action: 'dynamodb:Query', ...OF_TENANTS },
      ],
    }),
  },
};

export const keepSamples = {
  function: {
    handler: 'functions/keep-samples.handler',
    description: 'Merges the samples of hours that are over, and archives what was recorded.',
    role: 'KeepSamplesRole',
    // An hour of the processes of ten thousand hosts is in memory at a time.
    memorySize: 2048,
    timeout: 900,
    // The next hour is the retry.
    maximumRetryAttempts: 0,
    environment: {
      TABLE: '${self:custom.addresses.table}',
      CONFIGS_TABLE: '${self:custom.addresses.configsTable}',
      RESULTS_BUCKET: '${self:custom.addresses.resultsBucket}',
    },
    events: [{ schedule: { rate: 'rate(1 hour)', description: 'Merges the samples of hours that are over.' } }],
  },
  resources: {
    Resources: functionRole({
      id: 'KeepSamplesRole',
      name: 'keep-samples',
      explained: { KeepSamples: WHY_OBJECTS },
      statements: [
        readConfigs,
        objects('KeepSamples', ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], ['samples', 'recordings']),
        // Of a recording that was deleted its entry goes last.
        { Sid: 'KeepRecordings', Action: ['dynamodb:Query', 'dynamodb:DeleteItem'], ...OF_TENANTS },
        findObjects,
      ],
    }),
  },
};
