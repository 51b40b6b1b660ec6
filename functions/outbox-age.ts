/** How long the event that waits longest has been in its outbox. */
import type { IncidentStore } from '../core/ports/incident-store.ts';

export interface NotedAge {
  /** The store, which looks at the incidents that a sweep reads. */
  readonly store: IncidentStore;
  /** The age of the oldest event that was read so far; 0 where there was none. */
  seconds(): number;
}

/**
 * An event's own time counts, not that of the incident's last change: a leak that goes on changes its incident with every inspection.
 *
 * @param now Epoch milliseconds.
 */
export function noteOldest(incidents: IncidentStore, now: number): NotedAge {
  let oldestMs = 0;
  const store: IncidentStore = {
    ...incidents,
    async *unsettled(begin) {
      for await (const incident of incidents.unsettled(begin)) {
        for (const { change } of incident.value.outbox) oldestMs = Math.max(oldestMs, now - change.at);
        yield incident;
      }
    },
  };
  return { store, seconds: () => oldestMs / 1000 };
}
