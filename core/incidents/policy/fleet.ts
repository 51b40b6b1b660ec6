/** The incident of a fleet: its key, how it begins, and the facts that its changes state. */

import { clip } from '../../messages/plain-text.ts';
import type { ChangeKind } from '../../model/change.ts';
import type { Fleet, FleetFacts, FleetMember } from '../../model/fleet.ts';
import { type Incident, type IncidentKey, incidentId, incidentKeyText } from '../../model/incident.ts';
import { isAboutMemory } from '../../model/metrics.ts';
import { isoText, roundFigure } from '../../model/notation.ts';
import type { Resource } from '../../model/series.ts';
import { appendChange } from '../append-change.ts';
import { greaterSeverity, type Undecided } from './undecided.ts';

/** Members that a message names: of others no name is kept. */
export const NAMED = 10;

/** Regions and characters of a name that a message states. */
const MOST_REGIONS = 40;
const NAME_LENGTH = 300;

/** The kinds of findings whose incidents join a fleet: leaks those of memory, anomalies those of all other metrics. */
function joiningOf(key: Pick<IncidentKey, 'metric'>): IncidentKey['finding'] {
  return isAboutMemory(key) ? 'leak' : 'anomaly';
}

export function canJoin({ incident: { key } }: Undecided): boolean {
  return key.finding === joiningOf(key);
}

/** The fleet that a host's incident may join: of its group, else of its account. It has no region: regions of an account share it. */
export function fleetKeyOf({ key, resource: { group } }: Pick<Incident, 'key' | 'resource'>): IncidentKey {
  const host = group === undefined ? `account:${key.account}` : `group:${group}`;
  return { ...key, region: null, host, finding: 'fleet' };
}

/** The keys of all fleets that these changes may concern. Whoever decides reads their incidents first, closed ones too. */
export function fleetKeysOf(undecided: readonly Undecided[]): IncidentKey[] {
  const keys = new Map<string, IncidentKey>();
  for (const item of undecided) {
    if (!canJoin(item)) continue;
    const key = fleetKeyOf(item.incident);
    keys.set(incidentKeyText(key), key);
  }
  return [...keys.values()];
}

/** The incident of a member. */
export function memberKey({ key }: Pick<Incident, 'key'>, { host, region }: FleetMember): IncidentKey {
  return { ...key, region, host, finding: joiningOf(key) };
}

/** A fleet that has no member yet. */
export function newFleet(item: Undecided, now: number): Incident {
  const key = fleetKeyOf(item.incident);
  const { group } = item.incident.resource;
  const { provider, account } = key;
  const name = group === undefined ? `account ${account}` : `group ${group}`;
  return {
    key,
    resource: { provider, account, region: null, id: key.host, name, ...(group !== undefined && { group }) },
    status: 'closed',
    episode: 1,
    severity: 'low',
    asOf: item.change.at,
    since: item.change.at,
    steadyRuns: 0,
    cycle: 1,
    cycleSince: item.change.at,
    openedAt: null,
    endedAt: null,
    transition: 0,
    lastChangeAt: item.change.at,
    undecided: [],
    outbox: [],
    dropped: 0,
    lastNotifiedAt: null,
    acknowledged: null,
    owner: null,
    fleet: null,
    changedAt: now,
    members: { by: group === undefined ? 'account' : 'group', members: [], more: 0, joinedAt: 0, endingSince: null },
  };
}

/** The labels that both hosts have with the same value: a fleet is routed by what its members share. */
export function sharedLabels(fleet: Resource, member: Resource, isFirst: boolean): Resource {
  const own = Object.entries((isFirst ? member : fleet).labels ?? {});
  const shared = own.filter(([name, value]) => member.labels?.[name] === value);
  const { labels: _, ...rest } = fleet;
  return shared.length === 0 ? rest : { ...rest, labels: Object.fromEntries(shared) };
}

export interface ChangeTime {
  /** The end of the window in which it was seen, epoch milliseconds. */
  readonly at: number;
  /** Epoch milliseconds: the time of the write. */
  readonly now: number;
  /** As of `ChangeFacts`. */
  readonly movesLastChange?: boolean;
}

