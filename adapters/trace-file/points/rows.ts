/** Finds whether a file holds points of metrics, from its first lines, and reads their rows. */
import { type Line, linesOf } from '../file/lines.ts';
import type { TraceOptions } from '../options.ts';
import { csvRows } from './csv-rows.ts';
import { isPointObject, jsonRows } from './json-rows.ts';
import type { NumberedRow, RowReader } from './row.ts';

/** The rows of a file, a piece of it at a time. */
export type PointRows = AsyncGenerator<Iterable<NumberedRow>>;

/**
 * Undefined where the file is one of memory, in one of its many forms. Throws `SourceError` where it cannot be read.
 *
 * @param wanted Names of metrics beside the catalogue's, by which columns are known.
 */
export async function pointRowsOf(
  path: string,
  wanted: ReadonlySet<string>,
  options: TraceOptions,
  signal?: AbortSignal,
): Promise<PointRows | undefined> {
  const first = await firstLine(path, signal);
  const reader = first && readerOf(first, wanted, options);
  return reader && rowsOf(path, reader, signal);
}

async function firstLine(path: string, signal: AbortSignal | undefined): Promise<Line | undefined> {
  const lines = linesOf(path, signal);
  try {
    for await (const piece of lines) {
      for (const line of piece) if (line.text === undefined || line.text.trim() !== '') return line;
    }
    return undefined;
  } finally {
    await lines.return(undefined);
  }
}

function readerOf(first: Line, wanted: ReadonlySet<string>, options: TraceOptions): RowReader | undefined {
  const { text } = first;
  if (text === undefined) return undefined;
  if (!text.trimStart().startsWith('{')) return csvRows(first, wanted, options);
  return isPointObject(parseJson(text)) ? jsonRows(options) : undefined;
}

async function* rowsOf(path: string, reader: RowReader, signal: AbortSignal | undefined): PointRows {
  for await (const piece of linesOf(path, signal)) yield pieceOf(reader, piece);
}

function* pieceOf(reader: RowReader, lines: Iterable<Line>): Generator<NumberedRow> {
  for (const { number: line, text } of lines) {
    if (line <= reader.header || text?.trim() === '') continue;
    if (text === undefined) yield { line, row: { kind: 'malformed', why: 'the line is too long to be one of points' } };
    else for (const row of reader.read(text)) yield { line, row };
  }
}

/** Undefined where the text is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
