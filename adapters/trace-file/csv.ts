/** Rows of comma-separated values: a header that names the columns, then one sample a line. */
import { type Entry, type Fault, MEASURES, type Measure } from './entry.ts';
import { readTime } from './time.ts';

/** Where the columns stand. */
interface Columns {
  readonly time: number;
  readonly host: number;
  readonly measure: Measure;
  readonly value: number;
  readonly limit: number | undefined;
}

/**
 * Reads the header, and returns what reads the rows below it, or what is wrong with the header. Columns may stand in
 * any order; the name of the value's column names its unit; other columns are ignored.
 */
export function csvReader(header: string): ((text: string) => Entry) | string {
  const columns = columnsOf(header);
  return typeof columns === 'string' ? columns : (text) => readRow(columns, cellsOf(text));
}

/** Characters of an unknown header that are quoted. */
const HEADER_LENGTH = 120;

function columnsOf(header: string): Columns | string {
  const found = cellsOf(header) ?? [header];
  const names = found.map((name) => name.trim().toLowerCase());
  const [measure, another] = MEASURES.filter((name) => names.includes(name));
  const time = names.indexOf('time');
  const host = names.indexOf('host');
  if (time < 0 || host < 0 || measure === undefined || another !== undefined) {
    const columns = found.map((name) => name.trim()).join(', ');
    const shown = columns.length > HEADER_LENGTH ? `${columns.slice(0, HEADER_LENGTH)}…` : columns;
    return `its header names the columns ${shown}; it must name time, host and one of ${MEASURES.join(', ')}, for example time,host,percent`;
  }
  const limit = names.indexOf('limit');
  return { time, host, measure, value: names.indexOf(measure), limit: limit < 0 ? undefined : limit };
}

function readRow({ time, host, measure, value, limit }: Columns, cells: readonly string[] | undefined): Entry {
  if (cells === undefined) return { kind: 'malformed', why: 'a quote is not closed' };
  const name = cells[host]?.trim();
  if (!name) return { kind: 'malformed', why: 'host is empty' };
  const malformed = (fault: Fault): Entry => ({ kind: 'malformed', host: name, ...fault });
  const at = readTime(cells[time]);
  if (typeof at === 'object') return malformed(at);
  const number = readNumber(cells[value]);
  if (number === undefined) return malformed(noNumber(measure, cells[value]));
  const bytes = limit === undefined ? null : readNumber(cells[limit]);
  if (bytes === undefined) return malformed(noNumber('limit', cells[limit ?? -1]));
  return { kind: 'sample', host: name, time: at, measure, value: number, ...(bytes !== null && { limit: bytes }) };
}

function noNumber(column: string, cell: string | undefined): Fault {
  if (cell === undefined) return { why: `the row has no cell for ${column}` };
  return { why: `${column} is no number; it may be empty`, example: cell };
}

/** Null for an empty cell, undefined for a cell that is no number or is not there. */
function readNumber(cell: string | undefined): number | null | undefined {
  if (cell === undefined) return undefined;
  const text = cell.trim();
  if (text === '') return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** A cell in quotes, in which a doubled quote is a quote, or up to the next comma: https://www.rfc-editor.org/rfc/rfc4180 */
const CELL = /\s*"((?:[^"]|"")*)"\s*(?:,|$)|([^",]*)(?:,|$)/y;

/** The cells of a line; undefined where a quote stands wrong. */
function cellsOf(line: string): string[] | undefined {
  const cells: string[] = [];
  CELL.lastIndex = 0;
  for (;;) {
    const match = CELL.exec(line);
    if (match === null) return undefined;
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    // The match that takes no comma is the last one.
    if (!match[0].endsWith(',')) return cells;
  }
}
