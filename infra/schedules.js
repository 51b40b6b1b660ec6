/**
 * The schedules of accounts, and the two functions that keep them what the configs stand for: one follows the stream of the table
 * of configs, the other compares everything once an hour. Neither can send a request: the scheduler does, with a role of its own.
 */
import { deadLetterQueue } from './queues.js';
import {
  arnOf,
  consumeStream,
  functionRole,
  manageSchedules,
  readConfigs,
  WHY_LISTED,
  WHY_OWN_SCHEDULES,
} from './rights.js';

/** Seconds: ten thousand schedules that are already right are read in some twenty; the rest is for those that are not. */
const RECONCILE_TIMEOUT = 840;

const environment = {
  CONFIGS_TABLE: '${self:custom.addresses.configsTable}',
  SCHEDULE_GROUP: { Ref: 'ScheduleGroup' },
  SCHEDULE_ROLE_ARN: arnOf('ScheduleRole'),
  REQUEST_QUEUE_ARN: arnOf('RequestQueue'),
  SCHEDULE_DEAD_LETTER_ARN: arnOf('RequestDeadLetterQueue'),
};

const explained = { ListSchedules: WHY_LISTED, ManageSchedules: WHY_OWN_SCHEDULES };

const GROUP = 'plimsoll-${sls:stage}';

export const schedules = {
  Resources: {
    // One schedule for each account of each tenant. Nothing else is made in this group: what no config names is removed from it.
    ScheduleGroup: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: GROUP } },
    // What the scheduler sends with. Whoever makes a schedule passes this role and no other.
    ScheduleRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'scheduler.amazonaws.com' },
              Action: 'sts:AssumeRole',
              // A schedule of another account cannot use the role, whoever names it there.
              Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
            },
          ],
        },
        Policies: [
          {
            PolicyName: 'schedule',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                // The second queue takes what could not be sent to the first.
                {
                  Sid: 'RequestInspections',
                  Effect: 'Allow',
                  Action: 'sqs:SendMessage',
                  Resource: [arnOf('RequestQueue'), arnOf('RequestDeadLetterQueue')],
                },
              ],
            },
          },
        ],
      },
    },
  },
};

export const applySchedules = {
  function: {
    handler: 'functions/apply-schedules.handler',
    description: 'Makes the schedules of a tenant follow its config when it is saved.',
    role: 'ApplySchedulesRole',
    memorySize: 256,
    // No write is begun in the last forty seconds, and the first config of a large tenant makes a thousand schedules.
    timeout: 180,
    environment,
    events: [
      {
        stream: {
          type: 'dynamodb',
          arn: '${self:custom.addresses.configsStreamArn}',
          // A stack that takes over a table begins with what was saved while there was none.
          startingPosition: 'TRIM_HORIZON',
          batchSize: 100,
          // Versions of configs alone: an external id or an entry of the list of tenants changes no schedule.
          filterPatterns: [
            { eventName: ['INSERT', 'REMOVE'], dynamodb: { Keys: { sk: { S: [{ prefix: 'CONFIG#' }] } } } },
          ],
          functionResponseType: 'ReportBatchItemFailures',
          // A record that always fails is found and set aside; it does not hold back those behind it for a day.
          bisectBatchOnFunctionError: true,
          maximumRetryAttempts: 5,
          // By then reconcile-schedules has done it.
          maximumRecordAgeInSeconds: 3600,
          destinations: { onFailure: { type: 'sqs', arn: arnOf('ApplySchedulesDeadLetterQueue') } },
        },
      },
    ],
  },
  resources: {
    Resources: {
      ...deadLetterQueue({ id: 'ApplySchedules', name: 'apply-schedules' }),
      ...functionRole({
        id: 'ApplySchedulesRole',
        name: 'apply-schedules',
        explained: {
          ...explained,
          ListStreams: 'AWS Lambda requires the right of whoever follows a stream, and the action knows no resource.',
        },
        statements: [
          ...consumeStream('${self:custom.addresses.configsStreamArn}'),
          { Sid: 'SetRecordsAside', Action: 'sqs:SendMessage', Resource: arnOf('ApplySchedulesDeadLetterQueue') },
          readConfigs,
          ...manageSchedules(GROUP),
        ],
      }),
    },
  },
};

export const reconcileSchedules = {
  function: {
    handler: 'functions/reconcile-schedules.handler',
    description: 'Finds and repairs schedules that are not what the configs stand for.',
    role: 'ReconcileSchedulesRole',
    memorySize: 512,
    timeout: RECONCILE_TIMEOUT,
    // The next hour is the retry.
    maximumRetryAttempts: 0,
    environment,
    events: [{ schedule: { rate: 'rate(1 hour)', description: 'Compares all schedules with all configs.' } }],
  },
  resources: {
    Resources: functionRole({
      id: 'ReconcileSchedulesRole',
      name: 'reconcile-schedules',
      explained,
      statements: [readConfigs, ...manageSchedules(GROUP)],
    }),
  },
};
