/** Rows and columns that fit the terminal: texts are truncated where they may be, and columns are left out by rank. */
import stringWidth from 'string-width';
import { clip, type Paint, pad, type Tone, truncate, wrap } from './text.ts';

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
   * What is done instead of truncating: `wrap` breaks the text at spaces; `below` shortens it in the middle and repeats it in
   * full on an indented line below its row, for what people copy and what must not look like another.
   */
  readonly overflow?: 'wrap' | 'below';
}

export interface TableOptions {
  /** Columns of the terminal; absent where the output is not a terminal: nothing is truncated then. */
  readonly width?: number | undefined;
  readonly paint: Paint;
  /** What shows the columns that were left out, `--wide` for example. With it a line below the rows names them. */
  readonly widener?: string;
}

const GAP = 2;

/** Columns of a cell that is not wrapped: names come from outside, and one of them must not widen every row. */
const WIDEST_CELL = 200;

/** Before what stands below its row. */
const INDENT = '  ';

export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], options: TableOptions): string {
  const { width = Number.POSITIVE_INFINITY, paint } = options;
  const kept = giveWay(
    columns.map((column) => sized(column, rows)),
    width,
  );
  const widths = shrink(kept, width);
  const linesOfRow = (cellOf: (column: Column<Row>) => Cell) => {
    const cells = kept.map((column, index) => ({ ...cellOf(column), column, width: widths[index] ?? 0 }));
    return rowLines(cells, width, paint);
  };
  const head = linesOfRow(({ title }) => ({ text: title, tone: 'dim' }));
  const body = rows.flatMap((row) =>
    linesOfRow((column) => ({ text: cellText(column, row), tone: column.tone?.(row) })),
  );
  const leftOut = columns.filter(({ title }) => !kept.some((column) => column.title === title));
  return [...head, ...body, ...leftOutLine(leftOut, options)].join('\n');
}

function cellText<Row>({ text, overflow }: Column<Row>, row: Row): string {
  return overflow === 'wrap' ? text(row) : clip(text(row), WIDEST_CELL);
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
function rowLines(cells: readonly SizedCell[], tableWidth: number, paint: Paint): string[] {
  const blocks = cells.map(linesOf);
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
  const below = cells.filter(isRepeatedBelow).map(({ tone, text }) => {
    const fitted = INDENT + clip(text, tableWidth - INDENT.length);
    return tone === undefined ? fitted : paint(tone, fitted);
  });
  return [...lines, ...below];
}

function isRepeatedBelow({ text, column, width }: SizedCell): boolean {
  return column.overflow === 'below' && stringWidth(text) > width;
}

function linesOf({ text, width, column }: SizedCell): string[] {
  if (column.overflow === 'below') return [clip(text, width)];
  const lines = column.overflow === 'wrap' ? wrap(text, width).split('\n') : [text];
  // A word may be wider than its column.
  return lines.map((line) => truncate(line, width));
}

/** A column with the width of its widest cell. */
interface SizedColumn<Row> extends Column<Row> {
  readonly natural: number;
}

function sized<Row>(column: Column<Row>, rows: readonly Row[]): SizedColumn<Row> {
  const widths = [column.title, ...rows.map((row) => cellText(column, row))].map((text) => stringWidth(text));
  return { ...column, natural: widths.reduce((widest, width) => Math.max(widest, width), 0) };
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
 * Takes what does not fit from the columns that may be truncated or wrapped, left to right. Where that is not enough, those
 * that are repeated below their rows have their least width, and what the others leave of the room.
 */
function shrink<Row>(columns: readonly SizedColumn<Row>[], width: number): number[] {
  const natural = columns.map((column) => column.natural);
  const fitted = takeFrom(columns, natural, width);
  if (totalOf(fitted) <= width) return fitted;
  const narrowed = columns.map(({ natural, leastWidth = natural, overflow }) =>
    overflow === 'below' ? Math.min(leastWidth, natural) : natural,
  );
  return giveBack(columns, takeFrom(columns, narrowed, width), width);
}

/** Of the room that is left, what the columns that are repeated below could use, left to right. */
function giveBack<Row>(columns: readonly SizedColumn<Row>[], widths: readonly number[], width: number): number[] {
  let room = Math.max(0, width - totalOf(widths));
  return columns.map(({ natural, overflow }, index) => {
    const columnWidth = widths[index] ?? 0;
    const share = overflow === 'below' ? Math.min(room, natural - columnWidth) : 0;
    room -= share;
    return columnWidth + share;
  });
}

function takeFrom<Row>(columns: readonly SizedColumn<Row>[], widths: readonly number[], width: number): number[] {
  let excess = totalOf(widths) - width;
  const taken = new Map<number, number>();
  for (const [index, column] of [...columns.entries()].sort(([, a], [, b]) => compareRank(a, b))) {
    const { overflow, leastWidth = Number.POSITIVE_INFINITY } = column;
    const columnWidth = widths[index] ?? 0;
    const least = overflow === 'below' ? columnWidth : Math.min(leastWidth, columnWidth);
    const share = Math.min(Math.max(0, excess), columnWidth - least);
    taken.set(index, share);
    excess -= share;
  }
  return widths.map((columnWidth, index) => columnWidth - (taken.get(index) ?? 0));
}

function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, columnWidth) => sum + columnWidth + GAP, -GAP);
}
