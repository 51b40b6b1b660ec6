/** Runs as a table, for more of them than one can read one by one. */
import { formatUsd } from '../../core/messages/units.ts';
import type { RunSummary } from '../../core/model/run.ts';
import { type Column, renderTable, type TableOptions } from '../render/table.ts';
import { harmless, wrap } from '../render/text.ts';
import { scopeText } from './wording.ts';

function count(title: string, of: (run: RunSummary) => number, expendable?: number): Column<RunSummary> {
  return { title, text: (run) => String(of(run)), align: 'right', ...(expendable !== undefined && { expendable }) };
}

/** Shown where any run has a full host. */
const FULL = count('full', ({ exhausted = 0 }) => exhausted, 4);

const COLUMNS: readonly Column<RunSummary>[] = [
  { title: 'account and region', text: ({ scope }) => scopeText(scope), leastWidth: 30, overflow: 'below' },
  { title: 'run', text: ({ outcome }) => outcome, tone: ({ outcome }) => (outcome === 'partial' ? 'warn' : 'good') },
  count('hosts', ({ hosts }) => hosts.known),
  count('leaking', ({ verdicts }) => verdicts.confirmed + verdicts.suspected),
  FULL,
  count('steady', ({ verdicts }) => verdicts.steady),
  count('insufficient data', ({ verdicts }) => verdicts.insufficientData, 3),
  count('not monitored', ({ hosts }) => hosts.notMonitored, 5),
  count('unreadable', ({ hosts }) => hosts.unreadable, 6),
  count('calls', ({ calls }) => Object.values(calls).reduce((sum, calls) => sum + calls, 0), 2),
  count('billed', ({ metricsBilled }) => metricsBilled, 1),
  { title: 'a month', text: ({ cost }) => formatUsd(cost.perMonth), align: 'right', expendable: 4 },
];

/** Failures that are listed below the table. */
const FAILURES_LISTED = 8;

/** One line per run; below, what was not read and the price that the costs rest on. */
export function renderRuns(runs: readonly RunSummary[], options: TableOptions): string {
  const { paint, width = Number.POSITIVE_INFINITY } = options;
  const prices = [...new Set(runs.filter(({ metricsBilled }) => metricsBilled > 0).map(({ cost }) => cost.price))];
  const columns = runs.some(({ exhausted = 0 }) => exhausted > 0) ? COLUMNS : COLUMNS.filter((one) => one !== FULL);
  const failures = failuresInTurn(runs);
  const unlisted = failures.length - FAILURES_LISTED;
  return [
    renderTable(runs, columns, options),
    ...failures.slice(0, FAILURES_LISTED).map((failure) => wrap(`${PREFIX}${harmless(failure)}`, width, INDENT)),
    ...(unlisted > 0 ? [paint('dim', `${PREFIX}${unlisted} more`)] : []),
    ...prices.map((price) => paint('dim', wrap(`price: ${price}`, width, INDENT))),
  ].join('\n');
}

/** The first failure of each run before the second one of any: no account that failed is hidden behind another's hosts. */
function failuresInTurn(runs: readonly RunSummary[]): string[] {
  const most = Math.max(0, ...runs.map(({ failures }) => failures.length));
  return Array.from({ length: most }, (_, turn) =>
    runs.flatMap(({ failures }) => failures.slice(turn, turn + 1)),
  ).flat();
}

const PREFIX = 'not read: ';
const INDENT = ' '.repeat(PREFIX.length);
