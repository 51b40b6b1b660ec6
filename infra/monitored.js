/**
 * The lists of the monitored: every queue and every function of the stack stands in one of these lists, from which the alarms and the
 * dashboard are made.
 */

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
    what: 'A request names a tenant, account or region that there is not, was not understood, or could not be dispatched. Do not redrive those of a schedule: they would stand for a later slot.',
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
    id: 'InspectPrometheusDeadLetterQueue',
    alarm: 'PrometheusDeadLetterAlarm',
    what: 'An inspection of a Prometheus server could not be worked off, or its message was not understood.',
  },
  {
    id: 'InspectOtlpDeadLetterQueue',
    alarm: 'OtlpDeadLetterAlarm',
    what: 'An inspection of hosts that send by OTLP could not be worked off, or its message was not understood.',
  },
  {
    id: 'ScalingDeadLetterQueue',
    alarm: 'ScalingDeadLetterAlarm',
    what: 'A scaling event names an account that no tenant has, was not understood, or could not be worked off.',
  },
  {
    id: 'SampleDeadLetterQueue',
    alarm: 'SampleDeadLetterAlarm',
    what: 'Samples that hosts sent could not be stored, or their message was not understood. Redrive them within two weeks once they can.',
  },
  {
    id: 'RelayDeadLetterQueue',
    alarm: 'RelayDeadLetterAlarm',
    what: 'A receiver did not take a notification for three hours, or a message was none of a topic of this stage. Redrive it once the receiver works.',
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
    id: 'SampleQueue',
    alarm: 'SampleBacklogAlarm',
    what: 'Samples that hosts sent wait for more than an hour to be stored: inspections take their hosts for stopped.',
    behindSeconds: 3600,
  },
  {
    // A receiver that is down has its messages wait for three hours at the most, and its tenant is notified of that.
    id: 'RelayQueue',
    alarm: 'RelayBacklogAlarm',
    what: 'Notifications to receivers wait for more than four hours.',
    behindSeconds: 4 * 3600,
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
  {
    id: 'InspectPrometheusQueue',
    alarm: 'InspectPrometheusBacklogAlarm',
    what: 'Inspections of Prometheus servers wait for more than an hour.',
    behindSeconds: INSPECTIONS_BEHIND,
  },
  {
    id: 'InspectOtlpQueue',
    alarm: 'InspectOtlpBacklogAlarm',
    what: 'Inspections of hosts that send by OTLP wait for more than an hour.',
    behindSeconds: INSPECTIONS_BEHIND,
  },
];

/** Functions that follow a stream, and the seconds that they may be behind. */
export const STREAMS = [
  { name: 'apply-schedules', behindSeconds: 300, what: 'Schedules do not follow configs that were saved.' },
];

/** @type {readonly WatchedFunction[]} */
export const FUNCTIONS = [
  { name: 'dispatch', timeout: 60, failure: 'No inspection may be requested, whoever sends the request.' },
  { name: 'inspect-aws', timeout: 300, failure: 'Accounts of AWS may not be inspected.' },
  { name: 'inspect-gcp', timeout: 300, failure: 'Projects of Google Cloud may not be inspected.' },
  { name: 'inspect-azure', timeout: 300, failure: 'Subscriptions of Azure may not be inspected.' },
  { name: 'inspect-prometheus', timeout: 300, failure: 'Prometheus servers may not be inspected.' },
  { name: 'inspect-otlp', timeout: 300, failure: 'Hosts that send by OTLP may not be inspected.' },
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
  {
    name: 'relay',
    timeout: 60,
    everySeconds: 900,
    failure: 'Receivers may get no notifications, and alerts that fire may end. The topics have all of them.',
  },
  { name: 'api', timeout: 29, failure: 'Requests to the API, and of the page in the browser, may get no answer.' },
  {
    name: 'receive-metrics',
    timeout: 20,
    failure: 'Hosts may not get rid of their samples, and keep them for a while.',
  },
  { name: 'receive-events', timeout: 20, failure: 'Scaling events of Google Cloud and Azure may be lost.' },
  { name: 'apply-schedules', timeout: 180, failure: 'Schedules may not follow configs that were saved.' },
  {
    name: 'reconcile-schedules',
    timeout: 840,
    everySeconds: 3600,
    failure: 'Accounts may have no schedule, and others that no config names.',
  },
  {
    name: 'close-runs',
    timeout: 480,
    everySeconds: 600,
    failure: 'Inspections of large regions that were interrupted may stay open, and their tenants are not notified.',
  },
  {
    name: 'store-samples',
    timeout: 120,
    failure: 'Samples that hosts sent wait on their queue, and their hosts may seem to have stopped.',
  },
  {
    name: 'keep-samples',
    timeout: 900,
    everySeconds: 3600,
    failure:
      'Samples are in many small objects, inspections of hosts that send take longer, and recordings are not archived.',
  },
  {
    name: 'compact-results',
    timeout: 900,
    everySeconds: 86_400,
    failure: 'Results are in many small objects, and queries over many days slow.',
  },
];

/** Seconds of the period of what no schedule drives. */
export const PERIOD = 300;

/** Seconds after which the queue of an inspect function delivers a message again. */
const RETRY = 1800;

/**
 * What functions count themselves, under the namespace of functions/metrics.ts.
 *
 * @typedef {object} Count
 * @property {string} metric
 * @property {string} name The function that writes it.
 * @property {string} [provider] The cloud of an inspect function.
 * @property {'above' | 'below' | 'happened' | 'repeated'} when The value is above or below the threshold twice in a row, something
 *   happened at all, or it happened in two periods in a row.
 * @property {number} threshold
 * @property {number} everySeconds How often the function writes it, or how long a period is.
 * @property {string} what
 */

