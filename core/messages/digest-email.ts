/** What people read once a day or a week of a tenant, and at the end of its shadow mode. */
import type { IncidentLine } from '../model/digest.ts';
import type { ServiceEventData } from '../model/service-event.ts';
import { plainText } from './plain-text.ts';
import { field, timeText } from './service-field.ts';
import { counted, formatShare, formatUsd } from './units.ts';
import { evaluatorName } from './who-decided.ts';

type DataOf<Kind extends ServiceEventData['kind']> = Extract<ServiceEventData, { kind: Kind }>;

export function digestLines(data: DataOf<'digest'>): string[] {
  const { open, opened, recovered, held, putOff, mutes, weights = [], accounts, hosts, cost } = data;
  return [
    field('Tenant', plainText(data.tenant)),
    field('From', `${localTime(data.from, data.timezone)} to ${localTime(data.to, data.timezone)}`),
    ...incidentLines('Open', open, data.timezone),
    ...incidentLines('New', opened, data.timezone),
    ...incidentLines('Recovered', recovered, data.timezone),
    ...heldLines('Held back', held),
    ...heldLines('Put off', putOff),
    field('Mutes', counted(mutes.count, 'mute')),
    ...mutes.first.map(
      ({ subject, reason, until }) =>
        `  ${plainText(subject)} until ${localTime(until, data.timezone)}: ${plainText(reason)}`,
    ),
    ...moreLine(mutes.count - mutes.first.length),
    ...weights.map(({ evaluator, weight, right, wrong }) =>
      field(
        'Weight',
        `${plainText(evaluatorName(evaluator))} has ${formatShare(weight)}: by your labels ${wrong} of its ${right + wrong} votes were wrong`,
      ),
    ),
    field('Accounts', `${accounts.enabled} enabled, ${accounts.failing} failing`),
    field(
      'Hosts',
      `${hosts.known} known: ${hosts.inspected} inspected, ${hosts.notMonitored} not monitored, ${hosts.unreadable} unreadable`,
    ),
    field(
      'Cost',
      `${formatUsd(cost.spentUsd)} in ${cost.month} (UTC), ${formatUsd(cost.projectedUsd)} expected at its end`,
    ),
    '',
    `This comes once a ${data.every}, as alerts.digest of the config has it.`,
  ];
}

function incidentLines(label: string, { count, first }: DataOf<'digest'>['open'], timezone: string): string[] {
  const lines = first.map((incident) => `  ${incidentText(incident)}, since ${localTime(incident.since, timezone)}`);
  return [field(label, counted(count, 'incident')), ...lines, ...moreLine(count - first.length)];
}

function heldLines(label: string, { changes, first }: DataOf<'digest'>['held']): string[] {
  const lines = first.map(({ stage, changes, reason }) => `  ${changes} by ${plainText(stage)}: ${plainText(reason)}`);
  return [field(label, counted(changes, 'change')), ...lines];
}

function incidentText({ host, group, severity, finding }: IncidentLine): string {
  const kind = finding === 'anomaly' ? ', anomaly' : '';
  return `${severity.padEnd(8)} ${plainText(host)}${group === null ? '' : `, group ${plainText(group)}`}${kind}`;
}

function moreLine(more: number): string[] {
  return more > 0 ? [`  and ${more.toLocaleString('en')} more`] : [];
}

/** `2026-11-20 09:00 Europe/Berlin`. A zone that the runtime does not know is UTC. */
function localTime(iso: string, timezone: string): string {
  if (timezone === 'UTC') return timeText(iso);
  try {
    const options = { dateStyle: 'short', timeStyle: 'short', timeZone: timezone } as const;
    return `${new Intl.DateTimeFormat('sv-SE', options).format(Date.parse(iso))} ${timezone}`;
  } catch {
    return timeText(iso);
  }
}

export function shadowSummaryLines(data: DataOf<'shadow_summary'>): string[] {
  return [
    field('Tenant', plainText(data.tenant)),
    field('From', `${timeText(data.from)} to ${timeText(data.to)}`),
    field('Pages', `${data.pages} would have been sent, and ${counted(data.notifications, 'other notification')}`),
    ...data.hosts.map(
      ({ host, group, pages }) =>
        `  ${plainText(host)}${group === null ? '' : `, group ${plainText(group)}`}: ${counted(pages, 'page')}`,
    ),
    ...budgetLines(data),
    '',
    'Shadow mode is over: from now on notifications are sent. To go on without them, put the config',
    'with a later alerts.shadow.until.',
  ];
}

function budgetLines({ budgetPerWeek, minConfidence }: DataOf<'shadow_summary'>): string[] {
  if (budgetPerWeek === null) return [];
  const threshold =
    minConfidence === null
      ? 'no confidence alone keeps it: look at rules, routes and maintenance'
      : `kept by a rule with minConfidence ${minConfidence} (${formatShare(minConfidence)})`;
  return [field('Budget', `${budgetPerWeek} pages a week, ${threshold}`)];
}
