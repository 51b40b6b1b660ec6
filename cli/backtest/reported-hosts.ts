/** The table of hosts of which something would have been reported. */
import type { PolicyReplay } from '../../core/backtest/backtest.ts';
import { type Episode, leadOf, notifiedAt } from '../../core/backtest/episode.ts';
import { formatDuration, formatShortMinute, leadText } from '../../core/messages/times.ts';
import { compareSeverity, type Severity } from '../../core/model/finding.ts';
import { locationColumns } from '../findings/location-columns.ts';
import { hostName, SEVERITY_TONE } from '../findings/wording.ts';
import { type Column, renderTable, type TableOptions } from '../render/table.ts';
import { harmless } from '../render/text.ts';
import type { BacktestReport, ReportedHost } from './report.ts';

/** Rows that are listed: a threshold far too low would bury what follows. */
const MOST_ROWS = 50;

/**
 * The worst first. With two variants, what each reports stands side by side; the other columns follow the first that reports anything. A
 * narrow terminal keeps what decides: which host, how severe, when, and how long before the end.
 */
export function renderReportedHosts({ reported, variants, period }: BacktestReport, options: TableOptions): string {
  const columns: Column<ReportedHost>[] = [
    {
      title: 'severity',
      text: (host) => severityOf(host),
      tone: (host) => SEVERITY_TONE[severityOf(host)],
      expendable: 7,
    },
    {
      title: 'host',
      text: ({ resource }) => hostName(resource),
      tone: () => 'strong',
      leastWidth: 19,
      overflow: 'below',
    },
    { title: 'group', text: ({ resource }) => harmless(resource.group ?? ''), expendable: 1 },
    ...locationColumns(reported, ({ resource }) => resource, 2),
    ...variants.map(
      ({ variant }, index): Column<ReportedHost> => ({
        title: variants.length === 1 ? 'reported' : harmless(variant.name),
        text: ({ replays }) => reportedText(replays[index]),
        leastWidth: 16,
        overflow: 'wrap',
      }),
    ),
    { title: 'first (UTC)', text: (host) => formatShortMinute(firstReported(host)), expendable: 6 },
    { title: 'lasted', text: (host) => lastedText(host, period.to), align: 'right', expendable: 3 },
    { title: 'lead', text: (host) => shortestLead(host), leastWidth: 12, overflow: 'wrap', expendable: 5 },
  ];
  const filled = columns.filter(({ text }) => reported.some((host) => text(host) !== ''));
  const table = renderTable(reported.toSorted(byUrgency).slice(0, MOST_ROWS), filled, options);
  const more = reported.length - MOST_ROWS;
  return more > 0 ? `${table}\n${options.paint('dim', `and ${more} more; --json lists all`)}` : table;
}

/** `2 opened, 1 worse, 1 suspected`; a suspicion that was confirmed counts as opened. */
function reportedText(replay: PolicyReplay | undefined): string {
  const episodes = replay?.episodes ?? [];
  const opened = episodes.filter(({ openedAt }) => openedAt !== null);
  const worse = opened.reduce((sum, episode) => sum + episode.worse.length, 0);
  const suspected = episodes.length - opened.length;
  return [
    opened.length > 0 && `${opened.length} opened`,
    worse > 0 && `${worse} worse`,
    suspected > 0 && `${suspected} suspected`,
  ]
    .filter((part) => part !== false)
    .join(', ');
}

/** Of the first variant that reports anything. */
function episodesOf({ replays }: ReportedHost): readonly Episode[] {
  return replays.find(({ episodes }) => episodes.length > 0)?.episodes ?? [];
}

function severityOf(host: ReportedHost): Severity {
  return episodesOf(host).reduce<Severity>(
    (worst, { severity }) => (compareSeverity(severity, worst) > 0 ? severity : worst),
    'low',
  );
}

function firstReported(host: ReportedHost): number {
  return Math.min(...episodesOf(host).map(notifiedAt));
}

/** Milliseconds of all episodes together. @param end Of the replay: one that is not over has lasted up to it. */
function lasted(host: ReportedHost, end: number): number {
  return episodesOf(host).reduce((sum, episode) => sum + (episode.endedAt ?? end) - notifiedAt(episode), 0);
}

/** What only the last inspection of the replay reported has not lasted yet. */
function lastedText(host: ReportedHost, end: number): string {
  const ms = lasted(host, end);
  return ms === 0 ? 'just begun' : formatDuration(ms);
}

/** The shortest, and what it ended with: `26 h, used up`. */
function shortestLead(host: ReportedHost): string {
  const [shortest] = episodesOf(host)
    .flatMap((episode) => {
      const lead = leadOf(episode);
      return lead === null || episode.outcome === null ? [] : [{ lead, outcome: episode.outcome }];
    })
    .sort((a, b) => a.lead - b.lead);
  if (shortest === undefined) return '';
  const { lead, outcome } = shortest;
  return `${leadText(lead)}, ${outcome.kind === 'exhausted' ? 'used up' : 'given back'}`;
}

/** What paged first, then the greater severity, then the name. */
function byUrgency(a: ReportedHost, b: ReportedHost): number {
  return (
    Number(paged(b)) - Number(paged(a)) ||
    compareSeverity(severityOf(b), severityOf(a)) ||
    hostName(a.resource).localeCompare(hostName(b.resource))
  );
}

function paged(host: ReportedHost): boolean {
  return episodesOf(host).some(({ openedAt }) => openedAt !== null);
}
