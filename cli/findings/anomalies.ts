/** Anomalies of metrics on a terminal: one picture a host, metric and part, and the table of what lasts. */
import { ANOMALY_WORDS, formatMetric, partValues } from '../../core/messages/metric-values.ts';
import { formatShortMinute, formatTime } from '../../core/messages/times.ts';
import type { AnomalyView, ViewedEpisode } from '../../core/model/anomaly-view.ts';
import { bandLegend, renderBandChart } from '../render/band-chart.ts';
import { type Column, renderTable, type TableOptions } from '../render/table.ts';
import { clip, harmless, wrap } from '../render/text.ts';

/** Pictures and rows that are printed: a terminal keeps no more than some thousand lines. */
export const MOST_PICTURES = 20;
const MOST_ROWS = 50;

/** Rows of a plot. */
const ROWS = 9;

/** Columns of a picture where the output is no terminal. */
const PICTURE_WIDTH = 100;
const WIDEST_PICTURE = 120;

export function renderPicture(view: AnomalyView, { width = PICTURE_WIDTH, paint }: TableOptions): string {
  const most = Math.min(width, WIDEST_PICTURE);
  const chart = renderBandChart(view, { width: most, rows: ROWS, paint });
  return [titleLine(view, most, paint), ...chart, paint('dim', wrap(bandLegend(view), most))].join('\n');
}

/** `web-7  system.cpu.utilization  mountpoint=/var`: what is long is shortened in the middle. */
function titleLine({ host, metric, part }: AnomalyView, width: number, paint: TableOptions['paint']): string {
  const rest = clip(
    ['', harmless(metric), ...(part === '' ? [] : [harmless(part)])].join('  '),
    Math.floor(width * 0.6),
  );
  return paint('strong', clip(harmless(host.name ?? host.id), Math.max(8, width - rest.length))) + rest;
}

interface Row {
  readonly view: AnomalyView;
  readonly episode: ViewedEpisode;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'since', text: ({ episode }) => formatShortMinute(Date.parse(episode.start)) },
  {
    title: 'until',
    text: ({ episode }) => (episode.goesOn ? 'goes on' : formatShortMinute(Date.parse(episode.last))),
    tone: ({ episode }) => (episode.goesOn ? 'warn' : 'dim'),
    expendable: 9,
  },
  {
    title: 'host',
    text: ({ view: { host } }) => harmless(host.name ?? host.id),
    tone: () => 'strong',
    leastWidth: 14,
    overflow: 'below',
  },
  {
    title: 'metric',
    text: ({ view: { label, part } }) => harmless(part === '' ? label : `${label} ${partValues(part)}`),
    leastWidth: 9,
    overflow: 'wrap',
  },
  { title: 'what', text: whatText, tone: () => 'bad', leastWidth: 12, overflow: 'wrap' },
  { title: 'value', text: ({ view, episode }) => formatMetric(episode.peak.value, view.unit), align: 'right' },
  {
    title: 'expected',
    text: ({ view, episode }) => formatMetric(episode.peak.expected, view.unit),
    align: 'right',
    tone: () => 'dim',
  },
  { title: 'score', text: ({ episode }) => formatScore(episode.peak.score), align: 'right', expendable: 5 },
  { title: 'points', text: ({ episode }) => episode.points.toLocaleString('en'), align: 'right', expendable: 3 },
];

/** `fills up, full about 2026-11-23 16:00 UTC`. */
function whatText({ episode: { type, exhaustion } }: Row): string {
  const full = exhaustion === null ? '' : `, full about ${formatTime(Date.parse(exhaustion.likely))}`;
  return `${ANOMALY_WORDS[type]}${full}`;
}

/** `0.9987`, `> 0.9999`: with the digits by which scores near 1 differ. */
export function formatScore(score: number): string {
  if (score >= 0.999_95) return '> 0.9999';
  return score.toFixed(score > 0.99 ? 4 : 2);
}

/** What lasts, the newest first; undefined where nothing does. */
export function renderAnomalies(views: readonly AnomalyView[], options: TableOptions): string | undefined {
  const rows = views
    .flatMap((view) => view.episodes.map((episode) => ({ view, episode })))
    .sort((a, b) => (a.episode.start < b.episode.start ? 1 : -1));
  if (rows.length === 0) return undefined;
  const table = renderTable(rows.slice(0, MOST_ROWS), COLUMNS, options);
  const more = rows.length - MOST_ROWS;
  return more > 0
    ? `${table}\n${options.paint('dim', `and ${more.toLocaleString('en')} more; --json lists all`)}`
    : table;
}
