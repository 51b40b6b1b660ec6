/** One line of a trace file: a sample of a host, a host's complete grid, or nothing that can be understood. */

/** One sample of one host; a null value means that there is none at this time. */
export interface Sample {
  readonly kind: 'sample';
  readonly host: string;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly measure: Measure;
  /** In the unit of the measure. */
  readonly value: number | null;
  /** The host's memory in bytes, beside a value in bytes. */
  readonly limit?: number;
}

/** All samples of one host on a regular grid. */
export interface Grid {
  readonly kind: 'grid';
  readonly host: string;
  readonly stepMs: number;
  /** Epoch milliseconds of the first sample; undefined where the file gives no time. */
  readonly start: number | undefined;
  /** Percent of the host's memory, null where a sample is missing. */
  readonly percents: readonly (number | null)[];
}

/** What is wrong with a row: one of few sentences, the same for all rows that are wrong in the same way, and what was found. */
export interface Fault {
  readonly why: string;
  readonly example?: string;
}

/** A line that cannot be used, and the host that it names, where so much of it can be read. */
export interface Malformed extends Fault {
  readonly kind: 'malformed';
  readonly host?: string;
  /** The line would have been all of its host. */
  readonly isGrid?: boolean;
}

export type Entry = Sample | Grid | Malformed;

/** The ways to state a value, by the name of its column or field: used memory. */
export const MEASURES = ['fraction', 'percent', 'bytes'] as const;
export type Measure = (typeof MEASURES)[number];
