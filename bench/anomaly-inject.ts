/** Puts anomalies of known types into healthy series, in the part that is scored. */
import { rangeOf } from '../core/detector/order.ts';
import type { AnomalyType } from '../core/model/anomaly.ts';
import { type AnomalySeries, DAY_MS, MINUTE_MS, type TrueAnomaly } from './anomaly-series.ts';
import { gaussian, pickFrom, type Random, within } from './random.ts';

const HOUR_MS = 60 * MINUTE_MS;

/** How far away a point is, in deviations of the hours around it. */
const LEAST_SIZE = 4;
const MOST_SIZE = 12;

/** One anomaly, at a random time between the first and the last day of the scored part. */
export function inject(series: AnomalySeries, random: Random): AnomalySeries {
  const types = typesFor(series);
  const wanted = pickFrom(random, types);
  const end = series.until;
  const start = within(random, series.from + DAY_MS / 2, Math.max(series.from + DAY_MS / 2, end - 1.5 * DAY_MS));
  const type = withRoom(series, start, wanted);
  const anomaly: TrueAnomaly = { start, end: start + lengthOf(type, random, end - start), type };
  const { lower, upper } = series.settings;
  const values = changed(series, anomaly, random).map((value) =>
    Math.min(upper ?? Infinity, Math.max(lower ?? -Infinity, value)),
  );
  return { ...series, values, anomalies: [anomaly] };
}

function typesFor({ settings }: AnomalySeries): AnomalyType[] {
  if (settings.sparse) return ['spike', 'shift_up'];
  if (settings.fills) return ['spike', 'shift_up'];
  if (settings.direction === 'up') return ['spike', 'shift_up', 'flat_line', 'season_broken'];
  return ['spike', 'dip', 'shift_up', 'shift_down', 'flat_line', 'season_broken'];
}

/** The mean of the reference at each time of the day. */
function phaseMeans({ times, values, from, settings }: AnomalySeries): Float64Array {
  const n = Math.round(DAY_MS / settings.periodMs);
  const [sums, counts] = [new Float64Array(n), new Float64Array(n)];
  times.forEach((time, i) => {
    if (time >= from) return;
    const phase = Math.floor((time % DAY_MS) / settings.periodMs);
    sums[phase] = (sums[phase] ?? 0) + (values[i] ?? 0);
    counts[phase] = (counts[phase] ?? 0) + 1;
  });
  return sums.map((sum, i) => sum / Math.max(1, counts[i] ?? 0));
}

/** What is near its lower limit cannot go down. */
function withRoom(series: AnomalySeries, start: number, type: AnomalyType): AnomalyType {
  if (type === 'season_broken')
    return rangeOf(phaseMeans(series)) > LEAST_SIZE * 2 * deviationAround(series, start) ? type : 'shift_up';
  const value = series.values[series.times.findIndex((time) => time >= start)] ?? 0;
  const hasRoom = value - (series.settings.lower ?? -Infinity) > MOST_SIZE * deviationAround(series, start);
  if (hasRoom) return type;
  if (type === 'dip') return 'spike';
  return type === 'shift_down' ? 'shift_up' : type;
}

function lengthOf(type: AnomalyType, random: Random, most: number): number {
  if (type === 'spike' || type === 'dip') return within(random, 0.5 * HOUR_MS, 3 * HOUR_MS);
  if (type === 'flat_line') return within(random, 6 * HOUR_MS, 18 * HOUR_MS);
  return Math.min(most, within(random, 12 * HOUR_MS, 36 * HOUR_MS));
}

function changed(series: AnomalySeries, { start, end, type }: TrueAnomaly, random: Random): Float64Array {
  const { times, values, settings } = series;
  const isIn = (i: number) => (times[i] ?? 0) >= start && (times[i] ?? 0) < end;
  if (type === 'flat_line') {
    const frozen = values[values.findIndex((_, i) => isIn(i)) - 1] ?? 0;
    return values.map((value, i) => (isIn(i) ? frozen : value));
  }
  if (type === 'season_broken') {
    const means = phaseMeans(series);
    const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
    const usual = (i: number) => means[Math.floor(((times[i] ?? 0) % DAY_MS) / settings.periodMs)] ?? mean;
    return values.map((value, i) => (isIn(i) ? value - usual(i) + mean : value));
  }
  if (settings.sparse) {
    const rate = within(random, 5, 50);
    return values.map((value, i) => (isIn(i) ? value + Math.round(rate * -Math.log(1 - random())) : value));
  }
  const size = within(random, LEAST_SIZE, MOST_SIZE) * deviationAround(series, start);
  const side = type === 'dip' || type === 'shift_down' ? -1 : 1;
  return values.map((value, i) => (isIn(i) ? value + side * size * (1 + 0.1 * gaussian(random)) : value));
}

/** The deviation of the points at that time of the day in the reference; of a quiet series a hundredth of its range or level. */
function deviationAround({ times, values, from, settings }: AnomalySeries, start: number): number {
  const phase = start % DAY_MS;
  const near = [...values].filter((_, i) => {
    const away = Math.abs(((times[i] ?? 0) % DAY_MS) - phase);
    return (times[i] ?? 0) < from && Math.min(away, DAY_MS - away) < HOUR_MS;
  });
  const mean = near.reduce((sum, value) => sum + value, 0) / Math.max(1, near.length);
  const squares = near.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, near.length);
  const least = settings.upper === null ? 0.02 * Math.abs(mean) : 0.005 * settings.upper;
  return Math.max(Math.sqrt(squares), least);
}
