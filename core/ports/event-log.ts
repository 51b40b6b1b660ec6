/** The log of incidents: append-only. Contract: test/contract/event-log.ts. */
import type { IncidentEvent } from '../model/incident-event.ts';

export interface EventLog {
  /** Adds an entry. The same fact has the same id and time, whoever writes it and however often: it is kept once, as first written. */
  put(entry: IncidentEvent): Promise<'stored' | 'known'>;
}
