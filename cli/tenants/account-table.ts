/** Reads a table of accounts from a CSV file, as people and spreadsheets write it. */
import { readFile } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse/sync';
import * as z from 'zod';
import { formOf, isBinary } from '../../adapters/trace-file/file/encoding.ts';
import { fileFault } from '../../adapters/trace-file/file/file-fault.ts';
import { printable } from '../../adapters/trace-file/printable.ts';
import { InvalidInputError } from '../../core/ports/errors.ts';
import { ACCOUNT_COLUMNS, type AccountColumn, type AccountRow } from '../../core/tenants/import-accounts.ts';
import { nearestOf } from '../../core/tenants/near-names.ts';
import { UsageError } from '../usage-error.ts';

/** Bytes of a file, and rows of it: what a config can hold is far below both. */
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_ROWS = 1_000;

/** Characters of a name that are shown. */
const MOST_SHOWN = 60;

const SEPARATORS = [',', ';', '\t'] as const;

/**
 * The rows below the header. Throws `UsageError` where the file cannot be read, and `InvalidInputError` that names the columns and lines
 * that are wrong.
 */
export async function readAccountTable(file: string): Promise<AccountRow[]> {
  const text = withoutSeparatorLine(await readText(file));
  const [header, ...records] = recordsOf(text, file);
  if (header === undefined) throw invalid(file, ['it is empty: its first line has to name the columns']);
  const columns = columnsOf(header.cells, file);
  if (records.length > MOST_ROWS)
    throw invalid(file, [`it has ${records.length} accounts, and a config at most ${MOST_ROWS}`]);
  const wide = records.filter(({ cells }) => cells.findLastIndex((cell) => cell !== '') >= columns.length);
  if (wide.length > 0) {
    throw invalid(
      file,
      wide.map(({ line, cells }) => `line ${line}: has ${cells.length} cells, and the header ${columns.length}`),
    );
  }
  return records.map(({ line, cells }) => ({ line, cells: namedCells(columns, cells) }));
}

function namedCells(columns: readonly AccountColumn[], cells: readonly string[]): ReadonlyMap<AccountColumn, string> {
  return new Map(columns.map((name, index) => [name, cells[index] ?? ''] as const).filter(([, cell]) => cell !== ''));
}

async function readText(file: string): Promise<string> {
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch (error) {
    throw new UsageError(`The file ${file} cannot be read: ${fileFault(error)}.`, { cause: error });
  }
  if (content.length > MOST_BYTES)
    throw new UsageError(`The file ${file} has ${content.length} bytes: that is no table of accounts.`);
  const form = formOf(content);
  if ('looksLike' in form) throw new UsageError(`The file ${file} ${form.looksLike}.`);
  const text = new TextDecoder(form.encoding).decode(content);
  if (isBinary(text)) throw new UsageError(`The file ${file} is no text in UTF-8: save it as “CSV UTF-8”.`);
  return text;
}

/** Spreadsheets name the separator in a line of its own. It stays as an empty line, so that lines keep their numbers. */
function withoutSeparatorLine(text: string): string {
  return text.replace(/^"?sep=.?"?(?=\r?\n)/i, '');
}

interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** With `info` the parser gives the number of lines so far beside each record, which its types do not know. */
const recordsSchema = z.array(z.object({ info: z.object({ lines: z.int() }), record: z.array(z.string()) }));

function recordsOf(text: string, file: string): CsvRecord[] {
  try {
    const records: unknown = parse(text, {
      delimiter: separatorOf(text),
      info: true,
      trim: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      max_record_size: MOST_BYTES,
    });
    return recordsSchema.parse(records).map(({ info, record }) => ({ line: info.lines, cells: record.map(unquoted) }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw invalid(file, [`a quotation mark is misplaced or not closed: ${error.message}`]);
  }
}

/** `="012345678901"` is how spreadsheets are kept from taking digits for a number. */
function unquoted(cell: string): string {
  return /^="(.*)"$/.exec(cell)?.[1] ?? cell;
}

/** The separator that finds the most columns in the header. */
function separatorOf(text: string): string {
  const header = text.trimStart().split(/\r?\n/, 1)[0] ?? '';
  const count = (separator: string) =>
    header.split(separator).filter((name) => columnOf(name.replaceAll('"', '')) !== undefined).length;
  return [...SEPARATORS].sort((a, b) => count(b) - count(a))[0] ?? ',';
}

function columnsOf(header: readonly string[], file: string): AccountColumn[] {
  const named = header.slice(0, header.findLastIndex((name) => name !== '') + 1);
  const columns = named.map((name) => columnOf(name));
  const issues = named.flatMap((name, index) => {
    const column = columns[index];
    if (column === undefined) return [unknownColumn(name)];
    return columns.indexOf(column) < index ? [`line 1: names the column ${column} twice`] : [];
  });
  if (!columns.includes('account') && issues.length === 0) {
    issues.push(`line 1: names no column account; the columns are ${NAMES.join(', ')}`);
  }
  if (issues.length > 0) throw invalid(file, issues);
  return columns.filter((column) => column !== undefined);
}

const NAMES = Object.keys(ACCOUNT_COLUMNS);

/** Of `Service Account`, `service_account` and `serviceAccount` alike. */
function columnOf(name: string): AccountColumn | undefined {
  const plain = name.toLowerCase().replace(/[\s_-]/g, '');
  return NAMES.filter(isColumn).find((column) => column.toLowerCase() === plain);
}

function isColumn(name: string): name is AccountColumn {
  return name in ACCOUNT_COLUMNS;
}

function unknownColumn(name: string): string {
  const shown = printable(name, MOST_SHOWN);
  const [near] = nearestOf(name, NAMES);
  const meant = near === undefined ? `The columns are ${NAMES.join(', ')}` : `Did you mean ${near}?`;
  return `line 1: there is no column ${JSON.stringify(shown)}. ${meant}`;
}

/** Issues that are listed: a column that is wrong is so in each line. */
const ISSUES_LISTED = 20;

/** Names the first of the issues. */
export function invalid(file: string, issues: readonly string[]): InvalidInputError {
  const more = issues.length - ISSUES_LISTED;
  const listed = issues.slice(0, ISSUES_LISTED);
  return new InvalidInputError(`The file ${file}`, more > 0 ? [...listed, `and ${more} more like these`] : listed);
}
