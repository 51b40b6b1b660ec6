/** Where scaling and deployment events are kept. Contract: test/contract/scaling-log.ts. */
import type { ScalingEvent } from '../model/scaling-event.ts';
import type { Scope } from '../model/series.ts';

/** Scaling and deployment events, kept for 90 days. Throws `StoreError`. */
export interface ScalingLog {
  /** Stores an event. One that is stored already, by its id, is `known`: nothing changes. */
  add(event: ScalingEvent): Promise<'added' | 'known'>;
  /**
   * The events of a tenant's group from a time on (epoch ms), oldest first. Those whose event named no region are kept under a scope
   * without one.
   *
   * @param until The time before which they are; absent where there is none.
   */
  list(tenant: string, scope: Scope, group: string, since: number, until?: number): AsyncIterable<ScalingEvent>;
}
