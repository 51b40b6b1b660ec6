/** Inspects a past of a source for anomalies: the same mathematics as a resident job, without a store, recorded nowhere. */
import { inspectPoints, type PointInspection } from '../detector/anomaly/inspect.ts';
import type { PointSettings } from '../detector/anomaly/settings.ts';
import type { HostFilter } from '../model/host-filter.ts';
import type { PointMetric, PointReading, PointSeries } from '../model/points.ts';
import type { Window } from '../model/series.ts';
import { SourceError } from '../ports/errors.ts';
import type { MemorySource, Meter } from '../ports/memory-source.ts';

export interface ReplayRequest {
  readonly metrics: readonly PointMetric[];
  /** Points in it are scored. It is aligned to the period of the settings. */
  readonly window: Window;
  /** All of them must admit a host. */
  readonly filters: readonly HostFilter[];
  /** Of all metrics the period is the same. */
  settingsOf(metric: PointMetric): PointSettings;
}

/** One series with what is said of it, or why there is none. */
export type Replayed =
  | {
      readonly kind: 'inspected';
      /** With the points before the window, that the others are compared with. */
      readonly series: PointSeries;
      readonly metric: PointMetric;
      readonly settings: PointSettings;
      readonly inspection: PointInspection;
    }
  | Exclude<PointReading, PointSeries>;

/**
 * Reads the window and the reference before it, and inspects one series after the other as they arrive. Throws `SourceError` as the
 * source does, and where it has no such metrics.
 */
export async function* replayPoints(
  source: MemorySource,
  { metrics, window, filters, settingsOf }: ReplayRequest,
  meter: Meter,
  signal?: AbortSignal,
): AsyncGenerator<Replayed> {
  if (source.points === undefined) throw withoutPoints(source);
  const byName = new Map(metrics.map((metric) => [metric.name, { metric, settings: settingsOf(metric) }]));
  const all = [...byName.values()];
  const periodMs = Math.max(...all.map(({ settings }) => settings.periodMs));
  const referencePoints = Math.max(...all.map(({ settings }) => settings.referencePoints));
  const read = { metrics, filters, periodMs, window: { ...window, start: window.start - referencePoints * periodMs } };
  for await (const reading of source.points(read, meter, signal)) {
    const known = reading.kind === 'points' ? byName.get(reading.metric) : undefined;
    if (reading.kind !== 'points') yield reading;
    else if (known)
      yield {
        kind: 'inspected',
        series: reading,
        ...known,
        inspection: inspectPoints(reading, window.start, known.settings),
      };
  }
}

/** Of a source that reads nothing beside memory. */
function withoutPoints({ scope }: Pick<MemorySource, 'scope'>): SourceError {
  const where = [scope.provider, scope.account].join(' ');
  return new SourceError(
    `${where}: this source has no metrics beside memory. Inspect the account of another provider.`,
    {
      reason: 'not_found',
      retryable: false,
    },
  );
}
