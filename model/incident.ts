/** An incident: what is remembered of one host's metric between inspections, and what has still to be told. */
import type { Severity } from './finding.ts';
import type { Notification } from './notification.ts';
import type { Provider, Resource } from './series.ts';

/** One current item per key; episodes of the same host follow one another in it. */
export interface IncidentKey {
  readonly tenant: string;
  readonly provider: Provider;
  readonly account: string;
  readonly region: string;
  readonly host: string;
  readonly metric: string;
}

/** `suspected` has not paged, `open` has, `closed` is over: its item stays, so that a late run cannot open it again. */
export type IncidentStatus = 'suspected' | 'open' | 'closed';

export interface Incident {
  readonly key: IncidentKey;
  readonly resource: Resource;
  readonly status: IncidentStatus;
  /** 1 for the first leak of this host and metric, one more each time it leaks again. */
  readonly episode: number;
  /** The greatest severity told in this episode: only a greater one is worse. */
  readonly severity: Severity;
  /** End of the newest window that was recorded, epoch milliseconds. What is older is ignored. */
  readonly asOf: number;
  /** `asOf` of the finding that began this episode. */
  readonly since: number;
  /** Steady inspections in a row since the last finding. */
  readonly steadyRuns: number;
  /** Number of the last transition; an event's id is the incident's id and this number. */
  readonly transition: number;
  /** Bodies that the topic has not taken yet, oldest first, frozen when the transition happened. */
  readonly pending: readonly Notification[];
}

/** A stable, readable id: the same for every run that sees the same episode. */
export function incidentId(key: IncidentKey, episode: number): string {
  const parts = [key.tenant, key.provider, key.account, key.region, key.host, key.metric, String(episode)];
  return parts.map(encodeURIComponent).join('/');
}
