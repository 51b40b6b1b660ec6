/** What an anomaly inspection found, in bounded memory: a fleet's series do not fit in it, the pictures of the worst do. */
import type { InspectedPoints } from '../detector/anomaly/inspect.ts';
import type { AnomalyView } from '../model/anomaly-view.ts';
import type { PointSeries } from '../model/points.ts';
import type { Window } from '../model/series.ts';
import { composeView } from './compose-view.ts';
import type { Replayed } from './replay.ts';

type Inspected = Extract<Replayed, { kind: 'inspected' }>;

/** A series with its points scored. */
export interface ScoredSeries extends Inspected {
  readonly inspection: InspectedPoints;
}

/** Why there is no verdict on a series. */
export interface NotInspected {
  readonly replayed:
    | Exclude<Replayed, { kind: 'inspected' }>
    | { readonly kind: 'insufficient'; readonly series: PointSeries; readonly points: number; readonly needed: number };
}

/** What is said of one series, or why nothing is. */
export interface ReadingStep {
  readonly kind: 'reading';
  /** Points of it were scored. */
  readonly window: Window;
  readonly replayed: Replayed;
}

/** What a source took, after its last series. */
interface SummaryStep {
  readonly kind: 'summary';
}

export interface PointFindings<Summary = SummaryStep> {
  readonly summaries: readonly Summary[];
  /** The pictures to draw, the most urgent first. */
  readonly views: readonly AnomalyView[];
  /** Of them, and of what was not drawn, the views with something that lasts. */
  readonly anomalous: readonly AnomalyView[];
  readonly notDrawn: number;
  readonly notInspected: readonly NotInspected[];
  /** Series that were inspected, and those of them with an anomaly that lasts. */
  readonly series: number;
  readonly anomalousSeries: number;
  /** Points that were scored, and those of them that are anomalous and belong to nothing that lasts. */
  readonly points: number;
  readonly lone: number;
}

export interface CollectTerms {
  readonly mostViews: number;
  /** Which series are drawn. Default: those with an anomaly that lasts. */
  readonly draws?: 'anomalous' | 'all';
  readonly onSeries?: (series: ScoredSeries) => void;
  readonly onProgress?: (text: string) => void;
}

/** Rows without a verdict that are kept: the table lists some, and counts no more. */
const MOST_NOT_INSPECTED = 10_000;

export async function collectPoints<Summary extends SummaryStep>(
  steps: AsyncIterable<ReadingStep | Summary>,
  { mostViews, draws = 'anomalous', onSeries, onProgress }: CollectTerms,
): Promise<PointFindings<Summary>> {
  const [summaries, notInspected]: [Summary[], NotInspected[]] = [[], []];
  const views: AnomalyView[] = [];
  let [series, anomalousSeries, points, lone, drawable] = [0, 0, 0, 0, 0];
  for await (const step of steps) {
    if (step.kind === 'summary') {
      summaries.push(step);
      continue;
    }
    const { replayed, window } = step;
    const scored = scoredOf(replayed);
    if (scored === undefined) {
      const row = notInspectedOf(replayed);
      if (row !== undefined && notInspected.length < MOST_NOT_INSPECTED) notInspected.push(row);
      continue;
    }
    series++;
    const { episodes, scored: scoredPoints } = scored.inspection;
    points += scoredPoints.length;
    lone += loneOf(scored.inspection);
    if (episodes.length > 0) anomalousSeries++;
    onSeries?.(scored);
    onProgress?.(`inspecting … ${series} series, ${anomalousSeries} with an anomaly`);
    if (mostViews === 0 || (draws === 'anomalous' && episodes.length === 0)) continue;
    drawable++;
    insertByUrgency(views, composeView({ ...scored, window, job: null }), mostViews);
  }
  const anomalous = views.filter(({ episodes }) => episodes.length > 0);
  return {
    summaries,
    views,
    anomalous,
    notDrawn: drawable - views.length,
    notInspected,
    series,
    anomalousSeries,
    points,
    lone,
  };
}

function scoredOf(replayed: Replayed): ScoredSeries | undefined {
  if (replayed.kind !== 'inspected' || replayed.inspection.kind !== 'inspected') return undefined;
  return { ...replayed, inspection: replayed.inspection };
}

function notInspectedOf(replayed: Replayed): NotInspected | undefined {
  if (replayed.kind !== 'inspected') return { replayed };
  const { series, inspection } = replayed;
  if (inspection.kind !== 'insufficient') return undefined;
  return { replayed: { kind: 'insufficient', series, points: inspection.points, needed: inspection.needed } };
}

/** Anomalous points outside of every episode. */
function loneOf({ scored, episodes }: InspectedPoints): number {
  return scored.filter(
    ({ isAnomaly, time }) => isAnomaly && !episodes.some(({ start, last }) => time >= start && time <= last),
  ).length;
}

/** Keeps the most urgent: what goes on first, then what is furthest beyond its band. */
function insertByUrgency(views: AnomalyView[], view: AnomalyView, most: number): void {
  const at = views.findIndex((other) => byUrgency(view, other) < 0);
  views.splice(at < 0 ? views.length : at, 0, view);
  if (views.length > most) views.pop();
}

function byUrgency(a: AnomalyView, b: AnomalyView): number {
  const [left, right] = [urgencyOf(a), urgencyOf(b)];
  return Number(right.goesOn) - Number(left.goesOn) || right.score - left.score || right.distance - left.distance;
}

/** The distance is in widths of the band. */
function urgencyOf({ episodes }: AnomalyView): { goesOn: boolean; score: number; distance: number } {
  const goesOn = episodes.some((episode) => episode.goesOn);
  let [score, distance] = [0, 0];
  for (const { peak } of episodes) {
    score = Math.max(score, peak.score);
    distance = Math.max(
      distance,
      Math.abs(peak.value - peak.expected) / Math.max(peak.high - peak.low, Number.MIN_VALUE),
    );
  }
  return { goesOn, score, distance };
}
