/** The function that notifies tenants when their accounts are not inspected, and its role. */
import {
  findObjects,
  functionRole,
  objects,
  publishToTenantTopics,
  readConfigs,
  WHY_OBJECTS,
  WHY_TENANT_TOPICS,
} from './rights.js';

export const watch = {
  function: {
    handler: 'functions/watch.handler',
    description: 'Notifies tenants of accounts that are not inspected, and counts them.',
    role: 'WatchRole',
    memorySize: 512,
    // Shorter than the schedule's interval, so that two runs never overlap.
    timeout: 600,
    // The next run is the retry.
    maximumRetryAttempts: 0,
    // Off: in an account with ten concurrent executions AWS refuses to reserve any.
    reservedConcurrency: '${param:reservedConcurrency, null}',
    environment: {
      CONFIGS_TABLE: '${self:custom.addresses.configsTable}',
      TABLE: '${self:custom.addresses.table}',
      RESULTS_BUCKET: '${self:custom.addresses.resultsBucket}',
      TOPIC_ARN_PREFIX: '${self:custom.addresses.topicArnPrefix}',
      EVENTS_DAYS: '${self:custom.eventLog.days}',
    },
    events: [{ schedule: { rate: 'rate(15 minutes)', description: 'Looks for accounts that are not inspected.' } }],
  },
  resources: {
    Resources: functionRole({
      id: 'WatchRole',
      name: 'watch',
      explained: { PublishToTenantTopics: WHY_TENANT_TOPICS, ReadJobs: WHY_OBJECTS },
      statements: [
        readConfigs,
        // How accounts do, what was notified, and when this function last ran; incidents of which a reminder is due, and the log.
        {
          Sid: 'KeepHealth',
          Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
          Resource: '${self:custom.addresses.tableArn}',
        },
        { Sid: 'ListIncidents', Action: 'dynamodb:Query', Resource: '${self:custom.addresses.incidentsIndexArn}' },
        // What the newest inspection of each job saw.
        objects('ReadJobs', ['s3:GetObject'], ['points']),
        findObjects,
        publishToTenantTopics,
      ],
    }),
  },
};
