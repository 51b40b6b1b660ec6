/**
 * Which incidents happened near another one: of the same host, fleet, group, or account and region, at the same time. Those of its host and
 * its fleet belong to it for as long as it lasts; what it shares with others shows where both began.
 */
import type { Change } from '../model/change.ts';
import { type IncidentKey, incidentId } from '../model/incident.ts';
import { isDecided } from '../model/incident-event.ts';
import type { NamedIncident } from '../model/incident-id.ts';
import type { IncidentSummary } from '../model/incident-summary.ts';
import type { EventLog } from '../ports/event-log.ts';
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

export interface RelatedPage {
  /** The closest relation first, of these the one whose growth began nearest in time. */
  readonly items: readonly Related[];
  /** Whether so many incidents changed since that those whose last change is the oldest were not looked at. */
  readonly isTruncated: boolean;
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

/** Answers that are read at the most, the latest change first: some seconds. */
const PAGES = 25;

/** Throws `StoreError`. */
export async function relatedIncidents(
  subject: Subject,
  list: IncidentList,
  { near, by = RELATIONS, limit }: RelatedOptions,
): Promise<RelatedPage> {
  const found: Related[] = [];
  let cursor: string | null | undefined;
  for (let pages = 0; pages < PAGES && cursor !== null; pages++) {
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
  return { items: found.slice(0, limit), isTruncated: cursor !== null };
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

export interface RelatedPorts {
  readonly incidents: Pick<IncidentStore, 'get'>;
  readonly list: IncidentList;
  readonly log: Pick<EventLog, 'ofIncident'>;
}

/** Undefined where neither the host's item nor the log has its times any more. Throws `StoreError`. */
export async function relatedTo(
  named: NamedIncident,
  ports: RelatedPorts,
  options: RelatedOptions = FEW,
): Promise<RelatedPage | undefined> {
  const subject = (await currentSubject(named, ports)) ?? (await pastSubject(named, ports));
  return subject && relatedIncidents(subject, ports.list, options);
}

/** Undefined where the item was removed, or is of another episode by now. */
async function currentSubject({ key, id }: NamedIncident, { incidents }: RelatedPorts): Promise<Subject | undefined> {
  const current = (await incidents.get(key))?.value;
  if (current === undefined || incidentId(current.key, current.episode) !== id) return undefined;
  const { cycleSince: from, lastChangeAt: to, resource, fleet } = current;
  return { key, group: resource.group ?? null, fleet, id, from, to };
}

/** Entries of the log, the latest first, in which the newest change is looked for: others are what people did. */
const NEWEST_ENTRIES = 100;

/** As its last change left it; undefined where the log does not have that any more. */
async function pastSubject({ key, id, tenant }: NamedIncident, { log }: RelatedPorts): Promise<Subject | undefined> {
  const { events } = await log.ofIncident(tenant, id, { limit: NEWEST_ENTRIES });
  const changes = events.filter(isDecided);
  const newest = changes.toSorted((a, b) => b.change.number - a.change.number)[0];
  if (newest === undefined) return undefined;
  const { change, host, decision, body } = newest;
  const from = change.end ? change.at - change.end.ageHours * HOUR : beginningOf(changes.map((one) => one.change));
  const group = (host ?? body?.data.host)?.group ?? null;
  return { key, group, fleet: decision.fleet, id, from, to: change.at };
}

/** Of the newest cycle: when it was seen first. */
function beginningOf(changes: readonly Change[]): number {
  const cycle = Math.max(...changes.map(({ cycles }) => cycles.cycle));
  const own = changes.filter(({ cycles }) => cycles.cycle === cycle);
  return Math.min(...own.map(({ at, cycles }) => (cycle === 1 ? cycles.firstAt : at)));
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
