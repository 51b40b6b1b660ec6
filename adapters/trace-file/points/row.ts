/** One row of a file of points: what one metric of one host was at a time. */
import type { Fault } from '../entry.ts';

export interface PointRow {
  readonly kind: 'row';
  readonly host: string;
  /** Epoch milliseconds. */
  readonly time: number;
  /** As the file names it. */
  readonly metric: string;
  readonly value: number;
  /** As the row states it. */
  readonly unit: string | undefined;
  /** Everything else that the row states as a text: `mountpoint`, `ip`, `queue`. */
  readonly labels: Readonly<Record<string, string>>;
}

/** A row that cannot be used. */
export interface FaultyRow extends Fault {
  readonly kind: 'malformed';
  readonly host?: string;
}

export interface NumberedRow {
  readonly line: number;
  readonly row: PointRow | FaultyRow;
}

/** Reads the lines of a file of points: several rows where a line has several metrics. */
export interface RowReader {
  /** The number of the line of a header; 0 where there is none. */
  readonly header: number;
  read(text: string): Iterable<PointRow | FaultyRow>;
}

/** Fields and columns that are no label. */
export const TIME = 'time';
export const HOST = 'host';
export const METRIC = 'metric';
export const VALUE = 'value';
export const UNIT = 'unit';
