/** The detector's verdict on each process of a host: `used` is evaluated where it is known, else the resident memory. */
import { detect, STALE_AFTER_MS } from '../detector/detect.ts';
import { DEFAULT_POLICY } from '../model/policy.ts';
import type { ArchivedHour, RecordedSample } from '../model/recording.ts';
import { hourOf } from '../model/sample-chunk.ts';
import { NO_REGION, PROCESS_MEMORY, type Series } from '../model/series.ts';
import type { Verdict } from '../model/verdict.ts';
import { type Figure, figureOf } from './archive.ts';
import { HOUR_MS } from './days.ts';
import type { ProcessHistory } from './history.ts';

export interface EvaluatedProcess {
  readonly history: ProcessHistory;
  /** Undefined where no sample has either. */
  readonly evaluated: 'used' | 'resident' | undefined;
  /** As of the newest sample of the host; undefined where nothing could be evaluated. */
  readonly verdict: Verdict | undefined;
  /** It has no sample of the host's last hours: it ended, or is sampled no more. */
  readonly ended: boolean;
}

/** Milliseconds before a host's newest sample that a verdict needs. */
export const EVALUATED_MS = DEFAULT_POLICY.lookBackHours * HOUR_MS;

/**
 * @param histories Of one host.
 * @param everyS Seconds between samples.
 */
export function evaluateProcesses(histories: readonly ProcessHistory[], everyS: number): readonly EvaluatedProcess[] {
  const end = Math.max(...histories.map(newestOf));
  return histories.map((history) => {
    const evaluated = evaluatedFigure(history);
    const ended = end - newestOf(history) > STALE_AFTER_MS;
    if (evaluated === undefined) return { history, evaluated, verdict: undefined, ended };
    const series = seriesOf(history, evaluated, { end: end + everyS * 1000, periodMs: everyS * 1000 });
    return { history, evaluated, verdict: detect(series, DEFAULT_POLICY), ended };
  });
}

/** Epoch milliseconds of the newest sample; of an archived one the beginning of its hour. */
export function newestOf({ live, archived }: ProcessHistory): number {
  return Math.max(live.at(-1)?.time ?? 0, archived.at(-1)?.hour ?? 0);
}

/** What most samples state: a figure that a few of them lack is still the one to look at. */
export function evaluatedFigure({ live, archived }: ProcessHistory): 'used' | 'resident' | undefined {
  const known = (figure: Figure) =>
    live.filter((sample) => figureOf(sample, figure) !== undefined).length +
    archived.filter((hour) => hour[figure] !== undefined).length;
  if (known('used') > 0 && 2 * known('used') >= known('resident')) return 'used';
  return known('resident') > 0 ? 'resident' : undefined;
}

export interface Point {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly value: number;
}

/** Live samples, and of hours without any the least that was archived: growth is looked for in the lowest values. */
export function pointsOf({ live, archived }: ProcessHistory, figure: Figure): readonly Point[] {
  const liveHours = new Set(live.map(({ time }) => hourOf(time)));
  const points = [
    ...archived
      .filter(({ hour }) => !liveHours.has(hour))
      .map((hour) => ({ time: hour.hour, value: hour[figure]?.min })),
    ...live.map((sample) => ({ time: sample.time, value: figureOf(sample, figure) })),
  ];
  return points.filter(isKnown).toSorted((a, b) => a.time - b.time);
}

function isKnown(point: { readonly time: number; readonly value: number | undefined }): point is Point {
  return point.value !== undefined;
}

interface AsOf {
  /** Epoch milliseconds. */
  readonly end: number;
  readonly periodMs: number;
}

/** A process has no limit of its own: none is stated, so that no time is estimated at which it is reached. */
function seriesOf(history: ProcessHistory, figure: Figure, { end, periodMs }: AsOf): Series {
  const start = end - EVALUATED_MS;
  const points = pointsOf(history, figure).filter(({ time }) => time >= start);
  return {
    kind: 'series',
    resource: { provider: 'local', account: 'recording', region: NO_REGION, id: history.host },
    consumer: { kind: 'process', name: history.process.name },
    metric: PROCESS_MEMORY,
    unit: 'By',
    statistic: 'average',
    window: { start, end },
    periodMs,
    times: Float64Array.from(points, ({ time }) => time),
    values: Float64Array.from(points, ({ value }) => value),
  };
}

/** The newest figures of a process: of a live sample, else the greatest of the newest archived hour. */
export function newestFigures({ live, archived }: ProcessHistory): { readonly [F in Figure]?: number } {
  const sample: RecordedSample | undefined = live.at(-1);
  const hour: ArchivedHour | undefined = archived.at(-1);
  if (sample !== undefined) return { ...sample, ...definedUsed(sample) };
  return Object.fromEntries(
    Object.entries(hour ?? {}).flatMap(([figure, band]) => (typeof band === 'object' ? [[figure, band.max]] : [])),
  );
}

function definedUsed(sample: RecordedSample): { readonly used?: number } {
  const used = figureOf(sample, 'used');
  return used === undefined ? {} : { used };
}
