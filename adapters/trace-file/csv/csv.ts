/** Reads separated values: a header that names the columns, then rows with one sample, or with one sample of each host. */

import type { Entry, Fault } from '../entry.ts';
import type { Line } from '../file/lines.ts';
import type { TraceOptions } from '../options.ts';
import { printable } from '../printable.ts';
import { readQuantity } from '../values/number.ts';
import { type StatedValue, sampleOf } from '../values/sample.ts';
import { readTime } from '../values/time.ts';
import { scaleOf } from '../values/unit.ts';
import { cellsOf, MOST_CELLS, SEPARATORS, type Separator } from './cells.ts';
import { type Columns, columnsOf, type HostColumn, timeColumn, type ValueColumn } from './columns.ts';

/** Reads the rows below a header. */
export interface CsvReader {
  /** The line number of the header. */
  readonly header: number;
  /** How the header is read, where it is ambiguous. */
  readonly remarks: readonly string[];
  read(text: string): readonly Entry[];
}

/** What the rows of a file share. */
interface Form {
  readonly separator: Separator;
  /** The number of cells in the header up to the last one with a name. */
  readonly width: number;
  readonly columns: Columns;
  readonly fileHost: string;
  readonly options: TraceOptions;
}

/**
 * Finds the header among the first lines. Returns a reader for the rows below it, or the number of the line that is wrong and
 * what is wrong with it. Columns stand in any order. Lines before the header are passed over, and a remark states it.
 */
