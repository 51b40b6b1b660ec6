/** The table of hosts that would have been reported as full. */
import type { FullEpisode } from '../../core/backtest/full-episode.ts';
import { FULL_HOST_TEXT } from '../../core/messages/finding.ts';
import { formatDuration, formatShortMinute } from '../../core/messages/times.ts';
import { formatPercent } from '../../core/messages/units.ts';
import { compareSeverity, type Severity } from '../../core/model/finding.ts';
import type { Resource } from '../../core/model/series.ts';
import { locationColumns } from '../findings/location-columns.ts';
import { hostName, SEVERITY_TONE } from '../findings/wording.ts';
import { type Column, renderTable, type TableOptions } from '../render/table.ts';
import { harmless } from '../render/text.ts';

/** A host that would have been reported as full under the first policy, in order of time. */
export interface ReportedFullHost {
  readonly resource: Resource;
  readonly episodes: readonly [FullEpisode, ...FullEpisode[]];
}

/** Rows that are listed. */
const MOST_ROWS = 50;

/** The worst first. @param end Of the replay, epoch milliseconds: what is not over has lasted up to it. */
export function renderReportedFull(hosts: readonly ReportedFullHost[], end: number, options: TableOptions): string {
  const columns: Column<ReportedFullHost>[] = [
    {
      title: 'severity',
      text: (host) => severityOf(host),
      tone: (host) => SEVERITY_TONE[severityOf(host)],
      expendable: 3,
    },
    {
      title: 'full host',
      text: ({ resource }) => hostName(resource),
      tone: () => 'strong',
      leastWidth: 19,
      overflow: 'below',
    },
    { title: 'group', text: ({ resource }) => harmless(resource.group ?? ''), expendable: 1 },
    ...locationColumns(hosts, ({ resource }) => resource, 2),
    { title: 'reported', text: reportedText, leastWidth: 16, overflow: 'wrap' },
    { title: '', text: ({ episodes: [first] }) => FULL_HOST_TEXT[first.full.kind], leastWidth: 16, overflow: 'wrap' },
    { title: 'used', text: ({ episodes: [first] }) => formatPercent(first.full.level), align: 'right', expendable: 4 },
    {
      title: 'first reported (UTC)',
      text: ({ episodes: [first] }) => formatShortMinute(first.openedAt),
      expendable: 5,
    },
    { title: 'lasted', text: (host) => lastedText(host, end), align: 'right', expendable: 6 },
  ];
  const filled = columns.filter(({ text }) => hosts.some((host) => text(host) !== ''));
  const table = renderTable(hosts.toSorted(byUrgency).slice(0, MOST_ROWS), filled, options);
  const more = hosts.length - MOST_ROWS;
  return more > 0 ? `${table}\n${options.paint('dim', `and ${more} more; --json lists all`)}` : table;
}

/** `2 opened, 1 worse`. */
function reportedText({ episodes }: ReportedFullHost): string {
  const worse = episodes.reduce((sum, episode) => sum + episode.worse.length, 0);
  return `${episodes.length} opened${worse > 0 ? `, ${worse} worse` : ''}`;
}

function severityOf({ episodes }: ReportedFullHost): Severity {
  return episodes.reduce<Severity>(
    (worst, { severity }) => (compareSeverity(severity, worst) > 0 ? severity : worst),
    'low',
  );
}

function lastedText({ episodes }: ReportedFullHost, end: number): string {
  const ms = episodes.reduce((sum, { openedAt, endedAt }) => sum + (endedAt ?? end) - openedAt, 0);
  return ms === 0 ? 'just begun' : formatDuration(ms);
}

/** The greater severity first, then the name. */
function byUrgency(a: ReportedFullHost, b: ReportedFullHost): number {
  return compareSeverity(severityOf(b), severityOf(a)) || hostName(a.resource).localeCompare(hostName(b.resource));
}
