/** From the points of an answer to readings: which values can be, which parts a host has, and what it means that there are none. Pure. */
import { formatTime } from '../../core/messages/times.ts';
import type { Part, PointMetric, PointReading } from '../../core/model/points.ts';
import { OVER_FULL, type Resource } from '../../core/model/series.ts';
import type { PointsRequest } from '../../core/ports/memory-source.ts';
import type { Failure } from '../reading/failure.ts';
import { isShort, MOST_PARTS, noPoints } from '../reading/points.ts';
import type { Samples } from '../reading/samples.ts';
import { undocumented } from './errors.ts';
import type { ValueRule } from './points.ts';
import { chained } from './samples.ts';

/** A sum of fractions is 1 but for rounding. */
const ROUNDING = 1e-6;

/** The pieces of one part of a host, one of each slice of the window. */
export interface PartPieces {
  readonly part: Part;
  readonly pieces: Samples[];
}

/** Values that a metric of the catalogue can have; of a feed any number may be one, and its limits are what is inspected. */
export function ruleOf({ name, unit, lower, upper, feed }: PointMetric): ValueRule {
  if (feed !== undefined) return { fault: () => undefined, clamp: (value) => value, mostWithout: 1 };
  const [least, most] = [lower ?? Number.NEGATIVE_INFINITY, upper ?? Number.POSITIVE_INFINITY];
  const over = unit === '1' ? OVER_FULL - 1 : ROUNDING;
  return {
    fault: (value) => (value >= least - over && value <= most + over ? undefined : `${value} as ${name}`),
    clamp: (value) => Math.min(most, Math.max(least, value)),
    mostWithout: 1,
  };
}

export type PointTerms = Pick<PointsRequest, 'window' | 'periodMs'> & { readonly metric: PointMetric };

/** The series of each part of a host, and one reading of those that could not be read. */
export function* readingsOf(
  resource: Resource,
  parts: readonly PartPieces[],
  { window, periodMs, metric: { name: metric, unit } }: PointTerms,
): Generator<PointReading> {
  let failure: Failure | undefined;
  for (const { part, pieces } of parts.slice(0, MOST_PARTS)) {
    const failed = pieces.find((piece) => piece.kind === 'failed');
    if (failed !== undefined) failure ??= failed.failure;
    else {
      const { times, values } = chained(pieces.filter((piece) => piece.kind === 'samples'));
      yield { kind: 'points', resource, metric, part, unit, window, periodMs, times, values };
    }
  }
  if (parts.length > MOST_PARTS) {
    const detail = `the host has ${parts.length} parts, of which the first ${MOST_PARTS} are read`;
    failure ??= { ...undocumented(detail), reason: 'truncated', detail };
  }
  if (failure !== undefined) yield unreadable(resource, metric, failure);
}

export function unreadable(resource: Resource, metric: string, { reason, detail }: Failure): PointReading {
  return { kind: 'unreadable', scope: resource, metric, reason, detail };
}

/** Of a host that has no series of a metric that it could have. */
export function withoutSeries(
  resource: Resource,
  terms: PointTerms,
  { hasParts }: { readonly hasParts: boolean },
): PointReading {
  const { window, metric } = terms;
  if (!hasParts && (isShort(window) || metric.sparse)) return noPoints(resource, metric, terms);
  const hint = `No exporter has shown ${metric.name} of ${nameOf(resource)} since ${formatTime(window.start)}. ${COLLECTORS[metric.name] ?? ''}`;
  return { kind: 'not_monitored', resource, metric: metric.name, reason: 'not_reported', hint: hint.trimEnd() };
}

/** Of a host whose exporter has no such metric. */
export function neverThere(resource: Resource, { name: metric }: PointMetric, title: string): PointReading {
  const hint = `${title} has no ${metric} of ${nameOf(resource)}. ${INSTEAD}`;
  return { kind: 'not_monitored', resource, metric, reason: 'not_reported', hint };
}

const INSTEAD =
  'Scrape node_exporter or the OpenTelemetry collector on it, or name an expression for it under feeds of the account.';

/** Which parts of exporters report a metric. */
const COLLECTORS: Readonly<Record<string, string>> = {
  'system.cpu.utilization':
    'Check that the collector cpu of node_exporter or windows_exporter is on, or the scraper cpu of the OpenTelemetry collector, and that its series are kept.',
  'system.filesystem.utilization':
    'Check that the collector filesystem of node_exporter is on, logical_disk of windows_exporter, or the scraper filesystem of the OpenTelemetry collector, and that its series are kept.',
  'system.network.errors':
    'Check that the collector netdev of node_exporter is on, net of windows_exporter, or the scraper network of the OpenTelemetry collector, and that its series are kept.',
  'system.cpu.load_average.1m':
    'Check that the collector loadavg of node_exporter is on, or the scraper load of the OpenTelemetry collector, and that its series are kept.',
};

function nameOf({ name, id }: Resource): string {
  return name === undefined ? id : `${name} (${id})`;
}
