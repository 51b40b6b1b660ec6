/**
 * The role of a function, and the rights that several functions have. What a statement allows stands in its Sid; why its function
 * needs it, in the comment beside it. A wildcard is explained in the metadata of its role: test/acceptance/local refuses one that is not.
 *
 * No statement names the key: whoever may use a table, bucket, queue or topic may use the key through it (infra/key.yml).
 */

/**
 * @typedef {object} Statement
 * @property {string} Sid
 * @property {string | readonly string[]} Action
 * @property {unknown} Resource
 * @property {object} [Condition]
 */

/** @typedef {'results' | 'heads' | 'work' | 'baselines' | 'samples' | 'recordings' | 'anomalies' | 'points'} Prefix What an object of the bucket of results holds. */

/**
 * @typedef {object} FunctionRole
 * @property {string} id The logical id of the role.
 * @property {string} name The name of the function.
 * @property {readonly Statement[]} statements
 * @property {Readonly<Record<string, string>>} [explained] Why a statement, by its Sid, needs its wildcard.
 * @property {string | undefined} [roleName] Where the role must have a name that is known before it is made.
 */

/**
 * The role of one function, which may write that function's log.
 *
 * @param {FunctionRole} role
 */
export function functionRole({ id, name, statements, explained, roleName }) {
  return {
    [id]: {
      Type: 'AWS::IAM::Role',
      ...(explained && { Metadata: { ExplainedWildcards: explained } }),
      Properties: {
        ...(roleName && { RoleName: roleName }),
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
        Policies: [
          {
            PolicyName: name,
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [...statements, writeLog(name)].map(({ Sid, ...rest }) => ({ Sid, Effect: 'Allow', ...rest })),
            },
          },
        ],
      },
    },
  };
}

/**
 * The poller of AWS Lambda takes messages off a queue in the name of the function.
 *
 * @param {string} queue
 * @returns {Statement}
 */
export function consumeQueue(queue) {
  return {
    Sid: 'ConsumeQueue',
    Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    Resource: arnOf(queue),
  };
}

/**
 * What inspects or schedules follows configs and never changes one. A config is stored with the tenant's external id, with
 * which its accounts are entered.
 *
 * @type {Statement}
 */
export const readConfigs = {
  Sid: 'ReadConfigs',
  Action: 'dynamodb:Query',
  Resource: '${self:custom.addresses.configsTableArn}',
};

/**
 * Objects of the bucket of results.
 *
 * @param {string} Sid
 * @param {readonly string[]} actions
 * @param {readonly Prefix[]} prefixes
 * @returns {Statement}
 */
export function objects(Sid, actions, prefixes) {
  return { Sid, Action: actions, Resource: prefixes.map((of) => `\${self:custom.addresses.objectArns.${of}}`) };
}

/**
 * Whoever reads objects may list them too: S3 answers a missing object as a denied one otherwise, and a right that is lost would pass
 * for results that are not there. Not narrowed by `s3:prefix`: AWS does not document how that decides between missing and denied.
 *
 * @type {Statement}
 */
export const findObjects = {
  Sid: 'FindResults',
  Action: 's3:ListBucket',
  Resource: '${self:custom.addresses.resultsBucketArn}',
};

/** Of the statements about objects. */
export const WHY_OBJECTS =
  "Objects are named by tenant, day and run, none of which is known when the stack is deployed. The bucket is the stack's own.";

/** @type {Statement} */
export const publishToTenantTopics = {
  Sid: 'PublishToTenantTopics',
  Action: 'sns:Publish',
  Resource: { 'Fn::Sub': 'arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:plimsoll-${sls:stage}_*' },
};

/**
 * What tenants bring: credentials of their receivers and of their servers.
 *
 * @type {Statement}
 */
export const readSecretsOfStage = {
  Sid: 'ReadSecretsOfStage',
  Action: 'secretsmanager:GetSecretValue',
  Resource: {
    'Fn::Sub': 'arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:plimsoll/${sls:stage}/*',
  },
};

/** Of the statement that reads secrets. */
export const WHY_SECRETS =
  'Tenants bring their secrets after the stack is deployed. The name begins with the stage, and the function takes the tenant in it from the message that it works on.';

/**
 * A schedule sends with a role that its maker passes: this one, to the scheduler alone.
 *
 * @type {Statement}
 */
export const passScheduleRole = {
  Sid: 'PassScheduleRole',
  Action: 'iam:PassRole',
  Resource: { 'Fn::GetAtt': ['ScheduleRole', 'Arn'] },
  Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
};

/** Of the statement that publishes. */
export const WHY_TENANT_TOPICS =
  'Topics are made when a tenant is put, after the stack is deployed. The prefix holds the stage and excludes every other topic of the account.';

/**
 * The poller of AWS Lambda reads a stream in the name of the function.
 *
 * @param {unknown} stream Its ARN.
 * @returns {Statement[]}
 */
export function consumeStream(stream) {
  return [
    {
      Sid: 'ConsumeStream',
      Action: ['dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:DescribeStream'],
      Resource: stream,
    },
    { Sid: 'ListStreams', Action: 'dynamodb:ListStreams', Resource: '*' },
  ];
}

/**
 * Makes and deletes schedules of one group. They are never updated: one that differs has another name.
 *
 * @param {string} group
 * @returns {Statement[]}
 */
export function manageSchedules(group) {
  return [
    {
      Sid: 'ManageSchedules',
      Action: ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule'],
      Resource: schedulesOf(group),
    },
    { Sid: 'ListSchedules', Action: 'scheduler:ListSchedules', Resource: '*' },
    passScheduleRole,
  ];
}

/** Of the statement that lists. */
export const WHY_LISTED =
  'The action knows no resource. It shows names of schedules, and neither what they send nor when.';

/** Of the statements that make and delete. */
export const WHY_OWN_SCHEDULES =
  "Schedules are made when a config is saved or a group scales, after the stack is deployed. The group is the stack's own.";

/** @param {string} group */
export function schedulesOf(group) {
  return { 'Fn::Sub': `arn:\${AWS::Partition}:scheduler:\${AWS::Region}:\${AWS::AccountId}:schedule/${group}/*` };
}

/** @param {string} resource */
export function arnOf(resource) {
  return { 'Fn::GetAtt': [resource, 'Arn'] };
}

/**
 * As osls begins the logical ids of a function's resources: `inspect-aws` is `InspectDashaws`.
 *
 * @param {string} name
 */
export function logicalNameOf(name) {
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', 'Dash');
}

/**
 * The stack makes the group, so that nothing makes one without an end to its retention.
 *
 * @param {string} name
 * @returns {Statement}
 */
function writeLog(name) {
  return {
    Sid: 'WriteLog',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: arnOf(`${logicalNameOf(name)}LogGroup`),
  };
}
