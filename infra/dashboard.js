/** The dashboard of the operator, made from the lists in monitored.js. */
import { COUNTS, DEAD_LETTER_QUEUES, FUNCTIONS, PERIOD, SHOWN, STREAMS, WORK_QUEUES } from './monitored.js';
import { logicalNameOf } from './rights.js';

export function dashboard() {
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
    widget('What functions count', 'Maximum', [...SHOWN, ...COUNTS].map(countMetric)),
    widget('Answers of the address of scaling events', 'Sum', answersOf('HttpApi')),
    widget('Answers of the API', 'Sum', answersOf('Api')),
    widget(
      'Duration of requests to the API (ms)',
      'p95',
      ['page', 'read', 'write', 'memory'].map((kind) => [
        ...['Plimsoll', 'ApiMilliseconds', 'stage', '${sls:stage}', 'function', 'api'],
        ...['kind', kind],
      ]),
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

/** @param {'HttpApi' | 'Api'} api */
function answersOf(api) {
  return ['Count', '4xx', '5xx'].map((metric) => ['AWS/ApiGateway', metric, 'ApiId', `\${${api}}`]);
}

/** @param {{ metric: string, name: string, provider?: string }} count */
function countMetric({ metric, name, provider }) {
  const ofProvider = provider === undefined ? [] : ['provider', provider];
  return ['Plimsoll', metric, 'stage', '${sls:stage}', 'function', name, ...ofProvider];
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
