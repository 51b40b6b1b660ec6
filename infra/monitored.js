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
export const STREAMS = [
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
  { name: 'apply-schedules', timeout: 180, failure: 'Schedules may not follow configs that were saved.' },
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

/** Seconds of the period of what no schedule drives. */
export const PERIOD = 300;
