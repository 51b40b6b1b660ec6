/** The function that closes runs which nobody continues, and its role. */
import { findObjects, functionRole, objects, readConfigs, WHY_OBJECTS } from './rights.js';

export const closeRuns = {
  function: {
    handler: 'functions/close-runs.handler',
    description: 'Closes inspections of large regions that make no progress, as partial.',
    role: 'CloseRunsRole',
    // The lines of all hosts of a region are read for its head.
    memorySize: 1024,
    // Shorter than the schedule's interval, so that two never overlap.
    timeout: 480,
    // The next one is the retry.
    maximumRetryAttempts: 0,
    environment: {
      CONFIGS_TABLE: '${self:custom.addresses.configsTable}',
      TABLE: '${self:custom.addresses.table}',
      RESULTS_BUCKET: '${self:custom.addresses.resultsBucket}',
    },
    events: [{ schedule: { rate: 'rate(10 minutes)', description: 'Looks for inspections that make no progress.' } }],
  },
  resources: {
    Resources: functionRole({
      id: 'CloseRunsRole',
      name: 'close-runs',
      explained: { ReadResults: WHY_OBJECTS, KeepResults: WHY_OBJECTS },
      statements: [
        readConfigs,
        // Open runs and their shards, the run that is closed, the health of its account, and the answer to a request.
        {
          Sid: 'KeepRuns',
          Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
          Resource: '${self:custom.addresses.tableArn}',
        },
        // A head is made of the lines of the shards. The index of a day that was merged is beside the heads. The plan names the hosts
        // of the shards that were not inspected, and each of them has a line too.
        objects('ReadResults', ['s3:GetObject'], ['results', 'heads', 'work', 'baselines']),
        objects('KeepResults', ['s3:PutObject'], ['results', 'heads', 'baselines']),
        findObjects,
      ],
    }),
  },
};
