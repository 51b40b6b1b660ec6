/**
 * What a person reads who is told by e-mail: the facts of one event in some fifteen lines of plain ASCII, since a
 * mail may pass through gateways and pagers that know nothing else. Pure; the event itself travels as JSON.
 */
import type { Notification, NotificationLeak } from '../model/notification.ts';
import { whoGrewLines } from './email-consumers.ts';
import { amount, asciiText, between, clip, line, minute, round, text } from './plain-text.ts';

/** Gates that are told one by one; `plimsoll explain` has all of them. */
const CHECKS_REPORTED = 8;

/** `Subject` must have fewer than 100 ASCII characters and no line break. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const SUBJECT_LENGTH = 99;

export function emailSubject({ data }: Notification): string {
  return clip(asciiText(`[${data.severity}] ${data.summary}`), SUBJECT_LENGTH);
}

export function emailText({ id, data, time }: Notification): string {
  const { host, leak } = data;
  const name = host.name === undefined ? '' : ` (${text(host.name)})`;
  const lines = [
    `${text(data.summary)}.`,
    '',
    line('Host', `${asciiText(host.id)}${name}${host.group === undefined ? '' : `, group ${text(host.group)}`}`),
    line('Where', `${text(host.provider)} ${text(host.account)}, ${text(host.region)}; tenant ${text(data.tenant)}`),
    line('Severity', data.severity),
    line('Found', minute(data.since)),
    ...(leak ? leakLines(leak) : [line('As of', minute(time))]),
    ...(data.shortened ? [line('Left out', data.shortened.join('; '))] : []),
    '',
    'What to do next',
    ...(leak ? advice(data) : ['  Nothing: this ends what was told before.']),
    '',
    line('Event', asciiText(id)),
  ];
  return `${lines.join('\n')}\n`;
}

function leakLines(leak: NotificationLeak): string[] {
  const { grade, confidence, level, growthPerHour, unit, pattern, onset, evaluated } = leak;
  const { low, estimate, high } = growthPerHour;
  const perHour = `${amount(estimate, unit)}${unit === '1' ? ' of memory' : ''} per hour`;
  const shape = pattern === null ? '' : `, ${text(pattern.name)}`;
  return [
    line('Memory', `${amount(level, unit)} used at ${minute(evaluated.end)}`),
    line('Growth', `${perHour} (${amount(low, unit)} to ${amount(high, unit)})${shape}`),
    line('Began', onset === null ? 'cannot be said' : between(onset.earliest, onset.latest)),
    line('Full', fullAt(leak.exhaustion)),
    ...(leak.attribution ? whoGrewLines(leak.attribution) : []),
    line('Decided', `${grade}, confidence ${round(confidence)}, judged from ${minute(evaluated.start)}`),
    ...checkLines(leak.checks),
  ];
}

function fullAt(exhaustion: NotificationLeak['exhaustion']): string {
  if (exhaustion.kind === 'cannot_say') return `cannot be said: ${text(exhaustion.reason)}`;
  const { earliest, likely, latest } = exhaustion;
  const range = latest === null ? `not before ${minute(earliest)}, perhaps never` : between(earliest, latest);
  return `likely ${minute(likely)} (${range})`;
}

function checkLines(checks: NotificationLeak['checks']): string[] {
  const reported = checks.slice(0, CHECKS_REPORTED).map(({ name, value, comparison, limit, unit, passed }) => {
    const found = value === null ? 'no value' : round(value);
    const message = `${found} (${comparison.replace('_', ' ')} ${round(limit)} ${unit === '1' ? '' : unit}`.trimEnd();
    return `            ${passed ? '+' : '-'} ${text(name)}: ${text(message)})`;
  });
  const more = checks.length - reported.length;
  return more > 0 ? [...reported, `            and ${more} more`] : reported;
}

function advice({ host, tenant }: Notification['data']): string[] {
  const words = [host.id, '--tenant', tenant, '--account', host.account].map((word) => shellWord(asciiText(word)));
  return [
    `  npx plimsoll explain ${words.join(' ')}`,
    '  shows every gate and the curve. Steady growth may be legitimate (a cache that',
    '  fills, more load): compare with what was deployed when it began.',
  ];
}

/** A name from a cloud is pasted into a shell: quoted wherever it is more than letters, digits and harmless signs. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
