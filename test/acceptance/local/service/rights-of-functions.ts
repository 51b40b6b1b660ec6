/** What each function calls, and nothing else: the rights that its role has to have, by resource. */

const CONSUME = ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];
const READ = ['dynamodb:Query'];
const TENANT_TOPICS = 'arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:plimsoll-dev_*';
/** Of the tenants of the stage. */
const SECRETS = 'arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:plimsoll/dev/*';
const LOG = ['logs:CreateLogStream', 'logs:PutLogEvents'];

/** Schedules of a group of the stack, sent with the one role that may be passed. */
const SCHEDULES = 'arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}:schedule/plimsoll-dev/*';
const MANAGE = {
  [SCHEDULES]: ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule'],
  ScheduleRole: ['iam:PassRole'],
};

type Rights = Readonly<Record<string, readonly string[]>>;

export const RIGHTS: Readonly<Record<string, Rights>> = {
  dispatch: {
    RequestQueue: CONSUME,
    InspectAwsQueue: ['sqs:SendMessage'],
    InspectGcpQueue: ['sqs:SendMessage'],
    InspectAzureQueue: ['sqs:SendMessage'],
    InspectPrometheusQueue: ['sqs:SendMessage'],
    InspectOtlpQueue: ['sqs:SendMessage'],
    RequestDeadLetterQueue: ['sqs:SendMessage'],
    ConfigsTable: READ,
    Table: ['dynamodb:PutItem', 'dynamodb:Query'],
    DispatchLogGroup: LOG,
  },
  'inspect-aws': { ...inspects('Aws'), 'arn:${AWS::Partition}:iam::*:role/plimsoll-*': ['sts:AssumeRole'] },
  'inspect-gcp': {
    ...inspects('Gcp'),
    'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/plimsoll-dev-gcp-session': ['sts:AssumeRole'],
  },
  'inspect-azure': { ...inspects('Azure'), '*': ['sts:GetWebIdentityToken'] },
  'inspect-prometheus': {
    ...inspects('Prometheus'),
    [SECRETS]: ['secretsmanager:GetSecretValue'],
    'arn:${AWS::Partition}:iam::*:role/plimsoll-*': ['sts:AssumeRole'],
    'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/plimsoll-dev-gcp-session': ['sts:AssumeRole'],
    '*': ['sts:GetWebIdentityToken'],
  },
  // It connects to nobody: what hosts sent is in the bucket.
  'inspect-otlp': { ...inspects('Otlp'), ...objects(['samples'], ['s3:GetObject']) },
  'publish-outbox': {
    '${Table.Arn}/index/open': ['dynamodb:Query'],
    '${Table.Arn}/index/pending': ['dynamodb:Query'],
    ConfigsTable: READ,
    Table: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
    [TENANT_TOPICS]: ['sns:Publish'],
    PublishDashoutboxLogGroup: LOG,
  },
  'apply-schedules': {
    ...MANAGE,
    // The stream of it, and the table itself.
    ConfigsTable: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', ...READ],
    '*': ['dynamodb:ListStreams', 'scheduler:ListSchedules'],
    ApplySchedulesDeadLetterQueue: ['sqs:SendMessage'],
    ApplyDashschedulesLogGroup: LOG,
  },
  watch: {
    '${Table.Arn}/index/incidents': ['dynamodb:Query'],
    ConfigsTable: READ,
    Table: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
    ...objects(['points'], ['s3:GetObject']),
    [TENANT_TOPICS]: ['sns:Publish'],
    WatchLogGroup: LOG,
  },
  'on-scaling': {
    ScalingQueue: CONSUME,
    ScalingDeadLetterQueue: ['sqs:SendMessage'],
    ConfigsTable: READ,
    Table: ['dynamodb:PutItem'],
    'arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}:schedule/plimsoll-dev-checks/*': [
      'scheduler:CreateSchedule',
    ],
    ScheduleRole: ['iam:PassRole'],
    OnDashscalingLogGroup: LOG,
  },
  api: {
    // It becomes a tenant, and of tenants' data it reads nothing by itself: api-checks.ts has the conditions.
    'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/plimsoll-dev-api-tenant': ['sts:AssumeRole'],
    ConfigsTable: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:Query'],
    InspectDashawsLambdaFunction: ['lambda:InvokeFunction'],
    InspectDashgcpLambdaFunction: ['lambda:InvokeFunction'],
    InspectDashazureLambdaFunction: ['lambda:InvokeFunction'],
    InspectDashprometheusLambdaFunction: ['lambda:InvokeFunction'],
    InspectDashotlpLambdaFunction: ['lambda:InvokeFunction'],
    ApiLogGroup: LOG,
  },
  'receive-events': {
    ConfigsTable: READ,
    ScalingQueue: ['sqs:SendMessage'],
    ReceiveDasheventsLogGroup: LOG,
  },
  'receive-metrics': {
    ConfigsTable: READ,
    Table: ['dynamodb:GetItem', 'dynamodb:Query'],
    SampleQueue: ['sqs:SendMessage'],
    ReceiveDashmetricsLogGroup: LOG,
  },
  relay: {
    RelayQueue: [...CONSUME, 'sqs:ChangeMessageVisibility'].toSorted(),
    RelayDeadLetterQueue: ['sqs:SendMessage'],
    ConfigsTable: READ,
    Table: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
    '${Table.Arn}/index/open': ['dynamodb:Query'],
    [SECRETS]: ['secretsmanager:GetSecretValue'],
    [TENANT_TOPICS]: ['sns:Publish', 'sns:SetSubscriptionAttributes', 'sns:Subscribe'],
    RelayLogGroup: LOG,
  },
  'close-runs': {
    ConfigsTable: READ,
    Table: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
    ...objects(['results', 'heads', 'baselines'], ['s3:GetObject', 's3:PutObject']),
    ...objects(['work'], ['s3:GetObject']),
    CloseDashrunsLogGroup: LOG,
  },
  'compact-results': {
    ConfigsTable: ['dynamodb:DeleteItem', ...READ],
    ...objects(['results', 'heads'], ['s3:DeleteObject', 's3:GetObject', 's3:PutObject']),
    ...objects(['work', 'baselines', 'samples', 'recordings', 'anomalies', 'points'], ['s3:DeleteObject']),
    CompactDashresultsLogGroup: LOG,
  },
  'store-samples': {
    SampleQueue: CONSUME,
    Table: READ,
    '${ResultsBucket.Arn}/samples/*': ['s3:PutObject'],
    '${ResultsBucket.Arn}/recordings/*': ['s3:PutObject'],
    StoreDashsamplesLogGroup: LOG,
  },
  'keep-samples': {
    ConfigsTable: READ,
    Table: ['dynamodb:DeleteItem', 'dynamodb:Query'],
    ...objects(['samples', 'recordings'], ['s3:DeleteObject', 's3:GetObject', 's3:PutObject']),
    KeepDashsamplesLogGroup: LOG,
  },
  'reconcile-schedules': {
    ...MANAGE,
    ConfigsTable: READ,
    '*': ['scheduler:ListSchedules'],
    ReconcileDashschedulesLogGroup: LOG,
  },
};

/** Objects of the bucket of results, and whether there is one. */
function objects(prefixes: readonly string[], actions: readonly string[]): Rights {
  const of = prefixes.map((prefix) => [`\${ResultsBucket.Arn}/${prefix}/*`, actions]);
  return { ...Object.fromEntries(of), ResultsBucket: ['s3:ListBucket'] };
}

function inspects(provider: string): Rights {
  return {
    [`Inspect${provider}Queue`]: [...CONSUME, 'sqs:SendMessage'],
    [`Inspect${provider}DeadLetterQueue`]: ['sqs:SendMessage'],
    ConfigsTable: READ,
    Table: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
    '${Table.Arn}/index/incidents': ['dynamodb:Query'],
    '${Table.Arn}/index/open': ['dynamodb:Query'],
    '${Table.Arn}/index/pending': ['dynamodb:Query'],
    ...objects(['results', 'heads', 'work', 'baselines', 'anomalies', 'points'], ['s3:GetObject', 's3:PutObject']),
    [TENANT_TOPICS]: ['sns:Publish'],
    [`InspectDash${provider.toLowerCase()}LogGroup`]: LOG,
  };
}
