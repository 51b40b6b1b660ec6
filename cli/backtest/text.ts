/** What a backtest found, for people: the hosts, the policies side by side, the thresholds of a budget, and one last line. */
import type { Totals } from '../../core/backtest/totals.ts';
import { formatDuration, formatWindow, leadText } from '../../core/messages/times.ts';
import { counted, formatNumber, formatPercent, formatUsd } from '../../core/messages/units.ts';
import { renderNotEvaluated } from '../findings/not-evaluated.ts';
import { type Column, renderTable, type TableOptions } from '../render/table.ts';
import { harmless, type Paint, wrap } from '../render/text.ts';
import { renderBudget } from './budget.ts';
import { renderCadence, type WorsePages } from './cadence.ts';
import { renderReportedFull } from './full-hosts.ts';
import type { BacktestReport, VariantReport } from './report.ts';
import { renderReportedHosts } from './reported-hosts.ts';

const TEXT_WIDTH = 100;

export function renderBacktest(report: BacktestReport, options: TableOptions): string {
  const { reported, full, missed, variants, budget, cadence, period } = report;
  const { paint, width = TEXT_WIDTH } = options;
  const text = Math.min(width, TEXT_WIDTH);
  return [
    reported.length > 0 &&
      section('Hosts of which something would have been reported', renderReportedHosts(report, options), paint),
    full.length > 0 &&
      section('Hosts that would have been reported as full', renderReportedFull(full, period.to, options), paint),
    missed.length > 0 && renderNotEvaluated(missed, options, ['not monitored', 'unreadable']),
    section('What would have been reported', renderTotals(variants, options), paint),
    ...variants.map(
      ({ variant, sweep }) => budget !== undefined && sweep && renderBudget(variant.name, sweep, budget, options),
    ),
    cadence &&
      section(
        'What the adaptive cadence saves and costs',
        renderCadence(cadence, worsePages(variants), options),
        paint,
      ),
    paint('dim', wrap(readingText(report), text)),
    wrap(conclusion(report, paint), text),
  ]
    .filter((part) => typeof part === 'string')
    .join('\n\n');
}

function worsePages(variants: readonly VariantReport[]): WorsePages {
  const adaptive = variants.find(({ variant }) => variant.quietHours > 0);
  return { schedule: pagesOfWorse(variants[0]?.totals), adaptive: pagesOfWorse(adaptive?.totals) };
}

/** Of what pages, an episode opens or gets critical. */
function pagesOfWorse(totals: Totals | undefined): number {
  return totals === undefined ? 0 : totals.pages - totals.events.opened;
}

function section(title: string, body: string, paint: Paint): string {
  return `${paint('strong', title)}\n${body}`;
}

interface Line {
  readonly name: string;
  readonly of: (totals: Totals) => string;
}

const LINES: readonly Line[] = [
  { name: 'hosts reported', of: ({ hosts }) => shareOf(hosts.reported, hosts.replayed) },
  { name: 'hosts that paged', of: ({ hosts }) => shareOf(hosts.paged, hosts.replayed) },
  { name: 'episodes', of: ({ episodes }) => String(episodes) },
  { name: '  reported by the first verdict', of: ({ underWay }) => String(underWay) },
  { name: '  per host-week', of: ({ episodesPerHostWeek }) => rate(episodesPerHostWeek) },
  { name: 'pages', of: ({ pages }) => String(pages) },
  { name: '  opened', of: ({ events }) => String(events.opened) },
  { name: '  worse', of: ({ events }) => String(events.worse) },
  { name: '  per 100 hosts and week', of: ({ pagesPer100HostWeeks }) => rate(pagesPer100HostWeeks) },
  { name: '    at most (95 % confidence)', of: ({ pagesPer100HostWeeksUpTo }) => rate(pagesPer100HostWeeksUpTo) },
  { name: 'recovered', of: ({ events }) => String(events.recovered) },
  { name: 'suspected', of: ({ events }) => String(events.suspected) },
  { name: 'cleared', of: ({ events }) => String(events.cleared) },
  { name: 'lasted (median)', of: ({ medianDuration }) => duration(medianDuration) },
  { name: 'lead (median)', of: (totals) => leads(totals.leads) },
  { name: 'inspections', of: ({ inspections }) => inspections.toLocaleString('en') },
  { name: '  with insufficient data', of: ({ insufficient, inspections }) => shareOf(insufficient, inspections) },
];

