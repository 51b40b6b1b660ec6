/** Points as separated values: a metric in each row (`metric` and `value`), or a column for each metric. Other columns are labels. */

import { MEMORY_UTILIZATION } from '../../../core/model/series.ts';
import { cellsOf, SEPARATORS, type Separator } from '../csv/cells.ts';
import { columnsOf, timeColumn } from '../csv/columns.ts';
import type { TraceOptions } from '../options.ts';
import { readQuantity } from '../values/number.ts';
import { readTime } from '../values/time.ts';
import { isCatalogued, namedMetric } from './names.ts';
import { type FaultyRow, HOST, METRIC, type PointRow, type RowReader, UNIT, VALUE } from './row.ts';

/** The columns of a header by their indexes. */
interface Header {
  readonly separator: Separator;
  readonly names: readonly string[];
  readonly time: number;
  readonly host: number;
  readonly unit: number;
  /** Of the form with a metric in each row. */
  readonly metric: number;
  readonly value: number;
  /** Of the form with a column for each metric. */
  readonly metrics: readonly number[];
  readonly labels: readonly number[];
}

/** The first of these names the host. */
const HOST_NAMES = [HOST, 'hostname', 'instance', 'node'];

/** @param wanted Names of metrics that are no part of the catalogue. Undefined where the first line is no header of points. */
export function csvRows(
  { number, text = '' }: { readonly number: number; readonly text: string | undefined },
  wanted: ReadonlySet<string>,
  { timeZone }: TraceOptions,
): RowReader | undefined {
  const header = SEPARATORS.map((separator) => headerOf(text, separator, wanted)).find((found) => found !== undefined);
  return header && { header: number, read: (row) => rowsOf(row, header, timeZone) };
}

function headerOf(text: string, separator: Separator, wanted: ReadonlySet<string>): Header | undefined {
  const names = (cellsOf(text, separator) ?? []).map((name) => name.trim());
  const time = timeColumn(names);
  const lower = names.map((name) => name.toLowerCase());
  const host = HOST_NAMES.map((name) => lower.indexOf(name)).find((index) => index >= 0) ?? -1;
  if (time < 0 || host < 0) return undefined;
  const [metric, value, unit] = [METRIC, VALUE, UNIT].map((name) => lower.indexOf(name));
  const common = { separator, names, time, host, unit: unit ?? -1 };
  const rest = [...names.keys()].filter((index) => ![time, host, unit].includes(index) && names[index] !== '');
  if (metric !== undefined && value !== undefined && metric >= 0 && value >= 0) {
    const labels = rest.filter((index) => index !== metric && index !== value);
    return { ...common, metric, value, metrics: [], labels };
  }
  const metrics = rest.filter((index) => isCatalogued(names[index] ?? '') || wanted.has(names[index] ?? ''));
  if (
    !isOfPoints(
      metrics.map((index) => names[index] ?? ''),
      names,
    )
  )
    return undefined;
  return { ...common, metric: -1, value: -1, metrics, labels: rest.filter((index) => !metrics.includes(index)) };
}

/** A file whose one metric is memory is read as every file of memory, if it can be. */
function isOfPoints(metrics: readonly string[], names: readonly string[]): boolean {
  if (metrics.some((name) => namedMetric(name).name !== MEMORY_UTILIZATION)) return true;
  return metrics.length > 0 && typeof columnsOf(names) === 'string';
}

function* rowsOf(text: string, header: Header, timeZone: string | undefined): Generator<PointRow | FaultyRow> {
  const cells = cellsOf(text, header.separator);
  if (cells === undefined) {
    yield { kind: 'malformed', why: 'a quote is misplaced or not closed', example: text };
    return;
  }
  const cell = (index: number) => (cells[index] ?? '').trim();
  const host = cell(header.host);
  const time = readTime(cell(header.time), timeZone);
  if (host === '' || cells.length > header.names.length) {
    yield { kind: 'malformed', why: host === '' ? 'the host is missing' : 'the row has more cells than the header' };
    return;
  }
  if (typeof time === 'object') {
    yield { kind: 'malformed', host, ...time };
    return;
  }
  const unit = cell(header.unit) || undefined;
  const labels = Object.fromEntries(
    header.labels.flatMap((index) => (cell(index) === '' ? [] : [[header.names[index] ?? '', cell(index)]])),
  );
  const read = (metric: string, index: number) =>
    valueRow({ host, time, metric, unit, labels }, cell(index), header.separator);
  if (header.metric >= 0) yield* read(cell(header.metric), header.value);
  else for (const index of header.metrics) yield* read(header.names[index] ?? '', index);
}

function* valueRow(
  row: Omit<PointRow, 'kind' | 'value'>,
  text: string,
  separator: Separator,
): Generator<PointRow | FaultyRow> {
  const quantity = readQuantity(text, separator);
  if (quantity === null) return;
  if ('why' in quantity) {
    yield { kind: 'malformed', host: row.host, why: `the value ${quantity.why}`, example: text };
    return;
  }
  const unit = quantity.suffix === '' ? row.unit : quantity.suffix;
  yield { ...row, kind: 'row', unit, value: quantity.number };
}
