/** A series as a curve of braille dots with axes, and marks below for restarts, the onset and events. */
import { formatShortMinute } from '../../core/messages/times.ts';
import type { Series, Window } from '../../core/model/series.ts';
import { type Scale, scaleFor } from './scale.ts';
import { type Paint, pad } from './text.ts';

export interface ChartOptions {
  /** Columns of the plot, without the labels on its left. */
  readonly columns: number;
  /** Rows of the plot: a multiple of 4 and one, so that five labels stand at equal distances. */
  readonly rows: number;
  readonly paint: Paint;
  /** The segment that was evaluated, which is drawn stronger. Absent: all of it. */
  readonly evaluated?: Window;
  readonly restarts?: readonly number[];
  readonly onset?: Window | null;
  readonly events?: readonly ChartEvent[];
  /** Drawn as a band from the end of the samples on; the series' window has to reach that far. */
  readonly forecast?: Forecast;
}

/** Where the level is expected until it reaches the limit. Times are epoch milliseconds, levels in the series' unit. */
export interface Forecast {
  readonly from: number;
  readonly level: number;
  readonly limit: number;
  /** When the limit is reached, the sooner and the later end; null where it may never be. */
  readonly earliest: number;
  readonly latest: number | null;
}

/** Something that happened, shown below the axis; where signs collide the later one of the list stays. */
export interface ChartEvent {
  /** Epoch milliseconds. */
  readonly at: number;
  /** One column. */
  readonly sign: string;
  /** For the legend. */
  readonly message: string;
}

/** Dots of a braille character. */
const DOTS_ACROSS = 2;
const DOTS_DOWN = 4;

/** Bits of a braille character by row and column (Unicode 10.0, section 21.1). */
const DOT_BITS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;
export const BLANK_BRAILLE = 0x2800;

/** Periods between two samples up to which a line joins them: one may be missing. */
const JOINED_PERIODS = 2;

export const LABELS = 5;
const RESTART = '┊';
const ONSET = '▲';
const FORECAST = '░';

/** Lines of text. A series without samples has an empty plot. */
export function renderChart(series: Series, options: ChartOptions): string[] {
  const { rows, columns, paint } = options;
  const scale = scaleFor(withForecast(series, options.forecast), LABELS - 1);
  const cells = drawCurve(series, scale, columns, rows);
  const labels = rowLabels(scale, rows);
  const labelWidth = Math.max(...labels.map((label) => label.length));
  const plot = cells.map((row, index) => {
    const label = labels[index] ?? '';
    const level = scale.high - (index / (rows - 1)) * (scale.high - scale.low);
    const half = (scale.high - scale.low) / (rows - 1) / 2;
    const line = row
      .map((bits, column) => {
        if (bits === 0 && isForecast({ low: level - half, high: level + half }, column, series.window, options))
          return paint('dim', FORECAST);
        return drawCell(bits, column, series.window, options);
      })
      .join('');
    return `${paint('dim', `${pad(label, labelWidth, 'right')} ${label === '' ? '│' : '┤'}`)}${line}`.trimEnd();
  });
  const margin = ' '.repeat(labelWidth + 1);
  const marks = markLine(series.window, options);
  return [
    ...plot,
    margin + paint('dim', `└${'─'.repeat(columns)}`),
    ...(marks === undefined ? [] : [`${margin} ${paint('warn', marks)}`]),
    `${margin} ${paint('dim', timeLabels(series.window, columns))}`,
  ];
}

/** What the marks mean; empty where there are none. */
export function chartLegend({
  restarts = [],
  onset,
  evaluated,
  events = [],
  forecast,
}: Omit<ChartOptions, 'columns' | 'rows' | 'paint'>): string {
  return [
    evaluated && 'bright: the evaluated segment',
    onset && `${ONSET} onset`,
    restarts.length > 0 && `${RESTART} restart`,
    forecast && `${FORECAST} expected`,
    ...new Set(events.map(({ sign, message }) => `${sign} ${message}`)),
  ]
    .filter((part) => typeof part === 'string')
    .join('   ');
}

/** The series with the highest level that the forecast has in its window, for a scale that holds both. */
function withForecast(series: Series, forecast: Forecast | undefined): Series {
  if (forecast === undefined) return series;
  return { ...series, values: Float64Array.of(...series.values, bandAt(forecast, series.window.end).high) };
}

/** The levels that are expected at a time after the samples. A straight line is a fair picture of what comes next, and of no more. */
function bandAt({ from, level, limit, earliest, latest }: Forecast, at: number): { low: number; high: number } {
  const reached = (end: number | null) => {
    if (end === null) return level;
    const part = end <= from ? 1 : Math.min(1, (at - from) / (end - from));
    return level + part * (limit - level);
  };
  return { low: reached(latest), high: reached(earliest) };
}

