/** What a person reads by email about the inspections themselves: what happened, where, and what to do, in plain ASCII. */
import type { FailedRegion, ServiceEvent, ServiceEventData } from '../model/service-event.ts';
import { cadenceText, jobCadenceText } from './cadence.ts';
import { digestLines, shadowSummaryLines } from './digest-email.ts';
import { stageOption } from './incident-commands.ts';
import { asciiText, clip, plainText } from './plain-text.ts';
import { receiverFailingLines, receiverRestoredLines, testLines } from './receiver-email.ts';
import { field, timeText } from './service-field.ts';
import { counted, formatUsd } from './units.ts';

/** `Subject` must have fewer than 100 ASCII characters and no line break. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const SUBJECT_LENGTH = 99;

/** Regions, and inspections that are due next, which are listed; the event itself has all. */
const LISTED = 8;

type DataOf<Kind extends ServiceEventData['kind']> = Extract<ServiceEventData, { kind: Kind }>;

export function serviceEmailSubject({ data }: ServiceEvent): string {
  return clip(asciiText(`[${data.severity}] ${data.summary}`), SUBJECT_LENGTH, '...');
}

export function serviceEmailText({ id, data }: ServiceEvent): string {
  const lines = [`${plainText(data.summary)}.`, '', ...bodyOf(data), '', field('Event', id)];
  return `${lines.join('\n')}\n`;
}

function bodyOf(data: ServiceEventData): string[] {
  switch (data.kind) {
    case 'inspection_failed':
      return failedLines(data);
    case 'inspection_restored':
      return [...whereLines(data), field('Failed since', timeText(data.since)), '', 'There is nothing to do.'];
    case 'agents_stopped':
      return stoppedLines(data);
    case 'cadence_reduced':
      return reducedLines(data);
    case 'cadence_restored':
      return [...cadenceLines(data), '', 'There is nothing to do.'];
    case 'jobs_failed':
      return jobsFailedLines(data);
    case 'jobs_restored':
      return [
        field('Tenant', plainText(data.tenant)),
        field('Failed since', timeText(data.since)),
        '',
        'There is nothing to do.',
      ];
    case 'alive':
      return aliveLines(data);
    case 'receiver_failing':
      return receiverFailingLines(data);
    case 'receiver_restored':
      return receiverRestoredLines(data);
    case 'test':
      return testLines(data);
    case 'digest':
      return digestLines(data);
    case 'shadow_summary':
      return shadowSummaryLines(data);
  }
}

function failedLines(data: DataOf<'inspection_failed'>): string[] {
  const more = data.regions.length - LISTED;
  return [
    ...whereLines(data),
    ...data.regions.slice(0, LISTED).flatMap(regionLines),
    ...(more > 0 ? [`and ${more} more regions`] : []),
    '',
    'A leak there is not found until this is repaired. What to do next',
    `  npx plimsoll doctor --tenant ${plainText(data.tenant)} ${stageOption(data.stage)}`,
    '  shows whether Plimsoll can sign in to the account and read it; whoever operates Plimsoll runs it.',
    '  Where access is denied, restore the role that the account trusts Plimsoll with. Where no inspection',
    '  ended at all, the operator looks at the alarms and dead-letter queues of the deployment.',
    '  To stop inspecting the account, put its config again with `enabled: false`.',
  ];
}

function regionLines({ region, status, since, message }: FailedRegion): string[] {
  const what = status === 'missed' ? 'not inspected' : 'inspected in part';
  return [field(plainText(region), `${what} since ${timeText(since)}`), `  ${plainText(message, 400)}`];
}

function stoppedLines(data: DataOf<'agents_stopped'>): string[] {
  const more = data.hosts - data.first.length;
  return [
    ...whereLines(data),
    field('Hosts', String(data.hosts)),
    ...data.first.map((host) => `  ${plainText(host, 400)}`),
    ...(more > 0 ? [`  and ${more.toLocaleString('en')} more`] : []),
    '',
    'A leak on these hosts is not found. Start their agents again. Hosts that were ended on purpose',
    'disappear from this report when their provider forgets them. It comes once a day at most.',
  ];
}

const QUIET_LINES = [
  'Hosts that are steady and far from their limit are inspected less often. All others, suspects and full',
  'ones among them, are inspected as before.',
];
const SLOWED_LINES = [
  'Jobs of anomaly inspection whose reads cost something are inspected less often. They miss no point: each',
  'inspection takes in all that are new, and what they find is reported later.',
];
const PAUSED_LINES = [
  'Jobs of anomaly inspection whose reads cost something are paused: while they are, no anomaly is found and none',
  'ends. `npx plimsoll anomalies jobs` lists them.',
];

