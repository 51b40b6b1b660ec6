/**
 * Scaling events: the ways in (an event bus for AWS, an HTTP API for Google Cloud and Azure), the queue of both, and the function
 * that notes an event and schedules the comparisons after it.
 */
import { workQueue } from './queues.js';
import {
  arnOf,
  consumeQueue,
  functionRole,
  passScheduleRole,
  readConfigs,
  schedulesOf,
  WHY_OWN_SCHEDULES,
} from './rights.js';

/** Seconds that a batch of ten events may take. */
const TIMEOUT = 60;

const BUS = 'plimsoll-${sls:stage}';
const CHECKS = 'plimsoll-${sls:stage}-checks';

/**
 * Those that on-scaling records, and infra/onboarding/aws.yml forwards. A launch that waits for a lifecycle action is no host yet.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/automating-ec2-auto-scaling-with-eventbridge.html
 */
const DETAIL_TYPES = [
  'EC2 Instance Launch Successful',
  'EC2 Instance Launch Unsuccessful',
  'EC2 Instance Terminate Successful',
  'EC2 Instance Terminate Unsuccessful',
  'EC2 Instance Detach Successful',
  'EC2 Auto Scaling Instance Refresh Started',
  'EC2 Auto Scaling Instance Refresh Checkpoint Reached',
  'EC2 Auto Scaling Instance Refresh Started Baking',
  'EC2 Auto Scaling Instance Refresh Succeeded',
  'EC2 Auto Scaling Instance Refresh Failed',
  'EC2 Auto Scaling Instance Refresh Cancelled',
  'EC2 Auto Scaling Instance Refresh Rollback Started',
  'EC2 Auto Scaling Instance Refresh Rollback Succeeded',
  'EC2 Auto Scaling Instance Refresh Rollback Failed',
];

/** EventBridge sends what its rule matches, and nothing else does. */
const fromRule = {
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Condition: { ArnEquals: { 'aws:SourceArn': arnOf('ScalingRule') } },
};

export const onScaling = {
  function: {
    handler: 'functions/on-scaling.handler',
    description: 'Notes a scaling event and schedules comparisons of the new hosts.',
    role: 'OnScalingRole',
    memorySize: 256,
    timeout: TIMEOUT,
    environment: {
      CONFIGS_TABLE: '${self:custom.addresses.configsTable}',
      TABLE: '${self:custom.addresses.table}',
      CHECK_SCHEDULE_GROUP: { Ref: 'CheckScheduleGroup' },
      SCHEDULE_ROLE_ARN: arnOf('ScheduleRole'),
      REQUEST_QUEUE_ARN: arnOf('RequestQueue'),
      SCHEDULE_DEAD_LETTER_ARN: arnOf('RequestDeadLetterQueue'),
      DEAD_LETTER_QUEUE_URL: { Ref: 'ScalingDeadLetterQueue' },
    },
    events: [
      {
        sqs: {
          arn: arnOf('ScalingQueue'),
          batchSize: 10,
          functionResponseType: 'ReportBatchItemFailures',
          // The least that AWS allows: an event may wait for minutes, its first comparison is half an hour away.
          maximumConcurrency: 2,
        },
      },
    ],
  },
  resources: {
    Resources: {
      // Tenants' accounts forward their events to it. Its name is fixed, because their rules name it.
      EventBus: {
        Type: 'AWS::Events::EventBus',
        Metadata: {
          ExplainedWildcards: {
            TakeAutoScalingEvents:
              'A policy has room for some hundred accounts, and tenants have more. Nobody but AWS can send events with the source aws.autoscaling, and the account in them is checked against the configs before anything is done.',
          },
        },
        Properties: {
          Name: BUS,
          Policy: {
            Version: '2012-10-17',
            Statement: [
              {
                Sid: 'TakeAutoScalingEvents',
                Effect: 'Allow',
                Principal: '*',
                Action: 'events:PutEvents',
                Resource: {
                  'Fn::Sub': `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:event-bus/${BUS}`,
                },
                Condition: { StringEquals: { 'events:source': 'aws.autoscaling' } },
              },
            ],
          },
        },
      },
      ScalingRule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          Description: 'Scaling events of tenants to the queue of on-scaling.',
          EventBusName: { Ref: 'EventBus' },
          EventPattern: { source: ['aws.autoscaling'], 'detail-type': DETAIL_TYPES },
          Targets: [
            {
              Id: 'ScalingQueue',
              Arn: arnOf('ScalingQueue'),
              // Later than the last comparison an event is of no use.
              RetryPolicy: { MaximumRetryAttempts: 100, MaximumEventAgeInSeconds: 9 * 3600 },
              DeadLetterConfig: { Arn: arnOf('ScalingDeadLetterQueue') },
            },
          ],
        },
      },
      ...workQueue({
        id: 'Scaling',
        name: 'scaling',
        timeout: TIMEOUT,
        senders: [{ Sid: 'TakeFromRule', ...fromRule }],
        deadLetterSenders: [{ Sid: 'TakeUndeliverableFromRule', ...fromRule }],
      }),
      // One-time schedules, which delete themselves. Apart from those of accounts, among which they would be found superfluous.
      CheckScheduleGroup: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: CHECKS } },
      ...functionRole({
        id: 'OnScalingRole',
        name: 'on-scaling',
        explained: { ScheduleChecks: WHY_OWN_SCHEDULES },
        statements: [
          consumeQueue('ScalingQueue'),
          // What is malformed is set aside with the reason.
          { Sid: 'SetAside', Action: 'sqs:SendMessage', Resource: arnOf('ScalingDeadLetterQueue') },
          readConfigs,
          // One that is there already is not written again, which needs no right to read it.
          {
            Sid: 'NoteEvents',
            Action: 'dynamodb:PutItem',
            Resource: '${self:custom.addresses.tableArn}',
          },
          // They delete themselves when they have sent.
          { Sid: 'ScheduleChecks', Action: 'scheduler:CreateSchedule', Resource: schedulesOf(CHECKS) },
          passScheduleRole,
        ],
      }),
    },
  },
};

export const receiveEvents = {
  function: {
    handler: 'functions/receive-events.handler',
    description: 'Takes scaling events of Google Cloud and Azure, and checks whose they are.',
    role: 'ReceiveEventsRole',
    // Signatures are checked in a fraction of the time that 256 MB would take, and the sender waits.
    memorySize: 512,
    timeout: 20,
    environment: {
      CONFIGS_TABLE: '${self:custom.addresses.configsTable}',
      SCALING_QUEUE_URL: { Ref: 'ScalingQueue' },
    },
    events: [
      { httpApi: { method: 'POST', path: '/events/{provider}/{tenant}/{random}' } },
      // Event Grid asks whether it may send before it does.
      { httpApi: { method: 'OPTIONS', path: '/events/{provider}/{tenant}/{random}' } },
    ],
  },
  resources: {
    Resources: functionRole({
      id: 'ReceiveEventsRole',
      name: 'receive-events',
      statements: [
        // Whose keys a token has to be signed with, and for whom.
        readConfigs,
        { Sid: 'QueueEvents', Action: 'sqs:SendMessage', Resource: arnOf('ScalingQueue') },
      ],
    }),
    extensions: {
      // Requests a second of all tenants together, before it is known who sends them. Anybody can find the address: a flood is refused
      // before it costs an execution. It can keep tenants' events out, which their senders repeat; an alarm reports it.
      HttpApiStage: {
        Properties: {
          DefaultRouteSettings: {
            DetailedMetricsEnabled: true,
            ThrottlingRateLimit: 20,
            ThrottlingBurstLimit: 40,
          },
        },
      },
    },
  },
};
