/** The queues of the stack. Each has a dead-letter queue, is encrypted with the stack's key and refuses what comes without TLS. */

/**
 * A message must not come back while it is worked on: AWS Lambda requires six times the time-out of the function.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
const TIMEOUTS_OF_VISIBILITY = 6;

/** Deliveries before a message is dead. */
const MAX_RECEIVE_COUNT = 5;

/** Longer than all deliveries take, and no longer: a request of yesterday is worth nothing once today's has run. */
const DAY_SECONDS = 86_400;

/** As long as SQS keeps anything: a person reads a dead-letter queue. */
const TWO_WEEKS_SECONDS = 14 * DAY_SECONDS;

/**
 * @typedef {object} WorkQueue
 * @property {string} id What the logical ids begin with: `InspectAws` makes InspectAwsQueue and InspectAwsDeadLetterQueue.
 * @property {string} name Ends the names of the queues, after the stage.
 * @property {number} timeout Of the function that consumes the queue, in seconds.
 * @property {number} [deliveries] Before a message is dead, where it is not the usual number.
 * @property {readonly object[]} [senders] Statements that let a service send, beside the roles of this account.
 * @property {readonly object[]} [deadLetterSenders] The same, for the dead-letter queue.
 */

/**
 * A queue that a function consumes, and the queue of the messages that could not be worked off.
 *
 * @param {WorkQueue} queue
 */
export function workQueue({ id, name, timeout, deliveries = MAX_RECEIVE_COUNT, senders = [], deadLetterSenders = [] }) {
  return {
    [`${id}Queue`]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: nameOf(name),
        VisibilityTimeout: TIMEOUTS_OF_VISIBILITY * timeout,
        MessageRetentionPeriod: DAY_SECONDS,
        // The longest that SQS allows: the poller of an idle queue costs the least.
        ReceiveMessageWaitTimeSeconds: 20,
        KmsMasterKeyId: KEY,
        RedrivePolicy: {
          deadLetterTargetArn: { 'Fn::GetAtt': [`${id}DeadLetterQueue`, 'Arn'] },
          maxReceiveCount: deliveries,
        },
      },
    },
    [`${id}QueuePolicy`]: policyOf(`${id}Queue`, senders),
    ...deadLetterQueue({ id, name, senders: deadLetterSenders }),
  };
}

/**
 * A queue that only a person reads.
 *
 * @param {Pick<WorkQueue, 'id' | 'name' | 'senders'>} queue
 */
export function deadLetterQueue({ id, name, senders = [] }) {
  return {
    [`${id}DeadLetterQueue`]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: nameOf(`${name}-dead`),
        MessageRetentionPeriod: TWO_WEEKS_SECONDS,
        KmsMasterKeyId: KEY,
      },
    },
    [`${id}DeadLetterQueuePolicy`]: policyOf(`${id}DeadLetterQueue`, senders),
  };
}

const KEY = '${self:custom.addresses.keyArn}';

/** @param {string} name */
function nameOf(name) {
  return `plimsoll-\${sls:stage}-${name}`;
}

/**
 * @param {string} queue
 * @param {readonly object[]} senders
 */
function policyOf(queue, senders) {
  const Resource = { 'Fn::GetAtt': [queue, 'Arn'] };
  return {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [{ Ref: queue }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'RefuseWithoutTls',
            Effect: 'Deny',
            Principal: '*',
            Action: 'sqs:*',
            Resource,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
          ...senders.map((statement) => ({ ...statement, Resource })),
        ],
      },
    },
  };
}
