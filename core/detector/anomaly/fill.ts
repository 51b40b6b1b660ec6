/**
 * Whether what can fill up does so: the growth detector of memory over the least values of quarters of an hour, asked once an hour. The times of
 * exhaustion are its middle ones, with bounds of their own: disks grow straighter than memory that leaks.
 */
import type { AnomalyEpisode, ScoredPoint } from '../../model/anomaly.ts';
import type { PointFill } from '../../model/point-state.ts';
import type { Series } from '../../model/series.ts';
import type { Exhaustion } from '../../model/verdict.ts';
import { detect } from '../detect.ts';
import { CELL_MS, CELLS_PER_HOUR } from '../floors.ts';
import type { Points } from './reference.ts';
import type { PointSettings } from './settings.ts';

const HOUR_MS = 3_600_000;
/** What the growth detector evaluates: a hundred hours. */
const MOST_CELLS = 400;
/** Cells are stored as shares of so many parts. */
const PARTS = 10_000;
/** Confidence from which growth counts: the default policy's. */
const THRESHOLD = 0.7;
/** Growth that fills it later than this is of no concern yet. */
const FILLS_WITHIN_HOURS = 14 * 24;
/**
 * Rise over a hundred hours as a share of the free room, below which nothing is evaluated: that costs a millisecond, and most disks are quiet. Of
 * those that were found to fill, the least had risen by .012, on disks without noise that grow ever faster.
 */
const LEAST_RISE = 0.005;
const RECENT_CELLS = 3 * CELLS_PER_HOUR;
/** Hours without growth after which it has ended. */
const MOST_QUIET = 6;
/**
 * The remaining time over the one that growth detection gives, an hour added to both: its 10th, 50th and 90th percentile on the generated disks
 * that figures are chosen on. What comes of it on others: bench/results/anomalies.md.
 */
const PACE = { earliest: 0.85, likely: 1.2, latest: 2.2 };

export type Capacity = Pick<PointSettings, 'lower' | 'upper' | 'fills'>;

export function fillOf({ times, values }: Points, capacity: Capacity): PointFill | null {
  if (!capacity.fills || capacity.upper === null) return null;
  let fill: PointFill = { start: 0, cells: [], run: null };
  for (let i = Math.max(0, times.length - MOST_CELLS * 15); i < times.length; i++) {
    fill = withValue(fill, times[i] ?? 0, values[i] ?? 0, capacity);
  }
  return fill;
}

/** With one more value in its cell. */
export function withValue(fill: PointFill, time: number, value: number, { lower, upper }: Capacity): PointFill {
  const from = lower ?? 0;
  const share = (value - from) / ((upper ?? 1) - from);
  const part = Math.min(PARTS, Math.max(0, Math.round(share * PARTS)));
  const cellStart = Math.floor(time / CELL_MS) * CELL_MS;
  const index = Math.round((cellStart - fill.start) / CELL_MS);
  if (fill.cells.length === 0 || index >= fill.cells.length + MOST_CELLS)
    return { ...fill, start: cellStart, cells: [part] };
  if (index < fill.cells.length) {
    const cells = [...fill.cells];
    cells[index] = Math.min(cells[index] ?? PARTS, part);
    return { ...fill, cells };
  }
  const gap = Array.from({ length: index - fill.cells.length }, () => null);
  const cells = [...fill.cells, ...gap, part];
  const surplus = Math.max(0, cells.length - MOST_CELLS);
  return { ...fill, start: fill.start + surplus * CELL_MS, cells: cells.slice(surplus) };
}

/** Whether a point is in another hour than the last one: then the hours before it are complete, and worth a look. */
export function isNewHour(last: number, time: number): boolean {
  return hourOf(last) !== hourOf(time);
}

/** The beginning of the hour of a time. */
export function hourOf(time: number): number {
  return Math.floor(time / HOUR_MS) * HOUR_MS;
}

