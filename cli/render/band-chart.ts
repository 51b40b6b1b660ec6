/** A curve of braille dots over the band that was expected of it, with its anomalous points marked. */
import type { AnomalySamples, AnomalyView } from '../../core/model/anomaly-view.ts';
import type { Window } from '../../core/model/series.ts';
import { BLANK_BRAILLE, columnOf, drawCurve, LABELS, rowLabels, timeLabels } from './chart.ts';
import { type Scale, scaleOfMetric } from './scale.ts';
import { type Paint, pad } from './text.ts';

export interface BandChartOptions {
  /** Columns of all, the labels on the left included. */
  readonly width: number;
  /** Rows of the plot: a multiple of 4 and one, so that five labels stand at equal distances. */
  readonly rows: number;
  readonly paint: Paint;
}

const BAND = '░';
const ANOMALY = '●';
const EPISODE = '━';
/** Where the points end and what is expected begins. */
const END = '┊';

/** Columns that a plot has at least: a narrower terminal breaks its lines. */
const LEAST_COLUMNS = 10;

/** The share of the plot that the forecast has at the most: what was there matters more. */
const FORECAST_SHARE = 0.25;

type Drawn = Pick<
  AnomalyView,
  'samples' | 'forecast' | 'unit' | 'lower' | 'upper' | 'window' | 'periodSeconds' | 'episodes'
>;

/** Lines of text. The line below the plot is drawn where an anomaly lasts. */
export function renderBandChart(view: Drawn, { width, rows, paint }: BandChartOptions): string[] {
  const scale = scaleOfMetric({ ...view, range: rangeOf(view) }, LABELS - 1);
  const labels = rowLabels(scale, rows);
  const labelWidth = Math.max(...labels.map(({ length }) => length));
  const columns = Math.max(LEAST_COLUMNS, width - labelWidth - 2);
  const plot: Plot = { window: drawnWindow(view), columns, rows, scale };
  const cells = cellsOf(view, plot, paint);
  const margin = ' '.repeat(labelWidth + 1);
  const episodes = episodeLine(view, plot);
  return [
    ...cells.map((line, row) => {
      const label = labels[row] ?? '';
      return `${paint('dim', `${pad(label, labelWidth, 'right')} ${label === '' ? '│' : '┤'}`)}${line}`.trimEnd();
    }),
    margin + paint('dim', `└${'─'.repeat(columns)}`),
    ...(episodes === '' ? [] : [`${margin} ${paint('bad', episodes)}`]),
    `${margin} ${paint('dim', timeLabels(plot.window, columns))}`,
  ];
}

interface Plot {
  readonly window: Window;
  readonly columns: number;
  readonly rows: number;
  readonly scale: Scale;
}

/** From the first sample to the last that is known or expected, in epoch milliseconds. */
function drawnWindow({ samples, window, forecast }: Drawn): Window {
  const start = Math.min(Date.parse(window.start), ms(samples.times[0]) ?? Number.POSITIVE_INFINITY);
  const end = Date.parse(window.end);
  const expectedEnd = ms(forecast?.times.at(-1)) ?? end;
  const most = (end - start) * (FORECAST_SHARE / (1 - FORECAST_SHARE));
  return { start, end: Math.max(end, Math.min(expectedEnd, end + most)) };
}

