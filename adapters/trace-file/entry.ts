/** What a trace file states, row by row: a sample of a host, all samples of a host, a remark, or nothing that can be understood. */

/** One sample of one host; a null value states that there is none at this time. */
export interface Sample {
  readonly kind: 'sample';
  readonly host: string;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly measure: Measure;
  /** Used memory in the unit of the measure. */
  readonly value: number | null;
  /** The host's memory in bytes, beside a value in bytes. */
  readonly limit?: number;
  /** The unit stands at the value itself or was given by whoever gave the file: small percent are percent then. */
  readonly isUnitCertain?: boolean;
}

/** All samples of one host on a regular grid. */
export interface Grid {
  readonly kind: 'grid';
  readonly host: string;
  readonly stepMs: number;
  /** Epoch milliseconds of the first sample; undefined where the file does not state when it was. */
  readonly start: number | undefined;
  readonly measure: Measure;
  /** Used memory in the unit of the measure, null where a sample is missing. */
  readonly values: readonly (number | null)[];
  readonly limit?: number;
  readonly isUnitCertain?: boolean;
}

/** What is wrong with a row: one of few sentences, the same for all rows that are wrong in the same way, and what was found. */
export interface Fault {
  readonly why: string;
  readonly example?: string;
}

/** A row that cannot be used, and the host that it names, where so much of it can be read. */
export interface Malformed extends Fault {
  readonly kind: 'malformed';
  readonly host?: string;
  /** The row would have been all of its host. */
  readonly isGrid?: boolean;
}

/** How the file is read where it could have been meant otherwise, in a sentence that follows the file's name and a colon. */
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

/** The ways to state a value, by the name of its column or field: used memory. */
export const MEASURES = ['fraction', 'percent', 'bytes'] as const;
export type Measure = (typeof MEASURES)[number];
