/** Which metrics a job inspects: those of the catalogue, and columns of the feeds of its account. */
import type { AnomalyJob, Feed } from '../model/anomaly-job.ts';
import { pointMetric } from '../model/point-metrics.ts';
import type { PointMetric } from '../model/points.ts';

/** Findings have room for as many characters. */
const LONGEST_LABEL = 9;

export interface JobMetrics {
  /** In the order of the job. */
  readonly metrics: readonly PointMetric[];
  /** Names that neither the catalogue nor a feed has: a config that was put holds none. */
  readonly unknown: readonly string[];
}

/** @param feeds Those of the job's account. */
export function metricsOfJob({ metrics: names }: Pick<AnomalyJob, 'metrics'>, feeds: readonly Feed[] = []): JobMetrics {
  const own = new Map(feeds.flatMap(metricsOfFeed).map((metric) => [metric.name, metric]));
  const found = names.map((name) => pointMetric(name) ?? own.get(name));
  return {
    metrics: found.filter((metric) => metric !== undefined),
    unknown: names.filter((_, index) => found[index] === undefined),
  };
}

/** A metric for each column of a feed. */
export function metricsOfFeed(feed: Feed): readonly PointMetric[] {
  const { query, entity, parents, children, columns, sparse, mostSeries } = feed;
  return columns.map(({ name, column = name, unit, direction, lower = null, upper = null, statistic, fills }) => ({
    name,
    unit,
    label: labelOf(name),
    direction,
    lower,
    upper,
    statistic,
    sparse,
    fills,
    feed: { ...(query === undefined ? {} : { query }), entity, parents, children, column, mostSeries },
  }));
}

/** The end of a long name distinguishes metrics: `nginx_http_requests` and `nginx_http_errors` have the same beginning. */
function labelOf(name: string): string {
  if (name.length <= LONGEST_LABEL) return name;
  const last = name.split(/[._:/-]/).at(-1) ?? '';
  return (last === '' ? name : last).slice(0, LONGEST_LABEL);
}
