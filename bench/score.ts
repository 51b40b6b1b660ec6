/** Scores of a detector's flags against what is true: per window, per series, and as alarms that somebody would get. */
import { bootstrapInterval, type Interval } from './bootstrap.ts';
import { type BenchSeries, HOUR_S, isLeak, leaksAt } from './data.ts';

/** A new alarm counts after this much silence. */
const SILENCE = 6 * HOUR_S;

/** What one detector said of one series. */
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
  readonly f1Interval: Interval;
  /** Alarms per 1,000 days of healthy hosts. */
  readonly falseAlarms: number;
  readonly falseWindowShare: number;
  /** Median hours from the onset to the first hit, and the ninth decile. */
  readonly delay: number;
  readonly delay90: number;
  readonly recallByTier: ReadonlyMap<string, Tally>;
  readonly recallByShape: ReadonlyMap<string, Tally>;
  readonly falseByOverlay: ReadonlyMap<string, Tally>;
}

export function scoreOf(evaluated: readonly Flags[]): Score {
  const windows = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 };
  const outcomes = evaluated.map((one) => outcomeOf(one, windows));
  const { truePositive, falsePositive, falseNegative, trueNegative } = windows;
  const leaking = outcomes.filter(isRequested);
  const healthy = outcomes.filter(({ series }) => series.label === 'healthy');
  const found = leaking.filter(isFound).length;
  const delays = leaking.flatMap(({ series, firstHit }) => {
    return firstHit === null ? [] : [(firstHit - Math.max(series.onset ?? 0, series.evalFrom)) / HOUR_S];
  });
  const alarms = outcomes.reduce((sum, outcome) => sum + outcome.alarms, 0);
  return {
    windowF1: (2 * truePositive) / (2 * truePositive + falsePositive + falseNegative),
    precision: found / (found + healthy.filter(isAlarmed).length),
    recall: found / leaking.length,
    f1: f1Of(outcomes),
    f1Interval: bootstrapInterval(outcomes, f1Of),
    falseAlarms: (alarms / (falsePositive + trueNegative)) * 24_000,
    falseWindowShare: falsePositive / (falsePositive + trueNegative),
    delay: decile(delays, 0.5),
    delay90: decile(delays, 0.9),
    recallByTier: tallies(leaking, ({ series }) => [series.tier], isFound),
    recallByShape: tallies(leaking, ({ series }) => [series.shape], isFound),
    falseByOverlay: tallies(healthy, ({ series }) => overlaysOf(series), isAlarmed),
  };
}

/** By series: 0 where nothing is found, NaN where there is nothing to find. */
function f1Of(outcomes: readonly Outcome[]): number {
  let [found, requested, alarmed] = [0, 0, 0];
  for (const outcome of outcomes) {
    if (isRequested(outcome)) requested++;
    if (isRequested(outcome) && isFound(outcome)) found++;
    if (outcome.series.label === 'healthy' && isAlarmed(outcome)) alarmed++;
  }
  return requested === 0 ? Number.NaN : (2 * found) / (found + alarmed + requested);
}

/** A leak that some scored window shows. */
function isRequested({ series, requested }: Outcome): boolean {
  return series.label === 'leak' && requested;
}

function isFound({ firstHit }: Outcome): boolean {
  return firstHit !== null;
}

function isAlarmed({ alarms }: Outcome): boolean {
  return alarms > 0;
}

function overlaysOf({ overlays, baseKind }: BenchSeries): readonly string[] {
  return overlays.length > 0 ? overlays : [`none (${baseKind})`];
}

/** Counts outcomes, and those that hit, under each of their keys. */
function tallies(
  outcomes: readonly Outcome[],
  keysOf: (outcome: Outcome) => readonly string[],
  isHit: (outcome: Outcome) => boolean,
): Map<string, Tally> {
  const counted = new Map<string, Tally>();
  for (const outcome of outcomes) {
    for (const key of keysOf(outcome)) {
      const { hit, of } = counted.get(key) ?? { hit: 0, of: 0 };
      counted.set(key, { hit: hit + (isHit(outcome) ? 1 : 0), of: of + 1 });
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

interface Outcome {
  readonly series: BenchSeries;
  /** Whether any scored window leaks. */
  readonly requested: boolean;
  /** False alarms. */
  readonly alarms: number;
  /** End of the first flagged window while memory leaks. */
  readonly firstHit: number | null;
}

/** Adds the windows of one series to `windows`. */
function outcomeOf({ series, ends, flags }: Flags, windows: Windows): Outcome {
  let requested = false;
  let alarms = 0;
  let lastAlarm = -Infinity;
  let firstHit: number | null = null;
  for (const [index, now] of ends.entries()) {
    const flag = flags[index] === true;
    const leak = isLeak(series, now);
    if (flag && firstHit === null && leaksAt(series, now)) firstHit = now;
    if (leak === true) {
      requested = true;
      if (flag) windows.truePositive++;
      else windows.falseNegative++;
    } else if (leak === false && flag) {
      windows.falsePositive++;
      if (now - lastAlarm > SILENCE) alarms++;
      lastAlarm = now;
    } else if (leak === false) windows.trueNegative++;
  }
  return { series, requested, alarms, firstHit };
}

function decile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN;
}
