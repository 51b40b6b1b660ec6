/** The entries of a trace file in the order of its lines, whichever layout it has. */
import { basename } from 'node:path';
import { SourceError } from '../../core/ports/errors.ts';
import { csvReader } from './csv.ts';
import type { Entry, Malformed } from './entry.ts';
import { isBinary } from './file-fault.ts';
import { linesOf } from './lines.ts';
import { readJsonLine } from './ndjson.ts';

export interface NumberedEntry {
  readonly line: number;
  readonly entry: Entry;
}

/**
 * Reads a file's entries; blank lines are passed over. A file whose first line is a JSON object is NDJSON, any other is
 * CSV with a header. Throws `SourceError` where the file cannot be read, is empty, or has a header without the required columns.
 */
export async function* entriesOf(path: string, signal?: AbortSignal): AsyncGenerator<NumberedEntry> {
  let read: ((text: string) => Entry) | undefined;
  for await (const { number, text } of linesOf(path, signal)) {
    if (text?.trim() === '') continue;
    if (read === undefined) {
      read = readerFor(path, number, text);
      if (read !== readJsonLine) continue;
    }
    yield { line: number, entry: text === undefined ? TOO_LONG : read(text) };
  }
  if (read === undefined) throw unusable(`${basename(path)} is empty`);
}

const TOO_LONG: Malformed = { kind: 'malformed', why: 'the line is too long to be one of a trace' };

function readerFor(path: string, line: number, text: string | undefined): (text: string) => Entry {
  const file = basename(path);
  if (text === undefined || isBinary(text))
    throw unusable(`${file} is no text in UTF-8: it must be CSV or NDJSON, gzipped or not`);
  if (text.startsWith('{')) return readJsonLine;
  if (text.startsWith('['))
    throw unusable(`${file}:${line}: a list: NDJSON has one object a line and no list around them`);
  const reader = csvReader(text);
  if (typeof reader === 'string') throw unusable(`${file}:${line}: ${reader}`);
  return reader;
}

function unusable(message: string): SourceError {
  return new SourceError(message, { reason: 'malformed', retryable: false });
}
