/** Incidents by tenant, status and time. Contract: test/contract/incident-list.ts. */
import type { Severity } from '../model/finding.ts';
import type { IncidentStatus } from '../model/incident.ts';
import type { IncidentSummary } from '../model/incident-summary.ts';

/** Every field that is given must match. */
export interface IncidentQuery {
  /** Default: all. */
  readonly statuses?: readonly IncidentStatus[];
  readonly severities?: readonly Severity[];
  readonly account?: string;
  readonly group?: string;
  /** Id of a host. */
  readonly host?: string;
  /** Of the last change, epoch milliseconds: from the first on, and before the second. */
  readonly from?: number;
  readonly to?: number;
  /** Incidents of a page at the most, 1 to 200. A page may have fewer although there are more: its cursor shows whether there are. */
  readonly limit: number;
  /** Where the page before ended. */
  readonly cursor?: string;
}

export interface IncidentPage {
  /** The latest change first. */
  readonly incidents: readonly IncidentSummary[];
  /** Null after the last page. */
  readonly cursor: string | null;
}

export interface IncidentList {
  /**
   * May lag behind changes by seconds. A cursor names a time alone: one of another tenant, or one that somebody made up, shows incidents
   * of this tenant. Throws `InvalidInputError` where it is none.
   */
  list(tenant: string, query: IncidentQuery): Promise<IncidentPage>;
}
