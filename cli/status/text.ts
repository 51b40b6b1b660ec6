/** What `plimsoll status` shows: a table of regions, why some fail, and one line for all together; or the same as JSON. */

import { needsAttention, type State, type StatusRow } from '../../core/health/status-rows.ts';
import { formatMinute, formatShortMinute } from '../../core/messages/times.ts';
import { counted, formatUsd } from '../../core/messages/units.ts';
import { type Column, renderTable, type TableOptions } from '../render/table.ts';
import { harmless, type Tone, wrap } from '../render/text.ts';

/** Rows up to which all are shown: one screen. */
const ROWS_SHOWN = 40;

/** Regions whose failure is explained below the table. */
const EXPLAINED = 20;

const TONES: Readonly<Partial<Record<State, Tone>>> = {
  overdue: 'bad',
  failing: 'bad',
  partial: 'warn',
  'no hosts': 'warn',
  disabled: 'dim',
  'being deleted': 'dim',
};

export interface StatusOptions {
  /** Only what is overdue or failing. */
  readonly overdue?: boolean;
  /** Every row, however many there are. */
  readonly all?: boolean;
  /** How commands that are shown find the deployment, for example ` --stage prod`. */
  readonly deployment?: string;
}

const COLUMNS: readonly Column<StatusRow>[] = [
  { title: 'state', text: ({ state }) => state, tone: ({ state }) => TONES[state] },
  { title: 'tenant', text: ({ tenant }) => harmless(tenant), leastWidth: 8, expendable: 5 },
  {
    title: 'account',
    text: ({ provider, account }) => harmless(`${provider} ${account}`),
    overflow: 'below',
    leastWidth: 16,
  },
  { title: 'region', text: ({ region }) => harmless(region) },
  { title: 'last (UTC)', text: ({ health }) => (health === undefined ? 'never' : formatShortMinute(health.slot)) },
  { title: 'hosts', text: hostsText, align: 'right', expendable: 4 },
  { title: 'next (UTC)', text: ({ nextRun }) => (nextRun === null ? '' : formatShortMinute(nextRun)), expendable: 3 },
  { title: 'since (UTC)', text: ({ since }) => (since === null ? '' : formatShortMinute(since)), expendable: 2 },
  {
    title: '$/month',
    text: ({ health }) => (health === undefined ? '' : formatUsd(health.cost.perMonth)),
    align: 'right',
    expendable: 1,
  },
];

/** Inspected of known ones. */
function hostsText({ health }: StatusRow): string {
  return health === undefined ? '' : `${health.hosts.inspected}/${health.hosts.known}`;
}

/** @param rows In the order in which they are shown. */
export function renderStatus(rows: readonly StatusRow[], options: StatusOptions, table: TableOptions): string {
  const shown = shownRows(rows, options);
  const hidden = rows.length - shown.length;
  const isOneTenant = new Set(rows.map(({ tenant }) => tenant)).size < 2;
  const columns = isOneTenant ? COLUMNS.filter(({ title }) => title !== 'tenant') : COLUMNS;
  return [
    ...(shown.length === 0 ? [] : [renderTable(shown, columns, table), '']),
    ...explanations(shown, options, table),
    ...(hidden === 0 ? [] : [`${counted(hidden, 'region')} not shown; --all shows every one`]),
    wrap(totalText(rows), table.width ?? Number.POSITIVE_INFINITY),
  ].join('\n');
}

function shownRows(rows: readonly StatusRow[], { overdue, all }: StatusOptions): readonly StatusRow[] {
  if (overdue) return rows.filter(needsAttention);
  return all || rows.length <= ROWS_SHOWN ? rows : rows.filter(needsAttention);
}

function explanations(
  rows: readonly StatusRow[],
  { deployment = '' }: StatusOptions,
  { width = Number.POSITIVE_INFINITY, paint }: TableOptions,
): string[] {
  const failing = rows.filter(({ message, state }) => message !== null && state !== 'waiting');
  const lines = failing.slice(0, EXPLAINED).map((row) => {
    const { provider, account, region, since } = row;
    const when = since === null ? '' : ` since ${formatMinute(since)} UTC`;
    const where = paint('strong', harmless(`${provider} ${account} ${region}`));
    return wrap(`${where}${when}: ${reasonOf(row)}`, width, '  ');
  });
  const [worst] = failing.filter(needsAttention);
  const more = failing.length - EXPLAINED;
  return [
    ...lines,
    ...(more > 0 ? [`and ${more} more; --json has all reasons`] : []),
    ...(worst === undefined ? [] : ['To examine the first of them:', `  ${doctorCommand(worst)}${deployment}`]),
    ...(failing.length > 0 ? [''] : []),
  ];
}

