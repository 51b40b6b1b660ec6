/** What a trace file states, row by row: a sample of a host, all samples of a host, a remark, or a row that cannot be used. */
import type { Deployment } from '../../core/model/deployment.ts';
import type { Consumer } from '../../core/model/series.ts';

/** One sample of one host; a null value states that there is none at this time. */
export interface Sample {
  readonly kind: 'sample';
  readonly host: string;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly baseUnit: BaseUnit;
  /** Used memory in the base unit. */
  readonly value: number | null;
  /** The host's memory in bytes, beside a value in bytes. */
  readonly limit?: number;
  /** The value itself or `--unit` states the unit, so that percent of at most 1 are not taken for fractions. */
  readonly isUnitCertain?: boolean;
}

/** What one consumer of a host used, on the grid of the host and in its unit; NaN where a sample is missing. */
export interface GridConsumer {
  readonly consumer: Consumer;
  readonly values: Float32Array;
}

/** What a line of all samples of a host holds beside them. */
export interface GridExtras {
  /** Hosts of one group are siblings. */
  readonly group?: string;
  readonly consumers?: readonly GridConsumer[];
  /** In order. */
  readonly deployments?: readonly Deployment[];
  /** Why some of it is left out. */
  readonly faults?: readonly Fault[];
}

/** All samples of one host on a regular grid. */
export interface Grid extends GridExtras {
  readonly kind: 'grid';
  readonly host: string;
  readonly stepMs: number;
  /** Epoch milliseconds of the first sample; undefined where the file does not state when it was. */
  readonly start: number | undefined;
  readonly baseUnit: BaseUnit;
  /** Used memory in the base unit, null where a sample is missing. */
  readonly values: readonly (number | null)[];
  readonly limit?: number;
  readonly isUnitCertain?: boolean;
}

/** What is wrong with a row. */
export interface Fault {
  /** The same sentence for all rows that are wrong in the same way: rows are counted by it. */
  readonly why: string;
  /** The text that was found. */
  readonly example?: string;
}

/** A row that cannot be used, with the host that it names where that can be read. */
export interface Malformed extends Fault {
  readonly kind: 'malformed';
  readonly host?: string;
  /** The row was to hold all samples of its host. */
  readonly isGrid?: boolean;
}

/** How an ambiguous file is read: a sentence that follows the file's name and a colon. */
export interface Remark {
  readonly kind: 'remark';
  readonly text: string;
}

export type Entry = Sample | Grid | Malformed | Remark;

export interface NumberedEntry {
  /** Undefined in a document, whose entries have no line of their own. */
  readonly line: number | undefined;
  readonly entry: Entry;
}

/** The units to which used memory is converted. A column or field of this name states its unit. */
export const BASE_UNITS = ['fraction', 'percent', 'bytes'] as const;
export type BaseUnit = (typeof BASE_UNITS)[number];
