/** What a picture shows of one inspected series: bounded, with every anomaly that there is room for. */
import type { InspectedPoints } from '../detector/anomaly/inspect.ts';
import type { PointSettings } from '../detector/anomaly/settings.ts';
import type { AnomalyEpisode, ScoredPoint } from '../model/anomaly.ts';
import {
  type AnomalyForecast,
  type AnomalySamples,
  type AnomalyView,
  MOST_FORECAST_POINTS,
  MOST_VIEW_EPISODES,
  MOST_VIEW_POINTS,
  type ViewedEpisode,
} from '../model/anomaly-view.ts';
import { isoText } from '../model/notation.ts';
import { type PointMetric, type PointSeries, partText } from '../model/points.ts';
import type { Resource, Window } from '../model/series.ts';
import { evenlyPicked } from './evenly-picked.ts';

export interface ViewRequest {
  readonly series: PointSeries;
  readonly metric: Pick<PointMetric, 'label' | 'lower' | 'upper'>;
  readonly settings: Pick<PointSettings, 'periodMs' | 'threshold'>;
  readonly inspection: Pick<InspectedPoints, 'scored' | 'episodes' | 'forecast'>;
  /** Points of it were scored. */
  readonly window: Window;
  /** Points of the reference are shown from here on, epoch milliseconds. Default: none is. */
  readonly shownFrom?: number;
  readonly job: string | null;
}

export function composeView({
  series,
  metric,
  settings,
  inspection,
  window,
  shownFrom,
  job,
}: ViewRequest): AnomalyView {
  const { scored, episodes, forecast } = inspection;
  const reference = shownFrom === undefined ? [] : referencePoints(series, { start: shownFrom, end: window.start });
  const kept = boundedPoints([...reference, ...scored.map(shownOf)]);
  return {
    host: hostOf(series.resource),
    job,
    metric: series.metric,
    label: metric.label,
    part: partText(series.part),
    unit: series.unit,
    periodSeconds: settings.periodMs / 1000,
    window: { start: isoText(window.start), end: isoText(window.end) },
    threshold: settings.threshold,
    lower: metric.lower,
    upper: metric.upper,
    samples: columnsOf(kept),
    points: scored.length,
    anomalousPoints: scored.filter(({ isAnomaly }) => isAnomaly).length,
    leftOut: reference.length + scored.length - kept.length,
    episodes: episodes.slice(-MOST_VIEW_EPISODES).map(episodeOf),
    forecast: forecastOf(forecast),
  };
}

function hostOf({ provider, account, region, id, name, kind, group }: Resource): AnomalyView['host'] {
  return { provider, account, region, id, name: name ?? null, kind: kind ?? null, group: group ?? null };
}

/** A row of the table of samples. */
interface ShownPoint {
  readonly time: number;
  readonly value: number;
  readonly scored: ScoredPoint | null;
}

function shownOf(scored: ScoredPoint): ShownPoint {
  return { time: scored.time, value: scored.value, scored };
}

function referencePoints({ times, values }: PointSeries, { start, end }: Window): ShownPoint[] {
  const points: ShownPoint[] = [];
  times.forEach((time, index) => {
    const value = values[index];
    if (time < start || time >= end || value === undefined || !Number.isFinite(value)) return;
    points.push({ time, value, scored: null });
  });
  return points;
}

/** All of them, or the anomalous ones and as many others as there is room for; of too many anomalies an even selection. */
function boundedPoints(points: readonly ShownPoint[]): readonly ShownPoint[] {
  if (points.length <= MOST_VIEW_POINTS) return points;
  const anomalous = evenlyPicked(
    points.filter(({ scored }) => scored?.isAnomaly),
    MOST_VIEW_POINTS,
  );
  const others = evenlyPicked(
    points.filter(({ scored }) => !scored?.isAnomaly),
    MOST_VIEW_POINTS - anomalous.length,
  );
  return [...anomalous, ...others].sort((a, b) => a.time - b.time);
}

function columnsOf(points: readonly ShownPoint[]): AnomalySamples {
  return {
    times: points.map(({ time }) => time / 1000),
    values: points.map(({ value }) => value),
    expected: points.map(({ scored }) => scored?.expected ?? null),
    low: points.map(({ scored }) => scored?.low ?? null),
    high: points.map(({ scored }) => scored?.high ?? null),
    score: points.map(({ scored }) => scored?.score ?? null),
    type: points.map(({ scored }) => scored?.type ?? null),
    is_anomaly: points.map(({ scored }) => scored?.isAnomaly ?? false),
  };
}

function episodeOf(episode: AnomalyEpisode): ViewedEpisode {
  const { type, start, last, goesOn, reportedAt, peak, points, checks, exhaustion } = episode;
  const { time, value, expected, low, high, score } = peak;
  return {
    type,
    start: isoText(start),
    last: isoText(last),
    goesOn,
    reportedAt: isoText(reportedAt),
    peak: { time: isoText(time), value, expected, low, high, score },
    points,
    checks,
    exhaustion: exhaustion?.kind === 'expected' ? exhaustionOf(exhaustion) : null,
  };
}

function exhaustionOf({
  earliest,
  likely,
  latest,
}: {
  readonly earliest: number;
  readonly likely: number;
  readonly latest: number | null;
}): NonNullable<ViewedEpisode['exhaustion']> {
  return { earliest: isoText(earliest), likely: isoText(likely), latest: latest === null ? null : isoText(latest) };
}

function forecastOf(forecast: ViewRequest['inspection']['forecast']): AnomalyForecast | null {
  if (forecast.length === 0) return null;
  const points = evenlyPicked(forecast, MOST_FORECAST_POINTS);
  return {
    times: points.map(({ time }) => time / 1000),
    expected: points.map(({ expected }) => expected),
    low: points.map(({ low }) => low),
    high: points.map(({ high }) => high),
  };
}