export function csvReader(head: readonly Line[], fileHost: string, options: TraceOptions): CsvReader | Line {
  const lines = head.filter(({ text }) => text !== undefined && !/^"?sep=/i.test(text));
  for (const [before, { number, text = '' }] of lines.entries()) {
    const header = headerOf(text);
    if (header === undefined) continue;
    const columns = columnsOf(header.names);
    if (typeof columns === 'string') return { number, text: `${describeNames(header.names)}; ${columns}` };
    const remarks = before === 0 ? [] : [`the header is line ${number}; what stands above it is passed over.`];
    const { separator, names } = header;
    const width = names.findLastIndex((name) => name !== '') + 1;
    const form: Form = { separator, width, columns, fileHost, options: zoned(options, columns.isUtc) };
    return { header: number, remarks: [...remarks, ...availableRemark(columns)], read: rowReader(form, text) };
  }
  const [first] = lines;
  return { number: first?.number ?? 1, text: withoutHeader(first?.text ?? '') };
}

interface Header {
  readonly separator: Separator;
  readonly names: readonly string[];
}

/** The cells of a line that names a column of times; undefined where no separator finds one. */
function headerOf(text: string): Header | undefined {
  const found = SEPARATORS.map((separator) => namesOf(text, separator)).filter(({ names }) => timeColumn(names) >= 0);
  return found.toSorted((a, b) => b.names.length - a.names.length).find(({ names }) => names.length > 1);
}

function namesOf(text: string, separator: Separator): Header {
  const cells = cellsOf(text.replace(/^#\s*/, ''), separator) ?? [];
  return { separator, names: cells.length > MOST_CELLS ? [] : cells.map((cell) => cell.trim()) };
}

/** Characters of a header that are shown. */
const MOST_SHOWN = 120;

function describeNames(names: readonly string[]): string {
  return `its header names the columns ${printable(names.join(', '), MOST_SHOWN)}`;
}

/** Describes a first line that is not a header, and what to do about it. */
function withoutHeader(text: string): string {
  if (text.trimStart().startsWith('<')) return 'it looks like XML or HTML; export the series as CSV or JSON';
  if (/^# (HELP|TYPE) /.test(text)) {
    return 'it looks like the metrics page of an exporter, which holds one moment; query Prometheus for a range of time (query_range)';
  }
  const widest = SEPARATORS.map((separator) => namesOf(text, separator).names).toSorted(
    (a, b) => b.length - a.length,
  )[0];
  const names = widest ?? [];
  if (names.length < 2) {
    return `its first line is ${JSON.stringify(printable(text, MOST_SHOWN))}; a trace begins with the names of its columns, separated by a comma, semicolon, tab or |, for example time,host,percent`;
  }
  if (names.some((name) => typeof readTime(name, 'UTC') === 'number')) {
    return `its first line is a row of values (${printable(names.join(', '), MOST_SHOWN)}); put the names of its columns above it, for example time,host,percent`;
  }
  const wrong = columnsOf(names);
  return `${describeNames(names)}; ${typeof wrong === 'string' ? wrong : 'its separator is not clear'}`;
}

function zoned(options: TraceOptions, isUtc: boolean): TraceOptions {
  return isUtc ? { timeZone: 'UTC', ...options } : options;
}

function availableRemark({ layout }: Columns): string[] {
  if (layout.kind === 'wide' || layout.value.kind !== 'available') return [];
  return [`${layout.value.name} is read as available memory: what is used is the rest.`];
}

const OTHER_METRIC = 'the row is of another metric than the first: keep the rows of one metric of used memory';

const TOO_MANY_CELLS = 'the row has more cells than the header';
const DECIMAL_COMMA =
  'if it holds decimal commas, write 0.659 for 0,659, or separate columns by semicolons, or quote the cell';

/** Undefined where the row fits the header: cells that are empty may follow, as a comma at the end of each line makes them. */
function excessFault({ separator, width }: Form, cells: readonly string[], example: string): Fault | undefined {
  // A host is not named: all cells behind the first excess one stand in the wrong column.
  if (cells.slice(width).every((cell) => cell.trim() === '')) return undefined;
  return { why: separator === ',' ? `${TOO_MANY_CELLS}: ${DECIMAL_COMMA}` : TOO_MANY_CELLS, example };
}

function rowReader(form: Form, header: string): (text: string) => readonly Entry[] {
  const { metric } = form.columns;
  let first: string | undefined;
  return (text) => {
    // Files that were appended to each other repeat the header.
    if (text === header) return [];
    const cells = cellsOf(text, form.separator);
    if (cells === undefined) return [{ kind: 'malformed', why: 'a quote is not closed' }];
    const excess = excessFault(form, cells, text);
    if (excess !== undefined) return [{ kind: 'malformed', ...excess }];
    const name = metric === undefined ? undefined : cells[metric];
    first ??= name;
    // Two metrics of one host in one series would be neither.
    return name === first ? readCells(form, cells) : [{ kind: 'malformed', why: OTHER_METRIC, example: name ?? '' }];
  };
}

function readCells(form: Form, cells: readonly string[]): readonly Entry[] {
  const { columns, fileHost, options } = form;
  const { layout } = columns;
  const time = readTime(timeText(columns, cells), options.timeZone);
  if (layout.kind === 'wide') {
    if (typeof time === 'object') return [{ kind: 'malformed', ...time }];
    return layout.hosts.map((column) => ofHost(form, column, time, cells));
  }
  const host = layout.kind === 'single' ? fileHost : cells[layout.host]?.trim();
  if (!host) return [{ kind: 'malformed', why: 'host is empty' }];
  if (typeof time === 'object') return [{ kind: 'malformed', host, ...time }];
  const { value, limit } = layout;
  const read = readCell(form, cells, value);
  if (isFault(read)) return [{ kind: 'malformed', host, ...read }];
  const most = limit === undefined ? null : readLimit(form, cells, limit, value);
  if (isFault(most)) return [{ kind: 'malformed', host, ...most }];
  const stated: StatedValue | null = read && {
    ...read,
    kind: value.kind,
    scale: value.scale,
    limit: most ?? undefined,
  };
  return [sampleOf(host, time, stated, options)];
}

function timeText({ time, date }: Columns, cells: readonly string[]): string | undefined {
  return date === undefined ? cells[time] : `${cells[date] ?? ''} ${cells[time] ?? ''}`;
}

function ofHost(form: Form, { index, host, scale }: HostColumn, time: number, cells: readonly string[]): Entry {
  const read = readCell(form, cells, { index, name: 'the value' });
  if (isFault(read)) return { kind: 'malformed', host, ...read };
  return sampleOf(host, time, read && { ...read, kind: 'used', scale }, form.options);
}

function readCell(
  { separator }: Form,
  cells: readonly string[],
  { index, name }: Pick<ValueColumn, 'index' | 'name'>,
): ReturnType<typeof readQuantity> {
  const cell = cells[index];
  if (cell === undefined) return { why: `the row has no cell for ${name}` };
  const read = readQuantity(cell, separator);
  return isFault(read) ? { why: `${name} ${read.why}`, example: cell.trim() } : read;
}

/** Bytes; a limit without a unit of its own has that of the value. */
function readLimit(
  form: Form,
  cells: readonly string[],
  limit: ValueColumn,
  value: ValueColumn,
): number | Fault | null {
  const read = readCell(form, cells, limit);
  if (read === null || isFault(read)) return read;
  const scale = limit.scale ?? scaleOf(form.options.unit) ?? value.scale;
  return scale?.baseUnit === 'bytes' ? read.number * scale.factor : read.number;
}

function isFault(read: number | object | null): read is Fault {
  return typeof read === 'object' && read !== null && 'why' in read;
}
