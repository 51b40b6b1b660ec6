/**
 * The relay: the queue that all tenants' topics feed, and the function that sends their notifications on to Slack, Teams, PagerDuty,
 * Alertmanager and webhooks. It and inspect-prometheus alone read secrets and connect to endpoints that tenants name.
 */
import { inNetwork, networkOf } from './network.js';
import { workQueue } from './queues.js';
import {
  arnOf,
  consumeQueue,
  functionRole,
  publishToTenantTopics,
  readConfigs,
  readSecretsOfStage,
  WHY_SECRETS,
  WHY_TENANT_TOPICS,
} from './rights.js';

/** Seconds: ten notifications to some receivers each, of which every one may take ten seconds, at the same time. */
const TIMEOUT = 60;

/**
 * With waits that double up to half an hour a receiver may be down for nine hours before a person has to look. An event that waits for
 * an earlier one of its incident uses some ten up before it is tried itself: it has three hours then.
 */
const DELIVERIES = 24;

const TOPICS = { 'Fn::Sub': 'arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:plimsoll-${sls:stage}_*' };

/** Topics of this stage, and nothing else: whoever sends is whose tenant the notification is taken for. */
const fromTopics = {
  Effect: 'Allow',
  Principal: { Service: 'sns.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Condition: { ArnLike: { 'aws:SourceArn': TOPICS }, StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
};

const relay = {
  function: {
    handler: 'functions/relay.handler',
    description: 'Sends notifications on to the receivers of tenants.',
    role: 'RelayRole',
    memorySize: 256,
    timeout: TIMEOUT,
    environment: {
      CONFIGS_TABLE: '${self:custom.addresses.configsTable}',
      TABLE: '${self:custom.addresses.table}',
      TOPIC_ARN_PREFIX: '${self:custom.addresses.topicArnPrefix}',
      SECRET_PREFIX: 'plimsoll/${sls:stage}/',
      RELAY_QUEUE_URL: { Ref: 'RelayQueue' },
      RELAY_QUEUE_ARN: arnOf('RelayQueue'),
      DEAD_LETTER_QUEUE_URL: { Ref: 'RelayDeadLetterQueue' },
      // What it may reach beside the hosts of vendors: docs/receivers.md.
      RELAY_ENDPOINTS: "${param:relayEndpoints, ''}",
      RELAY_PRIVATE_NETWORKS: "${param:relayPrivateNetworks, ''}",
    },
    events: [
      {
        sqs: {
          arn: arnOf('RelayQueue'),
          batchSize: 10,
          functionResponseType: 'ReportBatchItemFailures',
          // The least that AWS allows: twenty notifications at a time are more than anybody reads.
          maximumConcurrency: 2,
        },
      },
      { schedule: { rate: 'rate(15 minutes)', description: 'Renews the alerts that fire in Alertmanager.' } },
    ],
  },
  resources: {
    Resources: {
      ...workQueue({
        id: 'Relay',
        name: 'relay',
        timeout: TIMEOUT,
        deliveries: DELIVERIES,
        senders: [{ Sid: 'TakeFromTopics', ...fromTopics }],
        // What SNS could not bring to the queue.
        deadLetterSenders: [{ Sid: 'TakeUndeliverableFromTopics', ...fromTopics }],
      }),
      ...functionRole({
        id: 'RelayRole',
        name: 'relay',
        explained: {
          SetRedrive: WHY_TENANT_TOPICS,
          FeedRelay:
            'Topics are made when a tenant is put, after the stack is deployed. The prefix holds the stage, and the queue of the relay is the only endpoint.',
          PublishToTenantTopics: WHY_TENANT_TOPICS,
          ReadSecretsOfStage: WHY_SECRETS,
        },
        statements: [
          {
            ...consumeQueue('RelayQueue'),
            // A receiver may name the time at which it wants to be tried again.
            Action: [...[consumeQueue('RelayQueue').Action].flat(), 'sqs:ChangeMessageVisibility'],
          },
          { Sid: 'SetAside', Action: 'sqs:SendMessage', Resource: arnOf('RelayDeadLetterQueue') },
          readConfigs,
          {
            Sid: 'KeepDeliveries',
            Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
            Resource: '${self:custom.addresses.tableArn}',
          },
          // Whose alerts are renewed.
          { Sid: 'FindOpenIncidents', Action: 'dynamodb:Query', Resource: '${self:custom.addresses.openIndexArn}' },
          readSecretsOfStage,
          // That a receiver takes nothing; and what Amazon Q in chat applications shows, by a topic of its own.
          publishToTenantTopics,
          // Topics that were made before there was a relay.
          {
            Sid: 'FeedRelay',
            Action: 'sns:Subscribe',
            Resource: TOPICS,
            Condition: { StringEquals: { 'sns:Protocol': 'sqs', 'sns:Endpoint': arnOf('RelayQueue') } },
          },
          // By the ARN of a subscription, which is that of its topic and an id.
          { Sid: 'SetRedrive', Action: 'sns:SetSubscriptionAttributes', Resource: TOPICS },
        ],
      }),
    },
  },
};

/** @param {import('./network.js').Service} service */
async function relayOf(service) {
  const vpc = await networkOf(service, 'relay');
  return vpc === undefined ? relay : inNetwork(relay, 'RelayRole', vpc);
}

/** osls calls what `require` returns. */
export { relayOf as 'module.exports' };
