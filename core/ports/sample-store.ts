/** Where samples that hosts sent are kept, in chunks of an hour. Contract: test/contract/sample-store.ts. */
import type { SampleChunk } from '../model/sample-chunk.ts';
import type { Window } from '../model/series.ts';

export interface SampleScope {
  readonly tenant: string;
  readonly account: string;
}

/**
 * Samples may be there twice, in different chunks: whoever reads keeps one of each host, process, metric and moment. A chunk that cannot be read
 * throws: samples that are missing would pass for a host that stopped.
 */
export interface SampleStore {
  /**
   * Stores what came for an hour; the same name replaces. Durable when this returns. Throws `StoreError`, and `ItemError` where a sample is of
   * another hour.
   *
   * @param hour Epoch milliseconds of its beginning.
   */
  put(of: SampleScope, hour: number, name: string, chunk: SampleChunk): Promise<void>;
  /** What the hosts themselves sent in the hours that a window touches, in the order of hours. */
  hosts(of: SampleScope, window: Window): AsyncIterable<SampleChunk>;
  /** What processes of one host sent in the hours that a window touches, in the order of hours. */
  processes(of: SampleScope, host: string, window: Window): AsyncIterable<SampleChunk>;
  /** Merges the chunks of the hours that lie in a window, which must be over; nothing is deleted before what replaces it was read back. Returns how many chunks are gone. */
  merge(of: SampleScope, window: Window): Promise<number>;
}