function ms(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

/** The least and the greatest of samples and band: a band that is far wider than the curve would flatten it. */
function rangeOf({ samples, forecast }: Drawn): [number, number] {
  const own = extent([samples.values]);
  const expected = extent([samples.expected, forecast?.expected ?? []]);
  const band = extent([samples.low, samples.high, forecast?.low ?? [], forecast?.high ?? []]);
  const [low, high] = [Math.min(own[0], expected[0]), Math.max(own[1], expected[1])];
  if (low > high) return [0, 1];
  const room = Math.max(high - low, Math.abs(high) * 0.02);
  return [Math.max(Math.min(low, band[0]), low - room), Math.min(Math.max(high, band[1]), high + room)];
}

/** Beyond it a value is drawn at the edge: differences stay finite. */
const GREATEST = 1e100;

function extent(columns: readonly (readonly (number | null)[])[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const column of columns) {
    for (const value of column) {
      if (value === null || !Number.isFinite(value)) continue;
      low = Math.min(low, Math.max(value, -GREATEST));
      high = Math.max(high, Math.min(value, GREATEST));
    }
  }
  return [low, high];
}

/** The plot, a line for each row: anomalies over the curve, and the curve over the band. */
function cellsOf(view: Drawn, plot: Plot, paint: Paint): string[] {
  const { samples, periodSeconds } = view;
  const { window, columns, rows, scale } = plot;
  const series = {
    window,
    periodMs: drawnPeriod(samples.times, periodSeconds) * 1000,
    times: Float64Array.from(samples.times, (time) => time * 1000),
    values: Float64Array.from(samples.values),
  };
  const curve = drawCurve(series, scale, columns, rows);
  const bands = bandsOf(view, plot);
  const marks = marksOf(samples, plot);
  const knownEnd = Date.parse(view.window.end);
  const end = knownEnd < window.end ? columnOf(knownEnd, window, columns) : undefined;
  return curve.map((row, index) => {
    const level = scale.high - (index / (rows - 1)) * (scale.high - scale.low);
    const half = (scale.high - scale.low) / (rows - 1) / 2;
    return row
      .map((bits, column) => {
        if (marks.has(index * columns + column)) return paint('bad', ANOMALY);
        if (bits !== 0) return paint('accent', String.fromCodePoint(BLANK_BRAILLE + bits));
        const band = bands[column];
        const isExpected = band !== undefined && band.low <= level + half && band.high >= level - half;
        if (isExpected) return paint('dim', BAND);
        return column === end ? paint('dim', END) : ' ';
      })
      .join('');
  });
}

/** Seconds: samples of a long series that were left out are no gap. */
function drawnPeriod(times: readonly number[], periodSeconds: number): number {
  const [first = 0] = times;
  const last = times.at(-1) ?? first;
  const usual = times.length < 2 ? periodSeconds : (last - first) / (times.length - 1);
  return Math.max(periodSeconds, usual < 2 * periodSeconds ? periodSeconds : usual);
}

interface Band {
  low: number;
  high: number;
  points: number;
}

/** The mean band of each column; undefined where nothing is expected. Columns between two points have that of the one before. */
function bandsOf({ samples, forecast }: Drawn, { window, columns }: Plot): (Band | undefined)[] {
  const bands = new Array<Band | undefined>(columns).fill(undefined);
  const add = (time: number, low: number | null | undefined, high: number | null | undefined) => {
    if (low == null || high == null || time * 1000 >= window.end) return;
    const column = columnOf(time * 1000, window, columns);
    const { low: sumLow, high: sumHigh, points } = bands[column] ?? { low: 0, high: 0, points: 0 };
    bands[column] = { low: sumLow + low, high: sumHigh + high, points: points + 1 };
  };
  samples.times.forEach((time, index) => {
    add(time, samples.low[index], samples.high[index]);
  });
  forecast?.times.forEach((time, index) => {
    add(time, forecast.low[index], forecast.high[index]);
  });
  const means = bands.map((band) => band && { low: band.low / band.points, high: band.high / band.points, points: 1 });
  const last = means.findLastIndex((band) => band !== undefined);
  let before: Band | undefined;
  return means.map((band, column) => {
    before = band ?? before;
    return column <= last ? before : undefined;
  });
}

/** The cells of anomalous points. */
function marksOf({ times, values, is_anomaly }: AnomalySamples, { window, columns, rows, scale }: Plot): Set<number> {
  const marks = new Set<number>();
  times.forEach((time, index) => {
    const value = values[index];
    if (!is_anomaly[index] || value === undefined) return;
    const share = (scale.high - value) / (scale.high - scale.low);
    const row = Math.min(rows - 1, Math.max(0, Math.round(share * (rows - 1))));
    marks.add(row * columns + columnOf(time * 1000, window, columns));
  });
  return marks;
}

/** A stroke below each anomaly that lasts; empty where none does. */
function episodeLine({ episodes }: Drawn, { window, columns }: Plot): string {
  const marks = new Array<string>(columns).fill(' ');
  for (const { start, last } of episodes) {
    const to = columnOf(Date.parse(last), window, columns);
    for (let column = columnOf(Date.parse(start), window, columns); column <= to; column++) marks[column] = EPISODE;
  }
  return marks.join('').trimEnd();
}

/** What the signs mean. */
export function bandLegend({ forecast, episodes }: Pick<AnomalyView, 'forecast' | 'episodes'>): string {
  return [
    `${BAND} expected of 98 of 100 healthy points${forecast === null ? '' : ', and next'}`,
    `${ANOMALY} anomalous`,
    episodes.length > 0 && `${EPISODE} lasts`,
  ]
    .filter((part) => typeof part === 'string')
    .join('   ');
}
