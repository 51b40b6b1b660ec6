/** What an examination of an account and region found, for people and as JSON. */
import type { Ability, Examination } from '../../inspection/doctor.ts';
import type { SummaryOptions } from './summary.ts';
import { counted, harmless, type Paint, wrap } from './text.ts';
import { formatDuration, formatUsd } from './units.ts';
import { scopeText } from './wording.ts';

const INDENT = ' '.repeat(15);

/** A block of lines for each account and region. */
export function renderExamination(
  tenant: string,
  examination: Examination,
  { width = Number.POSITIVE_INFINITY, paint }: SummaryOptions,
): string {
  const { scope, signIn, read, failures, advice } = examination;
  const field = (name: string, text: string) => `  ${paint('dim', name.padEnd(11))}  ${wrap(text, width, INDENT)}`;
  const good = failures.length === 0;
  return [
    `${paint('strong', scopeText(scope))}  tenant ${harmless(tenant)}  ${good ? paint('good', 'ok') : paint('warn', 'partial')}`,
    field('sign in', abilityText(signIn, paint)),
    field('read', abilityText(read, paint)),
    ...(read === 'yes' ? foundLines(examination).map(([name, text]) => field(name, text)) : []),
    ...failures.map((failure) => field('not read', harmless(failure))),
    ...advice.map(({ hosts, says }) => field('to do', `${counted(hosts, 'host')}: ${harmless(says)}`)),
  ].join('\n');
}

function foundLines({ hosts, resolutionMs, consumers, cost }: Examination): [string, string][] {
  const { known, withMemory, uncovered, unreadable } = hosts;
  return [
    [
      'hosts',
      `${known} seen: ${withMemory} with memory, ${uncovered} without a memory metric, ${unreadable} unreadable`,
    ],
    ['resolution', resolutionMs === null ? 'not known' : `a sample every ${formatDuration(resolutionMs)}`],
    ['processes', consumersText(consumers)],
    ['cost', costText(cost)],
  ];
}

function abilityText(ability: Ability, paint: Paint): string {
  if (ability === 'yes') return paint('good', 'yes');
  return ability === 'no' ? paint('bad', 'no') : 'not known';
}

function consumersText({ asked, collected, kinds }: Examination['consumers']): string {
  if (asked === 0) return 'not known: there is no host to ask';
  const what = kinds.length === 0 ? '' : ` (${kinds.join(', ')})`;
  return `collected on ${collected} of ${counted(asked, 'host')} that ${asked === 1 ? 'was' : 'were'} asked${what}`;
}

function costText({ perRun, perMonth, price }: Examination['cost']): string {
  if (perRun === 0) return price;
  return `${formatUsd(perRun)} a run, ${formatUsd(perMonth)} a month on this schedule, and more for hosts that leak; price: ${price}`;
}

/** One line for all together. */
export function renderExaminations(examinations: readonly Examination[], paint: Paint): string {
  const bad = examinations.filter(({ failures }) => failures.length > 0).length;
  const all = counted(examinations.length, 'account and region', 'accounts and regions');
  const cost = examinations.reduce((sum, { cost }) => sum + cost.perMonth, 0);
  const says =
    bad === 0 ? paint('good', `${all} can be read`) : paint('warn', `${bad} of ${all} could not be read as a whole`);
  return `${says}; together ${formatUsd(cost)} a month on these schedules.`;
}

/** One line of NDJSON, without a line break. */
export function examinationJson(tenant: string, examination: Examination): string {
  return JSON.stringify({ kind: 'examination', tenant, ...examination });
}
