/** The worlds that the listing of a source is tried in. */
import type { HostFilter } from '../../core/model/host-filter.ts';
import type { Resource, Span } from '../../core/model/series.ts';
import type { MemorySource } from '../../core/ports/memory-source.ts';

/** A world whose hosts are listed on several pages, and what is true in it. */
export interface ListingWorld {
  /** A new source over the same world, as another invocation would have it. */
  open(): MemorySource;
  readonly span: Span;
  /** Lets some of the hosts in, and not all. */
  readonly filter: HostFilter;
  /** Lets some of those in, and not all. */
  readonly narrower: HostFilter;
  /** Requests for lists of hosts that have reached the provider so far. */
  listings(): number;
  /** Pages that a listing of all hosts takes at the least: more than one of some list. */
  readonly pages: number;
  /** A host whose consumers are known. Absent where the source knows of none. */
  readonly withConsumers?: Resource;
}