function reducedLines(data: DataOf<'cadence_reduced'>): string[] {
  const change =
    data.quietHours === data.quietHoursBefore && data.jobs === data.jobsBefore
      ? ['This comes once a day while the month will end above the cap.']
      : [
          ...(data.quietHours === 0 ? [] : QUIET_LINES),
          ...(data.jobs === 0 ? [] : data.jobs === 'paused' ? PAUSED_LINES : SLOWED_LINES),
        ];
  return [
    ...cadenceLines(data),
    '',
    ...change,
    'The inspection of memory is never stopped. To inspect all on schedule again, raise `costCap` in the config of the tenant.',
  ];
}

function cadenceLines(data: DataOf<'cadence_reduced' | 'cadence_restored'>): string[] {
  const { tenant, month, quietHours, quietHoursBefore, jobs, jobsBefore } = data;
  const { capUsd, spentUsd, projectedUsd, exceedsUsd } = data;
  const exceeds = exceedsUsd > 0 ? `, ${formatUsd(exceedsUsd)} above the cap` : '';
  return [
    field('Tenant', plainText(tenant)),
    field('Quiet hosts', `${cadenceText(quietHours)}, before: ${cadenceText(quietHoursBefore)}`),
    ...(jobs === 0 && jobsBefore === 0
      ? []
      : [field('Jobs', `${jobCadenceText(jobs)}, before: ${jobCadenceText(jobsBefore)}`)]),
    field('Cost cap', capUsd === null ? 'none any more' : `${formatUsd(capUsd)} a month`),
    field('Spent', `${formatUsd(spentUsd)} in ${month} (UTC)`),
    field('Month end', `${formatUsd(projectedUsd)} expected${exceeds}`),
  ];
}

function jobsFailedLines(data: DataOf<'jobs_failed'>): string[] {
  const named = data.jobs.slice(0, LISTED);
  const more = data.failing - named.length;
  return [
    field('Tenant', plainText(data.tenant)),
    ...named.flatMap(({ job, provider, account, region, state, message }) => [
      field(plainText(job), `${JOB_STATES[state]}: ${provider} ${plainText([account, region ?? ''].join(' ').trim())}`),
      ...(message === '' ? [] : [`  ${plainText(message, 400)}`]),
    ]),
    ...(more > 0 ? [`and ${more.toLocaleString('en')} more`] : []),
    '',
    'An anomaly of their metrics is not found until this is repaired. What to do next',
    `  npx plimsoll anomalies jobs ${plainText(data.tenant)} ${stageOption(data.stage)}`,
    '  lists all of them, and why; whoever operates Plimsoll runs it. Where none was inspected, the operator',
    '  looks at the alarms and dead-letter queues of the deployment.',
  ];
}

const JOB_STATES = { failing: 'could read nothing', overdue: 'not inspected' } as const;

function aliveLines(data: DataOf<'alive'>): string[] {
  const { accounts, regions, hosts } = data;
  const next = data.next.slice(0, LISTED);
  const waiting = regions.waiting === 0 ? '' : `, ${regions.waiting} waiting for the first inspection`;
  return [
    field('Tenant', plainText(data.tenant)),
    field('Accounts', `${accounts.enabled} enabled, ${accounts.failing} failing`),
    field('Regions', `${regions.complete} complete, ${regions.partial} partial, ${regions.missed} missed${waiting}`),
    field(
      'Hosts',
      `${hosts.known} known: ${hosts.inspected} inspected, ${hosts.notMonitored} not monitored, ${hosts.unreadable} unreadable`,
    ),
    field('Leaking', counted(data.leaking, 'host')),
    field('Cost', `${formatUsd(data.costPerMonth)} a month for reads`),
    ...next.map(({ provider, account, at }, index) =>
      field(index === 0 ? 'Next' : '', `${timeText(at)} ${plainText(`${provider} ${account}`)}`),
    ),
    '',
    'This comes once a day. When it stays away, Plimsoll does not run.',
  ];
}

function whereLines({
  tenant,
  provider,
  account,
}: DataOf<'inspection_restored' | 'inspection_failed' | 'agents_stopped'>) {
  return [field('Where', `${provider} ${plainText(account)}; tenant ${plainText(tenant)}`)];
}
