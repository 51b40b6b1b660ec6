/** The result for people: a verdict, the curve of what grew, and a line for each name of processes. */
import type { JobVerdict, NameVerdict } from '../../core/detector/gate.ts';
import type { NameSeries } from '../../core/detector/gate-series.ts';
import { counted, formatLevel, formatNumber, formatPercent } from '../../core/messages/units.ts';
import { PROCESS_MEMORY, type Series } from '../../core/model/series.ts';
import { renderChart } from '../render/chart.ts';
import { type Column, renderTable, type TableOptions } from '../render/table.ts';
import { harmless, type Paint, wrap } from '../render/text.ts';
import type { JobRun } from './job.ts';

/** With the labels beside it, it fits 80 columns. */
const CHART = { columns: 66, rows: 13 } as const;
/** Names in the table: the most suspicious come first. */
const MOST_LINES = 10;

/**
 * @param paint Colours, or none.
 * @param width Columns of the terminal; undefined where there is none: nothing is broken or left out then.
 */
export function jobText(run: JobRun, verdict: JobVerdict, paint: Paint, width?: number): string {
  const [first] = verdict.names;
  const curve = run.series.find(({ name }) => name === first?.name);
  const tone = verdict.outcome === 'leak' ? 'bad' : verdict.outcome === 'steady' ? 'good' : 'warn';
  const head = `${paint(tone, headline(run, verdict))} ${basis(run)}`;
  return [
    width === undefined ? head : wrap(head, width),
    ...(curve !== undefined && first !== undefined && first.outcome !== 'too_short'
      ? chartOf(run, curve, first, paint)
      : []),
    ...(verdict.names.length === 0 ? [] : [tableOf(verdict.names.slice(0, MOST_LINES), { paint, width })]),
    ...rest(run, verdict).map((line) => paint('dim', line)),
  ].join('\n');
}

/** What became of the job, in one sentence. */
export function headline(run: JobRun, { outcome, names }: JobVerdict): string {
  const [first] = names;
  if (outcome === 'leak' && first !== undefined) return nameSentence(first);
  if (outcome === 'steady') return `No process of ${harmless(run.name)} grows like a leak.`;
  return `Too short to decide: no process of ${harmless(run.name)} ran for long enough after its warm-up. Run the job for longer, or lower --at-least.`;
}

/** What is known of one name. */
export function nameSentence({ name, outcome, growth, confidence = 0 }: NameVerdict): string {
  const shown = harmless(name);
  if (growth === undefined) return `${shown} did not run for long enough to decide.`;
  const figures = `its floor went from ${formatLevel(growth.first, 'By')} to ${formatLevel(growth.last, 'By')}, ${signed(growth.bytesPerMinute)} a minute (confidence ${formatPercent(confidence, 0)}).`;
  switch (outcome) {
    case 'leak':
      return `${shown} grows like a leak: ${figures}`;
    case 'allowed':
      return `${shown} grows, which --allow-name accepts: ${figures}`;
    case 'steady':
    case 'too_short':
      return `${shown} does not grow like a leak: ${figures}`;
  }
}

function basis({ durationMs, sweeps, ended }: JobRun): string {
  return `${counted(sweeps, 'sample')} in ${formatSpan(durationMs)}${ENDED[ended]}.`;
}

const ENDED = { itself: '', time: ', then stopped', signal: ', then interrupted by a signal' } as const;

/** `9 min 40 s`, `12 s`. */
export function formatSpan(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 1) return `${Math.round(ms)} ms`;
  if (seconds < 60) return `${seconds} s`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `+5.71 MiB`. */
export function signed(bytes: number): string {
  return `${bytes < 0 ? '−' : '+'}${formatLevel(Math.abs(bytes), 'By')}`;
}

function chartOf({ startedAt }: JobRun, series: NameSeries, { growth }: NameVerdict, paint: Paint): string[] {
  const shown = asSeries(series, startedAt);
  const evaluated = growth && { start: startedAt + growth.from, end: startedAt + growth.to };
  return ['', ...renderChart(shown, { ...CHART, paint, ...(evaluated && { evaluated }) }), ''];
}

function asSeries({ name, times, values }: NameSeries, startedAt: number): Series {
  const at = Float64Array.from(times, (time) => startedAt + time);
  const start = at[0] ?? startedAt;
  const end = (at.at(-1) ?? start) + 1;
  return {
    kind: 'series',
    resource: { provider: 'local', account: 'local', region: null, id: name },
    metric: PROCESS_MEMORY,
    unit: 'By',
    statistic: 'minimum',
    window: { start, end },
    // A line joins two samples that are up to five usual gaps apart: a busy machine samples late.
    periodMs: Math.max(1, (2.5 * (end - start)) / Math.max(1, at.length)),
    times: at,
    values: Float64Array.from(values),
  };
}

const OUTCOMES: Readonly<Record<NameVerdict['outcome'], string>> = {
  leak: 'grows like a leak',
  steady: 'steady',
  allowed: 'allowed',
  too_short: 'too short to decide',
};

/** Columns without a figure are left out: of a job that was too short, most are. */
function tableOf(names: readonly NameVerdict[], options: TableOptions): string {
  const filled = COLUMNS.filter(({ text }) => names.some((one) => text(one) !== ''));
  return renderTable(names, filled, options);
}

const COLUMNS: readonly Column<NameVerdict>[] = [
  { title: 'process', text: ({ name }) => harmless(name), leastWidth: 12 },
  { title: 'at once', text: ({ processes }) => String(processes), align: 'right', expendable: 1 },
  { title: 'floor', text: ({ growth }) => (growth ? formatLevel(growth.first, 'By') : ''), align: 'right' },
  { title: 'at the end', text: ({ growth }) => (growth ? formatLevel(growth.last, 'By') : ''), align: 'right' },
  { title: 'growth a minute', text: ({ growth }) => (growth ? signed(growth.bytesPerMinute) : ''), align: 'right' },
  {
    title: 'confidence',
    text: ({ confidence }) => (confidence === undefined ? '' : formatNumber(confidence)),
    align: 'right',
    expendable: 2,
  },
  {
    title: 'verdict',
    text: ({ outcome }) => OUTCOMES[outcome],
    tone: ({ outcome }) => (outcome === 'leak' ? 'bad' : outcome === 'steady' ? 'good' : 'warn'),
  },
];

function rest({ leftOut, ended, code }: JobRun, { names }: JobVerdict): string[] {
  return [
    ...(names.length > MOST_LINES ? [`${counted(names.length - MOST_LINES, 'further name')} of processes.`] : []),
    ...(leftOut > 0
      ? ['There were more names of processes than are followed: the later ones were not evaluated.']
      : []),
    ...(ended === 'itself' && code !== 0 ? [`The command itself ended with exit code ${code}.`] : []),
  ];
}
