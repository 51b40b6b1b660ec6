/** Where incidents are kept. Contract: test/contract/incident-store.ts. */
import type { Incident, IncidentKey } from '../model/incident.ts';
import type { Scope } from '../model/series.ts';
import type { PutOutcome, Versioned } from './conditional-put.ts';

/** Incidents: one item per key, written only by conditional single-item puts. */
export interface IncidentStore {
  get(key: IncidentKey): Promise<Versioned<Incident> | undefined>;
  /** Stores the incident if its item is still at `expectedVersion` (0: there is none). */
  put(incident: Incident, expectedVersion: number): Promise<PutOutcome>;
  /** Incidents of a tenant's account and region that are suspected or open. May lag behind puts by seconds. */
  open(tenant: string, scope: Scope): AsyncIterable<Versioned<Incident>>;
  /**
   * Incidents of all tenants with undecided changes, or with an outbox that is not empty. May lag behind puts by seconds.
   *
   * @param begin In [0, 1): where in the store's own order the list begins; it goes round to the rest. Default: 0.
   */
  unsettled(begin?: number): AsyncIterable<Versioned<Incident>>;
  /** The same of a tenant's account and region. What only the former lists is settled later. */
  unsettledIn(tenant: string, scope: Scope): AsyncIterable<Versioned<Incident>>;
}
