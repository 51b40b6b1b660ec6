/**
 * Alarms and the dashboard, made from two lists: every queue and every function of the stack stands in one of them. Actions go
 * to the operator's topic; tenants are notified by the function `watch`.
 *
 * What missing data mean is said for each metric: a metric that nobody writes while nothing happens is good news where nothing is
 * expected to happen, and bad news where a schedule ought to write it.
 */
import { logicalNameOf } from './rights.js';

/** @typedef {{ id: string, alarm: string, what: string }} DeadLetters */
/** @typedef {{ id: string, alarm: string, what: string, behindSeconds: number }} Backlog */

/**
 * @typedef {object} WatchedFunction
 * @property {string} name
 * @property {number} timeout Seconds.
 * @property {number} [everySeconds] Where a schedule invokes it. Absent where messages, records or requests do.
 * @property {string} [errorsAlarm] Where the alarm has another logical id than the rule gives.
 * @property {string} failure What it means that the function fails.
 */

/** @type {readonly DeadLetters[]} */
export const DEAD_LETTER_QUEUES = [
  {
    id: 'RequestDeadLetterQueue',
    alarm: 'RequestDeadLetterAlarm',
    what: 'A request names a tenant, account or region that there is not, was not understood, or could not be dispatched.',
  },
  {
    id: 'InspectAwsDeadLetterQueue',
    alarm: 'DeadLetterAlarm',
    what: 'An inspection of an AWS account could not be worked off, or its message was not understood.',
  },
  {
    id: 'InspectGcpDeadLetterQueue',
    alarm: 'GcpDeadLetterAlarm',
    what: 'An inspection of a Google Cloud project could not be worked off, or its message was not understood.',
  },
  {
    id: 'InspectAzureDeadLetterQueue',
    alarm: 'AzureDeadLetterAlarm',
    what: 'An inspection of an Azure subscription could not be worked off, or its message was not understood.',
  },
  {
    id: 'ScalingDeadLetterQueue',
    alarm: 'ScalingDeadLetterAlarm',
    what: 'A scaling event names an account that no tenant has, was not understood, or could not be worked off.',
  },
  {
    id: 'ApplySchedulesDeadLetterQueue',
    alarm: 'ApplySchedulesDeadLetterAlarm',
    what: 'The schedules of a tenant did not follow its config. The hourly reconcile-schedules repairs them, or its alarm follows.',
  },
];

/** Hours of inspections wait where one delivery failed and the next is due after the visibility timeout of half an hour. */
const INSPECTIONS_BEHIND = 3600;

/** @type {readonly Backlog[]} */
export const WORK_QUEUES = [
  {
    id: 'RequestQueue',
    alarm: 'RequestBacklogAlarm',
    what: 'Requests for inspections wait for more than a quarter of an hour.',
    behindSeconds: 900,
  },
  {
    id: 'ScalingQueue',
    alarm: 'ScalingBacklogAlarm',
    what: 'Scaling events wait for more than a quarter of an hour: the first comparison is due after half an hour.',
    behindSeconds: 900,
  },
  {
    id: 'InspectAwsQueue',
    alarm: 'InspectAwsBacklogAlarm',
    what: 'Inspections of AWS accounts wait for more than an hour.',
    behindSeconds: INSPECTIONS_BEHIND,
  },
  {
    id: 'InspectGcpQueue',
    alarm: 'InspectGcpBacklogAlarm',
    what: 'Inspections of Google Cloud projects wait for more than an hour.',
    behindSeconds: INSPECTIONS_BEHIND,
  },
  {
    id: 'InspectAzureQueue',
    alarm: 'InspectAzureBacklogAlarm',
    what: 'Inspections of Azure subscriptions wait for more than an hour.',
    behindSeconds: INSPECTIONS_BEHIND,
  },
];

/** Functions that follow a stream, and the seconds that they may be behind. */
const STREAMS = [
  { name: 'apply-schedules', behindSeconds: 300, what: 'Schedules do not follow configs that were saved.' },
];

/** @type {readonly WatchedFunction[]} */
export const FUNCTIONS = [
  { name: 'dispatch', timeout: 60, failure: 'No inspection may be requested, whoever sends the request.' },
  { name: 'inspect-aws', timeout: 300, failure: 'Accounts of AWS may not be inspected.' },
  { name: 'inspect-gcp', timeout: 300, failure: 'Projects of Google Cloud may not be inspected.' },
  { name: 'inspect-azure', timeout: 300, failure: 'Subscriptions of Azure may not be inspected.' },
  {
    name: 'publish-outbox',
    timeout: 240,
    everySeconds: 300,
    errorsAlarm: 'PublishOutboxAlarm',
    failure: 'Notifications may wait in the table, published to nobody.',
  },
  {
    name: 'watch',
    timeout: 600,
    everySeconds: 900,
    failure: 'Tenants may not be notified that their accounts are not inspected.',
  },
  { name: 'on-scaling', timeout: 60, failure: 'New hosts may not be compared after scaling events.' },
  { name: 'receive-events', timeout: 20, failure: 'Scaling events of Google Cloud and Azure may be lost.' },
  { name: 'apply-schedules', timeout: 60, failure: 'Schedules may not follow configs that were saved.' },
  {
    name: 'reconcile-schedules',
    timeout: 840,
    everySeconds: 3600,
    failure: 'Accounts may have no schedule, and others that no config names.',
  },
];

