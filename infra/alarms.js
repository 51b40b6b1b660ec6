/**
 * The alarms, made from the lists in monitored.js. Actions go to the operator's topic; tenants are notified by the function `watch`.
 *
 * What missing data mean is said for each metric: a metric that nobody writes while nothing happens is good news where nothing is
 * expected to happen, and bad news where a schedule ought to write it.
 */
import { dashboard } from './dashboard.js';
import { API_COUNTS, COUNTS, DEAD_LETTER_QUEUES, FUNCTIONS, PERIOD, STREAMS, WORK_QUEUES } from './monitored.js';
import { logicalNameOf } from './rights.js';

/** @import { ApiCount, Backlog, Count, DeadLetters, WatchedFunction } from './monitored.js' */

/** Of the time-out. An inspection ends by itself at 90 % of it: a function that goes beyond is about to be killed. */
const NEAR_TIMEOUT = 0.95;

/** A scheduled function that failed so often in a row does not mend itself. */
const FAILED_RUNS = 3;

const OPERATOR = [{ Ref: 'OperatorTopic' }];

export const Resources = {
  ...Object.fromEntries(DEAD_LETTER_QUEUES.map((queue) => [queue.alarm, deadLetterAlarm(queue)])),
  ...Object.fromEntries(WORK_QUEUES.map((queue) => [queue.alarm, backlogAlarm(queue)])),
  ...Object.fromEntries(FUNCTIONS.flatMap(functionAlarms)),
  ...Object.fromEntries(STREAMS.map((stream) => [`${idOf(stream.name)}BacklogAlarm`, streamAlarm(stream)])),
  ...Object.fromEntries(COUNTS.map((count) => [`${idOf(count.name)}${count.metric}Alarm`, countAlarm(count)])),
  ...Object.fromEntries(API_COUNTS.map((count) => [count.alarm, apiAlarm(count)])),
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
function countAlarm({ metric, name, provider, when, threshold, everySeconds, what }) {
  return alarm({
    AlarmDescription: what,
    Namespace: 'Plimsoll',
    MetricName: metric,
    Dimensions: [
      { Name: 'stage', Value: '${sls:stage}' },
      { Name: 'function', Value: name },
      ...(provider === undefined ? [] : [{ Name: 'provider', Value: provider }]),
    ],
    Statistic: 'Maximum',
    Period: everySeconds,
    EvaluationPeriods: 2,
    Threshold: threshold,
    // The function writes it each time, also where it is 0; the alarm on its errors notices that it has stopped.
    TreatMissingData: 'missing',
    ...(when === 'below' && { ComparisonOperator: 'LessThanThreshold' }),
    // It is written only while there is something to do.
    ...(when === 'repeated' && { TreatMissingData: 'notBreaching' }),
    // That it does not happen again mends nothing, and is not reported as the end.
    ...(when === 'happened' && { EvaluationPeriods: 1, TreatMissingData: 'notBreaching', OKActions: undefined }),
  });
}

/** @param {ApiCount} count */
function apiAlarm({ api, metric, threshold, percentile, periods = 1, what }) {
  return alarm({
    AlarmDescription: what,
    Namespace: 'AWS/ApiGateway',
    MetricName: metric,
    Dimensions: [{ Name: 'ApiId', Value: { Ref: api } }],
    ...(percentile === undefined ? { Statistic: 'Sum' } : { ExtendedStatistic: percentile }),
    EvaluationPeriods: periods,
    Threshold: threshold,
    // Nobody has sent anything.
    TreatMissingData: 'notBreaching',
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
