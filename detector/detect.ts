/**
 * The detector: a series in, a verdict out. Pure: no clock, no chance, no state; `series.window.end` is "now".
 * "Two inspections running" is the same series judged once more as it was an hour ago.
 */
import type { Series } from '../model/series.ts';
import type { Cleaned, Evidence, Gate, InsufficientReason, Verdict } from '../model/verdict.ts';
import { clean, type Samples } from './clean.ts';
import { confidenceOf } from './confidence.ts';
import { exhaustionOf } from './exhaustion.ts';
import { CELL_MS, CELLS_PER_HOUR, type Grid, gridBefore, gridOf } from './floors.ts';
import { atLeast, gatesOf } from './gates.ts';
import { BLOCKS, HORIZONS, type Horizon, horizonOf } from './horizon.ts';
import { onsetOf } from './onset.ts';
import { present } from './order.ts';
import { patternOf } from './pattern.ts';
import { lastStretch, type Stretch } from './stretch.ts';
import { slopeInterval } from './trend.ts';

const HOUR_MS = 3_600_000;

/** Below this nothing can be told from a warm-up. */
const LEAST_HOURS = 6;
/** A series whose last sample is older than this says nothing about now. */
const STALE_AFTER_MS = 3 * HOUR_MS;
/** From this horizon on a single inspection confirms. */
const CONFIRMING_HOURS = 24;

const NOTHING_CLEANED: Cleaned = { notFinite: 0, outOfRange: 0, outsideWindow: 0, duplicate: 0 };

/** The horizon that speaks loudest for growth, with what was asked of it. */
interface Judgement {
  readonly horizon: Horizon;
  readonly gates: readonly Gate[];
  readonly confidence: number;
}

/** Judges one series. Leaking when its confidence reaches the policy's threshold; never throws on what a source may send. */
export function detect(series: Series, policy: { readonly threshold: number }): Verdict {
  const samples = clean(series);
  if (samples === undefined) return insufficient('malformed', NOTHING_CLEANED);
  const last = samples.times.at(-1);
  if (last === undefined) return insufficient('no_samples', samples.cleaned);
  if (series.window.end - last > STALE_AFTER_MS + series.periodMs) return insufficient('stale', samples.cleaned);

  const grid = gridOf(samples, series.window.end);
  const stretch = lastStretch(grid);
  const hours = (grid.cells.length - stretch.start) / CELLS_PER_HOUR;
  const length = atLeast(
    'stretch_length',
    hours,
    LEAST_HOURS,
    'h',
    'hours since the last restart or gap: less cannot be told from a warm-up',
  );
  if (!length.passed) return insufficient('too_short', samples.cleaned, [length]);
  const judgement = judge(grid, stretch.start);
  if (judgement === undefined) return insufficient('too_many_gaps', samples.cleaned, [length]);

  const leaking = judgement.confidence >= policy.threshold;
  const evidence = evidenceOf(samples, grid, stretch, judgement, leaking);
  if (!leaking) return { state: 'steady', evidence };
  const confirmed = judgement.horizon.hours >= CONFIRMING_HOURS || wasLeaking(grid, stretch.start, policy.threshold);
  return { state: 'leaking', grade: confirmed ? 'confirmed' : 'suspected', evidence };
}

function insufficient(reason: InsufficientReason, cleaned: Cleaned, gates: readonly Gate[] = []): Verdict {
  return { state: 'insufficient_data', reason, gates, cleaned };
}

/** The most confident horizon; of equals the longer one, which rests on more. Undefined when none could be judged. */
function judge(grid: Grid, start: number): Judgement | undefined {
  const horizons = HORIZONS.map((hours) => horizonOf(grid, start, hours)).filter((horizon) => horizon !== null);
  const recent = horizons.find(({ hours }) => hours === 12);
  return horizons
    .map((horizon) => {
      const gates = gatesOf(horizon, recent);
      return { horizon, gates, confidence: confidenceOf(gates) };
    })
    .reduce<Judgement | undefined>(
      (best, one) => (best === undefined || one.confidence >= best.confidence ? one : best),
      undefined,
    );
}

/** Whether an inspection an hour ago would have flagged it too. */
function wasLeaking(grid: Grid, start: number, threshold: number): boolean {
  const judgement = judge(gridBefore(grid, CELLS_PER_HOUR), start);
  return judgement !== undefined && judgement.confidence >= threshold;
}

function evidenceOf(samples: Samples, grid: Grid, stretch: Stretch, judgement: Judgement, leaking: boolean): Evidence {
  const { horizon, gates, confidence } = judgement;
  const judged = grid.cells.subarray(stretch.start);
  const decided = grid.cells.subarray(grid.cells.length - horizon.hours * CELLS_PER_HOUR);
  const perHour = slopeInterval(horizon.floors);
  const blocksPerHour = BLOCKS / horizon.hours;
  const slope = {
    low: perHour.low * blocksPerHour,
    estimate: perHour.estimate * blocksPerHour,
    high: perHour.high * blocksPerHour,
  };
  const level = horizon.floors.at(-1) ?? 0;
  const toTime = (cell: number) => grid.end - (grid.cells.length - cell) * CELL_MS;
  const { unitPerPoint } = samples;
  return {
    judged: { start: toTime(stretch.start), end: grid.end },
    horizonHours: horizon.hours,
    historyHours: grid.cells.length / CELLS_PER_HOUR,
    coverage: present(judged).length / judged.length,
    restarts: stretch.restarts.map(toTime),
    level: level * unitPerPoint,
    growthPerHour: {
      low: slope.low * unitPerPoint,
      estimate: slope.estimate * unitPerPoint,
      high: slope.high * unitPerPoint,
    },
    onset: leaking ? onsetOf(grid, stretch.start) : null,
    pattern: leaking ? patternOf(horizon, decided) : null,
    confidence,
    exhaustion: exhaustionOf(level, slope, samples.limitKnown, grid.end),
    gates,
    cleaned: samples.cleaned,
  };
}
