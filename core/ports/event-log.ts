/** The log of incidents: append-only. Contract: test/contract/event-log.ts. */
import type { IncidentEvent } from '../model/incident-event.ts';

export interface EventPage {
  /** The latest first. */
  readonly events: readonly IncidentEvent[];
  /** Null after the last page. */
  readonly cursor: string | null;
}

interface PageRequest {
  /** Entries of a page at the most, 1 to 200. */
  readonly limit: number;
  /** Where the page before ended. */
  readonly cursor?: string;
}

/** Epoch milliseconds: from the first on, and before the second. */
export interface EventQuery extends PageRequest {
  readonly from: number;
  readonly to: number;
}

/** Entries are forgotten after a while. A cursor names a time alone, as of incidents. */
export interface EventLog {
  /** Adds an entry. The same fact has the same id and time, whoever writes it and however often: it is kept once, as first written. */
  put(entry: IncidentEvent): Promise<'stored' | 'known'>;
  /** Entries of an incident, by its id. Consistent. */
  ofIncident(tenant: string, incident: string, request: PageRequest): Promise<EventPage>;
  /** All entries of a tenant. May lag behind by seconds. */
  list(tenant: string, query: EventQuery): Promise<EventPage>;
}

/** What adds entries. */
export type EventWriter = Pick<EventLog, 'put'>;
