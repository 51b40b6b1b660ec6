/** Rows and columns that fit the terminal: texts are truncated where they may be, and columns are left out by rank. */
import stringWidth from 'string-width';
import { type Paint, pad, type Tone, truncate, wrap } from './text.ts';

export interface Column<Row> {
  readonly title: string;
  /** The cell's text, without escape sequences. */
  readonly text: (row: Row) => string;
  readonly align?: 'left' | 'right';
  readonly tone?: (row: Row) => Tone | undefined;
  /** Where there is no room the columns with the lowest numbers give way. Absent: it always stays. */
  readonly expendable?: number;
  /** Columns to which the text may be truncated. Absent: it never is. */
  readonly leastWidth?: number;
  /**
   * What is done instead of truncating: `wrap` breaks the text at spaces; `above` puts all of it on a line of its own above
   * its row, for what people copy and what must not look like another.
   */
  readonly overflow?: 'wrap' | 'above';
}

export interface TableOptions {
  /** Columns of the terminal; absent where the output is not a terminal: nothing is truncated then. */
  readonly width?: number | undefined;
  readonly paint: Paint;
  /** What shows the columns that were left out, `--wide` for example. With it a line below the rows names them. */
  readonly widener?: string;
}

const GAP = 2;

export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], options: TableOptions): string {
  const { width = Number.POSITIVE_INFINITY, paint } = options;
  const kept = giveWay(
    columns.map((column) => sized(column, rows)),
    width,
  );
  const widths = shrink(kept, width);
  const linesOfRow = (cellOf: (column: Column<Row>) => Cell) => {
    const cells = kept.map((column, index) => ({ ...cellOf(column), column, width: widths[index] ?? 0 }));
    return rowLines(cells, paint);
  };
  const head = linesOfRow(({ title }) => ({ text: title, tone: 'dim' }));
  const body = rows.flatMap((row) => linesOfRow(({ text, tone }) => ({ text: text(row), tone: tone?.(row) })));
  const leftOut = columns.filter(({ title }) => !kept.some((column) => column.title === title));
  return [...head, ...body, ...leftOutLine(leftOut, options)].join('\n');
}

function leftOutLine<Row>(columns: readonly Column<Row>[], { paint, width, widener }: TableOptions): string[] {
  if (columns.length === 0 || width === undefined || widener === undefined) return [];
  const titles = columns.map(({ title }) => title).join(', ');
  return [paint('dim', wrap(`no room for: ${titles}; ${widener} shows all`, width, '  '))];
}

interface Cell {
  readonly text: string;
  readonly tone: Tone | undefined;
}

interface SizedCell extends Cell {
  readonly column: Pick<Column<never>, 'align' | 'overflow'>;
  readonly width: number;
}

/** The lines of a row: more than one where a cell overflows. */
function rowLines(cells: readonly SizedCell[], paint: Paint): string[] {
  const blocks = cells.map((cell) => (standsAbove(cell) ? [] : linesOf(cell)));
  const height = Math.max(...blocks.map((lines) => lines.length));
  const lines = Array.from({ length: height }, (_, line) =>
    cells
      .map(({ tone, width, column: { align } }, index) => {
        const text = blocks[index]?.[line] ?? '';
        const isLast = index === cells.length - 1;
        const padded = isLast && align !== 'right' ? text : pad(text, width, align);
        return tone === undefined || text === '' ? padded : paint(tone, padded);
      })
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
  const above = cells.filter(standsAbove).map(({ tone, text }) => (tone === undefined ? text : paint(tone, text)));
  return [...above, ...lines];
}

function standsAbove({ text, column, width }: SizedCell): boolean {
  return column.overflow === 'above' && stringWidth(text) > width;
}

function linesOf({ text, width, column }: SizedCell): string[] {
  const lines = column.overflow === 'wrap' ? wrap(text, width).split('\n') : [text];
  // A word may be wider than its column.
  return lines.map((line) => truncate(line, width));
}

/** A column with the widths that its cells need. */
interface SizedColumn<Row> extends Column<Row> {
  /** Of the widest cell, and of the widest one that is not wider than `leastWidth`. */
  readonly natural: number;
  readonly short: number;
}

function sized<Row>(column: Column<Row>, rows: readonly Row[]): SizedColumn<Row> {
  const { title, text, leastWidth = Number.POSITIVE_INFINITY } = column;
  const widths = [stringWidth(title), ...rows.map((row) => stringWidth(text(row)))];
  const widest = (most: number) => widths.reduce((wide, width) => (width <= most ? Math.max(wide, width) : wide), 0);
  return { ...column, natural: widest(Number.POSITIVE_INFINITY), short: widest(leastWidth) };
}

/**
 * The columns that stay: those that are not expendable, and of the others the highest ranks that still fit, in their old
 * order. A column is counted in full where there is room, so that a lower rank does not truncate a higher one.
 */
function giveWay<Row>(columns: readonly SizedColumn<Row>[], width: number): readonly SizedColumn<Row>[] {
  const leastWidth = (column: SizedColumn<Row>) => Math.min(column.leastWidth ?? Infinity, column.natural) + GAP;
  const kept = new Set(columns.filter(({ expendable }) => expendable === undefined));
  let room = width + GAP - [...kept].reduce((sum, column) => sum + leastWidth(column), 0);
  const highestFirst = columns.filter((column) => !kept.has(column)).sort((a, b) => compareRank(b, a));
  for (const column of highestFirst) {
    if (leastWidth(column) > room) continue;
    kept.add(column);
    const full = column.natural + GAP;
    room -= full <= room ? full : leastWidth(column);
  }
  return columns.filter((column) => kept.has(column));
}

/** The lower rank first; what is not expendable comes last. */
function compareRank(
  { expendable: a = Number.MAX_VALUE }: Pick<Column<never>, 'expendable'>,
  { expendable: b = Number.MAX_VALUE }: Pick<Column<never>, 'expendable'>,
): number {
  return a - b;
}

/**
 * Takes what does not fit from the columns that may be truncated or wrapped, left to right. Where that is not enough, those that
 * may stand above give way to their short cells, and the others have the room that this leaves.
 */
function shrink<Row>(columns: readonly SizedColumn<Row>[], width: number): number[] {
  const fitted = takeFrom(
    columns,
    columns.map(({ natural }) => natural),
    width,
  );
  if (totalOf(fitted) <= width) return fitted;
  const narrowed = columns.map(({ natural, short, overflow }) => (overflow === 'above' ? short : natural));
  return takeFrom(columns, narrowed, width);
}

function takeFrom<Row>(columns: readonly SizedColumn<Row>[], widths: readonly number[], width: number): number[] {
  let excess = totalOf(widths) - width;
  const taken = new Map<number, number>();
  for (const [index, column] of [...columns.entries()].sort(([, a], [, b]) => compareRank(a, b))) {
    const { overflow, leastWidth = Number.POSITIVE_INFINITY } = column;
    const columnWidth = widths[index] ?? 0;
    const least = overflow === 'above' ? columnWidth : Math.min(leastWidth, columnWidth);
    const share = Math.min(Math.max(0, excess), columnWidth - least);
    taken.set(index, share);
    excess -= share;
  }
  return widths.map((columnWidth, index) => columnWidth - (taken.get(index) ?? 0));
}

function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, columnWidth) => sum + columnWidth + GAP, -GAP);
}