/** Where any host would have been reported as full. */
const FULL_LINES: readonly Line[] = [
  { name: 'full hosts', of: ({ full, hosts }) => shareOf(full.hosts, hosts.replayed) },
  { name: '  pages of them', of: ({ full }) => String(full.pages) },
];

/** A line per figure and a column per variant. */
function renderTotals(variants: readonly VariantReport[], options: TableOptions): string {
  const columns: Column<Line>[] = [
    { title: '', text: ({ name }) => name, tone: () => 'dim' },
    ...variants.map(
      ({ variant, totals }): Column<Line> => ({
        title: harmless(variant.name),
        text: ({ of }) => of(totals),
        align: 'right',
        leastWidth: 12,
      }),
    ),
  ];
  const isAnyFull = variants.some(({ totals }) => totals.full.episodes > 0);
  return renderTable(isAnyFull ? [...LINES, ...FULL_LINES] : LINES, columns, options);
}

function shareOf(count: number, all: number): string {
  return count === 0 ? '0' : `${count} (${share(count, all)})`;
}

function share(count: number, all: number): string {
  return all === 0 ? '–' : formatPercent(count / all);
}

function rate(value: number | null): string {
  return value === null ? '–' : formatNumber(value);
}

function duration(ms: number | null): string {
  return ms === null ? '–' : formatDuration(ms);
}

/** `26 h, 7 in time, 1 late`. */
function leads({ medianMs, inTime, late }: Totals['leads']): string {
  return medianMs === null ? '–' : `${leadText(medianMs)}, ${inTime} in time, ${late} late`;
}

function readingText({ period, calls, metricsBilled, usd, variants }: BacktestReport): string {
  const made = Object.entries(calls).map(([name, count]) => `${count} ${name}`);
  const cost = metricsBilled === 0 ? '' : `; ${counted(metricsBilled, 'metric')} billed, about ${formatUsd(usd)}`;
  const read = made.length === 0 ? '' : ` Read with ${made.join(', ')}${cost}.`;
  const weeks = variants[0]?.totals.hostWeeks ?? 0;
  return (
    `Replayed every full hour of ${formatWindow({ start: period.from, end: period.to })}. Rates are per host-week ` +
    `with a verdict, of which there were ${formatNumber(weeks)}. A page is an opened, or a worse at critical; ` +
    `the lead is from the first page to used-up memory or a restart.${read}`
  );
}

function conclusion({ variants: [first], missed }: BacktestReport, paint: Paint): string {
  const unread = missed.filter(({ state }) => state === 'unreadable').length;
  const partial = unread === 0 ? '' : `; ${paint('warn', 'this is only a part')}, because not everything could be read`;
  const tone = (first?.totals.pages ?? 1) + (first?.totals.full.pages ?? 0) === 0 ? 'good' : 'warn';
  return `${paint(tone, `${pagesText(first?.totals)}${fullText(first?.totals)}`)}${partial}.`;
}

/** `, and twice for full hosts`: no figure of leaks counts these. */
function fullText(totals: Totals | undefined): string {
  const { pages = 0, hosts = 0 } = totals?.full ?? {};
  if (pages === 0) return '';
  return `, and ${pages === 1 ? 'once' : `${pages} times`} for ${counted(hosts, 'full host')}`;
}

/** Of the first variant, in one sentence without its full stop. */
function pagesText(totals: Totals | undefined): string {
  if (totals === undefined || totals.hosts.replayed === 0) return 'There was no host to replay';
  const { pages, pagesPer100HostWeeks, hosts } = totals;
  if (pagesPer100HostWeeks === null) return 'No inspection had enough data for a verdict';
  if (pages === 0) return `It would have paged for none of ${counted(hosts.replayed, 'host')}`;
  const times = pages === 1 ? 'once' : `${pages} times`;
  const per = `${formatNumber(pagesPer100HostWeeks)} per 100 hosts and week`;
  return `It would have paged ${times} (${per}), for ${hosts.paged} of ${counted(hosts.replayed, 'host')}`;
}
