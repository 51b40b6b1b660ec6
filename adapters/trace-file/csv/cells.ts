/** The cells of one line of separated values. */
import { CsvError, parse } from 'csv-parse/sync';

/** What separates columns, as tools and spreadsheets write it. */
export const SEPARATORS = [',', ';', '\t', '|'] as const;
export type Separator = (typeof SEPARATORS)[number];

/** Most cells of a row: far above one column for each host of a large fleet. */
export const MOST_CELLS = 20_000;

/** Most characters of a line with quotes inside its cells: parsing such a line takes a thousand times as long. */
const MOST_QUOTED = 1024 * 1024;

/** The cells without the quotes around them; undefined where a quote is misplaced or not closed. */
export function cellsOf(line: string, separator: Separator): string[] | undefined {
  const cells = line.split(separator, MOST_CELLS + 1);
  // The library takes twenty times as long, and nearly all lines have no quotes, or have them only around cells.
  return line.includes('"') ? (unquoted(cells) ?? parseQuoted(line, separator)) : cells;
}

/** The cells, where quotes stand around entire cells only; undefined otherwise. */
function unquoted(cells: readonly string[]): string[] | undefined {
  const bare: string[] = [];
  for (const cell of cells) {
    const text = cell.trim();
    const isQuoted = text.length > 1 && text.startsWith('"') && text.endsWith('"');
    const inner = isQuoted ? text.slice(1, -1) : cell;
    if (inner.includes('"')) return undefined;
    bare.push(inner);
  }
  return bare;
}

function parseQuoted(line: string, separator: Separator): string[] | undefined {
  if (line.length > MOST_QUOTED) return undefined;
  try {
    return parse(line, { delimiter: separator, trim: true, relax_column_count: true, max_record_size: MOST_QUOTED })[0];
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}