/** With what the hours before `now` show. */
export function checked(fill: PointFill, now: number): PointFill {
  const growth = growthIn(fill, now);
  const { run } = fill;
  if (growth !== null) {
    const { start, confidence, ...left } = growth;
    const began = run ?? { start: Math.min(start, now), reportedAt: now };
    return { ...fill, run: { ...began, ...left, confidence, quiet: 0 } };
  }
  if (run === null) return fill;
  return { ...fill, run: run.quiet + 1 >= MOST_QUIET ? null : { ...run, quiet: run.quiet + 1 } };
}

interface Growth {
  readonly start: number;
  readonly confidence: number;
  readonly earliest: number;
  readonly likely: number;
  readonly latest: number;
}

/** Whether the highest of the last hours lies above the lowest of all by too little to be growth that fills it. */
function isQuiet({ cells }: PointFill): boolean {
  let [low, high] = [PARTS, 0];
  for (const [i, cell] of cells.entries()) {
    if (cell === null) continue;
    low = Math.min(low, cell);
    if (i >= cells.length - RECENT_CELLS) high = Math.max(high, cell);
  }
  return high - low <= LEAST_RISE * (PARTS - high);
}

/** Null where it does not fill within two weeks. */
function growthIn(fill: PointFill, now: number): Growth | null {
  if (isQuiet(fill)) return null;
  const verdict = detect(seriesOf(fill, now), { threshold: THRESHOLD });
  if (verdict.state !== 'leaking') return null;
  const { exhaustion, confidence, onset } = verdict.evidence;
  if (exhaustion.kind !== 'expected') return null;
  const left = exhaustion.likely - now;
  if (left > FILLS_WITHIN_HOURS * HOUR_MS) return null;
  const at = (pace: number) => Math.round(now + Math.max(0, (left + HOUR_MS) * pace - HOUR_MS));
  return {
    start: onset?.end ?? now,
    confidence,
    earliest: at(PACE.earliest),
    likely: at(PACE.likely),
    latest: at(PACE.latest),
  };
}

function seriesOf({ start, cells }: PointFill, now: number): Series {
  const known = [...cells.keys()].filter((i) => cells[i] !== null);
  return {
    kind: 'series',
    resource: { provider: 'local', account: '', region: null, id: '' },
    metric: 'system.filesystem.utilization',
    unit: '1',
    statistic: 'minimum',
    window: { start, end: Math.max(start + 1, now) },
    periodMs: CELL_MS,
    times: Float64Array.from(known, (i) => start + i * CELL_MS),
    values: Float64Array.from(known, (i) => (cells[i] ?? 0) / PARTS),
  };
}

/** The episode of what fills at a point; null where nothing does. */
export function fillEpisode({ run, cells }: PointFill, last: ScoredPoint, goesOn: boolean): AnomalyEpisode | null {
  if (run === null) return null;
  const { start, reportedAt, confidence, earliest, likely, latest } = run;
  const hoursLeft = (likely - last.time) / HOUR_MS;
  const exhaustion: Exhaustion = { kind: 'expected', earliest, likely, latest };
  return {
    type: 'fills',
    start,
    last: last.time,
    goesOn,
    reportedAt,
    peak: last,
    points: Math.max(1, Math.round((last.time - start) / CELL_MS)),
    checks: [
      {
        name: 'growth_confidence',
        value: confidence,
        limit: THRESHOLD,
        unit: '1',
        passed: confidence >= THRESHOLD,
      },
      {
        name: 'hours_until_full',
        value: hoursLeft,
        limit: FILLS_WITHIN_HOURS,
        unit: 'h',
        passed: hoursLeft <= FILLS_WITHIN_HOURS,
      },
      {
        name: 'hours_known',
        value: cells.length / CELLS_PER_HOUR,
        limit: 12,
        unit: 'h',
        passed: cells.length >= 12 * CELLS_PER_HOUR,
      },
    ],
    exhaustion,
  };
}
