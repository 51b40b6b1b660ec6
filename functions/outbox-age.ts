/** How long the events of each tenant have been in their outboxes. */
import { decidedAtOf, type Incident } from '../core/model/incident.ts';
import type { IncidentStore } from '../core/ports/incident-store.ts';

/** From this age on a tenant's topic is late: a page that waits for so long wakes nobody up in time. */
const LATE_MS = 3_600_000;

export interface NotedAge {
  /** The store, which looks at the incidents that a sweep reads. */
  readonly store: IncidentStore;
  /** The age of the oldest event that was read so far; 0 where there was none. */
  seconds(): number;
  /** The age of the oldest event of each tenant, in seconds. */
  byTenant(): ReadonlyMap<string, number>;
  /**
   * How many tenants have become late since the sweep before: one that is late for days does not hide the next.
   *
   * @param sinceMs Milliseconds since then.
   */
  newlyLate(sinceMs: number): number;
}

/**
 * The time counts at which an event was decided: what was put off did not wait for its topic until then, and a leak that goes on changes its
 * incident with every inspection.
 *
 * @param now Epoch milliseconds.
 */
export function noteOldest(incidents: IncidentStore, now: number): NotedAge {
  const oldest = new Map<string, number>();
  function note({ key, outbox }: Incident): void {
    // What was held back waits for the log alone.
    for (const entry of outbox) {
      const ageMs = now - decidedAtOf(entry);
      if (entry.body !== null && ageMs > (oldest.get(key.tenant) ?? 0)) oldest.set(key.tenant, ageMs);
    }
  }
  const store: IncidentStore = {
    ...incidents,
    async *unsettled(begin) {
      for await (const incident of incidents.unsettled(begin)) {
        note(incident.value);
        yield incident;
      }
    },
  };
  return {
    store,
    seconds: () => Math.max(0, ...oldest.values()) / 1000,
    byTenant: () => new Map([...oldest].map(([tenant, ageMs]) => [tenant, ageMs / 1000])),
    newlyLate: (sinceMs) =>
      [...oldest.values()].filter((ageMs) => ageMs >= LATE_MS && ageMs < LATE_MS + sinceMs).length,
  };
}