/**
 * What functions count themselves, under the namespace of functions/metrics.ts.
 *
 * @typedef {object} Count
 * @property {string} metric
 * @property {string} name The function that writes it.
 * @property {number} threshold
 * @property {number} everySeconds How often the function writes it.
 * @property {string} what
 */

/** @type {readonly Count[]} */
export const COUNTS = [
  {
    metric: 'MissingRuns',
    name: 'watch',
    threshold: 0,
    everySeconds: 900,
    what: 'Accounts were not inspected when they were due. `plimsoll status` names them.',
  },
  {
    metric: 'FailingAccounts',
    name: 'watch',
    threshold: 0,
    everySeconds: 900,
    what: 'Accounts are denied or incomplete twice running. Their tenants are notified; `plimsoll status` names them.',
  },
  {
    metric: 'OldestOutboxAgeSeconds',
    name: 'publish-outbox',
    threshold: 3600,
    everySeconds: 300,
    what: 'A notification waits for more than an hour for a topic to accept it. The log of publish-outbox names the tenant.',
  },
];

/** Of the time-out. An inspection ends by itself at 90 % of it: a function that goes beyond is about to be killed. */
const NEAR_TIMEOUT = 0.95;

/** A scheduled function that failed so often in a row does not mend itself. */
const FAILED_RUNS = 3;

const OPERATOR = [{ Ref: 'OperatorTopic' }];

/** Seconds of the period of what no schedule drives. */
const PERIOD = 300;

export const Resources = {
  ...Object.fromEntries(DEAD_LETTER_QUEUES.map((queue) => [queue.alarm, deadLetterAlarm(queue)])),
  ...Object.fromEntries(WORK_QUEUES.map((queue) => [queue.alarm, backlogAlarm(queue)])),
  ...Object.fromEntries(FUNCTIONS.flatMap(functionAlarms)),
  ...Object.fromEntries(STREAMS.map((stream) => [`${idOf(stream.name)}BacklogAlarm`, streamAlarm(stream)])),
  ...Object.fromEntries(COUNTS.map((count) => [`${count.metric}Alarm`, countAlarm(count)])),
  Dashboard: dashboard(),
};

/** @param {DeadLetters} queue */
function deadLetterAlarm({ id, what }) {
  return alarm({
    AlarmDescription: `${what} Read the dead-letter queue: the attributes of a message hold the reason.`,
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: [queueDimension(id)],
    Statistic: 'Maximum',
    Threshold: 0,
    // SQS reports nothing of a queue that nobody has used for hours.
    TreatMissingData: 'notBreaching',
  });
}

/** @param {Backlog} queue */
function backlogAlarm({ id, what, behindSeconds }) {
  return alarm({
    AlarmDescription: `${what} The function is disabled, throttled or too slow: compare its concurrency and its errors.`,
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateAgeOfOldestMessage',
    Dimensions: [queueDimension(id)],
    Statistic: 'Maximum',
    Threshold: behindSeconds,
    // An empty queue has no oldest message.
    TreatMissingData: 'notBreaching',
  });
}

/** @param {Count} count */
function countAlarm({ metric, name, threshold, everySeconds, what }) {
  return alarm({
    AlarmDescription: what,
    Namespace: 'Plimsoll',
    MetricName: metric,
    Dimensions: [
      { Name: 'stage', Value: '${sls:stage}' },
      { Name: 'function', Value: name },
    ],
    Statistic: 'Maximum',
    Period: everySeconds,
    // Twice in a row: a run that is only late has come by then.
    EvaluationPeriods: 2,
    Threshold: threshold,
    // The function writes it each time, also where it is 0; the alarm on its errors notices that it has stopped.
    TreatMissingData: 'missing',
  });
}

/** @param {{ name: string, behindSeconds: number, what: string }} stream */
function streamAlarm({ name, behindSeconds, what }) {
  return alarm({
    AlarmDescription: `${what} ${name} is disabled, throttled or fails: read its log.`,
    Namespace: 'AWS/Lambda',
    MetricName: 'IteratorAge',
    Dimensions: [functionDimension(name)],
    Statistic: 'Maximum',
    // Milliseconds.
    Threshold: behindSeconds * 1000,
    // Nothing was saved.
    TreatMissingData: 'notBreaching',
  });
}

/**
 * @param {WatchedFunction} watched
 * @returns {[string, object][]}
 */
