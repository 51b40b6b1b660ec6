/** Kept points of one series as a picture is drawn of them. */
import type { AnomalyLine } from '../../core/model/anomaly-line.ts';
import { type AnomalyView, MOST_VIEW_POINTS } from '../../core/model/anomaly-view.ts';
import { isoText } from '../../core/model/notation.ts';
import type { Window } from '../../core/model/series.ts';

const MINUTE_SECONDS = 60;

/**
 * @param lines Of one series, the newest first; at least one.
 * @param minScore Points from it on are marked.
 */
export function viewOfLines(lines: readonly AnomalyLine[], window: Window, minScore: number): AnomalyView {
  const [newest] = lines;
  if (newest === undefined) throw new Error('A picture needs a point');
  const { provider, account, region, host: id, name, group, job, metric, part, unit } = newest;
  const shown = lines.slice(0, MOST_VIEW_POINTS).toReversed();
  return {
    host: { provider, account, region, id, name, kind: null, group },
    ...{ job, metric, label: metric, part, unit },
    periodSeconds: periodSecondsOf(shown),
    window: { start: isoText(window.start), end: isoText(window.end) },
    threshold: minScore,
    ...{ lower: null, upper: null },
    samples: {
      times: shown.map(({ time }) => time / 1000),
      values: shown.map(({ value }) => value),
      expected: shown.map(({ expected }) => expected),
      low: shown.map(({ low }) => low),
      high: shown.map(({ high }) => high),
      score: shown.map(({ score }) => score),
      type: shown.map(({ type }) => type),
      is_anomaly: shown.map(({ score, is_anomaly }) => is_anomaly || score >= minScore),
    },
    points: lines.length,
    anomalousPoints: lines.filter((line) => line.is_anomaly).length,
    leftOut: lines.length - shown.length,
    episodes: [],
    forecast: null,
  };
}

/** The least distance of two points; a minute where there is one. */
function periodSecondsOf(lines: readonly AnomalyLine[]): number {
  const distances = lines.slice(1).map(({ time }, index) => (time - (lines[index]?.time ?? time)) / 1000);
  const usable = distances.filter((seconds) => seconds > 0);
  return usable.length === 0 ? MINUTE_SECONDS : Math.min(...usable);
}
