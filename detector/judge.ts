/** Scores a grid: its season is found and taken out, its signs are read, and the model adds them up. */
import { CELLS_PER_HOUR, type Grid, hourlyFloors } from './floors.ts';
import { type Hinge, hingeOf } from './knee.ts';
import { type Model, scoreOf } from './model.ts';
import { seasonOf, without } from './season.ts';
import { signsOf } from './signs.ts';

/** What was measured of a grid. */
export interface Measured {
  /** Hourly floors without gaps, as they were. */
  readonly raw: Float64Array;
  /** The same less their season. */
  readonly hourly: Float64Array;
  /** The rising line that fits these best; null where none rises. */
  readonly hinge: Hinge | null;
  readonly signs: Float64Array;
}

export interface Judgement extends Measured {
  /** Log-odds before calibration. */
  readonly score: number;
  /** Index of the first cell that was judged: 0, or where the last stretch begins. */
  readonly start: number;
}

/**
 * A stretch this long after a restart is judged by itself too: a host that was restarted leaks again from below where
 * it had been. A shorter one is a warm-up that only what lies before the restart can tell from a leak.
 */
const OWN_STRETCH_HOURS = 12;

/** The grid as a whole, or its last stretch where that grows more like a leak. */
export function judge(grid: Grid, stretchStart: number, model: Model): Judgement {
  const whole = judgeFrom(grid, 0, model);
  const stretch = grid.cells.length - stretchStart;
  if (stretchStart === 0 || stretch < OWN_STRETCH_HOURS * CELLS_PER_HOUR) return whole;
  const alone = judgeFrom(grid, stretchStart, model);
  return alone.score > whole.score ? alone : whole;
}

function judgeFrom({ end, cells }: Grid, start: number, model: Model): Judgement {
  const measured = measure({ end, cells: cells.subarray(start) });
  return { ...measured, start, score: scoreOf(model, measured.signs) };
}

export function measure(grid: Grid): Measured {
  const raw = hourlyFloors(grid);
  const season = seasonOf(raw);
  const hourly = without(raw, season);
  const hinge = hingeOf(hourly, true);
  return { raw, hourly, hinge, signs: signsOf(season === null ? grid : gridWithout(grid, season), hourly, hinge) };
}

/** The cells less their season, which is read between the middles of the hours. */
function gridWithout({ end, cells }: Grid, season: Float64Array): Grid {
  const last = cells.length - 1;
  const hours = season.length;
  const adjusted = new Float64Array(cells.length);
  for (let i = 0; i <= last; i++) {
    const hoursAgo = (last - i + 0.5) / CELLS_PER_HOUR - 0.5;
    const hour = Math.floor(hoursAgo);
    const part = hoursAgo - hour;
    const before = season[(hour + hours) % hours] ?? 0;
    const after = season[(hour + 1) % hours] ?? 0;
    adjusted[i] = (cells[i] ?? Number.NaN) - before * (1 - part) - after * part;
  }
  return { end, cells: adjusted };
}
