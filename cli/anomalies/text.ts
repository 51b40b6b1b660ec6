/** Kept points and jobs as tables. */
import { ANOMALY_WORDS, formatMetric } from '../../core/messages/metric-values.ts';
import { formatMinute } from '../../core/messages/times.ts';
import { counted, formatUsd } from '../../core/messages/units.ts';
import type { AnomalyLine } from '../../core/model/anomaly-line.ts';
import type { JobState, JobStatus } from '../../core/points/job-status.ts';
import { minutesBetween } from '../../core/tenants/job-schedule.ts';
import { formatScore } from '../findings/anomalies.ts';
import { scopeText } from '../findings/wording.ts';
import { type Column, renderTable, type TableOptions } from '../render/table.ts';
import { harmless, type Tone } from '../render/text.ts';

const POINT_COLUMNS: readonly Column<AnomalyLine>[] = [
  { title: 'time', text: ({ time }) => formatMinute(time) },
  {
    title: 'host',
    text: ({ host, name }) => harmless(name ?? host),
    tone: () => 'strong',
    leastWidth: 14,
    overflow: 'below',
  },
  { title: 'metric', text: metricText, leastWidth: 16, overflow: 'wrap' },
  {
    title: 'what',
    text: ({ type }) => (type === null ? '' : ANOMALY_WORDS[type]),
    tone: ({ is_anomaly }) => (is_anomaly ? 'bad' : undefined),
    leastWidth: 10,
    overflow: 'wrap',
  },
  { title: 'value', text: ({ value, unit }) => formatMetric(value, unit), align: 'right' },
  { title: 'expected', text: ({ expected, unit }) => formatMetric(expected, unit), align: 'right', tone: () => 'dim' },
  { title: 'score', text: ({ score }) => formatScore(score), align: 'right' },
  { title: 'job', text: ({ job }) => harmless(job), expendable: 2 },
  { title: 'account', text: scopeText, expendable: 1, leastWidth: 12 },
];

function metricText({ metric, part }: AnomalyLine): string {
  return harmless(part === '' ? metric : `${metric} ${part}`);
}

/** The newest first. */
export function renderPoints(lines: readonly AnomalyLine[], options: TableOptions): string {
  return lines.length === 0 ? 'No such points were kept in this time.' : renderTable(lines, POINT_COLUMNS, options);
}

const STATE_TONE: Readonly<Record<JobState, Tone>> = {
  ok: 'good',
  slowed: 'warn',
  paused: 'bad',
  partial: 'warn',
  failing: 'bad',
  overdue: 'bad',
  waiting: 'dim',
  disabled: 'dim',
};

const JOB_COLUMNS: readonly Column<JobStatus>[] = [
  { title: 'job', text: ({ job }) => harmless(job.name), tone: () => 'strong' },
  { title: 'account', text: ({ scope }) => scopeText(scope), leastWidth: 12 },
  { title: 'state', text: ({ state }) => state, tone: ({ state }) => STATE_TONE[state] },
  { title: 'points until', text: ({ run }) => (run?.window ? formatMinute(run.window.end) : '') },
  { title: 'series', text: ({ run }) => run?.series.known.toLocaleString('en') ?? '', align: 'right' },
  {
    title: 'waiting',
    text: ({ run }) => countText((run?.series.waiting ?? 0) + (run?.series.left ?? 0)),
    align: 'right',
    expendable: 2,
  },
  { title: 'stopped', text: ({ run }) => countText(run?.series.stopped ?? 0), align: 'right', expendable: 3 },
  { title: 'hosts', text: ({ run }) => countText(run?.hosts ?? 0), align: 'right', tone: () => 'warn' },
  { title: 'a month', text: ({ run }) => (run === undefined ? '' : formatUsd(run.cost.perMonth)), align: 'right' },
];

function countText(count: number): string {
  return count === 0 ? '' : count.toLocaleString('en');
}

export function renderJobs(statuses: readonly JobStatus[], options: TableOptions): string {
  if (statuses.length === 0) return 'The config has no jobs under `anomalies`: docs/anomalies.md.';
  const failures = statuses.flatMap(({ job, scope, run }) =>
    (run?.failures ?? []).map((text) => `${harmless(job.name)} of ${scopeText(scope)}: ${harmless(text)}`),
  );
  const usd = statuses
    .filter(({ state }) => state !== 'paused')
    .reduce((sum, { run }) => sum + (run?.cost.perMonth ?? 0), 0);
  const total = `${counted(statuses.length, 'job')}; requests cost about ${formatUsd(usd)} a month`;
  return [renderTable(statuses, JOB_COLUMNS, options), total, ...capTexts(statuses), ...failures].join('\n');
}

/** What the cost cap of the tenant has jobs do, one sentence for all of them: a tenant may have hundreds, and each has its state in the table. */
function capTexts(statuses: readonly JobStatus[]): string[] {
  const slowed = statuses.flatMap(({ job, everyMinutes }) => {
    return everyMinutes !== null && everyMinutes > minutesBetween(job) ? [everyMinutes] : [];
  });
  const paused = statuses.filter(({ state }) => state === 'paused').length;
  const slowest = `every ${Math.max(...slowed)} minutes`;
  return [
    ...(slowed.length > 0
      ? [`The cost cap slows ${counted(slowed.length, 'job')} down, to ${slowest} at the slowest; no point is missed.`]
      : []),
    ...(paused > 0
      ? [`The cost cap pauses ${counted(paused, 'job')}; until there is room again no anomaly is found.`]
      : []),
    ...(slowed.length + paused > 0 ? ['Raise `costCap` in the config to have them inspected as before.'] : []),
  ];
}
