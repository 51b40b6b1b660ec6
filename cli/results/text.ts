/** What `plimsoll results` shows: a table of hosts, and one line for all runs together. */
import { exhaustionDelay } from '../../core/messages/exhaustion.ts';
import { NOT_COLLECTED, NOT_READ } from '../../core/messages/readings.ts';
import { formatMinute, formatShortMinute } from '../../core/messages/times.ts';
import { counted, formatGrowth, formatLevel, formatShare } from '../../core/messages/units.ts';
import type { ResultLine } from '../../core/model/result-line.ts';
import type { RunSummary } from '../../core/model/run.ts';
import { locationColumns } from '../findings/location-columns.ts';
import { scopeText } from '../findings/wording.ts';
import { type Column, renderTable, type TableOptions } from '../render/table.ts';
import { harmless, type Tone, wrap } from '../render/text.ts';
import type { RegionRun } from './runs.ts';

const VERDICTS: Readonly<Record<ResultLine['verdict'], readonly [text: string, tone: Tone | undefined]>> = {
  leaking: ['leaking', 'bad'],
  steady: ['steady', 'good'],
  insufficient_data: ['insufficient data', 'dim'],
  not_monitored: ['not monitored', 'accent'],
  unreadable: ['unreadable', 'warn'],
};

const COLUMNS: readonly Column<ResultLine>[] = [
  { title: 'verdict', text: ({ verdict }) => VERDICTS[verdict][0], tone: ({ verdict }) => VERDICTS[verdict][1] },
  { title: 'grade', text: ({ grade }) => grade ?? '', expendable: 6 },
  { title: 'host', text: hostText, tone: () => 'strong', leastWidth: 19, overflow: 'above' },
  { title: 'group', text: ({ group }) => harmless(group ?? ''), leastWidth: 8, expendable: 3 },
];

const FIGURES: readonly Column<ResultLine>[] = [
  {
    title: 'used',
    text: ({ level, unit }) => (level === null || unit === null ? '' : formatLevel(level, unit)),
    align: 'right',
    expendable: 4,
  },
  {
    title: 'growth',
    text: ({ growth, unit }) => (growth === null || unit === null ? '' : formatGrowth(growth, unit)),
    align: 'right',
    expendable: 7,
  },
  { title: 'exhausted', text: exhaustedText, expendable: 8 },
  {
    title: 'score',
    text: ({ score }) => (score === null ? '' : formatShare(score)),
    align: 'right',
    expendable: 5,
  },
  { title: 'since (UTC)', text: ({ since }) => (since === null ? '' : formatShortMinute(since)), expendable: 2 },
  { title: 'pattern', text: ({ pattern }) => pattern ?? '', expendable: 1 },
  { title: 'why', text: whyText, leastWidth: 24, overflow: 'wrap' },
];

function hostText({ host, name, account }: ResultLine): string {
  return harmless(host === null ? `all of ${account}` : (name ?? host));
}

function exhaustedText({ verdict, exhaustion, time }: ResultLine): string {
  if (verdict !== 'leaking') return '';
  if (exhaustion === null) return 'not known';
  return exhaustionDelay({ kind: 'expected', earliest: exhaustion, likely: exhaustion, latest: null }, time);
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
 * @param rows In the order in which they are shown.
 * @param hidden How many hosts more there are.
 */
export function renderResults(
  rows: readonly ResultLine[],
  hidden: number,
  summaries: readonly RunSummary[],
  table: TableOptions,
): string {
  const { width = Number.POSITIVE_INFINITY, paint } = table;
  const locations = locationColumns(
    rows,
    ({ provider, account, region }) => ({ provider, account, region, id: '' }),
    6,
  );
  const columns = [...COLUMNS, ...locations, ...FIGURES].filter(
    ({ text, expendable, title }) =>
      (expendable === undefined && title !== 'why') || rows.some((row) => text(row) !== ''),
  );
  return [
    ...(rows.length === 0 ? [] : [renderTable(rows, columns, table)]),
    ...(hidden > 0 ? [paint('dim', wrap(hiddenText(hidden), width))] : []),
    ...(rows.length === 0 ? [] : ['']),
    wrap(totalText(summaries), width),
  ].join('\n');
}

function hiddenText(hidden: number): string {
  const are = hidden === 1 ? 'is' : 'are';
  return `${counted(hidden, 'further host')} ${are} not shown; --limit N shows more, and --json all`;
}

function totalText(summaries: readonly RunSummary[]): string {
  if (summaries.length === 0) return 'No results are kept.';
  const sum = (figure: (summary: RunSummary) => number) =>
    summaries.reduce((total, summary) => total + figure(summary), 0);
  const leaking = sum(({ verdicts }) => verdicts.confirmed + verdicts.suspected);
  const steady = sum(({ verdicts }) => verdicts.steady);
  const others = sum(({ hosts, verdicts }) => hosts.notMonitored + hosts.unreadable + verdicts.insufficientData);
  const times = summaries.map(({ scheduledTime }) => scheduledTime);
  const [oldest, newest] = [Math.min(...times), Math.max(...times)].map((time) => formatMinute(time));
  const when = oldest === newest ? `of ${newest}` : `from ${oldest} to ${newest}`;
  const partial = summaries.filter(({ outcome }) => outcome === 'partial').length;
  return (
    `${counted(summaries.length, 'inspection')} ${when} UTC: ${leaking} of ${counted(
      sum(({ hosts }) => hosts.known),
      'host',
    )} ` +
    `${leaking === 1 ? 'grows' : 'grow'} like a leak, ${steady} steady, ${others} without a verdict` +
    `${partial === 0 ? '' : `; ${partial} partial`}.`
  );
}

export function missingText({ scope, summary, why }: Extract<RegionRun, { kind: 'missing' }>): string {
  const when = summary === undefined ? '' : ` (${formatMinute(summary.scheduledTime)} UTC)`;
  return `no results of ${scopeText(scope)}: ${harmless(why)}${when}`;
}
