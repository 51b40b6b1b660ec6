/** The function that publishes what a topic has not accepted yet, and its role. */
import { functionRole, publishToTenantTopics, readConfigs, WHY_TENANT_TOPICS } from './rights.js';

export const publishOutbox = {
  function: {
    handler: 'functions/publish-outbox.handler',
    description: 'Publishes the notifications that a topic has not accepted yet.',
    role: 'PublishOutboxRole',
    memorySize: 256,
    // Shorter than the schedule's interval, so that two sweeps never overlap.
    timeout: 240,
    // The next sweep is the retry.
    maximumRetryAttempts: 0,
    // Off: in an account with ten concurrent executions AWS refuses to reserve any.
    reservedConcurrency: '${param:reservedConcurrency, null}',
    environment: {
      CONFIGS_TABLE: '${self:custom.addresses.configsTable}',
      TABLE: '${self:custom.addresses.table}',
      TOPIC_ARN_PREFIX: '${self:custom.addresses.topicArnPrefix}',
      EVENTS_DAYS: '${self:custom.eventLog.days}',
    },
    events: [{ schedule: { rate: 'rate(5 minutes)', description: 'Sweeps the outboxes of all incidents.' } }],
  },
  resources: {
    Resources: functionRole({
      id: 'PublishOutboxRole',
      name: 'publish-outbox',
      explained: { PublishToTenantTopics: WHY_TENANT_TOPICS },
      // It decides what no run has decided, by the alerts of the config and what people muted and labelled, and empties outboxes.
      statements: [
        readConfigs,
        { Sid: 'FindOpenFleets', Action: 'dynamodb:Query', Resource: '${self:custom.addresses.openIndexArn}' },
        { Sid: 'FindOutboxes', Action: 'dynamodb:Query', Resource: '${self:custom.addresses.outboxIndexArn}' },
        {
          Sid: 'EmptyOutbox',
          Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
          Resource: '${self:custom.addresses.tableArn}',
        },
        publishToTenantTopics,
      ],
    }),
  },
};
