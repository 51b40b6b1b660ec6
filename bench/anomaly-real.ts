/** Memory of real hosts, which are healthy as far as anyone knows, with and without an injected anomaly. */
import { settingsOf } from '../core/detector/anomaly/settings.ts';
import { anomalyJobSchema } from '../core/model/anomaly-job.ts';
import { pointMetric } from '../core/model/point-metrics.ts';
import { inject } from './anomaly-inject.ts';
import { type AnomalySeries, isForChoosing, SETTINGS } from './anomaly-series.ts';
import { type BenchSeries, readDataSet } from './data.ts';
import { randomFrom } from './random.ts';

const NAMES = ['real-alibaba', 'real-bitbrains', 'real-bitbrains-long'];
const START = Date.UTC(2026, 0, 5);

export function realSeries(directory: string, choosing: boolean): AnomalySeries[] {
  return NAMES.flatMap((name) =>
    readDataSet(directory, name)
      .series.filter(({ id }) => isForChoosing(id) === choosing)
      .flatMap((series, i) => {
        const healthy = pointsOf(series, `real: ${name.slice(5)}`);
        if (healthy === null) return [];
        const injected = inject(healthy, randomFrom(i + 1));
        return [healthy, { ...injected, id: `${healthy.id}+`, group: 'injected into real' }];
      }),
  );
}

/** Means of five minutes; half of it, and at most a week, is reference. Null where it is too short. */
function pointsOf({ id, step, v }: BenchSeries, group: string): AnomalySeries | null {
  const metric = pointMetric('system.memory.utilization');
  if (metric === undefined) return null;
  const job = anomalyJobSchema.parse({ name: 'bench', metrics: [metric.name] });
  const per = Math.max(1, Math.round(SETTINGS.periodMs / 1000 / step));
  const points: [number, number][] = [];
  for (let i = 0; i + per <= v.length; i += per) {
    const some = v.slice(i, i + per).filter((value) => value !== null);
    if (some.length > 0)
      points.push([START + i * step * 1000, some.reduce((sum, value) => sum + value, 0) / some.length / 100]);
  }
  const reference = Math.min(SETTINGS.referencePoints, points.length / 2);
  return {
    id,
    group,
    settings: settingsOf(job, metric),
    times: Float64Array.from(points, ([time]) => time),
    values: Float64Array.from(points, ([, value]) => value),
    from: START + reference * SETTINGS.periodMs,
    until: (points.at(-1)?.[0] ?? START) + SETTINGS.periodMs,
    anomalies: [],
  };
}