function functionAlarms({ name, timeout, everySeconds, errorsAlarm, failure }) {
  const id = idOf(name);
  const of = { Namespace: 'AWS/Lambda', Dimensions: [functionDimension(name)] };
  return [
    [
      errorsAlarm ?? `${id}ErrorsAlarm`,
      alarm({
        ...of,
        AlarmDescription: `${name} fails. ${failure} Read its log.`,
        MetricName: 'Errors',
        Statistic: 'Sum',
        Threshold: 0,
        ...(everySeconds === undefined
          ? // What was not worked off is delivered again, and nothing is invoked while there is nothing to do.
            { TreatMissingData: 'notBreaching' }
          : // Each invocation writes this metric: where it is missing the schedule has stopped, and that is an action too.
            {
              Period: everySeconds,
              EvaluationPeriods: FAILED_RUNS,
              TreatMissingData: 'missing',
              InsufficientDataActions: OPERATOR,
            }),
      }),
    ],
    [
      `${id}ThrottlesAlarm`,
      alarm({
        ...of,
        AlarmDescription: `${name} finds no free execution for a quarter of an hour. Raise the account's limit of concurrent executions, or lower inspectConcurrency.`,
        MetricName: 'Throttles',
        Statistic: 'Sum',
        Threshold: 0,
        // One throttle is no trouble: what was refused comes again.
        EvaluationPeriods: 3,
        TreatMissingData: 'notBreaching',
      }),
    ],
    [
      `${id}DurationAlarm`,
      alarm({
        ...of,
        AlarmDescription: `${name} takes nearly all of its ${timeout} s, after which it is killed.`,
        MetricName: 'Duration',
        Statistic: 'Maximum',
        // Milliseconds.
        Threshold: timeout * NEAR_TIMEOUT * 1000,
        // Nothing has run.
        TreatMissingData: 'notBreaching',
      }),
    ],
  ];
}

/** @param {Readonly<Record<string, unknown>>} properties */
function alarm(properties) {
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      Period: PERIOD,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      AlarmActions: OPERATOR,
      OKActions: OPERATOR,
      ...properties,
    },
  };
}

function dashboard() {
  const widgets = [
    widget(
      'Failures of functions',
      'Sum',
      FUNCTIONS.map(({ name }) => functionMetric('Errors', name)),
    ),
    widget(
      'Throttled invocations',
      'Sum',
      FUNCTIONS.map(({ name }) => functionMetric('Throttles', name)),
    ),
    widget(
      'Duration (ms)',
      'Maximum',
      FUNCTIONS.map(({ name }) => functionMetric('Duration', name)),
    ),
    widget(
      'Age of the oldest message (s)',
      'Maximum',
      WORK_QUEUES.map(({ id }) => queueMetric('ApproximateAgeOfOldestMessage', id)),
    ),
    widget(
      'Age of the oldest record of a stream (ms)',
      'Maximum',
      STREAMS.map(({ name }) => functionMetric('IteratorAge', name)),
    ),
    widget(
      'What functions count',
      'Maximum',
      COUNTS.map(({ metric, name }) => ['Plimsoll', metric, 'stage', '${sls:stage}', 'function', name]),
    ),
    widget(
      'Dead letters',
      'Maximum',
      DEAD_LETTER_QUEUES.map(({ id }) => queueMetric('ApproximateNumberOfMessagesVisible', id)),
    ),
  ];
  const body = JSON.stringify({ widgets: widgets.map((properties, index) => ({ ...positionOf(index), properties })) });
  return {
    Type: 'AWS::CloudWatch::Dashboard',
    Properties: { DashboardName: 'plimsoll-${sls:stage}', DashboardBody: { 'Fn::Sub': body } },
  };
}

/**
 * Two columns of the 24 units that a dashboard is wide.
 *
 * @param {number} index
 */
function positionOf(index) {
  return { type: 'metric', x: (index % 2) * 12, y: Math.floor(index / 2) * 6, width: 12, height: 6 };
}

/**
 * @param {string} title
 * @param {string} stat
 * @param {readonly (readonly string[])[]} metrics
 */
function widget(title, stat, metrics) {
  return { title, stat, metrics, region: '${AWS::Region}', period: PERIOD, view: 'timeSeries' };
}

/**
 * @param {string} metric
 * @param {string} name
 */
function functionMetric(metric, name) {
  return ['AWS/Lambda', metric, 'FunctionName', `\${${logicalNameOf(name)}LambdaFunction}`];
}

/**
 * @param {string} metric
 * @param {string} queue
 */
function queueMetric(metric, queue) {
  return ['AWS/SQS', metric, 'QueueName', `\${${queue}.QueueName}`];
}

/** @param {string} queue */
function queueDimension(queue) {
  return { Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } };
}

/** @param {string} name */
function functionDimension(name) {
  return { Name: 'FunctionName', Value: { Ref: `${logicalNameOf(name)}LambdaFunction` } };
}

/**
 * `publish-outbox` is `PublishOutbox`.
 *
 * @param {string} name
 */
function idOf(name) {
  return logicalNameOf(name).replaceAll(/Dash(\w)/g, (_, initial) => initial.toUpperCase());
}