/** @type {readonly Count[]} */
export const COUNTS = [
  {
    // Failures that began. Those that last would hide all others for as long as one account is forgotten.
    metric: 'NewlyFailingAccounts',
    name: 'watch',
    when: 'happened',
    threshold: 0,
    everySeconds: 900,
    what: 'Accounts are denied, incomplete or not inspected twice running, since a moment ago. Their tenants are notified; `plimsoll status` names them.',
  },
  {
    metric: 'Tenants',
    name: 'watch',
    when: 'below',
    threshold: 1,
    everySeconds: 900,
    what: 'No tenant is watched. Where there were some, the stack was deployed without its parameter configsTable: see docs/upgrade-and-remove.md.',
  },
  {
    metric: 'OldestOutboxAgeSeconds',
    name: 'publish-outbox',
    when: 'above',
    threshold: 3600,
    everySeconds: 300,
    what: 'A notification waits for more than an hour for a topic to accept it. The log of publish-outbox names the tenant.',
  },
  {
    // The alarm before lasts as long as one tenant's topic is broken; this one is raised by each further tenant too.
    metric: 'NewlyLateTopics',
    name: 'publish-outbox',
    when: 'happened',
    threshold: 0,
    everySeconds: 300,
    what: 'The notifications of a further tenant wait for more than an hour for its topic. The log of publish-outbox names it.',
  },
  {
    metric: 'NewlyFailingReceivers',
    name: 'relay',
    when: 'happened',
    threshold: 0,
    everySeconds: PERIOD,
    what: 'A receiver of a tenant takes no notifications since a moment ago. The tenant is notified; the log of relay has the reason.',
  },
  ...['aws', 'gcp', 'azure', 'prometheus', 'otlp'].flatMap(inspectCounts),
  dropped({ name: 'publish-outbox' }),
];

/**
 * @param {string} provider
 * @returns {Count[]}
 */
function inspectCounts(provider) {
  const name = `inspect-${provider}`;
  return [
    {
      metric: 'FailedRuns',
      name,
      provider,
      when: 'repeated',
      threshold: 0,
      everySeconds: RETRY,
      what: `Inspections of ${name} fail and go back to their queue, in two half hours in a row. Its log has the errors.`,
    },
    {
      metric: 'FailedJobRuns',
      name,
      provider,
      when: 'repeated',
      threshold: 0,
      everySeconds: RETRY,
      what: `Jobs of anomaly inspection of ${name} can read nothing, in two half hours in a row. Its log has the reasons, and so has plimsoll anomalies jobs.`,
    },
    dropped({ name, provider }),
  ];
}

/**
 * @param {{ name: string, provider?: string }} of
 * @returns {Count}
 */
function dropped(of) {
  return {
    ...of,
    metric: 'EventsDropped',
    when: 'happened',
    threshold: 0,
    everySeconds: PERIOD,
    what: `A topic will never accept a notification, which is lost. The log of ${of.name} has its id and the reason.`,
  };
}

/** What functions count and the dashboard shows, without an alarm. */
export const SHOWN = [
  { metric: 'MissingRuns', name: 'watch' },
  { metric: 'FailingAccounts', name: 'watch' },
  { metric: 'SendersRefused', name: 'receive-metrics' },
  { metric: 'SamplesRejected', name: 'receive-metrics' },
];

/**
 * What the HTTP APIs answer: the address of scaling events (HttpApi), and the API with its page (Api).
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
 *
 * @typedef {object} ApiCount
 * @property {'HttpApi' | 'Api'} api
 * @property {string} alarm
 * @property {string} metric
 * @property {number} threshold In one period, or of the percentile.
 * @property {'p95'} [percentile] Of a metric that is no count.
 * @property {number} [periods] In a row. Default: 1.
 * @property {string} what
 */

/** @type {readonly ApiCount[]} */
export const API_COUNTS = [
  {
    api: 'HttpApi',
    alarm: 'EventsAddressErrorsAlarm',
    metric: '5xx',
    threshold: 0,
    what: 'Scaling events of Google Cloud or Azure, or samples of hosts, could not be taken, and are sent again. The logs of receive-events and receive-metrics have the error.',
  },
  {
    api: 'HttpApi',
    alarm: 'EventsAddressRefusalsAlarm',
    metric: '4xx',
    // Half of the requests that the limit admits in the period. Those refused for the limit (429) count too.
    threshold: 10 * PERIOD,
    what: 'The address of scaling events and samples refuses ten requests a second. All tenants share its limits: their events and samples may be among those refused. The dashboard has SendersRefused.',
  },
  {
    api: 'Api',
    alarm: 'ApiAddressErrorsAlarm',
    metric: '5xx',
    // One may be a tenant's cloud that does not answer.
    threshold: 5,
    what: 'The API fails. The log of api has the errors, with the id of each request.',
  },
  {
    api: 'Api',
    alarm: 'ApiLatencyAlarm',
    metric: 'Latency',
    percentile: 'p95',
    // Milliseconds. A host's memory is read from its cloud meanwhile, which takes some seconds.
    threshold: 8_000,
    periods: 3,
    what: 'The API is slow: one request of twenty takes more than eight seconds, for a quarter of an hour. The metric ApiMilliseconds shows of what kind.',
  },
];
