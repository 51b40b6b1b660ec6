/**
 * Generated series of the five metrics of the catalogue, at five minutes: a week of reference and a week that is scored. Each has habits
 * that are no anomalies: a daily curve, quiet weekends, nightly jobs, single busy points, noise that remembers.
 */
import { settingsOf } from '../core/detector/anomaly/settings.ts';
import { type AnomalyJob, anomalyJobSchema } from '../core/model/anomaly-job.ts';
import { POINT_METRICS } from '../core/model/point-metrics.ts';
import type { PointMetric } from '../core/model/points.ts';
import { inject } from './anomaly-inject.ts';
import { type AnomalySeries, DAY_MS, WEEK_MS } from './anomaly-series.ts';
import { gaussian, pickFrom, type Random, randomFrom, within } from './random.ts';

/** A Monday: 2026-01-05. */
const START = Date.UTC(2026, 0, 5);

/** Of each metric so many series, half of them with anomalies. */
export function madeSeries(seed: number, perMetric: number): AnomalySeries[] {
  const job = anomalyJobSchema.parse({ name: 'bench', metrics: POINT_METRICS.map(({ name }) => name) });
  return POINT_METRICS.flatMap((metric, m) =>
    Array.from({ length: perMetric }, (_, i) => {
      const random = randomFrom(seed * 7919 + m * 1009 + i);
      return madeOf(metric, job, random, { id: `made-${seed}-${metric.name}-${i}`, isHealthy: i % 2 === 0 });
    }),
  );
}

interface Made {
  readonly id: string;
  readonly isHealthy: boolean;
}

/** One series of a metric, at the periods of the job. */
export function madeOf(
  metric: (typeof POINT_METRICS)[number],
  job: AnomalyJob,
  random: Random,
  { id, isHealthy }: Made,
): AnomalySeries {
  const settings = settingsOf(job, metric);
  const length = (2 * WEEK_MS) / settings.periodMs;
  const times = Float64Array.from({ length }, (_, point) => START + point * settings.periodMs);
  const bare: AnomalySeries = {
    id,
    group: `made: ${metric.label}`,
    settings,
    times,
    values: VALUES[metric.name](random, times),
    from: START + WEEK_MS,
    until: START + 2 * WEEK_MS,
    anomalies: [],
  };
  const series = isHealthy ? bare : inject(bare, random);
  return limitedTo(metric, metric.sparse ? withoutZeros(series) : series);
}

type Values = (random: Random, times: Float64Array) => Float64Array;

const VALUES: Readonly<Record<(typeof POINT_METRICS)[number]['name'], Values>> = {
  'system.cpu.utilization': (random, times) => busy(random, times, within(random, 0.03, 0.35), within(random, 0, 0.3)),
  'system.memory.utilization': memory,
  'system.filesystem.utilization': disk,
  'system.network.errors': errors,
  'system.cpu.load_average.1m': (random, times) =>
    busy(random, times, within(random, 0.05, 4), within(random, 0, 3)).map((value) => value * 1.2),
};

/** Noise that remembers, with deviations of about 1 and now and then a far one. */
function noise(random: Random, n: number, memory: number): Float64Array {
  const values = new Float64Array(n);
  let last = 0;
  for (let i = 0; i < n; i++) {
    const wide = random() < 0.02 ? 3 : 1;
    last = memory * last + Math.sqrt(1 - memory * memory) * wide * gaussian(random);
    values[i] = last;
  }
  return values;
}

/** What people and jobs ask of a machine: in [0, 1], over a day and a week. */
function demand(random: Random, times: Float64Array): Float64Array {
  const peak = within(random, 9, 19);
  const width = within(random, 2, 6);
  const weekend = pickFrom(random, [1, 0.9, 0.5]);
  return times.map((time) => {
    const hour = ((time % DAY_MS) / DAY_MS) * 24;
    const away = Math.min(Math.abs(hour - peak), 24 - Math.abs(hour - peak));
    const day = Math.floor((time - START) / DAY_MS) % 7;
    return Math.exp(-((away / width) ** 2) / 2) * (day >= 5 ? weekend : 1);
  });
}

function busy(random: Random, times: Float64Array, idle: number, amplitude: number): Float64Array {
  const curve = demand(random, times);
  const wobble = noise(random, times.length, within(random, 0.2, 0.9));
  const share = within(random, 0.05, 0.25);
  const jobHour = within(random, 0, 24);
  const job = pickFrom(random, [0, 0, within(random, 0.5, 2)]);
  return times.map((time, i) => {
    const level = idle + amplitude * (curve[i] ?? 0);
    const hour = ((time % DAY_MS) / DAY_MS) * 24;
    const atJob = hour >= jobHour && hour < jobHour + 0.5 ? job * (idle + amplitude) * 0.5 : 0;
    const single = random() < 0.003 ? within(random, 0.5, 2) * level : 0;
    return Math.max(0, level * (1 + share * (wobble[i] ?? 0)) + atJob + single);
  });
}

function memory(random: Random, times: Float64Array): Float64Array {
  const base = within(random, 0.2, 0.7);
  const curve = demand(random, times);
  const [amplitude, jitter] = [within(random, 0, 0.1), within(random, 0.002, 0.01)];
  const wobble = noise(random, times.length, within(random, 0.5, 0.97));
  const step = pickFrom(random, [0.0001, 0.001, 0.01]);
  let drift = 0;
  return times.map((_, i) => {
    drift = 0.999 * drift + jitter * 0.05 * gaussian(random);
    return Math.round((base + amplitude * (curve[i] ?? 0) + jitter * (wobble[i] ?? 0) + drift) / step) * step;
  });
}

/** Data grow slowly; logs fill and are rotated at night; now and then a clean-up. */
function disk(random: Random, times: Float64Array): Float64Array {
  const base = within(random, 0.2, 0.6);
  const [growth, logs] = [within(random, 0, 0.002), within(random, 0.001, 0.03)];
  const rotation = within(random, 0, 1);
  return times.map((time) => {
    const days = (time - START) / DAY_MS;
    const sinceRotation = (((days - rotation) % 1) + 1) % 1;
    return base + growth * days + logs * sinceRotation + 0.0003 * gaussian(random);
  });
}

/** Mostly none; single ones, and a link that is worse than others. */
function errors(random: Random, times: Float64Array): Float64Array {
  const share = pickFrom(random, [0, 0.003, 0.02, 0.1]);
  const size = within(random, 1, 6);
  return times.map(() => (random() < share ? Math.max(1, Math.round(-size * Math.log(1 - random()))) : 0));
}

function limitedTo(metric: PointMetric, series: AnomalySeries): AnomalySeries {
  const values = series.values.map((value) =>
    Math.min(metric.upper ?? Infinity, Math.max(metric.lower ?? -Infinity, value)),
  );
  return { ...series, values };
}

/** A source reports periods with errors alone. */
function withoutZeros(series: AnomalySeries): AnomalySeries {
  const kept = [...series.values.keys()].filter((i) => (series.values[i] ?? 0) !== 0);
  return {
    ...series,
    times: Float64Array.from(kept, (i) => series.times[i] ?? 0),
    values: Float64Array.from(kept, (i) => series.values[i] ?? 0),
  };
}
