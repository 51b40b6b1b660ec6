/** What the story of a leak is made of: one verdict, and the host's own floors in the lookback window. */
import { clean } from '../../detector/clean.ts';
import { CELLS_PER_HOUR, gridOf, hourlyFloors } from '../../detector/floors.ts';
import { type Severity, severityOf } from '../../model/finding.ts';
import type { Series } from '../../model/series.ts';
import type { Grade, Leaking, Steady } from '../../model/verdict.ts';

export const HOUR_MS = 3_600_000;

/** Hourly floors in points (percent of the capacity), oldest first; the last one ends at `end`. */
export interface Floors {
  /** Epoch milliseconds. */
  readonly end: number;
  /** Without gaps: an hour without samples has the floor of the one before. */
  readonly hourly: Float64Array;
  /** Whether the hour holds a sample. */
  readonly known: readonly boolean[];
}

/** What an inspection found out about a host whose story goes on. */
export type Facts = Verdicts | Absence;

/** It could not be evaluated, or it is gone: others of its group may have replaced it. */
export interface Absence {
  readonly kind: 'no_verdict' | 'host_gone' | 'replaced';
  /** The end of the window, epoch milliseconds. */
  readonly at: number;
}

/** One inspection with a verdict. Rates are points an hour. */
export interface Verdicts {
  readonly kind: 'verdict';
  /** The end of the window, epoch milliseconds. */
  readonly at: number;
  /** Null where the host is steady. */
  readonly grade: Grade | null;
  readonly confidence: number;
  /** Whether a steady host would be a leaking one if it were not refilling after a restart. */
  readonly refills: boolean;
  /** Of a leaking host. `lasting`: its confidence with five hours ago included. */
  readonly leak: {
    readonly severity: Severity;
    readonly rate: number;
    readonly since: number;
    readonly lasting: number;
  } | null;
  /** Whether memory is so full that a curve that is flat is no recovery. */
  readonly isFull: boolean;
  /** What 100 points are, in the unit of the series. */
  readonly capacity: number;
  /** The newest restart in the lookback window. */
  readonly restartedAt: number | null;
  readonly floors: Floors;
}

/**
 * A leak that has filled the memory stops to grow: from this utilization on, a flat curve is no recovery. An operator who
 * accepts a full host mutes it; an event that it recovered would be false.
 */
const FULL = 0.9;

/** Whether the vote on a refill decided that a host is steady. */
export function isRefill({ state, evidence: { votes, decidedBy } }: Leaking | Steady): boolean {
  return state === 'steady' && votes.some(({ evaluator, reason }) => evaluator === decidedBy && reason === 'refill');
}

export function factsOf(series: Series, verdict: Leaking | Steady): Verdicts {
  const { evidence } = verdict;
  const samples = clean(series);
  const capacity = samples?.capacity || 1;
  const limit = series.unit === '1' ? 1 : series.limit;
  const grid = samples && gridOf(samples, series.window.end);
  const hourly = grid ? hourlyFloors(grid) : new Float64Array();
  const known = Array.from(hourly, (_, index) => {
    const to = (grid?.cells.length ?? 0) - (hourly.length - 1 - index) * CELLS_PER_HOUR;
    return grid?.cells.subarray(to - CELLS_PER_HOUR, to).some((cell) => !Number.isNaN(cell)) ?? false;
  });
  return {
    kind: 'verdict',
    at: series.window.end,
    grade: verdict.state === 'leaking' ? verdict.grade : null,
    confidence: evidence.confidence,
    refills: isRefill(verdict),
    leak:
      verdict.state === 'leaking'
        ? {
            severity: severityOf(evidence.exhaustion, series.window.end),
            rate: (evidence.growthPerHour.estimate / capacity) * 100,
            since: evidence.onset?.end ?? series.window.end,
            lasting: evidence.lastingConfidence ?? 0,
          }
        : null,
    isFull: limit !== undefined && evidence.level >= FULL * limit,
    capacity,
    restartedAt: evidence.restarts.at(-1) ?? null,
    floors: { end: grid?.end ?? series.window.end, hourly, known },
  };
}
