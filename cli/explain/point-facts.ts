/** What an explanation of a series states: the newest point, what was usual before it, and what lasts. */
import { alongCycle } from '../../core/detector/anomaly/cycle.ts';
import type { InspectedPoints } from '../../core/detector/anomaly/inspect.ts';
import type { PointSettings } from '../../core/detector/anomaly/settings.ts';
import { anomalyCheckText } from '../../core/messages/anomaly-checks.ts';
import { ANOMALY_WORDS, formatMetric } from '../../core/messages/metric-values.ts';
import { formatTime } from '../../core/messages/times.ts';
import { counted, formatNumber } from '../../core/messages/units.ts';
import type { ScoredPoint } from '../../core/model/anomaly.ts';
import type { AnomalyJob } from '../../core/model/anomaly-job.ts';
import type { AnomalyView } from '../../core/model/anomaly-view.ts';
import { isoText } from '../../core/model/notation.ts';
import type { PointSeries } from '../../core/model/points.ts';
import { formatScore } from '../findings/anomalies.ts';
import { harmless, type Paint, wrap } from '../render/text.ts';
import { NO_JOB } from '../source/point-options.ts';

export interface ExplainedPoints {
  readonly series: PointSeries;
  readonly settings: PointSettings;
  readonly inspection: InspectedPoints;
  readonly view: AnomalyView;
  readonly job: AnomalyJob;
}

const INDENT = ' '.repeat(14);

export function renderPointFacts(
  explained: ExplainedPoints,
  { paint, width }: { readonly paint: Paint; readonly width: number },
): string {
  const field = (name: string, text: string) => `  ${paint('dim', name.padEnd(10))}  ${wrap(text, width, INDENT)}`;
  const point = explained.inspection.scored.at(-1);
  const newest = point === undefined ? [['point', 'none is new']] : pointFacts(explained, point);
  const rows = [...newest, ...usualFacts(explained), ...episodeFacts(explained)];
  return [
    paint('strong', wrap(answerOf(explained), width)),
    ...rows.map(([name = '', text = '']) => field(name, text)),
  ].join('\n');
}

/** The answer first. */
function answerOf({ inspection: { scored, episodes }, series: { unit }, view: { label } }: ExplainedPoints): string {
  const going = episodes.find(({ goesOn }) => goesOn);
  if (going !== undefined)
    return `An anomaly lasts since ${formatTime(going.start)}: ${label} ${ANOMALY_WORDS[going.type]}.`;
  const point = scored.at(-1);
  if (point === undefined) return 'There are no points in the span.';
  const lasts = episodes.length === 0 ? 'nothing lasts' : 'nothing lasts any more';
  const of = `${formatMetric(point.value, unit)} where ${formatMetric(point.expected, unit)} was expected`;
  return `The newest point is ${point.isAnomaly ? 'anomalous' : 'no anomaly'}, and ${lasts}: ${of}.`;
}

function pointFacts({ series: { unit }, settings, inspection }: ExplainedPoints, point: ScoredPoint): string[][] {
  const { time, value, expected, low, high, score, isAnomaly, type } = point;
  const format = (figure: number) => formatMetric(figure, unit);
  const what = isAnomaly ? `this one is${type === null ? '' : ` (${ANOMALY_WORDS[type]})`}` : 'this one is none';
  const { evidence, needed } = inspection.state;
  return [
    ['point', `${formatTime(time)}: ${format(value)}`],
    ['expected', `${format(expected)}; 98 % of healthy points lie from ${format(low)} to ${format(high)}`],
    [
      'score',
      `${formatScore(score)}: ${rarity(score)}. From ${settings.threshold} on a point is an anomaly: ${what}${side(settings)}`,
    ],
    ['evidence', `${plain(evidence)}; ${plain(needed)} are needed of something that lasts`],
  ];
}

function plain(figure: number): string {
  return formatNumber(figure).replace(/\.0+$/, '');
}

/** `3 of 100 healthy points are as far away`. */
function rarity(score: number): string {
  const share = 1 - score;
  if (share < 1e-6) return 'no healthy point is as far away';
  const of = [10, 100, 1000, 10_000, 100_000].find((many) => share * many >= 1) ?? 1_000_000;
  return `${Math.max(1, Math.round(share * of))} of ${of.toLocaleString('en')} healthy points are as far away`;
}

function side({ direction }: PointSettings): string {
  return direction === 'both' ? '' : `; only what is ${direction === 'up' ? 'above' : 'below'} counts`;
}

function usualFacts({ series: { unit }, settings, inspection: { state }, job }: ExplainedPoints): string[][] {
  const { level, profile, learned, widening, last, least } = state;
  const season = alongCycle(profile, settings.cycleMs, last);
  const spread = alongCycle(state.spread, settings.cycleMs, last);
  const cycle =
    settings.cycleMs === null
      ? 'no cycle is looked for'
      : profile.length > 0
        ? `the cycle adds ${formatMetric(season, unit)} at that time`
        : 'its cycle was not found in the reference, or does not foretell it';
  const now = settings.direction === 'down' ? widening.lower : widening.upper;
  return [
    ['level', `${formatMetric(level, unit)}; ${cycle}`],
    ['spread', `${formatMetric(spread, unit)} is a usual distance, and at present ${formatNumber(now)} times that`],
    ['least', `${formatMetric(least, unit)}: something nearer is never reported`],
    ...(job.name === NO_JOB
      ? []
      : [['job', `${harmless(job.name)} of the config, with the options of this command before it`]]),
    [
      'learned',
      `from ${counted(learned, 'point')} before the span. A job has learned earlier, and may know another level.`,
    ],
  ];
}

function episodeFacts({ inspection: { episodes }, series: { unit } }: ExplainedPoints): string[][] {
  return episodes.map(({ type, start, last, goesOn, peak, checks }) => {
    const until = goesOn ? 'goes on' : `until ${formatTime(last)}`;
    const most = `furthest ${formatMetric(peak.value, unit)} where ${formatMetric(peak.expected, unit)} was expected`;
    const why = checks.map(anomalyCheckText).filter((text) => text !== '');
    return ['lasted', `${ANOMALY_WORDS[type]} from ${formatTime(start)}, ${until}; ${most}: ${why.join(', ')}`];
  });
}

/** For a program. */
export function explanationOf({ series, settings, inspection, view, job }: ExplainedPoints) {
  const { state, scored, checks } = inspection;
  const { time, ...point } = scored.at(-1) ?? { time: undefined };
  return {
    kind: 'explanation',
    host: view.host,
    metric: series.metric,
    part: view.part,
    unit: series.unit,
    job: { ...job, name: job.name === NO_JOB ? undefined : job.name },
    point: time === undefined ? null : { time: isoText(time), ...point },
    usual: {
      level: state.level,
      season: alongCycle(state.profile, settings.cycleMs, state.last),
      spread: alongCycle(state.spread, settings.cycleMs, state.last),
      widening: state.widening,
      least: state.least,
      learned: state.learned,
      hasCycle: state.profile.length > 0,
    },
    evidence: { value: state.evidence, needed: state.needed },
    episodes: view.episodes,
    checks,
  };
}
