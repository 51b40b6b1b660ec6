/** Rows and columns that fit the terminal: what may be cut is cut, and columns give way by how dear they are. */
import { displayWidth, type Paint, pad, type Tone, truncate } from './text.ts';

export interface Column<Row> {
  readonly title: string;
  /** The cell's text, without escape sequences. */
  readonly text: (row: Row) => string;
  readonly align?: 'left' | 'right';
  readonly tone?: (row: Row) => Tone | undefined;
  /** Where there is no room the columns with the lowest numbers give way. Absent: it always stays. */
  readonly expendable?: number;
  /** Columns to which the text may be cut when nothing is left to give way. Absent: it is never cut. */
  readonly leastWidth?: number;
}

export interface TableOptions {
  /** Columns of the terminal; absent where the output is not a terminal: nothing is cut then. */
  readonly width?: number | undefined;
  readonly paint: Paint;
}

const GAP = 2;

export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], options: TableOptions): string {
  const { width = Number.POSITIVE_INFINITY, paint } = options;
  const natural = new Map(columns.map((column) => [column, naturalWidth(column, rows)]));
  const kept = giveWay(columns, natural, width);
  const widths = shrink(kept, natural, width);
  const line = (cell: (column: Column<Row>) => { text: string; tone?: Tone | undefined }) =>
    kept
      .map((column, index) => {
        const { text, tone } = cell(column);
        const columnWidth = widths[index] ?? 0;
        const cut = truncate(text, columnWidth);
        const fitted = isLast(index, kept) && column.align !== 'right' ? cut : pad(cut, columnWidth, column.align);
        return tone === undefined ? fitted : paint(tone, fitted);
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  const head = line(({ title }) => ({ text: title, tone: 'dim' }));
  return [head, ...rows.map((row) => line(({ text, tone }) => ({ text: text(row), tone: tone?.(row) })))].join('\n');
}

function isLast(index: number, columns: readonly unknown[]): boolean {
  return index === columns.length - 1;
}

function naturalWidth<Row>({ title, text }: Column<Row>, rows: readonly Row[]): number {
  return rows.reduce((widest, row) => Math.max(widest, displayWidth(text(row))), displayWidth(title));
}

/** The columns that stay: those that are not expendable, and of the others the dearest that still fit, in their old order. */
function giveWay<Row>(
  columns: readonly Column<Row>[],
  natural: ReadonlyMap<Column<Row>, number>,
  width: number,
): readonly Column<Row>[] {
  const leastWidth = (column: Column<Row>) => Math.min(column.leastWidth ?? Infinity, natural.get(column) ?? 0) + GAP;
  const kept = new Set(columns.filter(({ expendable }) => expendable === undefined));
  let room = width + GAP - [...kept].reduce((sum, column) => sum + leastWidth(column), 0);
  const dearestFirst = columns.filter((column) => !kept.has(column)).sort((a, b) => rank(b) - rank(a));
  for (const column of dearestFirst) {
    if (leastWidth(column) > room) continue;
    kept.add(column);
    room -= leastWidth(column);
  }
  return columns.filter((column) => kept.has(column));
}

function rank<Row>({ expendable = Number.POSITIVE_INFINITY }: Column<Row>): number {
  return expendable;
}

/** Takes from the columns that may be cut, left to right, what does not fit. */
function shrink<Row>(
  columns: readonly Column<Row>[],
  natural: ReadonlyMap<Column<Row>, number>,
  width: number,
): number[] {
  const widths = columns.map((column) => natural.get(column) ?? 0);
  let excess = widths.reduce((sum, columnWidth) => sum + columnWidth + GAP, -GAP) - width;
  return widths.map((columnWidth, index) => {
    const least = Math.min(columns[index]?.leastWidth ?? columnWidth, columnWidth);
    const taken = Math.min(Math.max(0, excess), columnWidth - least);
    excess -= taken;
    return columnWidth - taken;
  });
}
