/**
 * Which incidents happened near another one: of the same host, fleet, group, or account and region, at the same time. Those of its host and
 * its fleet belong to it for as long as it lasts; what it shares with others shows where both began.
 */
import type { IncidentKey } from '../model/incident.ts';
import type { NamedIncident } from '../model/incident-id.ts';
import type { IncidentSummary } from '../model/incident-summary.ts';
import type { IncidentList } from '../ports/incident-list.ts';
import type { IncidentStore } from '../ports/incident-store.ts';

/** What two incidents have in common, the closest first. */
export const RELATIONS = ['host', 'fleet', 'group', 'region', 'account'] as const;
export type Relation = (typeof RELATIONS)[number];

export interface Related {
  readonly incident: IncidentSummary;
  /** The closest thing that both have in common. */
  readonly by: Relation;
}

/** What is compared. Times are epoch milliseconds. */
export interface Subject {
  readonly key: IncidentKey;
  readonly group: string | null;
  /** Id of the incident of its fleet. */
  readonly fleet: string | null;
  readonly id: string;
  /** When its growth was found, and when it changed last. */
  readonly from: number;
  readonly to: number;
}

export interface RelatedOptions {
  /**
   * Milliseconds. Another one is near whose last change is no longer before its beginning, and whose own beginning no longer after it; of the
   * same host or fleet, no longer after its last change.
   */
  readonly near: number;
  /** Which relations count. Default: all. */
  readonly by?: readonly Relation[];
  readonly limit: number;
}

/** Incidents of one answer of the store. */
const PAGE_SIZE = 200;

/** The closest relation first, of these the one whose growth began nearest in time. Throws `StoreError`. */
export async function relatedIncidents(
  subject: Subject,
  list: IncidentList,
  { near, by = RELATIONS, limit }: RelatedOptions,
): Promise<readonly Related[]> {
  const found: Related[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const query = { from: subject.from - near, limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) };
    const page = await list.list(subject.key.tenant, query);
    for (const incident of page.incidents) {
      const relation = by.find((one) => isRelated(one, subject, incident) && beginsNear(one, subject, incident, near));
      if (incident.id !== subject.id && relation !== undefined) found.push({ incident, by: relation });
    }
    cursor = page.cursor;
  }
  const apart = ({ incident }: Related) => Math.abs(incident.cycleSince - subject.from);
  found.sort((a, b) => RELATIONS.indexOf(a.by) - RELATIONS.indexOf(b.by) || apart(a) - apart(b));
  return found.slice(0, limit);
}

/** Not long after the subject: a leak of weeks is not near to all that begins meanwhile. */
function beginsNear(by: Relation, { from, to }: Subject, { cycleSince }: IncidentSummary, near: number): boolean {
  return cycleSince <= (by === 'host' || by === 'fleet' ? to : from) + near;
}

const HOUR = 3_600_000;

/** A day: a cause that is shared shows within one. */
export const DEFAULT_NEAR = 24 * HOUR;

/** What is shown beside an incident. */
const FEW = { near: DEFAULT_NEAR, limit: 5, by: ['host', 'fleet', 'group'] } as const;

/** Undefined where the host's item was removed: nobody knows its times any more. Throws `StoreError`. */
export async function relatedTo(
  { key, id }: NamedIncident,
  { incidents, list }: { readonly incidents: Pick<IncidentStore, 'get'>; readonly list: IncidentList },
  options: RelatedOptions = FEW,
): Promise<readonly Related[] | undefined> {
  const stored = await incidents.get(key);
  if (stored === undefined) return undefined;
  const { cycleSince: from, lastChangeAt: to, resource, fleet } = stored.value;
  return relatedIncidents({ key, group: resource.group ?? null, fleet, id, from, to }, list, options);
}

function isRelated(by: Relation, { key, group, fleet, id }: Subject, other: IncidentSummary): boolean {
  const isSameAccount = key.provider === other.key.provider && key.account === other.key.account;
  const isSameRegion = isSameAccount && key.region === other.key.region;
  switch (by) {
    case 'host':
      return isSameRegion && key.host === other.key.host;
    case 'fleet':
      return other.id === fleet || other.fleet === id || (fleet !== null && other.fleet === fleet);
    case 'group':
      return isSameAccount && group !== null && group === other.group;
    case 'region':
      return isSameRegion;
    case 'account':
      return isSameAccount;
  }
}
