/** What running recordings want of a host: whoever samples there requests it. */
import type { SentHost } from '../model/sample.ts';

/** A host, and whose it is by the token that it showed. */
export interface SelectingHost extends SentHost {
  readonly tenant: string;
  readonly account: string;
}

export interface TaggedAnswer {
  /** As JSON has it. */
  readonly answer: object;
  /** As a header has it, with its quotation marks. The same answer has the same. */
  readonly etag: string;
}

export interface SelectionSource {
  /** Throws `StoreError`. @param now Epoch milliseconds. */
  of(host: SelectingHost, now: number): Promise<TaggedAnswer>;
}