/** Without the account and region with which a failure begins: the line names them already. */
function reasonOf({ provider, account, region, message }: StatusRow): string {
  const where = `${provider}/${account}/${region}`;
  const text = message ?? '';
  return harmless(text.startsWith(where) ? text.slice(where.length).replace(/^(: |\/)/, '') : text);
}

function doctorCommand({ tenant, account }: StatusRow): string {
  return harmless(`npx plimsoll doctor --tenant ${tenant} --account ${account}`);
}

/** What all rows have in common, for one line and for the last line of JSON. */
export function statusTotals(rows: readonly StatusRow[]) {
  const enabled = rows.filter(({ state }) => state !== 'disabled' && state !== 'being deleted');
  const accountsOf = (some: readonly StatusRow[]) =>
    new Set(some.map(({ tenant, provider, account }) => JSON.stringify([tenant, provider, account]))).size;
  const sum = (figure: (row: StatusRow) => number | undefined) =>
    enabled.reduce((total, row) => total + (figure(row) ?? 0), 0);
  const count = (state: State) => enabled.filter((row) => row.state === state).length;
  return {
    accounts: accountsOf(enabled),
    accountsFailing: accountsOf(enabled.filter(needsAttention)),
    regions: enabled.length,
    regionsOk: count('ok'),
    regionsOverdue: count('overdue'),
    regionsFailing: count('failing'),
    hostsKnown: sum(({ health }) => health?.hosts.known),
    hostsInspected: sum(({ health }) => health?.hosts.inspected),
    agentsStopped: sum(({ health }) => health?.stopped.count),
    leaking: sum(({ health }) => health?.leaking),
    costPerMonth: sum(({ health }) => health?.cost.perMonth),
  };
}

function totalText(rows: readonly StatusRow[]): string {
  const total = statusTotals(rows);
  const waiting = rows.some(({ state }) => state === 'waiting') ? ['inspections on demand are not shown'] : [];
  if (rows.every(({ state }) => state === 'being deleted')) return 'nothing is inspected any more';
  if (rows.every(({ health }) => health === undefined)) {
    return ['nothing was inspected on schedule yet', ...waiting].join('; ');
  }
  const stopped = total.agentsStopped === 0 ? '' : ` (agents stopped on ${total.agentsStopped.toLocaleString('en')})`;
  return [
    `${total.accountsFailing === 0 ? 'none' : total.accountsFailing} of ${counted(total.accounts, 'account')} overdue or failing`,
    `${total.regionsOk} of ${counted(total.regions, 'region')} inspected completely`,
    `${total.hostsInspected.toLocaleString('en')} of ${counted(total.hostsKnown, 'host')} inspected${stopped}`,
    `${counted(total.leaking, 'host')} leaking`,
    `${formatUsd(total.costPerMonth)} a month for reads`,
    ...waiting,
  ].join('; ');
}

/** One line of NDJSON. */
export function rowJson({ health, since, nextRun, ...row }: StatusRow): string {
  return JSON.stringify({
    kind: 'region',
    ...row,
    since: isoOrNull(since),
    lastRun: isoOrNull(health?.slot),
    finishedAt: isoOrNull(health?.finishedAt),
    lastCompleteRun: isoOrNull(health?.completeSlot),
    outcome: health?.outcome ?? null,
    hosts: health?.hosts ?? null,
    leaking: health?.leaking ?? null,
    stopped: health?.stopped ?? null,
    cost: health?.cost ?? null,
    nextRun: isoOrNull(nextRun),
  });
}

function isoOrNull(epochMs: number | null | undefined): string | null {
  return epochMs === null || epochMs === undefined ? null : new Date(epochMs).toISOString();
}
