/**
 * The catalogue of metrics that are inspected for anomalies, as data. Names and units are OpenTelemetry's:
 * https://opentelemetry.io/docs/specs/semconv/system/system-metrics/
 */
import type { PointMetric } from './points.ts';
import { MEMORY_UTILIZATION } from './series.ts';

const FRACTION = { unit: '1', lower: 0, upper: 1, sparse: false, fills: false } as const;

export const POINT_METRICS = [
  { ...FRACTION, name: MEMORY_UTILIZATION, label: 'Memory', direction: 'both', statistic: 'average' },
  { ...FRACTION, name: 'system.cpu.utilization', label: 'CPU', direction: 'up', statistic: 'average' },
  // A part for each mount point.
  {
    ...FRACTION,
    name: 'system.filesystem.utilization',
    label: 'Disk',
    direction: 'up',
    statistic: 'maximum',
    fills: true,
  },
  // Received and sent, of all interfaces of the host: a point is what was added in its period. A frame that is lost now and then is sent again.
  {
    name: 'system.network.errors',
    unit: '{error}',
    label: 'Net err',
    direction: 'up',
    lower: 0,
    upper: null,
    statistic: 'sum',
    sparse: true,
    fills: false,
    leastEffect: 5,
  },
  // Less than one thread more can wait for nothing: an idle host rises from .01 to .3 whenever a task runs.
  {
    name: 'system.cpu.load_average.1m',
    unit: '{thread}',
    label: 'Load 1m',
    direction: 'up',
    lower: 0,
    upper: null,
    statistic: 'average',
    sparse: false,
    fills: false,
    leastEffect: 1,
  },
] as const satisfies readonly PointMetric[];

export type PointMetricName = (typeof POINT_METRICS)[number]['name'];

/** A metric of the catalogue; undefined of any other name. */
export function pointMetric(name: string): PointMetric | undefined {
  return POINT_METRICS.find((metric) => metric.name === name);
}
