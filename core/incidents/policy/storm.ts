/**
 * The first stage that holds anything back: many hosts of one group, or of one account where they have no group, that rise alike are one
 * fleet, notified once. What it needs to remember is kept with the fleet's own incident, so that shards, regions and later runs of the same
 * account join it: whoever decides reads that incident, and puts it before the changes leave their incidents.
 */
import type { Change } from '../../model/change.ts';
import { compareSeverity } from '../../model/finding.ts';
import type { Fleet, FleetMember } from '../../model/fleet.ts';
import { type Incident, type IncidentKey, incidentKeyText } from '../../model/incident.ts';
import { canJoin, fleetId, fleetKeyOf, fleetSeverity, memberKey, newFleet, sharedLabels, withChange } from './fleet.ts';
import {
  isFaster,
  joins,
  type Likeness,
  largestCluster,
  likenessOfMembers,
  memberOf,
  type Roster,
  rosterOf,
} from './fleet-members.ts';
import type { HeldBack } from './stages.ts';
import { DEFAULT_STORM, type StormSettings } from './storm-settings.ts';
import { HOUR_MS, idOf, isBeginning, isEnd, statesGrowth, type Undecided, wasNotified } from './undecided.ts';

export interface Storms {
  /** Fleets that are new or changed, to be put before anything else. */
  readonly fleets: readonly Incident[];
  /** Changes that are held back, by id, with the id of their fleet. */
  readonly held: ReadonlyMap<string, string>;
  /** Incidents that go on though the others of their fleet have ended: each is to be given a change of its own. */
  readonly released: readonly IncidentKey[];
}

interface StormInput {
  readonly settings: StormSettings | undefined;
  readonly now: number;
  /** Those that are open, and of each fleet that the changes may concern the incident that there is. */
  readonly fleets: readonly Incident[];
  /** Whether a later stage holds a change back whatever happens: it makes no storm. */
  isHeldAnyway(item: Undecided): boolean;
}

/** Ids of the fleets that hold changes back, by the ids of the changes. */
type Held = Map<string, string>;

/** Share of its members whose end ends a fleet for the others too, `withinHours` later: then those that go on are on their own. */
const MOST_ENDED = 0.75;

/** @param items In order. */
export function findStorms(items: readonly Undecided[], input: StormInput): Storms {
  const byFleet = Map.groupBy(items.filter(canJoin), ({ incident }) => incidentKeyText(fleetKeyOf(incident)));
  const known = new Map(input.fleets.map((fleet) => [incidentKeyText(fleet.key), fleet]));
  const held = new Map<string, string>();
  const fleets: Incident[] = [];
  const released: IncidentKey[] = [];
  for (const key of new Set([...byFleet.keys(), ...known.keys()])) {
    const own = byFleet.get(key) ?? [];
    const before = known.get(key) ?? (own[0] && newFleet(own[0], input.now));
    if (before === undefined) continue;
    const after = advance(before, own, input, held);
    if (JSON.stringify(after) !== JSON.stringify(before)) fleets.push({ ...after, changedAt: input.now });
    released.push(...releasedOf(after));
  }
  return { fleets, held, released };
}

function releasedOf(fleet: Incident): IncidentKey[] {
  const members = fleet.members?.members ?? [];
  return members.filter(({ state }) => state === 'released').map((member) => memberKey(fleet, member));
}

function isOpen({ status }: Incident): boolean {
  return status === 'open' || status === 'suspected';
}

function advance(before: Incident, items: readonly Undecided[], input: StormInput, held: Held): Incident {
  if (isOpen(before)) return advanceOpen(before, items, input, held);
  const { settings, now } = input;
  if (settings === undefined || before.members === undefined) return before;
  const candidates = gather(before, items, input, settings);
  const cluster = largestCluster(candidates, settings);
  if (cluster.length < settings.hosts[before.members.by]) return withMembers(before, candidates);
  const taken = takeIn(begin(before, cluster, items), items, input, held);
  return withChange(taken, taken.status === 'open' ? 'opened' : 'suspected', { at: taken.asOf, now });
}

function membersOf({ members }: Incident): readonly FleetMember[] {
  return members?.members ?? [];
}

function withMembers(fleet: Incident, members: readonly FleetMember[], values: Partial<Fleet> = {}): Incident {
  if (fleet.members === undefined) return fleet;
  return { ...fleet, members: { ...fleet.members, ...values, members } };
}

