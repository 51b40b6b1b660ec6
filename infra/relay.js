/**
 * The relay: the queue that all tenants' topics feed, and the function that sends their notifications on to Slack, Teams, PagerDuty,
 * Alertmanager and webhooks. It alone reads secrets and connects to endpoints that tenants name.
 */
import { workQueue } from './queues.js';
import { arnOf, consumeQueue, functionRole, publishToTenantTopics, readConfigs, WHY_TENANT_TOPICS } from './rights.js';

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
          ReadSecretsOfStage:
            'Tenants bring their secrets after the stack is deployed. The name begins with the stage, and the function takes the rest of it from the topic that sent the notification.',
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
          {
            Sid: 'ReadSecretsOfStage',
            Action: 'secretsmanager:GetSecretValue',
            Resource: {
              'Fn::Sub':
                'arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:plimsoll/${sls:stage}/*',
            },
          },
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

/** A network of the operator's, in which an Alertmanager has a private address. */
const SUBNETS = /^subnet-[0-9a-f]{8,17}$/;
const GROUPS = /^sg-[0-9a-f]{8,17}$/;

/** @param {{ resolveVariable: (variable: string) => Promise<unknown> }} service */
async function relayOf({ resolveVariable }) {
  const subnetIds = await listed(resolveVariable, 'relaySubnets', SUBNETS);
  const securityGroupIds = await listed(resolveVariable, 'relaySecurityGroups', GROUPS);
  if ((subnetIds.length === 0) !== (securityGroupIds.length === 0))
    throw new Error('The parameters relaySubnets and relaySecurityGroups belong together: give both, or neither.');
  return subnetIds.length === 0 ? relay : inNetwork({ subnetIds, securityGroupIds });
}

/** osls calls what `require` returns. */
export { relayOf as 'module.exports' };

/**
 * @param {(variable: string) => Promise<unknown>} resolveVariable
 * @param {string} name
 * @param {RegExp} form
 */
async function listed(resolveVariable, name, form) {
  const text = String(await resolveVariable(`param:${name}, ''`));
  const ids = text === '' ? [] : text.split(',').map((id) => id.trim());
  const wrong = ids.find((id) => !form.test(id));
  if (wrong !== undefined) throw new Error(`The parameter ${name} has "${wrong}", which is no such id.`);
  return ids;
}

/** @param {{ subnetIds: string[], securityGroupIds: string[] }} vpc */
function inNetwork(vpc) {
  const { RelayRole, ...rest } = relay.resources.Resources;
  return {
    function: { ...relay.function, vpc },
    resources: { Resources: { ...rest, RelayRole: withNetworkRights(RelayRole) } },
  };
}

/** AWS Lambda connects the function to the network in the name of its role. @param {any} role */
function withNetworkRights(role) {
  const [policy] = role.Properties.Policies;
  const statement = {
    Sid: 'ConnectToNetwork',
    Effect: 'Allow',
    Action: ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces'],
    Resource: '*',
  };
  const document = { ...policy.PolicyDocument, Statement: [...policy.PolicyDocument.Statement, statement] };
  const explained = {
    ...role.Metadata.ExplainedWildcards,
    ConnectToNetwork:
      'Network interfaces have ids that are not known before they are made, and listing them knows no resource.',
  };
  return {
    ...role,
    Metadata: { ExplainedWildcards: explained },
    Properties: { ...role.Properties, Policies: [{ ...policy, PolicyDocument: document }] },
  };
}
