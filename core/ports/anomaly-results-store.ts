/** Where the scored points of jobs are kept. Contract: test/contract/anomaly-results-store.ts. */
import type { AnomalyLine } from '../model/anomaly-line.ts';
import type { JobRef } from './point-state-store.ts';

/** Points that one inspection took in of one span of time, by its beginning in epoch milliseconds. */
export interface AnomalyCell extends JobRef {
  readonly start: number;
}

/** The jobs of a tenant, or some of them. */
export interface AnomalyLocation {
  readonly tenant: string;
  readonly provider?: string;
  readonly account?: string;
  readonly region?: string | null;
  readonly job?: string;
}

/** One object: where it is, and the cell that it is of. */
export interface FoundCell {
  readonly key: string;
  readonly start: number;
}

/** Methods throw `StoreError`. */
export interface AnomalyResultsStore {
  /** Stores or overwrites the points of a cell: a retry writes the same object. Throws `ItemError` where a line could not be read back. */
  put(cell: AnomalyCell, lines: readonly AnomalyLine[]): Promise<void>;
  /** The cells of one day (UTC, for example `2026-11-29`), the newest first. */
  cells(within: AnomalyLocation, day: string): Promise<readonly FoundCell[]>;
  /** The lines of one; nothing where it is gone. Throws `ItemError` where it cannot be read back. */
  lines(cell: FoundCell): AsyncIterable<AnomalyLine>;
}
