/** What the chart of one inspected metric shows, as numbers: seconds since the epoch, values in its unit. Nothing here draws. */
import { ANOMALY_WORDS, formatMetric } from '../../core/messages/metric-values.ts';
import { counted } from '../../core/messages/units.ts';
import type { AnomalyView, ViewedEpisode } from '../../core/model/anomaly-view.ts';
import type { Range } from './model.ts';

/** What is drawn of a series. */
export type DrawnSeries = Pick<
  AnomalyView,
  'samples' | 'forecast' | 'unit' | 'lower' | 'upper' | 'label' | 'episodes' | 'periodSeconds'
>;

type Values = (number | null)[];

/** Columns of one length: null where a column has nothing. */
export interface AnomalyColumns {
  readonly times: number[];
  readonly values: Values;
  readonly low: Values;
  readonly high: Values;
  readonly expected: Values;
  readonly anomalies: Values;
  readonly nextLow: Values;
  readonly nextHigh: Values;
  readonly next: Values;
}

/** So many usual distances without a point are a gap: the line does not join what nobody saw. */
const GAP = 4;

export function anomalyColumns({ samples, forecast }: DrawnSeries): AnomalyColumns {
  const columns: AnomalyColumns = {
    times: [],
    values: [],
    low: [],
    high: [],
    expected: [],
    anomalies: [],
    nextLow: [],
    nextHigh: [],
    next: [],
  };
  const usual = usualDistance(samples.times);
  samples.times.forEach((time, index) => {
    const before = samples.times[index - 1];
    if (before !== undefined && time - before > GAP * usual) push(columns, { times: before + usual });
    const value = samples.values[index] ?? null;
    push(columns, {
      times: time,
      values: value,
      low: samples.low[index] ?? null,
      high: samples.high[index] ?? null,
      expected: samples.expected[index] ?? null,
      anomalies: samples.is_anomaly[index] === true ? value : null,
    });
  });
  const last = samples.times.at(-1) ?? Number.NEGATIVE_INFINITY;
  forecast?.times.forEach((time, index) => {
    if (time <= last) return;
    push(columns, {
      times: time,
      next: forecast.expected[index] ?? null,
      nextLow: forecast.low[index] ?? null,
      nextHigh: forecast.high[index] ?? null,
    });
  });
  return columns;
}

type PushedRow = { readonly times: number } & {
  readonly [Name in Exclude<keyof AnomalyColumns, 'times'>]?: number | null;
};

function push(columns: AnomalyColumns, row: PushedRow): void {
  columns.times.push(row.times);
  for (const name of ['values', 'low', 'high', 'expected', 'anomalies', 'nextLow', 'nextHigh', 'next'] as const)
    columns[name].push(row[name] ?? null);
}

/** The median of the distances. */
function usualDistance(times: readonly number[]): number {
  const distances = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return distances.toSorted((a, b) => a - b)[Math.floor(distances.length / 2)] ?? Number.POSITIVE_INFINITY;
}

/** The share of the chart that the forecast has at the most: what was there matters more. */
const FORECAST_SHARE = 0.3;

/** Undefined where there is no point. */
export function anomalyRange({ samples, forecast }: DrawnSeries): Range | undefined {
  const [from] = samples.times;
  const last = samples.times.at(-1);
  if (from === undefined || last === undefined) return undefined;
  // A single point has a width as well.
  const length = Math.max(last - from, 60);
  const most = last + length * (FORECAST_SHARE / (1 - FORECAST_SHARE));
  return { from, to: Math.max(from + length, Math.min(forecast?.times.at(-1) ?? last, most)) };
}

/** What the vertical axis spans: the points, and of the band what does not flatten them. */
export function anomalyLevels({
  low,
  high,
  values,
  expected,
  next,
  nextLow,
  nextHigh,
}: AnomalyColumns): [number, number] {
  const own = extent([values, expected, next]);
  if (own === undefined) return [0, 1];
  const band = extent([low, high, nextLow, nextHigh]) ?? own;
  const height = Math.max(own[1] - own[0], Math.abs(own[1]) * 0.02, Number.MIN_VALUE);
  const least = Math.max(Math.min(own[0], band[0]), own[0] - height);
  const greatest = Math.min(Math.max(own[1], band[1]), own[1] + height);
  return [least - height * 0.08, greatest + height * 0.08];
}

function extent(columns: readonly (readonly (number | null)[])[]): [number, number] | undefined {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const column of columns) {
    for (const value of column) {
      if (value === null) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return low > high ? undefined : [low, high];
}

/** A moment in words, in the viewer's zone. @param epochMs Epoch milliseconds. */
type MomentText = (epochMs: number) => string;

/** What was at a moment, and what was expected then. */
export function anomalyReadout(view: DrawnSeries, at: number, momentText: MomentText): string {
  const { samples, forecast, unit } = view;
  const text = (value: number) => formatMetric(value, unit);
  const index = samples.times.indexOf(at);
  const value = samples.values[index];
  if (value !== undefined) {
    const [expected, low, high] = [samples.expected[index], samples.low[index], samples.high[index]];
    const type = samples.type[index] ?? null;
    return [
      momentText(at * 1000),
      text(value),
      expected == null || low == null || high == null
        ? 'reference'
        : `expected ${text(expected)} (${text(low)} to ${text(high)})`,
      ...(type === null ? [] : [ANOMALY_WORDS[type]]),
    ].join(' · ');
  }
  const next = forecast?.times.indexOf(at) ?? -1;
  const expected = forecast?.expected[next];
  if (forecast === null || expected === undefined) return `${momentText(at * 1000)} · no point`;
  const [low = expected, high = expected] = [forecast.low[next], forecast.high[next]];
  return `${momentText(at * 1000)} · ${text(expected)} is expected (${text(low)} to ${text(high)})`;
}

/** `shifted up since 2026-11-20 09:05, at 69.8 % where 28.5 % was expected`. */
function episodeText({ type, start, last, goesOn, peak }: ViewedEpisode, unit: string, momentText: MomentText): string {
  const until = goesOn ? '' : ` until ${momentText(Date.parse(last))}`;
  const since = `${ANOMALY_WORDS[type]} ${goesOn ? 'since' : 'from'} ${momentText(Date.parse(start))}${until}`;
  return `${since}, at ${formatMetric(peak.value, unit)} where ${formatMetric(peak.expected, unit)} was expected`;
}

/** Episodes that the description of a chart names. */
const MOST_NAMED = 5;

/** The chart in a few sentences, for those who do not see it. */
export function describeAnomalies(view: DrawnSeries, momentText: MomentText): string {
  const { samples, label, unit, episodes } = view;
  const [first] = samples.times;
  const last = samples.times.at(-1);
  const values = extent([samples.values]);
  if (first === undefined || last === undefined || values === undefined) return `No point of ${label} is there.`;
  const anomalous = samples.is_anomaly.filter(Boolean).length;
  const span = `from ${momentText(first * 1000)} to ${momentText(last * 1000)}`;
  const named = episodes.slice(-MOST_NAMED).map((episode) => `It ${episodeText(episode, unit, momentText)}.`);
  const more = episodes.length > MOST_NAMED ? [`${episodes.length - MOST_NAMED} earlier ones are in the table.`] : [];
  return [
    `${label} ${span}, between ${formatMetric(values[0], unit)} and ${formatMetric(values[1], unit)}.`,
    `${capital(counted(anomalous, 'point'))} ${anomalous === 1 ? 'is' : 'are'} anomalous.`,
    ...named,
    ...more,
  ].join(' ');
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
}
