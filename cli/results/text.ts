/** What `plimsoll results` shows: a table of hosts with a verdict, one of the others, and one line for all runs. */

import type { RegionRun } from '../../core/inspection/newest-runs.ts';
import { exhaustionDelay } from '../../core/messages/exhaustion.ts';
import { explainCommand } from '../../core/messages/explain-command.ts';
import { NOT_COLLECTED, NOT_READ } from '../../core/messages/readings.ts';
import { formatMinute, formatShortMinute } from '../../core/messages/times.ts';
import { counted, formatGrowth, formatLevel, formatShare } from '../../core/messages/units.ts';
import { evaluatorName } from '../../core/messages/who-decided.ts';
import { type Severity, severityOf } from '../../core/model/finding.ts';
import type { ResultLine } from '../../core/model/result-line.ts';
import type { RunSummary } from '../../core/model/run.ts';
import { locationColumns } from '../findings/location-columns.ts';
import { SEVERITY_TONE, scopeText } from '../findings/wording.ts';
import { PLIMSOLL } from '../program.ts';
import { type Column, renderTable, type TableOptions } from '../render/table.ts';
import { harmless, type Paint, type Tone, wrap } from '../render/text.ts';

const VERDICTS: Readonly<Record<ResultLine['verdict'], readonly [text: string, tone: Tone | undefined]>> = {
  leaking: ['leaking', 'bad'],
  steady: ['steady', 'good'],
  insufficient_data: ['insufficient data', 'dim'],
  not_monitored: ['not monitored', 'accent'],
  unreadable: ['unreadable', 'warn'],
};

const HOST: Column<ResultLine> = {
  title: 'host',
  text: hostText,
  tone: () => 'strong',
  leastWidth: 19,
  overflow: 'below',
};

const GROUP: Column<ResultLine> = {
  title: 'group',
  text: ({ group }) => harmless(group ?? ''),
  leastWidth: 8,
  expendable: 3,
};

/** Of hosts with a verdict. */
const BEFORE_LOCATION: readonly Column<ResultLine>[] = [
  {
    title: 'severity',
    text: severityText,
    tone: (line) => (line.verdict === 'leaking' ? SEVERITY_TONE[severityOfLine(line)] : undefined),
    expendable: 5,
  },
  { title: 'verdict', text: ({ verdict }) => VERDICTS[verdict][0], tone: ({ verdict }) => VERDICTS[verdict][1] },
  { title: 'grade', text: ({ grade }) => grade ?? '' },
  HOST,
  GROUP,
];

const FIGURES: readonly Column<ResultLine>[] = [
  { title: 'exhausted', text: exhaustedText },
  {
    title: 'growth',
    text: ({ growth, unit }) => (growth === null || unit === null ? '' : formatGrowth(growth, unit)),
    align: 'right',
    expendable: 7,
  },
  {
    title: 'used',
    text: ({ level, unit }) => (level === null || unit === null ? '' : formatLevel(level, unit)),
    align: 'right',
    expendable: 4,
  },
  {
    title: 'confidence',
    text: ({ score }) => (score === null ? '' : formatShare(score)),
    align: 'right',
    expendable: 4,
  },
  { title: 'since (UTC)', text: ({ since }) => (since === null ? '' : formatShortMinute(since)), expendable: 2 },
  { title: 'pattern', text: ({ pattern }) => pattern ?? '', expendable: 1 },
  { title: 'decided by', text: decidedByText, expendable: 3 },
];

/** Of hosts without one. */
const STATE: Column<ResultLine> = {
  title: 'no verdict',
  text: ({ verdict }) => VERDICTS[verdict][0],
  tone: ({ verdict }) => VERDICTS[verdict][1],
};
const WHY: Column<ResultLine> = { title: 'why', text: whyText, leastWidth: 24, overflow: 'wrap' };

/** Where the same name may stand in several regions, the region is the last part of a location to give way. */
const REGION_RANK = 10;
const ACCOUNT_RANK = 6;

function hasVerdict({ verdict }: ResultLine): boolean {
  return verdict === 'leaking' || verdict === 'steady';
}

/** As a finding of it has: by the time that is left. */
function severityOfLine({ exhaustion, exhaustion_earliest, exhaustion_unknown, time }: ResultLine): Severity {
  return exhaustion === null
    ? severityOf({ kind: 'cannot_say', reason: exhaustion_unknown ?? 'no_growth' }, time)
    : severityOf(
        { kind: 'expected', earliest: exhaustion_earliest ?? exhaustion, likely: exhaustion, latest: null },
        time,
      );
}

/** In parentheses where it is suspected only, as in every table of findings. */
function severityText(line: ResultLine): string {
  if (line.verdict !== 'leaking') return '';
  const severity = severityOfLine(line);
  return line.grade === 'suspected' ? `(${severity})` : severity;
}

function hostText({ host, name, account }: ResultLine): string {
  return harmless(host === null ? `all of ${account}` : (name ?? host));
}

function exhaustedText({ verdict, exhaustion, time }: ResultLine): string {
  if (verdict !== 'leaking') return '';
  if (exhaustion === null) return 'not known';
  return exhaustionDelay({ kind: 'expected', earliest: exhaustion, likely: exhaustion, latest: null }, time);
}

