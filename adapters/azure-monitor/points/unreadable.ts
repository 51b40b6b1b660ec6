/** A metric of a host that could not be read. */
import type { PointMetric, PointReading } from '../../../core/model/points.ts';
import type { Resource } from '../../../core/model/series.ts';
import type { Failure } from '../../reading/failure.ts';

export function unreadable(
  scope: Resource,
  { name }: Pick<PointMetric, 'name'>,
  { reason, detail }: Pick<Failure, 'reason' | 'detail'>,
): PointReading {
  return { kind: 'unreadable', scope, metric: name, reason, detail };
}
