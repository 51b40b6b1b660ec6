/** What an examination of an account and region found, for people and as JSON. */

import type { Ability, Examination } from '../../core/inspection/doctor.ts';
import { formatDuration } from '../../core/messages/times.ts';
import { counted, formatUsd } from '../../core/messages/units.ts';
import type { Resource } from '../../core/model/series.ts';
import type { SummaryOptions } from '../findings/summary.ts';
import { hostName, scopeText } from '../findings/wording.ts';
import { PLIMSOLL } from '../program.ts';
import { harmless, type Paint, wrap } from '../render/text.ts';
import { type NotFromHere, standingOfRegion } from './standing.ts';

const INDENT = ' '.repeat(15);

/** A block of lines for each account and region. */
export function renderExamination(
  tenant: string,
  examination: Examination,
  { width = Number.POSITIVE_INFINITY, paint }: SummaryOptions,
): string {
  const { scope, signIn, read, failures, advice } = examination;
  const field = (name: string, text: string) => `  ${paint('dim', name.padEnd(11))}  ${wrap(text, width, INDENT)}`;
  const standing = standingOfRegion(examination);
  return [
    `${paint('strong', scopeText(scope))}  tenant ${harmless(tenant)}  ${paint(standing === 'ok' ? 'good' : 'warn', standing)}`,
    field('sign in', abilityText(signIn, paint)),
    field('read', abilityText(read, paint)),
    ...(read === 'yes' ? foundLines(examination).map(([name, text]) => field(name, text)) : []),
    ...failures.map((failure) => field('not read', harmless(failure))),
    ...advice.map(({ hosts, message }) => field('to do', `${hostsText(hosts)}: ${harmless(message)}`)),
  ].join('\n');
}

/**
 * Of an account that lets only the functions in: nothing is wrong with it.
 * @param deployment How commands that are shown find the deployment.
 */
export function renderNotFromHere(
  { tenant, scope, why }: NotFromHere,
  deployment: string,
  { width = Number.POSITIVE_INFINITY, paint }: SummaryOptions,
): string {
  const { provider, account } = scope;
  const elsewhere =
    `\`${PLIMSOLL} status ${tenant} --account ${account}${deployment}\` shows how the functions fare, and ` +
    `--provider ${provider} --account ${account} reads it with your own credentials.`;
  return [
    `${paint('strong', harmless(`${provider} ${account}`))}  tenant ${harmless(tenant)}  ${paint('dim', 'not from here')}`,
    `  ${wrap(`${why}. ${elsewhere}`, width, '  ')}`,
  ].join('\n');
}

function foundLines({
  hosts,
  names,
  trust,
  facts,
  resolutionMs,
  consumers,
  cost,
  weeks,
  jobs,
}: Examination): [string, string][] {
  const { known, withMemory, notMonitored, unreadable } = hosts;
  return [
    [
      'hosts',
      known === 0
        ? 'none shows: are account and region the right ones?'
        : `${known} seen: ${withMemory} with memory, ${notMonitored} without a memory metric, ${unreadable} unreadable`,
    ],
    ...facts.map((fact, index) => [index === 0 ? 'found' : '', harmless(fact)] as [string, string]),
    ['names', names.detail === null ? 'yes' : `no, hosts go by their ids: ${harmless(names.detail)}`],
    ['resolution', resolutionMs === null ? 'not known' : `a sample every ${formatDuration(resolutionMs)}`],
    ['processes', consumersText(consumers)],
    ['cost', costText(cost)],
    ...(weeks.perMonth === 0 ? [] : [['weeks', weeksText(weeks)] as [string, string]]),
    ...jobs.map((job): [string, string] => ['job', jobText(job)]),
    ...(trust === null ? [] : [['trust', harmless(trust)] as [string, string]]),
  ];
}

function jobText({ job, perMonth, issue }: Examination['jobs'][number]): string {
  if (issue !== null) return `${job}: ${issue}`;
  if (perMonth === 0) return `${job}: reading it costs nothing`;
  return `${job}: reading it costs about ${formatUsd(perMonth)} a month, and each part of a host as much again`;
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

function weeksText({ days, perMonth }: Examination['weeks']): string {
  return `${days} days of hours are read once a day, ${formatUsd(perMonth)} of that month`;
}

/** One line for all together. @param notFromHere How many others only the functions can sign in to. */
export function renderExaminations(
  examinations: readonly Examination[],
  notFromHere: number,
  { width = Number.POSITIVE_INFINITY, paint }: SummaryOptions,
): string {
  const all = counted(examinations.length, 'account and region', 'accounts and regions');
  const unread = examinations.filter(({ read }) => read !== 'yes').length;
  const inPart = examinations.filter(({ read, failures }) => read === 'yes' && failures.length > 0).length;
  const empty = examinations.filter(({ failures, hosts }) => failures.length === 0 && hosts.known === 0).length;
  const bad = [unread > 0 && `${unread} not read`, inPart > 0 && `${inPart} in part`].filter((part) => part !== false);
  const message =
    bad.length === 0 ? paint('good', `${all} can be read`) : `${all} examined: ${paint('warn', bad.join(', '))}`;
  const hostless = empty === 0 ? '' : paint('warn', `; no host shows in ${empty} of them`);
  const elsewhere = notFromHere === 0 ? '' : `; ${notFromHere} not from here`;
  return wrap(`${message}${hostless}${elsewhere}; ${monthText(examinations)}.`, width, '  ');
}

/** What hosts cost that nobody could see is not known. */
function monthText(examinations: readonly Examination[]): string {
  const unseen = examinations.filter(({ read }) => read !== 'yes').length;
  if (unseen === examinations.length) return 'what inspecting will cost is not known';
  const ofJobs = examinations.flatMap(({ jobs }) => jobs).reduce((sum, { perMonth }) => sum + perMonth, 0);
  const cost = formatUsd(examinations.reduce((sum, { cost }) => sum + cost.perMonth, ofJobs));
  const byJobs = ofJobs === 0 ? '' : `, ${formatUsd(ofJobs)} of it by jobs`;
  return `together ${unseen === 0 ? cost : `at least ${cost}`} a month on these schedules${byJobs}`;
}

/** One line of NDJSON, without a line break. */
export function examinationJson(tenant: string, examination: Examination): string {
  return JSON.stringify({ kind: 'examination', tenant, ...examination });
}