/** Of most hosts their own curve decides: the column is for the others. */
function decidedByText({ decided_by: decidedBy }: ResultLine): string {
  return decidedBy === null || decidedBy === 'statistical' ? '' : evaluatorName(decidedBy);
}

/** Of a host without a verdict. */
function whyText({ verdict, reason, detail }: ResultLine): string {
  if (reason === null) return '';
  const own = harmless(detail ?? '');
  if (reason in NOT_COLLECTED || reason in NOT_READ) {
    const words: Readonly<Record<string, string>> = { ...NOT_COLLECTED, ...NOT_READ };
    return verdict === 'not_monitored' || own === '' ? (words[reason] ?? reason) : own;
  }
  return own === '' ? reason : own;
}

/**
 * @param rows Of one tenant, in the order in which they are shown.
 * @param hidden How many hosts more there are.
 */
export function renderResults(
  rows: readonly ResultLine[],
  hidden: number,
  summaries: readonly RunSummary[],
  table: TableOptions,
): string {
  const { width = Number.POSITIVE_INFINITY, paint } = table;
  const [found, others] = [rows.filter(hasVerdict), rows.filter((row) => !hasVerdict(row))];
  const [urgent] = found.filter(({ verdict }) => verdict === 'leaking');
  const parts = [
    found.length > 0 && renderFound(found, table),
    others.length > 0 && renderTable(others, [STATE, HOST, ...locationsOf(others), WHY], table),
    hidden > 0 && paint('dim', wrap(hiddenText(hidden), width)),
    summaries.length > 0 && wrap(totalText(summaries), width),
    urgent !== undefined && nextStep(urgent, summaries[0]?.tenant ?? '', paint),
  ];
  return parts.filter((part) => typeof part === 'string').join('\n\n');
}

function renderFound(rows: readonly ResultLine[], table: TableOptions): string {
  const columns = [...BEFORE_LOCATION, ...locationsOf(rows), ...FIGURES].filter(({ title, text }) => {
    const texts = new Set(rows.map(text));
    return title === 'verdict' ? texts.size > 1 : texts.size > 1 || !texts.has('');
  });
  return renderTable(rows, columns, table);
}

function locationsOf(rows: readonly ResultLine[]): Column<ResultLine>[] {
  const columns = locationColumns(
    rows,
    ({ provider, account, region }) => ({ provider, account, region, id: '' }),
    ACCOUNT_RANK,
  );
  return columns.map((column) => (column.title === 'region' ? { ...column, expendable: REGION_RANK } : column));
}

/** Of the most urgent leak the command that explains it, with the reader's own credentials. */
function nextStep({ provider, account, region, host }: ResultLine, tenant: string, paint: Paint): string {
  const command = explainCommand({ provider, account, region, id: host ?? '' }, tenant);
  return `${paint('dim', '# why the first of them was found')}\n${harmless(command)}`;
}

function hiddenText(hidden: number): string {
  const are = hidden === 1 ? 'is' : 'are';
  return `${counted(hidden, 'further host')} ${are} not shown; --limit N shows more, and --json all`;
}

function totalText(summaries: readonly RunSummary[]): string {
  const sum = (figure: (summary: RunSummary) => number) =>
    summaries.reduce((total, summary) => total + figure(summary), 0);
  const leaking = sum(({ verdicts }) => verdicts.confirmed + verdicts.suspected);
  const steady = sum(({ verdicts }) => verdicts.steady);
  const others = sum(({ hosts, verdicts }) => hosts.notMonitored + hosts.unreadable + verdicts.insufficientData);
  const times = summaries.map(({ scheduledTime }) => scheduledTime);
  const [oldest, newest] = [Math.min(...times), Math.max(...times)].map((time) => formatMinute(time));
  const when = oldest === newest ? `of ${newest}` : `from ${oldest} to ${newest}`;
  const partial = summaries.filter(({ outcome }) => outcome === 'partial');
  const unread = partial.filter(({ hosts }) => hosts.known === 0).length;
  const inPart = partial.length - unread;
  const unfinished = [unread > 0 && `${counted(unread, 'region')} not read`, inPart > 0 && `${inPart} in part`];
  return (
    `${counted(summaries.length, 'inspection')} ${when} UTC: ${leaking} of ${counted(
      sum(({ hosts }) => hosts.known),
      'host',
    )} ` +
    `${leaking === 1 ? 'grows' : 'grow'} like a leak, ${steady} steady, ${others} without a verdict` +
    `${partial.length === 0 ? '' : `; ${unfinished.filter((part) => part !== false).join(', ')}`}.`
  );
}

export function missingText({ scope, summary, why }: Extract<RegionRun, { kind: 'missing' }>): string {
  const when = summary === undefined ? '' : ` (${formatMinute(summary.scheduledTime)} UTC)`;
  return `no results of ${scopeText(scope)}: ${harmless(why)}${when}`;
}

/** Where no region has results. */
export function invokeText(tenant: string, deployment: string): string {
  return `\`${PLIMSOLL} invoke ${tenant} --wait${deployment}\` inspects it now and shows what it finds.`;
}
