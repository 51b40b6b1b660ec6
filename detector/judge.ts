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
export const OWN_STRETCH_HOURS = 12;

/** The grid as a whole, or its last stretch where that grows more like a leak. */
export function judge(grid: Grid, stretchStart: number, model: Model): Judgement {
  const whole = judged(grid, 0, model);
  const own = ownStretch(grid, stretchStart);
  if (own === null) return whole;
  const alone = judged(own, stretchStart, model);
  return alone.score > whole.score ? alone : whole;
}

/** The last stretch of a grid where it is judged by itself too, else null. */
export function ownStretch({ end, cells }: Grid, start: number): Grid | null {
  if (start === 0 || cells.length - start < OWN_STRETCH_HOURS * CELLS_PER_HOUR) return null;
  return { end, cells: cells.subarray(start) };
}

function judged(grid: Grid, start: number, model: Model): Judgement {
  const measured = measure(grid);
  return { ...measured, start, score: scoreOf(model, measured.signs) };
}

export function measure(grid: Grid): Measured {
  const raw = hourlyFloors(grid);
  const season = seasonOf(raw);
  const hourly = without(raw, season);
  const hinge = hingeOf(hourly, true);
  const seasonless = season === null ? grid : gridWithout(grid, season);
  return { raw, hourly, hinge, signs: signsOf(seasonless, raw, hourly, hinge) };
}

/** The cells less their season, which is read between the middles of the hours. */
function gridWithout({ end, cells }: Grid, season: Float64Array): Grid {
  const last = cells.length - 1;
  const hours = season.length;
  const adjusted = new Float64Array(cells.length);
  const perCell = Float64Array.from({ length: hours * CELLS_PER_HOUR }, (_, cell) => {
    const hoursAgo = (cell + 0.5) / CELLS_PER_HOUR - 0.5;
    const hour = Math.floor(hoursAgo);
    const part = hoursAgo - hour;
    const [before, after] = [season[(hour + hours) % hours] ?? 0, season[(hour + 1) % hours] ?? 0];
    return before * (1 - part) + after * part;
  });
  for (let i = 0; i <= last; i++) {
    adjusted[i] = (cells[i] ?? Number.NaN) - (perCell[(last - i) % perCell.length] ?? 0);
  }
  return { end, cells: adjusted };
}