/** Hosts that may become members: reported lately, and still growing. A host counts from when it was first reported. */
function gather(
  fleet: Incident,
  items: readonly Undecided[],
  { now, isHeldAnyway }: StormInput,
  { withinHours }: StormSettings,
): readonly FleetMember[] {
  const roster = rosterOf(membersOf(fleet).filter(({ at }) => at > now - withinHours * HOUR_MS));
  for (const item of items) {
    if (isEnd(item.change)) roster.remove(item.incident.key);
    const member = isBeginning(item.change) && !isHeldAnyway(item) ? memberOf(item) : undefined;
    if (member !== undefined) roster.put({ ...member, at: roster.get(member)?.at ?? member.at });
  }
  return roster.list();
}

/** A fleet that closed before begins a further episode. */
function begin(fleet: Incident, members: readonly FleetMember[], items: readonly Undecided[]): Incident {
  const at = Math.max(...members.map((member) => member.at));
  const since = Math.min(...members.map((member) => member.at));
  const isConfirmed = members.some(({ confirmed }) => confirmed);
  const roster = rosterOf(members);
  const own = items.filter(({ incident }) => roster.get(incident.key) !== undefined);
  const resource = own.reduce(
    (shared, { incident }, index) => sharedLabels(shared, incident.resource, index === 0),
    fleet.resource,
  );
  return {
    ...withMembers(fleet, members, { more: 0, joinedAt: at, endingSince: null }),
    resource,
    status: isConfirmed ? 'open' : 'suspected',
    episode: fleet.transition === 0 ? 1 : fleet.episode + 1,
    severity: fleetSeverity(members),
    asOf: at,
    since,
    cycleSince: since,
    openedAt: isConfirmed ? at : null,
    endedAt: null,
    acknowledged: null,
  };
}

/** The fleet after these changes of hosts that are, or may become, its members; what is held back is noted. */
function takeIn(before: Incident, items: readonly Undecided[], input: StormInput, held: Held): Incident {
  if (before.members === undefined || items.length === 0) return before;
  const id = fleetId(before);
  const roster = rosterOf(before.members.members);
  const likeness = likenessOfMembers(before.members);
  const counted = withoutRoom(items, before, roster, input);
  for (const item of counted) hold(item, id, input, held);
  let { more, joinedAt } = before.members;
  for (const item of items.filter((one) => !counted.has(one))) {
    const member = roster.get(item.incident.key);
    const after =
      member === undefined
        ? joining(item, likeness, input)
        : changed(member, item, { likeness, settings: input.settings });
    if (after === undefined) continue;
    if (isOfFleet(after) && member?.state !== 'apart') hold(item, id, input, held);
    // Hosts that there is no room for are counted, and end with the others.
    if (!roster.put(after)) more++;
    if (after.at !== member?.at) joinedAt = Math.max(joinedAt, after.at);
  }
  return withMembers(before, roster.list(), { more, joinedAt });
}

function hold(item: Undecided, fleet: string, { settings }: StormInput, held: Held): void {
  // Who was notified of the host itself before the fleet began learns that it ended.
  const isOwnEnd = isEnd(item.change) && wasNotified(item);
  if (!isOwnEnd && settings !== undefined) held.set(idOf(item), fleet);
}

/** The changes of members that there was no room for; not of growths that they begin long after. */
function withoutRoom(
  items: readonly Undecided[],
  fleet: Incident,
  roster: Roster,
  { settings = DEFAULT_STORM }: StormInput,
): ReadonlySet<Undecided> {
  const id = fleetId(fleet);
  const until = (fleet.members?.joinedAt ?? 0) + settings.withinHours * HOUR_MS;
  return new Set(
    items.filter(
      ({ incident: { key, fleet: of, cycleSince } }) => of === id && !roster.get(key) && cycleSince <= until,
    ),
  );
}

/** Whether the fleet speaks for the member. */
function isOfFleet({ state }: FleetMember): boolean {
  return state === 'rising' || state === 'ended';
}

/** The new member; undefined where it is none. */
function joining(item: Undecided, likeness: Likeness, { settings, isHeldAnyway }: StormInput): FleetMember | undefined {
  const seen = memberOf(item);
  const mayJoin = settings !== undefined && seen !== undefined && isBeginning(item.change) && !isHeldAnyway(item);
  return mayJoin && joins(likeness, seen, settings) ? seen : undefined;
}

interface Common extends Pick<StormInput, 'settings'> {
  readonly likeness: Likeness;
}

function changed(member: FleetMember, item: Undecided, { likeness, settings }: Common): FleetMember {
  if (growsAgain(member, item)) return again(member, item, { likeness, settings });
  if (isEnd(item.change)) return { ...member, state: 'ended' };
  if (member.state === 'apart') return member;
  if (member.state === 'released') return statesGrowth(item.change) ? { ...member, state: 'apart' } : member;
  const seen = memberOf(item);
  if (seen === undefined) return member;
  if (isFaster(seen, likeness)) return { ...member, state: 'apart' };
  return { ...seen, at: member.at, confirmed: member.confirmed || seen.confirmed };
}

