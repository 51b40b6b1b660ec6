/** What an examination of an account and region found, for people and as JSON. */

import type { Ability, Examination } from '../../core/inspection/doctor.ts';
import { formatDuration } from '../../core/messages/times.ts';
import { counted, formatUsd } from '../../core/messages/units.ts';
import type { Resource } from '../../core/model/series.ts';
import type { SummaryOptions } from '../findings/summary.ts';
import { hostName, scopeText } from '../findings/wording.ts';
import { harmless, type Paint, wrap } from '../render/text.ts';

const INDENT = ' '.repeat(15);

/** A block of lines for each account and region. */
export function renderExamination(
  tenant: string,
  examination: Examination,
  { width = Number.POSITIVE_INFINITY, paint }: SummaryOptions,
): string {
  const { scope, signIn, read, failures, advice } = examination;
  const field = (name: string, text: string) => `  ${paint('dim', name.padEnd(11))}  ${wrap(text, width, INDENT)}`;
  const state = stateOf(examination);
  return [
    `${paint('strong', scopeText(scope))}  tenant ${harmless(tenant)}  ${paint(state === 'ok' ? 'good' : 'warn', state)}`,
    field('sign in', abilityText(signIn, paint)),
    field('read', abilityText(read, paint)),
    ...(read === 'yes' ? foundLines(examination).map(([name, text]) => field(name, text)) : []),
    ...failures.map((failure) => field('not read', harmless(failure))),
    ...advice.map(({ hosts, message }) => field('to do', `${hostsText(hosts)}: ${harmless(message)}`)),
  ].join('\n');
}

function stateOf({ failures, hosts, trust }: Examination): string {
  if (failures.length > 0) return 'partial';
  if (hosts.known === 0) return 'no host';
  return trust === null ? 'ok' : 'ok, with a warning';
}

function foundLines({ hosts, names, trust, resolutionMs, consumers, cost }: Examination): [string, string][] {
  const { known, withMemory, notMonitored, unreadable } = hosts;
  return [
    [
      'hosts',
      known === 0
        ? 'none shows: are account and region the right ones?'
        : `${known} seen: ${withMemory} with memory, ${notMonitored} without a memory metric, ${unreadable} unreadable`,
    ],
    ['names', names.detail === null ? 'yes' : `no, hosts go by their ids: ${harmless(names.detail)}`],
    ['resolution', resolutionMs === null ? 'not known' : `a sample every ${formatDuration(resolutionMs)}`],
    ['processes', consumersText(consumers)],
    ['cost', costText(cost)],
    ...(trust === null ? [] : [['trust', harmless(trust)] as [string, string]]),
  ];
}

/** Hosts of an advice that are named; --json has all. */
const HOSTS_NAMED = 5;

/** `2 hosts (web-1, web-2)`. */
function hostsText(hosts: readonly Resource[]): string {
  const named = hosts.slice(0, HOSTS_NAMED).map(hostName).join(', ');
  const more = hosts.length - HOSTS_NAMED;
  return `${counted(hosts.length, 'host')} (${named}${more > 0 ? ` and ${more} more; --json names all` : ''})`;
}

function abilityText(ability: Ability, paint: Paint): string {
  if (ability === 'yes') return paint('good', 'yes');
  return ability === 'no' ? paint('bad', 'no') : 'not known';
}

function consumersText({ requested, collected, kinds }: Examination['consumers']): string {
  if (requested === 0) return 'not known: there is no host';
  const what = kinds.length === 0 ? '' : ` (${kinds.join(', ')})`;
  return `collected on ${collected} of ${counted(requested, 'host')} that ${requested === 1 ? 'was' : 'were'} examined${what}`;
}

function costText({ perRun, perMonth, price }: Examination['cost']): string {
  if (perRun === 0) return price;
  return `${formatUsd(perRun)} a run, ${formatUsd(perMonth)} a month on this schedule, and more for hosts that leak; price: ${price}`;
}

/** One line for all together. */
export function renderExaminations(examinations: readonly Examination[], paint: Paint): string {
  const bad = examinations.filter(({ failures }) => failures.length > 0).length;
  const empty = examinations.filter(({ failures, hosts }) => failures.length === 0 && hosts.known === 0).length;
  const all = counted(examinations.length, 'account and region', 'accounts and regions');
  const message =
    bad === 0 ? paint('good', `${all} can be read`) : paint('warn', `${bad} of ${all} could not be read completely`);
  const hostless = empty === 0 ? '' : paint('warn', `; no host shows in ${empty} of them`);
  return `${message}${hostless}; ${monthText(examinations)}.`;
}

/** What hosts cost that nobody could see is not known. */
function monthText(examinations: readonly Examination[]): string {
  const unseen = examinations.filter(({ read }) => read !== 'yes').length;
  if (unseen === examinations.length) return 'what inspecting will cost is not known';
  const cost = formatUsd(examinations.reduce((sum, { cost }) => sum + cost.perMonth, 0));
  return `together ${unseen === 0 ? cost : `at least ${cost}`} a month on these schedules`;
}

/** One line of NDJSON, without a line break. */
export function examinationJson(tenant: string, examination: Examination): string {
  return JSON.stringify({ kind: 'examination', tenant, ...examination });
}
