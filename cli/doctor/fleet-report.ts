/** What an examination of all tenants found: a line for each account, the worst first, with what to do about it. */
import type { Examination } from '../../core/inspection/doctor.ts';
import { counted, formatUsd } from '../../core/messages/units.ts';
import type { AccountProvider } from '../../core/model/series.ts';
import { PLIMSOLL } from '../program.ts';
import { type Column, renderTable } from '../render/table.ts';
import { harmless, type Tone, wrap } from '../render/text.ts';
import { type Terminal, tableOptions, textWidth } from '../terminal.ts';
import { isBad, STANDINGS, type Standing, standingOfRegion } from './standing.ts';

export interface ExaminedAccount {
  readonly tenant: string;
  readonly provider: AccountProvider;
  readonly account: string;
  /** One for each region. */
  readonly examinations: readonly Examination[];
  /** Why the account was not examined to the end; undefined where it was. */
  readonly error: string | undefined;
  /** Why only the functions can sign in to it; undefined where a person can too. */
  readonly notFromHere?: string | undefined;
}

/** What is done about each, in as few words as a line of 80 columns has room for. */
const TO_DO: Readonly<Record<Exclude<Standing, 'ok'>, string>> = {
  'not examined': 'correct the config',
  'no sign-in': 'correct its trust',
  'no answer': 'try again, check region',
  'no right': 'grant the right to read',
  partial: 'see what was not read',
  'no host': 'check account, regions',
  trust: 'require the external id',
  'no metric': 'install the agent',
  'not from here': 'see plimsoll status',
};

export function standingOf({ examinations, error, notFromHere }: ExaminedAccount): Standing {
  if (notFromHere !== undefined) return 'not from here';
  if (error !== undefined) return 'not examined';
  const standings = new Set(examinations.map(standingOfRegion));
  // Regions without a host are usual where others have some.
  if (standings.size > 1) standings.delete('no host');
  return STANDINGS.find((standing) => standings.has(standing)) ?? 'ok';
}

interface Row extends ExaminedAccount {
  readonly standing: Standing;
  readonly hosts: number;
  readonly notMonitored: number;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'state', text: ({ standing }) => standing, tone: toneOf },
  { title: 'tenant', text: ({ tenant }) => tenant, leastWidth: 10 },
  { title: 'cloud', text: ({ provider }) => provider, expendable: 1 },
  { title: 'account', text: ({ account }) => harmless(account), leastWidth: 14 },
  { title: 'hosts', text: ({ hosts }) => String(hosts), align: 'right', expendable: 2 },
  { title: 'to do', text: toDo, leastWidth: 25 },
];

function toneOf({ standing }: Row): Tone | undefined {
  if (standing === 'ok') return 'good';
  if (standing === 'not from here') return 'dim';
  return isBad(standing) ? 'bad' : 'warn';
}

function toDo({ standing, notMonitored }: Row): string {
  if (standing === 'ok') return '';
  return standing === 'no metric' ? `${TO_DO[standing]} on ${counted(notMonitored, 'host')}` : TO_DO[standing];
}

export interface FleetOptions {
  readonly tenants: number;
  /** Accounts that were not examined, because they or their tenants are disabled. */
  readonly disabled: number;
  readonly deployment: string;
  readonly terminal: Terminal;
}

export function renderFleet(
  examined: readonly ExaminedAccount[],
  unreadable: readonly string[],
  { tenants, disabled, deployment, terminal }: FleetOptions,
): string {
  const rows = examined.map(rowOf).sort(worstFirst);
  const { paint } = terminal;
  const width = textWidth(terminal);
  const [worst] = rows;
  const counts = STANDINGS.map(
    (standing) => [standing, rows.filter((row) => row.standing === standing).length] as const,
  )
    .filter(([, count]) => count > 0)
    .map(([standing, count]) => `${count} ${standing}`);
  const summary = [
    `${counted(examined.length, 'account')} of ${counted(tenants, 'tenant')}`,
    ...(counts.length === 0 ? [] : [counts.join(', ')]),
    ...(disabled === 0 ? [] : [`${disabled} disabled and not examined`]),
    monthText(examined),
  ].join('; ');
  return [
    ...unreadable.map((detail) => wrap(`${paint('bad', 'config unreadable')}: ${harmless(detail)}`, width, '  ')),
    ...(rows.length === 0 ? [] : [renderTable(rows, COLUMNS, tableOptions(terminal)), '']),
    wrap(`${summary}.`, width, '  '),
    ...(worst === undefined || STANDINGS.indexOf(worst.standing) >= STANDINGS.indexOf('not from here')
      ? []
      : ['All about one of them:', `  ${commandFor(worst)}${deployment}`]),
    ...(rows.some(({ standing }) => standing === 'not from here')
      ? ['How the functions fare with those that let nobody else in:', `  ${PLIMSOLL} status${deployment}`]
      : []),
  ].join('\n');
}

function commandFor({ tenant, account }: Row): string {
  return `${PLIMSOLL} doctor --tenant ${tenant} --account ${harmless(account)}`;
}

function rowOf(one: ExaminedAccount): Row {
  const sum = (of: (examination: Examination) => number) =>
    one.examinations.reduce((total, each) => total + of(each), 0);
  const hosts = sum((each) => each.hosts.known);
  return { ...one, standing: standingOf(one), hosts, notMonitored: sum((each) => each.hosts.notMonitored) };
}

function worstFirst(a: Row, b: Row): number {
  const keyOf = ({ tenant, provider, account }: Row) => [tenant, provider, account].join('/');
  const rank = STANDINGS.indexOf(a.standing) - STANDINGS.indexOf(b.standing);
  return rank || (keyOf(a) < keyOf(b) ? -1 : 1);
}

/** What hosts cost that nobody could see is not known. */
function monthText(examined: readonly ExaminedAccount[]): string {
  const examinations = examined.flatMap((one) => one.examinations);
  const cost = formatUsd(examinations.reduce((sum, one) => sum + one.cost.perMonth, 0));
  const isComplete =
    examined.every(({ error, notFromHere }) => error === undefined && notFromHere === undefined) &&
    examinations.every(({ read }) => read === 'yes');
  return `together ${isComplete ? cost : `at least ${cost}`} a month on these schedules`;
}

/** One line of NDJSON. */
export function unreadableConfigJson(detail: string): string {
  return JSON.stringify({ kind: 'unreadable_config', detail });
}
