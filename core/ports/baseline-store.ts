/** Where what was learned from weeks is kept. Contract: test/contract/baseline-store.ts. */
import type { BaselineManifest, HostBaseline } from '../model/host-baseline.ts';
import type { Scope } from '../model/series.ts';

/** One account and region of a tenant. */
export interface BaselineScope {
  readonly tenant: string;
  readonly scope: Scope;
}

/** A deep read of it, by the scheduled time of its run in epoch milliseconds. */
export interface BaselineSlot extends BaselineScope {
  readonly slot: number;
}

/** A manifest that cannot be read back has no value and a reason, and is replaced as any other. */
export type FoundManifest = { readonly version: string } & (
  | { readonly value: BaselineManifest; readonly damage?: undefined }
  | { readonly value: undefined; readonly damage: string }
);

/**
 * Records by shard, and a manifest that names the objects which count. Methods throw `StoreError`, and `ItemError` where a part
 * cannot be read back or written. What is older than some days may be gone.
 */
export interface BaselineStore {
  /** Stores or overwrites the records of one shard: a retry writes the same object. */
  putPart(of: BaselineSlot, shard: number, records: readonly HostBaseline[]): Promise<void>;
  /** The records of a shard in their order; undefined where there are none. */
  part(of: BaselineSlot, shard: number): Promise<readonly HostBaseline[] | undefined>;
  manifest(of: BaselineScope): Promise<FoundManifest | undefined>;
  /** @param expected Version of the manifest that is replaced; undefined where there is none. `conflict` where there is another. */
  putManifest(
    of: BaselineScope,
    manifest: BaselineManifest,
    expected: string | undefined,
  ): Promise<'stored' | 'conflict'>;
}
