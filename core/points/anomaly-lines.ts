/** The points of one inspected series as the lines that are kept of them, and printed for programs. */
import type { ScoredPoint } from '../model/anomaly.ts';
import type { AnomalyJob } from '../model/anomaly-job.ts';
import type { AnomalyLine } from '../model/anomaly-line.ts';
import { type PointSeries, partText } from '../model/points.ts';

/** In the order of time. @param keep `anomalies` leaves the others out. */
export function anomalyLines(
  { resource, metric, part, unit }: Pick<PointSeries, 'resource' | 'metric' | 'part' | 'unit'>,
  scored: readonly ScoredPoint[],
  job: string,
  keep: AnomalyJob['keep'],
): AnomalyLine[] {
  const { provider, account, region, id: host, name = null, group = null } = resource;
  const series = { job, provider, account, region, host, name, group, metric, part: partText(part), unit };
  const kept = keep === 'all' ? scored : scored.filter(({ isAnomaly }) => isAnomaly);
  return kept.map(({ isAnomaly, ...point }) => ({ ...series, ...point, is_anomaly: isAnomaly }));
}
