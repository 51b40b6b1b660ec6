/** Finds scored points among those that jobs have kept, the newest first, a page at a time. */
import pLimit from 'p-limit';
import type { AnomalyLine } from '../model/anomaly-line.ts';
import type { PointPosition } from '../model/point-position.ts';
import type { Window } from '../model/series.ts';
import type { AnomalyLocation, AnomalyResultsStore, FoundCell } from '../ports/anomaly-results-store.ts';
import { ItemError } from '../ports/errors.ts';

export interface WantedPoints {
  readonly within: AnomalyLocation;
  /** Times of points. */
  readonly window: Window;
  /** Its id. */
  readonly host?: string | undefined;
  /** The id or the name of a host. */
  readonly named?: string | undefined;
  readonly metric?: string | undefined;
  /** Absent: anomalous points alone. Else those from this score on, as far as the job keeps them. */
  readonly minScore?: number | undefined;
  readonly limit: number;
  /** Where the page before ended. */
  readonly after?: PointPosition | undefined;
}

export interface PointPage {
  readonly lines: readonly AnomalyLine[];
  /** Undefined after the last page. A page may have fewer points than were wanted although there are more. */
  readonly next: PointPosition | undefined;
  /** What could not be read back, in words. */
  readonly unreadable: readonly string[];
}

type Results = Pick<AnomalyResultsStore, 'cells' | 'lines'>;

const DAY_MS = 86_400_000;

/** A job takes in an hour at once at the most, and what came late is with what is newer. */
const LONGEST_CELL_MS = 3_600_000;

/** Objects that are read for one page, and at once. */
const MOST_CELLS = 400;
const CELLS_AT_ONCE = 16;

/** Throws `StoreError`. */
export async function keptPoints(wanted: WantedPoints, results: Results): Promise<PointPage> {
  const lines: AnomalyLine[] = [];
  const unreadable: string[] = [];
  let read = 0;
  for await (const { cell, found, damage } of readCells(wanted, results)) {
    if (damage !== undefined) unreadable.push(damage);
    const before = wanted.after?.key === cell.key ? wanted.after.given : 0;
    const room = wanted.limit - lines.length;
    const given = found.slice(before, before + room);
    lines.push(...given);
    const next = { key: cell.key, start: cell.start, given: before + given.length };
    if (given.length === room || ++read >= MOST_CELLS) return { lines, unreadable, next };
  }
  return { lines, unreadable, next: undefined };
}

interface ReadCell {
  readonly cell: FoundCell;
  /** The newest first. */
  readonly found: readonly AnomalyLine[];
  readonly damage?: string;
}

/** The objects that can have wanted points, the newest first. */
async function* readCells(wanted: WantedPoints, results: Results): AsyncGenerator<ReadCell> {
  for (const day of daysOf(wanted)) {
    const cells = (await results.cells(wanted.within, day)).filter((cell) => isIn(cell, wanted)).toSorted(newestFirst);
    for (let at = 0; at < cells.length; at += CELLS_AT_ONCE) {
      const some = cells.slice(at, at + CELLS_AT_ONCE);
      yield* await pLimit(CELLS_AT_ONCE).map(some, (cell) => wantedLines(cell, wanted, results));
    }
  }
}

/** Days (UTC) of the objects that can have wanted points, the newest first. */
function daysOf({ window, after }: WantedPoints): string[] {
  const newest = Math.min(after?.start ?? Number.POSITIVE_INFINITY, window.end - 1 + DAY_MS);
  const days: string[] = [];
  const first = Math.floor((window.start - LONGEST_CELL_MS) / DAY_MS);
  for (let day = Math.floor(newest / DAY_MS); day >= first; day--)
    days.push(new Date(day * DAY_MS).toISOString().slice(0, 10));
  return days;
}

function isIn(cell: FoundCell, { window, after }: WantedPoints): boolean {
  if (cell.start < window.start - LONGEST_CELL_MS) return false;
  return after === undefined || newestFirst(after, cell) <= 0;
}

function newestFirst(a: FoundCell, b: FoundCell): number {
  if (a.start !== b.start) return b.start - a.start;
  if (a.key === b.key) return 0;
  return a.key < b.key ? -1 : 1;
}

async function wantedLines(cell: FoundCell, wanted: WantedPoints, results: Results): Promise<ReadCell> {
  const lines: AnomalyLine[] = [];
  try {
    for await (const line of results.lines(cell)) if (isWanted(line, wanted)) lines.push(line);
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
    return { cell, found: [], damage: error.message };
  }
  // An object has its lines from the oldest to the newest.
  return { cell, found: lines.reverse() };
}

function isWanted(line: AnomalyLine, { window, host, named, metric, minScore }: WantedPoints): boolean {
  if (line.time < window.start || line.time >= window.end) return false;
  if (host !== undefined && line.host !== host) return false;
  if (named !== undefined && line.host !== named && line.name !== named) return false;
  if (metric !== undefined && line.metric !== metric) return false;
  return minScore === undefined ? line.is_anomaly : line.score >= minScore;
}
