/**
 * What a person reads by email: the facts of one event in some fifteen lines of plain ASCII, since it may pass through
 * gateways and pagers that know nothing else. Pure; the event itself travels as JSON.
 */
import { metricWords } from '../model/metrics.ts';
import type { Notification, NotificationLeak } from '../model/notification.ts';
import { comparisonText } from './checks.ts';
import { whoGrewFields } from './email-consumers.ts';
import { earlyFields } from './email-early.ts';
import { explainCommand, signInText } from './explain-command.ts';
import { onsetText } from './onset.ts';
import { asciiText, clip, plainText } from './plain-text.ts';
import { formatTime } from './times.ts';
import { formatGrowthInterval, formatLevel, formatShare } from './units.ts';

/** A host of that age has no verdict of its own yet, so that there is nothing to explain. */
const EARLY_ADVICE = [
  '  Compare what differs between this host and the others: version, traffic, jobs.',
  '  It is compared again until it is nine hours old; from then on its own history',
  '  decides whether it grows like a leak.',
];

/** A labelled line; a continuation has no label. */
export type Field = readonly [label: string, text: string];

/** Columns of the labels at the left. */
const LABEL_WIDTH = 10;

/** Checks that are listed; `plimsoll explain --checks` has all of them. */
const CHECKS_LISTED = 8;

/** `Subject` must have fewer than 100 ASCII characters and no line break. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const SUBJECT_LENGTH = 99;

export function emailSubject({ data }: Notification): string {
  return clip(asciiText(`[${data.severity}] ${data.summary}`), SUBJECT_LENGTH, '...');
}

export function emailText({ id, data, time }: Notification): string {
  const { host, leak, early } = data;
  const name = host.name === undefined ? '' : ` (${plainText(host.name)})`;
  const group = host.group === undefined ? '' : `, group ${plainText(host.group)}`;
  const region = host.region === null ? '' : `, ${plainText(host.region)}`;
  const location = `${plainText(host.provider)} ${plainText(host.account)}${region}`;
  const fields: Field[] = [
    ['Host', `${asciiText(host.id)}${name}${group}`],
    ['Where', `${location}; tenant ${plainText(data.tenant)}`],
    ['Severity', data.severity],
    ['Found', timeText(data.since)],
    ...(leak ? leakFields(leak, data.metric) : early ? earlyFields(early) : [['As of', timeText(time)] as const]),
    ...(data.shortened ? [['Left out', data.shortened.join('; ')] as const] : []),
  ];
  const lines = [
    `${plainText(data.summary)}.`,
    '',
    ...fields.map(line),
    '',
    'What to do next',
    ...(leak ? advice(data) : early ? EARLY_ADVICE : ['  Nothing: this ends what was reported before.']),
    '',
    line(['Event', id]),
  ];
  return `${lines.join('\n')}\n`;
}

function line([label, text]: Field): string {
  return `${label.padEnd(LABEL_WIDTH)}${asciiText(text)}`;
}

function leakFields(leak: NotificationLeak, metric: string): Field[] {
  const { grade, confidence, level, growthPerHour, unit, pattern, onset, evaluated } = leak;
  const shape = pattern === null ? '' : `, ${plainText(pattern.name)}`;
  return [
    [metricWords(metric).label, `${formatLevel(level, unit)} used at ${timeText(evaluated.end)}`],
    ['Growth', `${formatGrowthInterval(growthPerHour, unit)}${shape}`],
    ['Began', onset === null ? 'not known' : beganText(onset)],
    ['Full', fullAt(leak.exhaustion)],
    ...(leak.attribution ? whoGrewFields(leak.attribution) : []),
    ['Decided', `${grade}, confidence ${formatShare(confidence)}, evaluated from ${timeText(evaluated.start)}`],
    ...checkFields(leak.checks),
  ];
}

function beganText({ earliest, latest, leftCensored }: NonNullable<NotificationLeak['onset']>): string {
  return onsetText({ start: Date.parse(earliest), end: Date.parse(latest), leftCensored });
}

function fullAt(exhaustion: NotificationLeak['exhaustion']): string {
  if (exhaustion.kind === 'cannot_say') return `not known: ${plainText(exhaustion.message)}`;
  const { earliest, likely, latest } = exhaustion;
  const range = latest === null ? `not before ${timeText(earliest)}, perhaps never` : between(earliest, latest);
  return `likely ${timeText(likely)} (${range})`;
}

function checkFields(checks: NotificationLeak['checks']): Field[] {
  const listed = checks.slice(0, CHECKS_LISTED).map((check): Field => {
    return ['', `${check.passed ? '+' : '-'} ${plainText(check.name)}: ${plainText(comparisonText(check))}`];
  });
  const more = checks.length - listed.length;
  return more > 0 ? [...listed, ['', `and ${more} more`]] : listed;
}

function advice({ host, tenant }: Notification['data']): string[] {
  const signIn = signInText(host);
  return [
    `  ${explainCommand(host)}`,
    '  shows the reasons and the curve, under the default policy.',
    ...(signIn === null ? [] : [`  Sign in to that account first: ${signIn}.`]),
    ...(host.provider === 'aws' ? operatorText(tenant) : []),
    '  Steady growth may be legitimate (a cache that fills, more load): compare with',
    '  what was deployed when it began.',
  ];
}

/** Of AWS alone can a person read with the tenant's own trust, and then the tenant's policy holds. */
function operatorText(tenant: string): string[] {
  return [
    `  Whoever operates Plimsoll may give \`--stage NAME --tenant ${plainText(tenant)}\` instead of`,
    '  `--provider aws`, and so evaluate under the policy of the tenant.',
  ];
}

function between(earliest: string, latest: string): string {
  return `between ${timeText(earliest)} and ${timeText(latest)}`;
}

function timeText(iso: string): string {
  return formatTime(Date.parse(iso));
}
