/** Which column of a CSV file holds times, hosts and values, by the names in its header. */
import { BASE_UNITS } from '../entry.ts';
import { hostOfColumn, hostOfPrintedLabels, type Meaning, meaningOfColumn } from '../values/names.ts';
import type { Scale } from '../values/unit.ts';

/** A column by its index in a row. */
export interface ValueColumn extends Meaning {
  readonly index: number;
  readonly name: string;
}

/** A column that holds the values of one host. */
export interface HostColumn {
  readonly index: number;
  readonly host: string;
  readonly scale: Scale | undefined;
}

/** `long`: a host in each row. `single`: one host, which the file names. `wide`: a column for each host. */
export type Layout =
  | {
      readonly kind: 'long';
      readonly host: number;
      readonly value: ValueColumn;
      readonly limit: ValueColumn | undefined;
    }
  | { readonly kind: 'single'; readonly value: ValueColumn; readonly limit: ValueColumn | undefined }
  | { readonly kind: 'wide'; readonly hosts: readonly HostColumn[] };

export interface Columns {
  readonly time: number;
  /** The column of the date, where the column of the time holds the clock alone. */
  readonly date: number | undefined;
  /** The column that names the metric of each row, where files of several metrics have one. */
  readonly metric: number | undefined;
  /** The header states that times are in UTC. */
  readonly isUtc: boolean;
  readonly layout: Layout;
}

const TIME_NAMES = [
  'time',
  'timestamp',
  'timestamps',
  'datetime',
  'dateandtime',
  'date',
  'ts',
  'epoch',
  'timegenerated',
];

/** The first of these that the header has names the host: later ones may name something else. */
const HOST_NAMES = (
  'host hostname hostid instance instanceid node nodename machine machinename server servername vm vmname computer ' +
  'resource resourceid series tags id name'
).split(' ');

const METRIC_NAMES = ['field', 'metric', 'metricname'];

/** `Time (UTC)`, `_time` and `TimeStamp` in one form. */
const normal = (name: string) => name.toLowerCase().replace(/[^\p{L}\d]+/gu, '');

/** The index of the column that holds times; -1 where no column is named so, and the line is no header. */
export function timeColumn(names: readonly string[]): number {
  const bare = names.map((name) => normal(name).replace(/utc$/, ''));
  return TIME_NAMES.reduce((found, name) => (found < 0 ? bare.indexOf(name) : found), -1);
}

const OF_POINTS = '; of other metrics, for example time,host,cpu_util or time,host,metric,value';

/** The columns of a header, or what is wrong with it, in words that follow the names of the columns. */
export function columnsOf(names: readonly string[]): Columns | string {
  const time = timeColumn(names);
  if (time < 0)
    return `it must name time, host and one of ${BASE_UNITS.join(', ')}, for example time,host,percent${OF_POINTS}`;
  const bare = names.map(normal);
  const day = bare.indexOf('date');
  const date = day >= 0 && day !== time ? day : undefined;
  const host = HOST_NAMES.reduce((found, name) => (found < 0 ? bare.indexOf(name) : found), -1);
  const rest = names.map((name, index) => ({ name, index })).filter(({ index }) => ![time, date, host].includes(index));
  const metric = bare.findIndex((name) => METRIC_NAMES.includes(name));
  const layout = layoutOf(rest, host);
  return typeof layout === 'string'
    ? layout
    : { time, date, metric: metric < 0 ? undefined : metric, isUtc: /utc$/.test(bare[time] ?? ''), layout };
}

interface Named {
  readonly name: string;
  readonly index: number;
}

function layoutOf(named: readonly Named[], host: number): Layout | string {
  const known = named.flatMap((column): ValueColumn[] => {
    const meaning = meaningOfColumn(column.name);
    return meaning === undefined ? [] : [{ ...column, ...meaning }];
  });
  const unknown = named.filter((column) => !known.some(({ index }) => index === column.index));
  const value = valueColumn(known);
  if (typeof value === 'string') return value;
  const limit = known.find(({ kind }) => kind === 'total');
  if (host >= 0) return value === undefined ? NO_VALUE : { kind: 'long', host, value, limit };
  const hosts = unknown.filter(({ name }) => name.trim() !== '');
  if (value === undefined) return hosts.length === 0 ? NO_VALUE : { kind: 'wide', hosts: hostColumns(hosts) };
  if (hosts.length === 0) return { kind: 'single', value, limit };
  return `name the column of the hosts “host”, and leave out what is no memory: beside ${value.name} it may be ${hosts[0]?.name}`;
}

const NO_VALUE = `it must name the memory in one of ${BASE_UNITS.join(', ')}, for example time,host,percent${OF_POINTS}`;

/** The one column of memory; undefined where there is none, and a part of a sentence where there are several. */
function valueColumn(known: readonly ValueColumn[]): ValueColumn | string | undefined {
  const exact = known.filter(({ name }) => BASE_UNITS.some((baseUnit) => baseUnit === name.trim().toLowerCase()));
  for (const columns of [exact, ofKind(known, 'used'), ofKind(known, 'available'), ofKind(known, 'free')]) {
    const shares = columns.filter(({ scale }) => scale !== undefined && scale.baseUnit !== 'bytes');
    const [only, another] = columns.length > 1 && columns !== exact && shares.length === 1 ? shares : columns;
    if (another) return `it must name one of ${BASE_UNITS.join(', ')}, and not both ${only?.name} and ${another.name}`;
    if (only) return only;
  }
  return undefined;
}

function ofKind(columns: readonly ValueColumn[], kind: Meaning['kind']): ValueColumn[] {
  return columns.filter((column) => column.kind === kind);
}

/** Names as Prometheus prints labels are shortened to the label that names a host, as long as the columns stay distinct. */
function hostColumns(columns: readonly Named[]): HostColumn[] {
  const hosts = columns.map(({ index, name }) => ({ index, ...hostOfColumn(name.trim()) }));
  const short = hosts.map(({ host }) => hostOfPrintedLabels(host) ?? host);
  const isUnique = new Set(short).size === short.length;
  return isUnique ? hosts.map((column, at) => ({ ...column, host: short[at] ?? column.host })) : hosts;
}
