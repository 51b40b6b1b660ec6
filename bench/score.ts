/** Scores a detector's flags against the truth: by window, by series, and as alarms. */
import { type BootstrapInterval, bootstrapInterval } from './bootstrap.ts';
import { type BenchSeries, HOUR_S, isLeak, leaksAt } from './data.ts';

/** Seconds without a flag after which the next flag is a new alarm. */
const SILENCE = 6 * HOUR_S;

/** The flags of one detector for one series. */
export interface Flags {
  readonly series: BenchSeries;
  /** Ends of the windows, seconds from the start of the series. */
  readonly ends: readonly number[];
  readonly flags: readonly boolean[];
}

export interface Tally {
  readonly hit: number;
  readonly of: number;
}

export interface Score {
  readonly windowF1: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Of f1, for other series of the same kind. */
  readonly f1Interval: BootstrapInterval;
  /** Alarms per 1,000 days of healthy hosts. */
  readonly falseAlarms: number;
  readonly falseWindowShare: number;
  /** Median hours from the onset to the first hit, and the ninth decile. */
  readonly delay: number;
  readonly delay90: number;
  /** The median of the leaks of each tier. */
  readonly delayByTier: ReadonlyMap<string, number>;
  /** Of the scored hours after the first hit in which memory leaks, the share that is flagged: of all leaks, and of slow ones. */
  readonly lasting: number;
  readonly lastingSlow: number;
  readonly recallByTier: ReadonlyMap<string, Tally>;
  readonly recallByShape: ReadonlyMap<string, Tally>;
  readonly falseByOverlay: ReadonlyMap<string, Tally>;
}

export function scoreOf(evaluated: readonly Flags[]): Score {
  const windows = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 };
  const seriesScores = evaluated.map((one) => seriesScoreOf(one, windows));
  const { truePositive, falsePositive, falseNegative, trueNegative } = windows;
  const leaking = seriesScores.filter(isFindable);
  const healthy = seriesScores.filter(({ series }) => series.label === 'healthy');
  const found = leaking.filter(isFound).length;
  const delays = delaysOf(leaking);
  const tiers = Map.groupBy(leaking, ({ series }) => series.tier);
  const alarms = seriesScores.reduce((sum, seriesScore) => sum + seriesScore.alarms, 0);
  return {
    windowF1: (2 * truePositive) / (2 * truePositive + falsePositive + falseNegative),
    precision: found / (found + healthy.filter(isAlarmed).length),
    recall: found / leaking.length,
    f1: f1Of(seriesScores),
    f1Interval: bootstrapInterval(seriesScores, f1Of),
    falseAlarms: (alarms / (falsePositive + trueNegative)) * 24_000,
    falseWindowShare: falsePositive / (falsePositive + trueNegative),
    delay: decile(delays, 0.5),
    delay90: decile(delays, 0.9),
    delayByTier: new Map([...tiers].map(([tier, some]) => [tier, decile(delaysOf(some), 0.5)])),
    lasting: lastingOf(leaking),
    lastingSlow: lastingOf(leaking.filter(({ series }) => series.tier === 'slow')),
    recallByTier: tallies(leaking, ({ series }) => [series.tier], isFound),
    recallByShape: tallies(leaking, ({ series }) => [series.shape], isFound),
    falseByOverlay: tallies(healthy, ({ series }) => overlaysOf(series), isAlarmed),
  };
}

/** Hours from the onset to the first hit, of the leaks that are found. */
function delaysOf(leaking: readonly SeriesScore[]): number[] {
  return leaking.flatMap(({ series, firstHit }) => {
    return firstHit === null ? [] : [(firstHit - Math.max(series.onset ?? 0, series.evalFrom)) / HOUR_S];
  });
}

/** NaN where nothing leaks on after a first hit. */
function lastingOf(leaking: readonly SeriesScore[]): number {
  const hit = leaking.reduce((sum, { afterFirstHit }) => sum + afterFirstHit.hit, 0);
  return hit / leaking.reduce((sum, { afterFirstHit }) => sum + afterFirstHit.of, 0);
}

/** By series: 0 where nothing is found, NaN where there is nothing to find. */
function f1Of(seriesScores: readonly SeriesScore[]): number {
  let [found, findable, alarmed] = [0, 0, 0];
  for (const seriesScore of seriesScores) {
    if (isFindable(seriesScore)) findable++;
    if (isFindable(seriesScore) && isFound(seriesScore)) found++;
    if (seriesScore.series.label === 'healthy' && isAlarmed(seriesScore)) alarmed++;
  }
  return findable === 0 ? Number.NaN : (2 * found) / (found + alarmed + findable);
}

/** A leak that is in at least one scored window. */
function isFindable({ series, findable }: SeriesScore): boolean {
  return series.label === 'leak' && findable;
}

function isFound({ firstHit }: SeriesScore): boolean {
  return firstHit !== null;
}

function isAlarmed({ alarms }: SeriesScore): boolean {
  return alarms > 0;
}

function overlaysOf({ overlays, baseKind }: BenchSeries): readonly string[] {
  return overlays.length > 0 ? overlays : [`none (${baseKind})`];
}

/** Counts series, and those that hit, under each of their keys. */
function tallies(
  seriesScores: readonly SeriesScore[],
  keysOf: (seriesScore: SeriesScore) => readonly string[],
  isHit: (seriesScore: SeriesScore) => boolean,
): Map<string, Tally> {
  const counted = new Map<string, Tally>();
  for (const seriesScore of seriesScores) {
    for (const key of keysOf(seriesScore)) {
      const { hit, of } = counted.get(key) ?? { hit: 0, of: 0 };
      counted.set(key, { hit: hit + (isHit(seriesScore) ? 1 : 0), of: of + 1 });
    }
  }
  return counted;
}

interface Windows {
  truePositive: number;
  falsePositive: number;
  falseNegative: number;
  trueNegative: number;
}

interface SeriesScore {
  readonly series: BenchSeries;
  /** Whether any scored window leaks. */
  readonly findable: boolean;
  /** False alarms. */
  readonly alarms: number;
  /** End of the first flagged window while memory leaks. */
  readonly firstHit: number | null;
  /** Scored windows after it in which memory leaks, and those of them that are flagged. */
  readonly afterFirstHit: Tally;
}

/** Adds the windows of one series to `windows`. */
function seriesScoreOf({ series, ends, flags }: Flags, windows: Windows): SeriesScore {
  let findable = false;
  let alarms = 0;
  let lastAlarm = -Infinity;
  let firstHit: number | null = null;
  for (const [index, now] of ends.entries()) {
    const flag = flags[index] === true;
    const leak = isLeak(series, now);
    if (flag && firstHit === null && leaksAt(series, now)) firstHit = now;
    if (leak === true) {
      findable = true;
      if (flag) windows.truePositive++;
      else windows.falseNegative++;
    } else if (leak === false && flag) {
      windows.falsePositive++;
      if (now - lastAlarm > SILENCE) alarms++;
      lastAlarm = now;
    } else if (leak === false) windows.trueNegative++;
  }
  return { series, findable, alarms, firstHit, afterFirstHit: afterHit({ series, ends, flags }, firstHit) };
}

function afterHit({ series, ends, flags }: Flags, firstHit: number | null): Tally {
  const flagged = ends.flatMap((now, index) => {
    return firstHit !== null && now > firstHit && isLeak(series, now) === true ? [flags[index] === true] : [];
  });
  return { hit: flagged.filter(Boolean).length, of: flagged.length };
}

export function decile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN;
}
