/** A file that is one JSON document: read at once, and recognised by the names of its fields. */
import { basename } from 'node:path';
import type { Entry, NumberedEntry } from '../entry.ts';
import { malformedFile } from '../file/file-fault.ts';
import type { Line } from '../file/lines.ts';
import { printable } from '../printable.ts';
import type { DocumentContext } from './document.ts';
import { describeUnknown, readerFor } from './readers.ts';

/** Characters of a document: a million samples as CloudWatch prints them. Parsed it takes some ten times as much memory. */
const MOST_OF_DOCUMENT = 48 * 1024 * 1024;

const TOO_LARGE = 'is a JSON document too large to be read at once: write one for each host, or an object a line';

/** Throws `SourceError` where the document is too large, no JSON, or of no kind that is read. */
export async function readDocument(
  path: string,
  lines: AsyncIterable<Iterable<Line>>,
  context: DocumentContext,
): Promise<Iterable<NumberedEntry>> {
  const { text, firstLine } = await joined(path, lines);
  const json = parse(`${basename(path)}:${firstLine}`, text);
  const reader = readerFor(json);
  if (reader === undefined) throw malformedFile(`${basename(path)}:${firstLine}: ${describeUnknown(json)}`);
  const entries = reader.read(json, context);
  if (typeof entries === 'string') {
    throw malformedFile(`${basename(path)} is a document of ${reader.name}, and cannot be read: ${entries}`);
  }
  return withoutLines(entries);
}

function* withoutLines(entries: Iterable<Entry>): Generator<NumberedEntry> {
  for (const entry of entries) yield { line: undefined, entry };
}

async function joined(
  path: string,
  lines: AsyncIterable<Iterable<Line>>,
): Promise<{ text: string; firstLine: number }> {
  const parts: string[] = [];
  let length = 0;
  let firstLine: number | undefined;
  for await (const piece of lines) {
    for (const { number, text } of piece) {
      firstLine ??= number;
      length += text?.length ?? MOST_OF_DOCUMENT + 1;
      parts.push(text ?? '');
    }
    if (length > MOST_OF_DOCUMENT) throw malformedFile(`${basename(path)} ${TOO_LARGE}`);
  }
  return { text: parts.join('\n'), firstLine: firstLine ?? 1 };
}

function parse(where: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? printable(error.message, 160) : '';
    throw malformedFile(
      `${where}: it begins like a JSON document and is none (${reason}); several documents in one file must have a line each (jq -c . writes them so)`,
    );
  }
}