/** Whether a change begins a later growth than the one with which the host became a member. */
function growsAgain({ state, at }: FleetMember, { incident, change }: Undecided): boolean {
  if (!isBeginning(change)) return false;
  const isCurrent = change.episode === incident.episode && change.cycles.cycle === incident.cycle;
  return state === 'ended' || (isCurrent && incident.cycleSince > at);
}

/** Who was a member once is none for ever: a later growth has to be like those of the others as well. */
function again(member: FleetMember, item: Undecided, { likeness, settings }: Common): FleetMember {
  const seen = memberOf(item);
  if (seen === undefined || settings === undefined) return { ...member, state: 'apart' };
  return joins(likeness, seen, settings) ? seen : { ...seen, at: member.at, state: 'apart' };
}

function advanceOpen(before: Incident, items: readonly Undecided[], input: StormInput, held: Held): Incident {
  const fleet = takeIn(leftBehind(before, input), items, input, held);
  const at = Math.max(before.asOf, ...items.map(({ change }) => change.at));
  return ended(escalated(fleet, at, input.now), at, input);
}

/** A suspicion that is confirmed for one member is for the fleet; a greater severity of a member is one of the fleet. */
function escalated(fleet: Incident, at: number, now: number): Incident {
  const severity = fleetSeverity(membersOf(fleet));
  const isConfirmed = membersOf(fleet).some((one) => one.confirmed && one.state === 'rising');
  if (fleet.status === 'suspected' && isConfirmed) {
    return withChange({ ...fleet, severity, status: 'open', openedAt: at }, 'opened', { at, now });
  }
  if (compareSeverity(severity, fleet.severity) <= 0) return fleet;
  const worse = { ...fleet, severity };
  return fleet.status === 'open' ? withChange(worse, 'worse', { at, now }) : worse;
}

/** It is over with the last of its members, those that left it included unless most have ended: hosts that still rise have not recovered. */
function ended(fleet: Incident, at: number, { now }: StormInput): Incident {
  const all = membersOf(fleet);
  const members = all.filter(({ state }) => state !== 'apart');
  const goOn = members.filter(({ state }) => state !== 'ended');
  const hasEnded = all.filter(({ state }) => state === 'ended').length;
  if (goOn.length === 0 && hasEnded >= MOST_ENDED * all.length) {
    const kind = fleet.status === 'open' ? 'recovered' : 'cleared';
    const over = withChange({ ...fleet, status: 'closed', endedAt: at }, kind, { at, now });
    return withMembers(over, [], { more: 0, endingSince: null });
  }
  const isEnding = goOn.length > 0 && hasEnded >= MOST_ENDED * members.length;
  const { endingSince = null } = fleet.members ?? {};
  if (!isEnding) return endingSince === null ? fleet : withMembers(fleet, all, { endingSince: null });
  const ending = endingSince === null ? withMembers(fleet, all, { endingSince: at }) : fleet;
  return ending.undecided.some(isWait) ? ending : withChange(ending, WAIT, { at, now });
}

/** Members that still go on hours after most of the others have ended are none of theirs any more: before their changes are taken in. */
function leftBehind(fleet: Incident, { settings = DEFAULT_STORM, now }: StormInput): Incident {
  const endingSince = fleet.members?.endingSince ?? null;
  if (endingSince === null || now < endingSince + settings.withinHours * HOUR_MS) return fleet;
  return withMembers(
    fleet,
    membersOf(fleet).map((one) => (one.state === 'rising' ? { ...one, state: 'released' } : one)),
  );
}

/**
 * The change of a fleet most of whose members have ended. It is put off until the others are on their own, so that somebody looks at the
 * fleet then though nothing else happens in its account; it is never sent.
 */
const WAIT = 'better';

function isWait({ kind }: Pick<Change, 'kind'>): boolean {
  return kind === WAIT;
}

/** Why such a change is held back; undefined of any other. It waits on while a member has no change of its own yet. */
export function waitForOthers(
  { incident, change }: Undecided,
  { settings = DEFAULT_STORM, now }: Pick<StormInput, 'settings' | 'now'>,
): HeldBack | undefined {
  if (incident.members === undefined || !isWait(change)) return undefined;
  const { endingSince } = incident.members;
  const stage = 'storm';
  if (!isOpen(incident) || change.episode !== incident.episode || endingSince === null) {
    return { outcome: 'held', stage, reason: 'none of its hosts is left to wait for', until: null };
  }
  const until = Math.max(endingSince + settings.withinHours * HOUR_MS, now + HOUR_MS);
  return { outcome: 'put_off', stage, reason: 'most of its hosts have ended; the others are on their own soon', until };
}
