/** One row of the report on evidence, scored over the hosts of one set. */
import { effectivePolicy } from '../core/model/policy.ts';
import { atPrior, calibrationError, reliability, type ScoredWindow } from './calibration.ts';
import { type BenchSeries, HOUR_S, isLeak, leaksAt, windowEnds } from './data.ts';
import type { RowFlags } from './evidence-rows.ts';
import { type Flags, scoreOf } from './score.ts';

/** Confidences are stated at the prior of the policy. More of the generated hosts leak. */
const { prior: PRIOR } = effectivePolicy();

/** Seconds without a flag after which the next flag is a new alarm. */
const SILENCE_S = 6 * HOUR_S;

export interface EvaluatedHost extends RowFlags {
  readonly series: BenchSeries;
}

export const FIGURES = [
  'sF1',
  'FA',
  'wF1',
  'delay fast',
  'delay medium',
  'delay slow',
  'lasting',
  'lasting slow',
  'false fleet-wide',
  'shared found',
  'calibration',
  'at the prior',
] as const;
export type FigureName = (typeof FIGURES)[number];

/** NaN where there is nothing to count. */
export function figuresOf(hosts: readonly EvaluatedHost[]): Record<FigureName, number> {
  const evaluated = hosts.map((host): Flags & EvaluatedHost => ({ ...host, ends: windowEnds(host.series) }));
  const score = scoreOf(evaluated);
  const delayOf = (tier: string) => scoreOf(evaluated.filter(({ series }) => series.tier === tier)).delay;
  const windows = evaluated.flatMap(scoredWindows);
  const shared = evaluated.filter(({ series, ends }) => {
    return series.shared === true && ends.some((now) => isLeak(series, now) === true);
  });
  return {
    sF1: score.f1,
    FA: score.falseAlarms,
    wF1: score.windowF1,
    'delay fast': delayOf('fast'),
    'delay medium': delayOf('medium'),
    'delay slow': delayOf('slow'),
    lasting: score.lasting,
    'lasting slow': score.lastingSlow,
    'false fleet-wide': evaluated.reduce((sum, one) => sum + fleetWideEpisodes(one), 0),
    'shared found': shared.filter(isFound).length / shared.length,
    calibration: calibrationOf(windows),
    'at the prior': calibrationOf(atPrior(windows, PRIOR, PRIOR)),
  };
}

/** Of the curve of thresholds, and of the parts that hosts are divided into. */
export interface Tradeoff {
  readonly f1: number;
  readonly falseAlarms: number;
}

/** As if the threshold were another one: a host leaks from that confidence on. */
export function tradeoffAt(hosts: readonly EvaluatedHost[], threshold: number): Tradeoff {
  const { f1, falseAlarms } = scoreOf(
    hosts.map(({ series, confidence }) => {
      return { series, ends: windowEnds(series), flags: confidence.map((one) => one !== null && one >= threshold) };
    }),
  );
  return { f1, falseAlarms };
}

/** NaN of peers, which have no confidence. */
function calibrationOf(windows: readonly ScoredWindow[]): number {
  return windows.length === 0 ? Number.NaN : calibrationError(reliability(windows));
}

export function isFound({ series, ends, flags }: Flags): boolean {
  return ends.some((now, hour) => flags[hour] === true && leaksAt(series, now));
}

/** Alarms in healthy hours of hosts to all siblings of which something harmless happened. */
export function fleetWideEpisodes({ series, ends, flags }: Flags): number {
  if ((series.fleetWide ?? null) === null) return 0;
  const alarms = ends.filter((now, hour) => flags[hour] === true && isLeak(series, now) === false);
  return alarms.filter((now, index) => now - (alarms[index - 1] ?? Number.NEGATIVE_INFINITY) > SILENCE_S).length;
}

function scoredWindows({ series, ends, confidence }: Flags & RowFlags): ScoredWindow[] {
  return ends.flatMap((now, hour) => {
    const [leak, known] = [isLeak(series, now), confidence[hour] ?? null];
    return leak === null || known === null ? [] : [{ confidence: known, leak, weight: 1 }];
  });
}
