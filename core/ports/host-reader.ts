/** Where the memory of one host, or another metric of it, is read on request: by the function that may read its cloud. Contract: test/contract/host-reader.ts. */
import type { HostReadAnswer, HostReadRequest } from '../model/host-memory.ts';
import type { PointReadAnswer, PointReadRequest } from '../model/point-read.ts';
import { PlimsollError } from './errors.ts';

/** `signal` ends the wait. Throws `HostReaderError` where no answer came. What a person can correct, or what was not found, is an answer. */
export interface HostReader {
  read(request: HostReadRequest, signal?: AbortSignal): Promise<HostReadAnswer>;
  /** Points of one metric, and what is anomalous of them. */
  readPoints(request: PointReadRequest, signal?: AbortSignal): Promise<PointReadAnswer>;
}

/**
 * `throttled`: too many reads at once. `timeout`: no answer in time. `denied`: no right to invoke the reader. `absent`: there is none.
 * `failed`: it began and ended with an error. `malformed`: its answer is not as it should be. `unavailable`: it could not be reached.
 */
export type HostReaderFailure = 'throttled' | 'timeout' | 'denied' | 'absent' | 'failed' | 'malformed' | 'unavailable';

/** No answer came: nothing is known of the host, which is no sign of health. */
export class HostReaderError extends PlimsollError {
  readonly reason: HostReaderFailure;

  constructor(message: string, reason: HostReaderFailure, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }

  /** Whether the same read may succeed later without anybody changing anything. */
  get retryable(): boolean {
    return this.reason === 'throttled' || this.reason === 'timeout' || this.reason === 'unavailable';
  }
}
