/** What running recordings want of a host: whoever samples there requests it. */
import type { HostSelections } from '../model/recording.ts';
import type { SentHost } from '../model/sample.ts';

/** A host, and whose it is by the token that it showed. */
export interface SelectingHost extends SentHost {
  readonly tenant: string;
  readonly account: string;
}

export interface TaggedSelections {
  readonly answer: HostSelections;
  /** As a header has it, with its quotation marks. The same selections have the same. */
  readonly etag: string;
  /** Seconds after which the host requests them again. */
  readonly maxAgeS: number;
}

export interface SelectionSource {
  /** Throws `StoreError`. @param now Epoch milliseconds. */
  of(host: SelectingHost, now: number): Promise<TaggedSelections>;
}
