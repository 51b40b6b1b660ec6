/** Anomalous points that belong together, and when they last long enough to be reported. One point never does. */
import type { AnomalyCheck, AnomalyCheckName, AnomalyEpisode, AnomalyType, ScoredPoint } from '../../model/anomaly.ts';
import type { PointRun, PointState } from '../../model/point-state.ts';

/** Anomalous points that an episode has at least. */
const LEAST_ANOMALIES = 3;
/** Points without an anomaly after which an episode has ended. */
const QUIET_POINTS = 6;
/** Anomalous points from which it is another level, if nearly all points are on one side. */
const SHIFT_POINTS = 12;
/** What is back within is no other level. */
const SPIKE_MS = 4 * 3_600_000;

/** One more point of a run, and what was known of it. */
export interface Extension {
  readonly point: ScoredPoint;
  /** Its distance from what was expected, in the unit of the series. */
  readonly residual: number;
  readonly evidence: number;
  readonly needed: number;
  /** The least distance that means anything. */
  readonly least: number;
}

/** What one more point makes of the run before it. */
export function extended(run: PointRun | null, extension: Extension): PointRun | null {
  const { point, evidence, needed, least } = extension;
  if (run === null && !point.isAnomaly) return null;
  const before = withSums(run ?? begun(point), extension);
  const next = point.isAnomaly ? withAnomaly(before, point) : { ...before, quiet: before.quiet + 1 };
  const isLarge =
    Math.abs(next.peak.value - next.peak.expected) >= least || next.crossed > 0 || next.flat > 0 || next.broken > 0;
  const lasts = next.points >= LEAST_ANOMALIES && evidence >= needed && isLarge;
  return { ...next, reportedAt: next.reportedAt ?? (lasts ? point.time : null) };
}

function withSums(run: PointRun, { residual, evidence }: Extension): PointRun {
  const length = run.length + 1;
  return {
    ...run,
    length,
    evidence: Math.max(run.evidence, evidence),
    residual: run.residual + (residual - run.residual) / length,
  };
}

function withAnomaly(run: PointRun, point: ScoredPoint): PointRun {
  const { time, value, expected, type } = point;
  return {
    ...run,
    last: time,
    points: run.points + 1,
    quiet: 0,
    above: run.above + Number(value > expected),
    below: run.below + Number(value < expected),
    crossed: run.crossed + Number(type === 'limit_crossed'),
    flat: run.flat + Number(type === 'flat_line'),
    broken: run.broken + Number(type === 'season_broken'),
    peak: farther(point, run.peak) ? point : run.peak,
  };
}

function begun(point: ScoredPoint): PointRun {
  return {
    start: point.time,
    last: point.time,
    points: 0,
    quiet: 0,
    length: 0,
    above: 0,
    below: 0,
    crossed: 0,
    flat: 0,
    broken: 0,
    evidence: 0,
    residual: 0,
    peak: point,
    reportedAt: null,
  };
}

function farther(a: ScoredPoint, b: ScoredPoint): boolean {
  return Math.abs(a.value - a.expected) > Math.abs(b.value - b.expected);
}

export function hasEnded(run: PointRun): boolean {
  return run.quiet >= QUIET_POINTS;
}

/** What a series needs to be reported. */
type Limits = Pick<PointState, 'needed' | 'least'>;

/** Null of a run that does not last long enough. */
export function episodeOf(run: PointRun, limits: Limits): AnomalyEpisode | null {
  if (run.reportedAt === null) return null;
  return {
    type: typeOf(run),
    start: run.start,
    last: run.last,
    goesOn: !hasEnded(run),
    reportedAt: run.reportedAt,
    peak: run.peak,
    points: run.points,
    checks: checksOf(run, limits),
  };
}

function typeOf(run: PointRun): AnomalyType {
  const { points, above, below, crossed, flat, broken } = run;
  if (crossed * 2 > points) return 'limit_crossed';
  if (flat * 2 > points) return 'flat_line';
  if (broken * 2 > points) return 'season_broken';
  if (hasEnded(run) && run.last - run.start < SPIKE_MS) return above >= below ? 'spike' : 'dip';
  if (points >= SHIFT_POINTS && above > 0.9 * points) return 'shift_up';
  if (points >= SHIFT_POINTS && below > 0.9 * points) return 'shift_down';
  return above >= below ? 'spike' : 'dip';
}

function checksOf({ points, evidence, peak, crossed, flat, broken }: PointRun, limits: Limits): AnomalyCheck[] {
  const atLeast = (name: AnomalyCheckName, value: number, limit: number, unit: string) => {
    return { name, value, limit, unit, passed: value >= limit };
  };
  return [
    atLeast('anomalous_points', points, LEAST_ANOMALIES, '{point}'),
    atLeast('evidence', evidence, limits.needed, '1'),
    // A limit that is crossed needs no distance, and what does not move, or not as usual, has none.
    ...(crossed + flat + broken > 0
      ? []
      : [atLeast('distance', Math.abs(peak.value - peak.expected) / limits.least, 1, '1')]),
  ];
}
