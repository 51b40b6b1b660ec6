/** Inspects the points of a selection's targets one after the other, for commands that show anomalies and record nothing. */
import { settingsOf } from '../../core/detector/anomaly/settings.ts';
import { type CallCount, createMeter } from '../../core/inspection/run-summary.ts';
import { type AnomalyJob, feedSchema } from '../../core/model/anomaly-job.ts';
import { POINT_METRICS } from '../../core/model/point-metrics.ts';
import type { PointMetric } from '../../core/model/points.ts';
import type { Window } from '../../core/model/series.ts';
import { metricsOfFeed, metricsOfJob } from '../../core/points/metrics-of-job.ts';
import { type Replayed, replayPoints } from '../../core/points/replay.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { UsageError } from '../usage-error.ts';
import type { Selection, Target } from './targets.ts';

/** What is scored where no option states it. */
const DEFAULT_SPAN_MS = 86_400_000;

/** Points of one series that are scored at the most: a week of seconds takes minutes, and shows no more than one of minutes. */
const MOST_POINTS = 100_000;

export interface PointTerms {
  readonly job: AnomalyJob;
  /** What goes before it at a target. */
  readonly jobOf?: (target: Target) => AnomalyJob | undefined;
  /** Epoch milliseconds: points from then on are scored. Absent: those of the last day. */
  readonly from?: number | undefined;
}

/** One series with what is said of it, or why there is none; and what a target took after its last one. */
export type PointStep =
  | { readonly kind: 'reading'; readonly target: Target; readonly window: Window; readonly replayed: Replayed }
  | { readonly kind: 'summary'; readonly target: Target; readonly window: Window; readonly meter: CallCount };

/** Throws `UsageError` for a metric that no target has; the signal's reason once it is aborted. */
export async function* pointSteps(
  { targets, scheduledTime }: Pick<Selection, 'targets' | 'scheduledTime'>,
  { job: common, jobOf, from }: PointTerms,
  signal: AbortSignal,
): AsyncGenerator<PointStep, void, undefined> {
  const all = targets.map((target) => {
    const job = jobOf?.(target) ?? common;
    return { target, job, requested: metricsAt(target, job) };
  });
  refuseUnknown(
    common,
    all.map(({ requested }) => requested),
  );
  for (const { target, job, requested } of all) {
    if (requested.length === 0) continue;
    const window = scoredWindow(scheduledTime, target, job, from);
    const meter = createMeter();
    for await (const replayed of readingsOf(target, { job, window, metrics: requested }, meter, signal)) {
      signal.throwIfAborted();
      yield { kind: 'reading', target, window, replayed };
    }
    yield { kind: 'summary', target, window, meter };
  }
}

/** Of files any other name is a column that they may have: nobody configures a feed for a file. */
function metricsAt({ source, feeds }: Target, job: AnomalyJob): readonly PointMetric[] {
  const { metrics, unknown } = metricsOfJob(job, feeds);
  return source.scope.provider === 'local' ? [...metrics, ...unknown.flatMap(columnOfFile)] : metrics;
}

function columnOfFile(name: string): PointMetric[] {
  const [metric] = metricsOfFeed(feedSchema.parse({ entity: ['host'], columns: [{ name }] }));
  if (metric === undefined) return [];
  const { feed: _, ...own } = metric;
  // The unit of its values is not known: `1` would be a fraction.
  return [{ ...own, unit: '' }];
}

interface Requested {
  readonly job: AnomalyJob;
  readonly window: Window;
  readonly metrics: readonly PointMetric[];
}

/** A source that fails becomes an unreadable scope, so that the readings before it still count. */
async function* readingsOf(
  { source, filters }: Target,
  { job, window, metrics }: Requested,
  meter: CallCount,
  signal: AbortSignal,
): AsyncGenerator<Replayed> {
  const request = { metrics, window, filters, settingsOf: (metric: PointMetric) => settingsOf(job, metric) };
  try {
    yield* replayPoints(source, request, meter, signal);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    yield { kind: 'unreadable', scope: source.scope, reason: error.reason, detail: error.message, metric: null };
  }
}

function refuseUnknown({ metrics }: AnomalyJob, found: readonly (readonly PointMetric[])[]): void {
  const known = new Set(found.flat().map(({ name }) => name));
  const unknown = metrics.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  const catalogue = POINT_METRICS.map(({ name }) => name).join(', ');
  throw new UsageError(
    `--metric ${unknown.join(', ')}: there is no such metric. The catalogue has ${catalogue}; others are columns of a feed of a tenant’s account.`,
  );
}

/** Full periods that have arrived. */
function scoredWindow(scheduledTime: number, { source }: Target, { periodSeconds }: AnomalyJob, from?: number): Window {
  const periodMs = periodSeconds * 1000;
  const end = Math.floor((scheduledTime - source.ingestionDelayMs) / periodMs) * periodMs;
  const start = Math.floor((from ?? end - DEFAULT_SPAN_MS) / periodMs) * periodMs;
  if (start >= end) throw new UsageError('--from is not before the end: give an earlier time, or a later --to.');
  const points = (end - start) / periodMs;
  if (points > MOST_POINTS) {
    throw new UsageError(
      `There are ${points.toLocaleString('en')} points of ${periodSeconds} s from --from on, and ${MOST_POINTS.toLocaleString('en')} are scored at the most: give a later --from, or a longer --period.`,
    );
  }
  return { start, end };
}
