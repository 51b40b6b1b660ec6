/** Where samples that hosts sent are kept, in chunks of an hour. Contract: test/contract/sample-store.ts. */
import type { SampleSeries, SentHost } from '../model/sample.ts';
import type { Window } from '../model/series.ts';

export interface SampleScope {
  readonly tenant: string;
  readonly account: string;
}

/** Samples of one hour: those of the hosts themselves, or those of the processes of some of them. */
export interface SampleChunk {
  readonly hosts: readonly SentHost[];
  readonly series: readonly SampleSeries[];
}

/**
 * Samples may be there twice, in different chunks: whoever reads keeps one of each host, process, metric and moment. A chunk that cannot be read
 * throws: samples that are missing would pass for a host that stopped.
 */
export interface SampleStore {
  /** Stores what came for an hour; the same name replaces. Durable when this returns. Throws `StoreError`. @param hour Epoch milliseconds of its beginning. */
  put(of: SampleScope, hour: number, name: string, chunk: SampleChunk): Promise<void>;
  /** What the hosts themselves sent in a window, in the order of hours. */
  hosts(of: SampleScope, window: Window): AsyncIterable<SampleChunk>;
  /** What processes of one host sent in a window. */
  processes(of: SampleScope, host: string, window: Window): AsyncIterable<SampleChunk>;
  /** Merges the chunks of hours that are over; nothing is deleted before what replaces it was read back. Returns how many chunks are gone. */
  merge(of: SampleScope, window: Window): Promise<number>;
}
