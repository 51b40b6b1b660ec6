/** One episode of a backtest: what would have been reported of a host, when, and the curve around it. */
import { type Episode, leadOf, notifiedAt } from '../../core/backtest/episode.ts';
import { truncatedTo } from '../../core/inspection/window.ts';
import { exhaustionText } from '../../core/messages/exhaustion.ts';
import { formatDuration, formatShortMinute } from '../../core/messages/times.ts';
import { formatGrowth, formatLevel, formatShare } from '../../core/messages/units.ts';
import { unknownEndText } from '../../core/messages/verdict.ts';
import { severityOf } from '../../core/model/finding.ts';
import type { Policy } from '../../core/model/policy.ts';
import type { Series } from '../../core/model/series.ts';
import { hostTitle, SEVERITY_TONE, scopeText } from '../findings/wording.ts';
import { cropped } from '../render/buckets.ts';
import { type ChartEvent, chartLegend, renderChart } from '../render/chart.ts';
import { type Paint, wrap } from '../render/text.ts';

export interface EpisodeOptions {
  /** Columns of the terminal; absent where there is none. */
  readonly width?: number | undefined;
  readonly paint: Paint;
}

const HOUR = 3_600_000;

/** What is shown after the last event, from which a reader sees whether it was right. */
const SHOWN_AFTER_MS = 24 * HOUR;

const TEXT_WIDTH = 100;
const CHART_COLUMNS = 120;
const DEFAULT_COLUMNS = 80;
const CHART_ROWS = 9;
/** Columns that the labels left of a plot take at the most. */
const CHART_MARGIN = 11;
const LEAST_CHART_COLUMNS = 20;

/** @param policy The one that reported it: its lookback window is shown before the first event. */
export function renderEpisode(
  series: Series,
  episode: Episode,
  { lookBackHours }: Pick<Policy, 'lookBackHours'>,
  { width, paint }: EpisodeOptions,
): string {
  const text = Math.min(width ?? TEXT_WIDTH, TEXT_WIDTH);
  const columns = Math.max(LEAST_CHART_COLUMNS, Math.min(CHART_COLUMNS, (width ?? DEFAULT_COLUMNS) - CHART_MARGIN));
  const { evidence, endedAt } = episode;
  const shown = truncatedTo(series, {
    start: Math.max(series.window.start, notifiedAt(episode) - lookBackHours * HOUR),
    end: Math.min(series.window.end, (endedAt ?? Number.POSITIVE_INFINITY) + SHOWN_AFTER_MS),
  });
  const marks = { evaluated: evidence.evaluated, onset: evidence.onset, events: eventsOf(episode) };
  const { resource } = series;
  return [
    `${paint('strong', hostTitle(resource))}  ${paint('dim', scopeText(resource))}`,
    wrap(`${eventsText(episode, paint)}${outcomeText(episode)}`, text),
    paint('dim', wrap(knownText(episode, series), text)),
    ...renderChart(cropped(shown), { columns, rows: CHART_ROWS, paint, ...marks }),
    paint('dim', wrap(unbreakable(chartLegend(marks)), text)),
  ].join('\n');
}

/** Keeps a mark and its word on one line: the parts of a legend stand three spaces apart. */
function unbreakable(legend: string): string {
  return legend.replaceAll(/(?<=\S) (?=\S)/g, '\u00a0');
}

/** In order of time; the page comes last, so that nothing hides it. */
function eventsOf({ suspectedAt, openedAt, worse, endedAt, outcome }: Episode): ChartEvent[] {
  return [
    suspectedAt !== null && { at: suspectedAt, sign: '?', message: 'suspected' },
    ...worse.map(({ at }) => ({ at, sign: '↑', message: 'worse' })),
    outcome && (outcome.kind === 'exhausted' ? { at: outcome.at, sign: '×', message: 'used up' } : restart(outcome.at)),
    endedAt !== null && { at: endedAt, sign: '✓', message: openedAt === null ? 'cleared' : 'recovered' },
    openedAt !== null && { at: openedAt, sign: '!', message: 'opened' },
  ].filter((event) => typeof event === 'object' && event !== null);
}

function restart(at: number): ChartEvent {
  return { at, sign: '┊', message: 'restart' };
}

/** `suspected 11-14 03:00, opened 11-14 09:00 (medium), recovered 11-16 02:00 after 47 h.` */
function eventsText(episode: Episode, paint: Paint): string {
  const { cycle, suspectedAt, openedAt, worse, endedAt, evidence, underWay } = episode;
  const severity = severityOf(evidence.exhaustion, evidence.evaluated.end);
  const reported = (kind: string, at: number) => `${kind} ${formatShortMinute(at)}`;
  const lasted = endedAt === null ? '' : ` after ${formatDuration(endedAt - notifiedAt(episode))}`;
  const parts = [
    suspectedAt !== null && reported('suspected', suspectedAt),
    openedAt !== null && paint(SEVERITY_TONE[severity], `${reported('opened', openedAt)} (${severity})`),
    ...worse.map((one) => paint(SEVERITY_TONE[one.severity], `${reported('worse', one.at)} (${one.severity})`)),
    endedAt === null
      ? 'not over at the end'
      : `${reported(openedAt === null ? 'cleared' : 'recovered', endedAt)}${lasted}`,
  ].filter((part) => typeof part === 'string');
  const again = cycle === 1 ? '' : `Cycle ${cycle} of this leak: `;
  return `${again}${parts.join(', ')}${underWay ? '; reported by the first verdict, so it may be older' : ''}.`;
}

const OUTCOME = {
  exhausted: 'Its memory was used up',
  restarted: 'Its memory was given back at once (a restart?)',
} as const;

function outcomeText(episode: Episode): string {
  const { outcome } = episode;
  if (outcome === null) return '';
  const lead = leadOf(episode);
  return ` ${OUTCOME[outcome.kind]} ${formatShortMinute(outcome.at)}${lead === null ? '' : `, ${sincePage(lead)}`}.`;
}

function sincePage(lead: number): string {
  if (lead === 0) return 'at the page';
  return `${formatDuration(Math.abs(lead))} ${lead > 0 ? 'after' : 'before'} the page`;
}

/** What the event said. */
function knownText({ evidence, openedAt }: Episode, { unit }: Series): string {
  const asOf = evidence.evaluated.end;
  const at = openedAt === null ? 'When it was suspected' : 'When it paged';
  const { exhaustion, pattern } = evidence;
  const used = unknownEndText(exhaustion, 'it') ?? `used up ${exhaustionText(exhaustion, asOf)}`;
  const shape = pattern === null ? '' : `, ${pattern.name}`;
  return (
    `${at}: ${formatLevel(evidence.level, unit)} used, ` +
    `${formatGrowth(evidence.growthPerHour.estimate, unit)}${shape}, ${used}; ${formatShare(evidence.confidence)} sure.`
  );
}
