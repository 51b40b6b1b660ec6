/** Draws a processor of the demo's fleet that was far above what was expected of it: the curve, the band, the anomalous points, and what lasted. */
import { openDemoSelection } from '../cli/demo/action.ts';
import { pointSteps } from '../cli/source/point-steps.ts';
import { ANOMALY_WORDS, formatMetric } from '../core/messages/metric-values.ts';
import { formatShortMinute } from '../core/messages/times.ts';
import { anomalyJobSchema } from '../core/model/anomaly-job.ts';
import type { AnomalyView } from '../core/model/anomaly-view.ts';
import { collectPoints } from '../core/points/findings.ts';
import { COLOUR, MARGIN, percent, round, svg, TEXT, text } from './drawing.ts';

const HOST = 'files-1';
const METRIC = 'system.cpu.utilization';
const PLOT = { left: 104, right: 690, top: 140, bottom: 420 } as const;
const BAND = '#dbe1e8';
const ANOMALOUS = '#cf222e';
const RADIUS = 5;
/** Of the forecast, what leaves the past the larger part. */
const FORECAST_HOURS = 8;

/** Throws where the demo's fleet has no such anomaly any more. */
export async function anomalyPicture(): Promise<string> {
  const view = await findAnomaly();
  const [episode] = view.episodes;
  if (episode === undefined) throw new Error(`Nothing lasts on ${HOST}: name another host in docs/anomaly-picture.ts.`);
  const { type, start, last, goesOn, peak } = episode;
  const since = `${view.label} ${ANOMALY_WORDS[type]} ${goesOn ? 'since' : 'from'} ${formatShortMinute(Date.parse(start))}`;
  const what = `${since}${goesOn ? '' : ` to ${formatShortMinute(Date.parse(last))}`} UTC`;
  const figures = `at ${formatMetric(peak.value, view.unit)}, where ${formatMetric(peak.expected, view.unit)} was expected`;
  return svg(PLOT.bottom + 130, `${view.label} of ${HOST}: ${what}, ${figures}`, [
    text(MARGIN, 58, `${HOST}: ${view.metric}`, { size: TEXT.title - 6, bold: true }),
    text(MARGIN, 98, what, { colour: COLOUR.quiet }),
    ...chart(view),
    text(MARGIN, PLOT.bottom + 90, figures),
  ]);
}

async function findAnomaly(): Promise<AnomalyView> {
  await using selection = await openDemoSelection({ include: [{ name: HOST }] });
  const job = anomalyJobSchema.parse({ name: 'picture', metrics: [METRIC] });
  const { views } = await collectPoints(pointSteps(selection, { job }, new AbortController().signal), { mostViews: 1 });
  const [view] = views;
  if (view === undefined)
    throw new Error(`The demo's host ${HOST} has no anomaly any more: name another one in docs/anomaly-picture.ts.`);
  return view;
}

type At = (value: number) => number;

function chart(view: AnomalyView): string[] {
  const { samples, forecast, window } = view;
  const end = Date.parse(window.end) / 1000;
  const begin = Date.parse(window.start) / 1000;
  const until = end + FORECAST_HOURS * 3600;
  const x: At = (time) => round(PLOT.left + ((time - begin) / (until - begin)) * (PLOT.right - PLOT.left));
  const y: At = (value) => round(PLOT.bottom - value * (PLOT.bottom - PLOT.top));
  const shown = (forecast?.times ?? []).flatMap((time, index) => (time <= until ? [index] : []));
  const next = {
    times: shown.map((index) => forecast?.times[index] ?? 0),
    of: (values: readonly number[] = []) => shown.map((index) => values[index] ?? 0),
  };
  return [
    ...axes(x, y, end),
    band(samples.times, samples.low, samples.high, x, y),
    band(next.times, next.of(forecast?.low), next.of(forecast?.high), x, y),
    `<polyline points="${line(next.times, next.of(forecast?.expected), x, y)}" fill="none" stroke="${COLOUR.quiet}" stroke-width="3" stroke-dasharray="8 7"/>`,
    `<polyline points="${line(samples.times, samples.values, x, y)}" fill="none" stroke="${COLOUR.curve}" stroke-width="4" stroke-linejoin="round"/>`,
    ...samples.times.flatMap((time, index) =>
      samples.is_anomaly[index] === true
        ? [`<circle cx="${x(time)}" cy="${y(samples.values[index] ?? 0)}" r="${RADIUS}" fill="${ANOMALOUS}"/>`]
        : [],
    ),
  ];
}

function axes(x: At, y: At, end: number): string[] {
  const levels = [0, 0.5, 1].flatMap((level) => [
    `<path d="M${PLOT.left} ${y(level)}H${PLOT.right}" stroke="${COLOUR.frame}" stroke-width="2"/>`,
    text(PLOT.left - 12, y(level) + 9, percent(level), { colour: COLOUR.quiet, anchor: 'end' }),
  ]);
  const now = `<path d="M${x(end)} ${PLOT.top}V${PLOT.bottom}" stroke="${COLOUR.frame}" stroke-width="2" stroke-dasharray="6 6"/>`;
  return [
    ...levels,
    now,
    text(x(end), PLOT.bottom + 38, 'now', { colour: COLOUR.quiet, anchor: 'end' }),
    text(x(end - 16 * 3600), PLOT.bottom + 38, '16 h ago', { colour: COLOUR.quiet, anchor: 'middle' }),
    text(PLOT.right, PLOT.bottom + 38, 'next', { colour: COLOUR.quiet, anchor: 'end' }),
  ];
}

function band(
  times: readonly number[],
  low: readonly (number | null)[],
  high: readonly (number | null)[],
  x: At,
  y: At,
): string {
  const edge = (values: readonly (number | null)[]) =>
    times.map((time, index) => `${x(time)},${y(values[index] ?? 0)}`);
  return `<polygon points="${[...edge(high), ...edge(low).reverse()].join(' ')}" fill="${BAND}"/>`;
}

function line(times: readonly number[], values: readonly number[], x: At, y: At): string {
  return times.map((time, index) => `${x(time)},${y(values[index] ?? 0)}`).join(' ');
}