function isForecast(
  cell: { readonly low: number; readonly high: number },
  column: number,
  { start, end }: Window,
  { columns, forecast }: ChartOptions,
): boolean {
  const at = start + ((column + 0.5) / columns) * (end - start);
  if (forecast === undefined || at < forecast.from) return false;
  const band = bandAt(forecast, at);
  return band.low <= cell.high && band.high >= cell.low;
}

/** Braille bits per row and column. Neighbouring samples are joined by a line, those with a gap between them are not. */
export function drawCurve(
  { window, periodMs, times, values }: Pick<Series, 'window' | 'periodMs' | 'times' | 'values'>,
  scale: Scale,
  columns: number,
  rows: number,
): number[][] {
  const cells = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
  const dotColumns = columns * DOTS_ACROSS;
  const lowest = (rows - 1) * DOTS_DOWN;
  let before: Dot | undefined;
  times.forEach((time, index) => {
    const value = values[index];
    if (value === undefined || !Number.isFinite(value)) return;
    const dot: Dot = {
      time,
      x: Math.floor(((time - window.start) / (window.end - window.start)) * dotColumns),
      // Labels stand in the middle of their row: the scale's ends lie half a row inside the plot.
      y: clamp(Math.round(((scale.high - value) / (scale.high - scale.low)) * lowest + 1.5), 1, lowest + 2),
    };
    const joined = before !== undefined && time - before.time <= JOINED_PERIODS * periodMs;
    drawLine(cells, joined && before !== undefined ? before : dot, dot);
    before = dot;
  });
  return cells;
}

interface Dot {
  /** Epoch milliseconds. */
  readonly time: number;
  /** Dots from the left. */
  readonly x: number;
  /** Dots from the top. */
  readonly y: number;
}

function drawLine(cells: number[][], from: Dot, to: Dot): void {
  const steps = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y), 1);
  for (let step = 0; step <= steps; step++) {
    const x = Math.round(from.x + ((to.x - from.x) * step) / steps);
    const y = Math.round(from.y + ((to.y - from.y) * step) / steps);
    setDot(cells, x, y);
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function setDot(cells: number[][], x: number, y: number): void {
  const row = cells[Math.floor(y / DOTS_DOWN)];
  const column = Math.floor(x / DOTS_ACROSS);
  const bit = DOT_BITS[y % DOTS_DOWN]?.[x % DOTS_ACROSS];
  if (row?.[column] !== undefined && bit !== undefined) row[column] |= bit;
}

function drawCell(bits: number, column: number, window: Window, options: ChartOptions): string {
  const { columns, paint, evaluated, restarts = [] } = options;
  if (bits === 0) return restarts.some((at) => columnOf(at, window, columns) === column) ? paint('warn', RESTART) : ' ';
  const dots = String.fromCodePoint(BLANK_BRAILLE + bits);
  const strong = evaluated === undefined || column >= columnOf(evaluated.start, window, columns);
  return paint(strong ? 'accent' : 'dim', dots);
}

/** A label for each row, or none. */
export function rowLabels(scale: Scale, rows: number): string[] {
  const between = (rows - 1) / (LABELS - 1);
  return Array.from({ length: rows }, (_, row) =>
    row % between === 0 ? scale.label(scale.high - (row / (rows - 1)) * (scale.high - scale.low)) : '',
  );
}

/** The line of marks under the axis; undefined where nothing is marked. */
function markLine(window: Window, { columns, restarts = [], onset, events = [] }: ChartOptions): string | undefined {
  const marks = new Array<string>(columns).fill(' ');
  if (onset) {
    const from = columnOf(onset.start, window, columns);
    const to = columnOf(onset.end, window, columns);
    for (let column = from; column <= to; column++) marks[column] = ONSET;
  }
  for (const restart of restarts) marks[columnOf(restart, window, columns)] = RESTART;
  for (const { at, sign } of events) marks[columnOf(at, window, columns)] = sign;
  const line = marks.join('').trimEnd();
  return line === '' ? undefined : line;
}

/** The column that shows a moment; moments outside of the window stand at its edge. */
export function columnOf(at: number, { start, end }: Window, columns: number): number {
  const column = Math.floor(((at - start) / (end - start)) * columns);
  return Math.min(columns - 1, Math.max(0, column));
}

/** Start, middle and end of the window, as many of them as there is room for; the end comes first. */
export function timeLabels({ start, end }: Window, columns: number): string {
  const first = formatShortMinute(start);
  const middle = formatShortMinute((start + end) / 2);
  const last = `${formatShortMinute(end)} UTC`;
  const room = columns - last.length;
  const centre = Math.floor((columns - middle.length) / 2);
  if (first.length >= room) return pad(last, columns, 'right');
  if (first.length >= centre || centre + middle.length >= room) return pad(first, room) + last;
  return pad(pad(first, centre) + middle, room) + last;
}
