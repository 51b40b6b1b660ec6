/** Finds the form of a trace file from its first lines, and reads its entries in the order of its lines. */
import { basename } from 'node:path';
import { type CsvReader, csvReader } from './csv/csv.ts';
import type { Malformed, NumberedEntry } from './entry.ts';
import { isBinary, NO_TEXT } from './file/encoding.ts';
import { malformedFile } from './file/file-fault.ts';
import { type Line, linesOf } from './file/lines.ts';
import type { DocumentContext, DocumentReader } from './json/document.ts';
import { hasOwnFields, readJsonObject } from './json/ndjson.ts';
import { readDocument } from './json/read-document.ts';
import { readerFor } from './json/readers.ts';
import type { TraceOptions } from './options.ts';
import { isPointObject } from './points/json-rows.ts';
import { memoryEntries } from './points/memory.ts';

/** Lines by which the form of a file is found: enough for what dashboards write above a header. */
const HEAD_LINES = 20;

/**
 * Reads a file's entries; blank lines are passed over. A file that begins with a brace or a bracket is JSON, an object a
 * line or one document; any other is CSV with a header. Throws `SourceError` where the file cannot be read, is empty, or has none
 * of the forms; the message states what it looks like and what to do.
 */
export async function* entriesOf(
  path: string,
  options: TraceOptions = {},
  signal?: AbortSignal,
): AsyncGenerator<Iterable<NumberedEntry>> {
  const lines = linesOf(path, signal);
  try {
    const head = await headOf(lines);
    const [first] = head;
    if (first === undefined) throw malformedFile(`${basename(path)} is empty`);
    if (first.text === undefined) throw malformedFile(`${basename(path)}:${first.number}: ${NO_LINES}`);
    if (isBinary(first.text)) throw malformedFile(`${basename(path)} ${NO_TEXT}`);
    const isJson = /^[[{]/.test(first.text.trimStart());
    yield* isJson ? json(path, head, lines, options) : csv(path, head, lines, options);
  } finally {
    await lines.return(undefined);
  }
}

/** Lines of one piece of the file. */
type Lines = AsyncGenerator<Iterable<Line>>;

/** The first lines without blank ones: at least HEAD_LINES of them where the file has as many. */
async function headOf(lines: Lines): Promise<readonly Line[]> {
  const head: Line[] = [];
  while (head.length < HEAD_LINES) {
    const next = await lines.next();
    if (next.done) break;
    head.push(...filled(next.value));
  }
  return head;
}

function* filled(lines: Iterable<Line>): Generator<Line> {
  for (const line of lines) if (line.text === undefined || line.text.trim() !== '') yield line;
}

async function* rest(head: readonly Line[], lines: Lines): Lines {
  yield head;
  for await (const piece of lines) yield filled(piece);
}

const NO_LINES =
  'its first line is longer than any of a trace: if it is a JSON document, write it with line breaks (jq . writes it so)';

const TOO_LONG: Malformed = { kind: 'malformed', why: 'the line is too long to be one of a trace' };

async function* csv(
  path: string,
  head: readonly Line[],
  lines: Lines,
  options: TraceOptions,
): AsyncGenerator<Iterable<NumberedEntry>> {
  const reader = csvReader(head.slice(0, HEAD_LINES), hostOfFile(path), options);
  if (!('read' in reader)) throw malformedFile(`${basename(path)}:${reader.number}: ${reader.text}`);
  yield reader.remarks.map((text) => ({ line: undefined, entry: { kind: 'remark', text } }));
  for await (const piece of rest(head, lines)) yield rowEntries(reader, piece);
}

function* rowEntries(reader: CsvReader, lines: Iterable<Line>): Generator<NumberedEntry> {
  for (const { number, text } of lines) {
    if (number <= reader.header) continue;
    if (text === undefined) yield { line: number, entry: TOO_LONG };
    else for (const entry of reader.read(text)) yield { line: number, entry };
  }
}

async function* json(
  path: string,
  head: readonly Line[],
  lines: Lines,
  options: TraceOptions,
): AsyncGenerator<Iterable<NumberedEntry>> {
  const context = { fileHost: hostOfFile(path), options };
  if (isObjectALine(head)) for await (const piece of rest(head, lines)) yield objectsOf(piece, context);
  else yield await readDocument(path, rest(head, lines), context);
}

function* objectsOf(lines: Iterable<Line>, context: DocumentContext): Generator<NumberedEntry> {
  for (const line of lines) yield* objectEntries(line, context);
}

/** The entries of one line: an object in Plimsoll's form, or a document that stands on one line. */
function* objectEntries({ number, text }: Line, context: DocumentContext): Generator<NumberedEntry> {
  const json = text === undefined ? undefined : parseJson(text);
  const reader = readerFor(json);
  if (reader !== undefined) yield* documentEntries(number, reader, json, context);
  else if (text === undefined) yield { line: number, entry: TOO_LONG };
  else if (json === undefined) yield { line: number, entry: { kind: 'malformed', why: NO_JSON, example: text } };
  else if (isPointObject(json)) for (const entry of memoryEntries(json, context.options)) yield { line: number, entry };
  else yield { line: number, entry: readJsonObject(json, context.options) };
}

const NO_JSON = 'the line is not JSON';

function* documentEntries(
  line: number,
  reader: DocumentReader,
  json: unknown,
  context: DocumentContext,
): Generator<NumberedEntry> {
  const entries = reader.read(json, context);
  if (typeof entries === 'string') {
    yield { line, entry: { kind: 'malformed', why: `the line is not as ${reader.name} prints it: ${entries}` } };
    return;
  }
  for (const entry of entries) yield { line: undefined, entry };
}

/** Whether each line is an object of its own, and the file is not one document over several lines. */
function isObjectALine(head: readonly Line[]): boolean {
  const [first, second] = head.slice(0, 2).map(({ text = '' }) => parseJson(text));
  if (isObject(second)) return true;
  return isObject(first) && (head.length > 1 || hasOwnFields(first));
}

function isObject(json: unknown): json is object {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** Undefined where the text is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The base name without its extensions: the host of a file that names none. */
function hostOfFile(path: string): string {
  return basename(path).replace(/(\.(csv|tsv|txt|json|ndjson|jsonl|gz))+$/i, '') || basename(path);
}
