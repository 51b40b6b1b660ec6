/**
 * What a subscriber receives of a resident job in a week: hosts are inspected period by period, as a deployment does it, from points to
 * episodes, to the incident of each host, to its changes.
 */

import { settingsOf } from '../core/detector/anomaly/settings.ts';
import { observeAnomalies } from '../core/incidents/observation.ts';
import { transition } from '../core/incidents/transition.ts';
import { type AnomalyJob, anomalyJobSchema } from '../core/model/anomaly-job.ts';
import type { Incident } from '../core/model/incident.ts';
import { POINT_METRICS } from '../core/model/point-metrics.ts';
import type { PointSeries } from '../core/model/points.ts';
import type { Resource, Window } from '../core/model/series.ts';
import { observedHosts } from '../core/points/observe-hosts.ts';
import { createSeriesBook, type TakenIn } from '../core/points/series-book.ts';
import { madeOf } from './anomaly-made.ts';
import { type AnomalySeries, DAY_MS, WEEK_MS } from './anomaly-series.ts';
import { randomFrom } from './random.ts';

/** Of `policy.recoverAfter`. */
const RECOVER_AFTER = 4;

interface SentChange {
  readonly at: number;
  readonly kind: Incident['undecided'][number]['kind'];
  readonly severity: Incident['severity'];
  /** Labels and types of the anomalies that it states. */
  readonly about: readonly string[];
}

export function residentJob(periodSeconds: number): AnomalyJob {
  const metrics = POINT_METRICS.map(({ name }) => name);
  const referencePoints = Math.min(10_080, WEEK_MS / 1000 / periodSeconds);
  return anomalyJobSchema.parse({
    name: 'resident',
    metrics,
    everyMinutes: Math.max(1, periodSeconds / 60),
    periodSeconds,
    referencePoints,
  });
}

/** Five series of one host, of which one has an anomaly where it is not healthy. */
export function madeHost(seed: number, job: AnomalyJob, isHealthy: boolean): AnomalySeries[] {
  return POINT_METRICS.map((metric, m) =>
    madeOf(metric, job, randomFrom(seed * 104_729 + m * 1009), {
      id: metric.name,
      isHealthy: isHealthy || m !== seed % POINT_METRICS.length,
    }),
  );
}

const RESOURCE: Resource = { provider: 'local', account: 'bench', region: null, id: 'made' };

/** All changes of the host's incident in so many days behind the reference, in the order of time. */
export function changesOf(host: readonly AnomalySeries[], job: AnomalyJob, days: number): SentChange[] {
  const metrics = new Map(
    POINT_METRICS.map((metric) => [metric.name as string, { metric, settings: settingsOf(job, metric) }]),
  );
  const book = createSeriesBook([], metrics);
  const from = host[0]?.from ?? 0;
  const step = Math.max(job.everyMinutes * 60_000, job.periodSeconds * 1000);
  const changes: SentChange[] = [];
  let incident: Incident | undefined;
  for (let end = from + step; end <= from + days * DAY_MS; end += step) {
    const part = { start: end - step, end };
    const taken = host.flatMap((series) => takenOf(series, part, part.start === from));
    for (const { resource, episodes } of observedHosts(taken, book, metrics)) {
      const next = transition(incident, observeAnomalies('bench', job, resource, episodes, end), RECOVER_AFTER, end);
      if (next.outcome === 'unchanged') continue;
      changes.push(...next.incident.undecided.map((change) => sentOf(change, end)));
      incident = { ...next.incident, undecided: [] };
    }
  }
  return changes;

  function takenOf(series: AnomalySeries, part: Window, isFirst: boolean): TakenIn[] {
    const read = readingOf(series, isFirst ? { start: from - WEEK_MS, end: part.end } : part);
    const result = isFirst ? book.learn(read, part) : book.take(read, part);
    return result.kind === 'taken' ? [result] : [];
  }
}

function sentOf({ kind, severity, anomaly }: Incident['undecided'][number], at: number): SentChange {
  return {
    at,
    kind,
    severity,
    about: anomaly?.anomalies.map(({ label, type, goesOn }) => `${label} ${type}${goesOn ? '' : ' over'}`) ?? [],
  };
}

function readingOf({ id, settings, times, values }: AnomalySeries, window: Window): PointSeries {
  const [first, end] = [indexOf(times, window.start), indexOf(times, window.end)];
  return {
    kind: 'points',
    resource: RESOURCE,
    metric: id,
    part: {},
    unit: '1',
    window,
    periodMs: settings.periodMs,
    times: times.subarray(first, end),
    values: values.subarray(first, end),
  };
}

/** The first index whose time is not before. */
function indexOf(times: Float64Array, time: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
