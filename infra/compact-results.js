/** The function that compacts the results of a day that is over, and its role. */
import { findObjects, functionRole, objects, readConfigs, WHY_OBJECTS } from './rights.js';

export const compactResults = {
  function: {
    handler: 'functions/compact-results.handler',
    description: 'Merges the objects of a day that is over, and deletes the results of deleted tenants.',
    role: 'CompactResultsRole',
    // Days are compressed again, and processors come with memory: a million hosts take some 7 minutes of one.
    memorySize: 2048,
    timeout: 900,
    // The next day is the retry.
    maximumRetryAttempts: 0,
    environment: {
      CONFIGS_TABLE: '${self:custom.addresses.configsTable}',
      RESULTS_BUCKET: '${self:custom.addresses.resultsBucket}',
    },
    // Later than the last run of a day can still write.
    events: [{ schedule: { rate: 'cron(0 3 * * ? *)', description: 'Compacts the results of days that are over.' } }],
  },
  resources: {
    Resources: functionRole({
      id: 'CompactResultsRole',
      name: 'compact-results',
      explained: { KeepResults: WHY_OBJECTS, RemoveWork: WHY_OBJECTS },
      statements: [
        readConfigs,
        // The id of a deleted tenant is free when its results are gone: its entry in the list of deleted tenants goes last.
        {
          Sid: 'FreeTenantIds',
          Action: 'dynamodb:DeleteItem',
          Resource: '${self:custom.addresses.configsTableArn}',
          Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['DELETED'] } },
        },
        objects('KeepResults', ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], ['results', 'heads']),
        // Of a deleted tenant.
        objects(
          'RemoveWork',
          ['s3:DeleteObject'],
          ['work', 'baselines', 'samples', 'recordings', 'anomalies', 'points'],
        ),
        findObjects,
      ],
    }),
  },
};