/** The incident with a further change that nothing is decided about. */
export function withChange(fleet: Incident, kind: ChangeKind, { at, ...time }: ChangeTime): Incident {
  const { members } = fleet;
  const grade = members?.members.some(({ confirmed }) => confirmed) ? 'confirmed' : 'suspected';
  const facts = members && { fleet: factsOf(fleet, members) };
  return appendChange({ ...fleet, asOf: at }, { kind, ...time, grade, ...facts });
}

/** Which of those that go on may be full first. */
function fullFacts(members: readonly FleetMember[]): Pick<FleetFacts, 'full'> {
  const rising = members.filter(({ state }) => state === 'rising');
  const timeOf = ({ fullFrom = Number.POSITIVE_INFINITY }: FleetMember) => fullFrom;
  const first = rising.reduce<FleetMember | undefined>(
    (best, one) => (best === undefined || timeOf(one) < timeOf(best) ? one : best),
    undefined,
  );
  if (first?.fullFrom === undefined) return {};
  const { host, name, fullFrom } = first;
  return { full: { earliest: isoText(fullFrom), host, ...(name !== undefined && { name }) } };
}

function factsOf({ key, resource }: Incident, { by, members, more }: Fleet): FleetFacts {
  const growths = members.map(({ growth }) => growth).sort((a, b) => a - b);
  const regions = new Set(members.map(({ region }) => region).filter((region) => region !== null));
  const begins = members.map(({ from, to }) => from ?? to);
  const anomaly = anomalyOf(members);
  return {
    by,
    name: clip(resource.group ?? key.account, NAME_LENGTH),
    hosts: members.length + more,
    confirmed: members.filter(({ confirmed }) => confirmed).length,
    ended: members.filter(({ state }) => state === 'ended').length,
    regions: [...regions].slice(0, MOST_REGIONS),
    ...(anomaly === undefined && {
      growth: {
        low: roundFigure(growths[0] ?? 0),
        median: roundFigure(medianGrowth(members)),
        high: roundFigure(growths.at(-1) ?? 0),
      },
    }),
    ...(anomaly && { anomaly }),
    onset: {
      earliest: isoText(Math.min(...begins)),
      latest: isoText(Math.max(...members.map(({ to }) => to))),
    },
    ...fullFacts(members),
    first: members
      .slice(0, NAMED)
      .map(({ host, region, name }) => ({ host, region, ...(name !== undefined && { name }) })),
  };
}

/** How many members have what, by what their anomalies are. */
function countsOf(members: readonly FleetMember[]): [what: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { alike = [] } of members) for (const what of alike) counts.set(what, (counts.get(what) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** What half of the members or more have in common. */
export function sharedAnomalies(members: readonly FleetMember[]): readonly string[] {
  return countsOf(members).flatMap(([what, count]) => (2 * count >= members.length ? [what] : []));
}

function anomalyOf(members: readonly FleetMember[]): FleetFacts['anomaly'] {
  const [metric, type] = countsOf(members)[0]?.[0].split(' ') ?? [];
  return metric === undefined || type === undefined ? undefined : { metric, type };
}

/** Percent an hour: of those that go on, or of all where none does. */
export function medianGrowth(members: readonly FleetMember[]): number {
  const rising = members.filter(({ state }) => state === 'rising');
  const growths = (rising.length > 0 ? rising : members).map(({ growth }) => growth).sort((a, b) => a - b);
  return growths[Math.floor(growths.length / 2)] ?? 0;
}

/** The greatest severity of members that go on. */
export function fleetSeverity(members: readonly FleetMember[]): Incident['severity'] {
  return members
    .filter(({ state }) => state === 'rising')
    .map(({ severity }) => severity)
    .reduce(greaterSeverity, 'low');
}

export function fleetId({ key, episode }: Pick<Incident, 'key' | 'episode'>): string {
  return incidentId(key, episode);
}
