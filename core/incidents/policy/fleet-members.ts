/** Members of a fleet: which hosts rise alike, which join those, and which grow clearly faster. */
import { clip } from '../../messages/plain-text.ts';
import type { AnomalyFacts } from '../../model/anomaly-facts.ts';
import { type Fleet, type FleetMember, MOST_ALIKE, MOST_MEMBERS } from '../../model/fleet.ts';
import type { Incident } from '../../model/incident.ts';
import { medianGrowth, NAMED, sharedAnomalies } from './fleet.ts';
import type { StormSettings } from './storm-settings.ts';
import { growthOf, HOUR_MS, type Undecided } from './undecided.ts';

/**
 * Growths that are alike differ by this factor at the most, and a member that grows faster than the median by more leaves the others. Hosts
 * behind one load balancer that leak from the same deployment differ by less; a wider factor found no further common rises on real hosts.
 */
const ALIKE_FACTOR = 3;

/** Candidates that are compared with all others: of a thousand hosts any few find the same cluster. */
const MOST_ANCHORS = 100;

const NAME_LENGTH = 100;

/** Bytes of the ids of all members, in UTF-8: an item of the table has 400 KB, and a thousand members take 180 KB beside their ids. */
const MOST_BYTES = 120_000;

/** The host of a change as a member; undefined where the change states no growth. */
export function memberOf(item: Undecided): FleetMember | undefined {
  return item.change.anomaly === undefined ? growingMember(item) : anomalousMember(item, item.change.anomaly);
}

/** Of a host with anomalies. It has no growth: what they are, and when the most severe of them began, is what it has in common with others. */
function anomalousMember(
  { incident: { key, resource }, change }: Undecided,
  { anomalies }: AnomalyFacts,
): FleetMember | undefined {
  const [first] = anomalies;
  if (first === undefined) return undefined;
  const began = Date.parse(first.since);
  const alike = [...new Set(anomalies.map(({ metric, type }) => `${metric} ${type}`))].slice(0, MOST_ALIKE);
  return {
    host: key.host,
    region: key.region,
    ...(resource.name !== undefined && { name: clip(resource.name, NAME_LENGTH) }),
    at: change.at,
    from: began,
    to: began,
    growth: 0,
    alike,
    severity: change.severity,
    ...(first.exhaustion?.kind === 'expected' && { fullFrom: Date.parse(first.exhaustion.earliest) }),
    confirmed: true,
    state: 'rising',
  };
}

function growingMember({ incident: { key, resource }, change }: Undecided): FleetMember | undefined {
  const growth = growthOf(change);
  const { leak } = change;
  if (leak === undefined || growth === undefined || growth <= 0) return undefined;
  const { onset, exhaustion } = leak;
  return {
    host: key.host,
    region: key.region,
    ...(resource.name !== undefined && { name: clip(resource.name, NAME_LENGTH) }),
    at: change.at,
    from: onset === null || onset.leftCensored ? null : Date.parse(onset.earliest),
    to: onset === null ? change.at : Date.parse(onset.latest),
    growth,
    severity: change.severity,
    ...(exhaustion.kind === 'expected' && { fullFrom: Date.parse(exhaustion.earliest) }),
    // A suspicion that is critical and sure opens as well.
    confirmed: change.kind === 'opened' || change.grade === 'confirmed',
    state: 'rising',
  };
}

/** A member with the figures that the last inspection with a finding saw of its host. */
export function refreshed(member: FleetMember, { lastFinding, severity, openedAt }: Incident): FleetMember {
  const growth = growthOf({ leak: lastFinding });
  if (lastFinding === undefined || growth === undefined || growth <= 0) return member;
  const { fullFrom: _, ...rest } = member;
  const { exhaustion } = lastFinding;
  const full = exhaustion.kind === 'expected' ? { fullFrom: Date.parse(exhaustion.earliest) } : {};
  return { ...rest, growth, severity, ...full, confirmed: openedAt !== null };
}

type HostKey = Pick<FleetMember, 'host' | 'region'>;

/** The members of a fleet by host, while changes of a run are taken in one by one. */
export interface Roster {
  get(host: HostKey): FleetMember | undefined;
  /** Puts a member in the room of the one before of the same host, or behind all. False where no room is left. */
  put(member: FleetMember): boolean;
  remove(host: HostKey): void;
  list(): readonly FleetMember[];
}

export function rosterOf(members: readonly FleetMember[]): Roster {
  const byHost = new Map(members.map((member) => [keyText(member), member]));
  let bytes = members.reduce((sum, member) => sum + bytesOf(member), 0);
  return {
    get: (host) => byHost.get(keyText(host)),
    put(member) {
      const key = keyText(member);
      if (!byHost.has(key)) {
        if (byHost.size >= MOST_MEMBERS || bytes + bytesOf(member) > MOST_BYTES) return false;
        bytes += bytesOf(member);
      } else bytes += bytesOf(member) - bytesOf(byHost.get(key) ?? member);
      byHost.set(key, member);
      return true;
    },
    remove(host) {
      const member = byHost.get(keyText(host));
      if (member !== undefined && byHost.delete(keyText(host))) bytes -= bytesOf(member);
    },
    list: () => [...byHost.values()].map((member, index) => (index < NAMED ? member : withoutName(member))),
  };
}

function bytesOf({ host, region, alike = [] }: HostKey & Pick<FleetMember, 'alike'>): number {
  return Buffer.byteLength(JSON.stringify([host, region, ...alike]));
}

function withoutName({ name: _, ...member }: FleetMember): FleetMember {
  return member;
}

function keyText({ host, region }: HostKey): string {
  return `${region} ${host}`;
}

/** The largest set of candidates that rise like one of them. */
export function largestCluster(members: readonly FleetMember[], settings: StormSettings): readonly FleetMember[] {
  if (members.length === 0) return [];
  const step = Math.ceil(members.length / MOST_ANCHORS);
  const anchors = members.filter((_, index) => index % step === 0);
  const clusters = anchors.map((anchor) => members.filter((one) => isAlike(anchor, one, settings)));
  return clusters.reduce((best, one) => (one.length > best.length ? one : best), []);
}

function isAlike(a: FleetMember, b: FleetMember, { withinHours }: StormSettings): boolean {
  const within = hoursFor(a.alike, withinHours) * HOUR_MS;
  return (
    haveOneOf(a.alike, b.alike) &&
    isSimilar(a.growth, b.growth) &&
    Math.abs(a.at - b.at) <= within &&
    gap(a, b) <= within
  );
}

/** Anomalies of hosts that have nothing in common are alike now and then: within an hour they are one event. */
const ANOMALIES_WITHIN_HOURS = 1;

function hoursFor(alike: FleetMember['alike'], withinHours: number): number {
  return alike === undefined ? withinHours : Math.min(ANOMALIES_WITHIN_HOURS, withinHours);
}

/** Whether two hosts have an anomaly in common; of growth there is nothing to compare here. */
function haveOneOf(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  return a === undefined || b === undefined ? a === b : a.some((what) => b.includes(what));
}

function isSimilar(a: number, b: number): boolean {
  return a <= b * ALIKE_FACTOR && b <= a * ALIKE_FACTOR;
}

/** Milliseconds between the times at which two growths began; 0 where these may be the same. */
function gap(a: Span, b: Span): number {
  return Math.max(0, startOf(a) - b.to, startOf(b) - a.to);
}

type Span = Pick<FleetMember, 'from' | 'to'>;

function startOf({ from }: Span): number {
  return from ?? Number.NEGATIVE_INFINITY;
}

/** What the members of an open fleet have in common: a further host that has it joins them. */
export interface Likeness {
  /** Percent an hour. */
  readonly median: number;
  readonly began: Span;
  /** When the last one joined, epoch milliseconds. */
  readonly joinedAt: number;
  /** What most of their anomalies are; absent where memory grows. */
  readonly alike?: readonly string[];
}

export function likenessOfMembers({ members, joinedAt }: Fleet): Likeness {
  const first = Math.min(...members.map(startOf));
  const from = Number.isFinite(first) ? first : null;
  return {
    median: medianGrowth(members),
    began: { from, to: Math.max(...members.map(({ to }) => to)) },
    joinedAt,
    ...(members.some(({ alike }) => alike !== undefined) && { alike: sharedAnomalies(members) }),
  };
}

/**
 * Whether a further host rises as the members of an open fleet do: it grows like them, may have begun when they did, and is reported soon
 * after the last one joined. Where it is not known when its growth began, its report alone decides whether it belongs to the same event.
 */
export function joins(
  { median, began, joinedAt, alike }: Likeness,
  host: FleetMember,
  { withinHours }: StormSettings,
): boolean {
  const within = hoursFor(alike, withinHours) * HOUR_MS;
  return (
    haveOneOf(alike, host.alike) &&
    isSimilar(host.growth, median) &&
    gap(host, began) <= within &&
    host.at - joinedAt <= within
  );
}

/** Whether a member grows so much faster than the others, or its most severe anomaly is so unlike theirs, that it is a finding of its own. */
export function isFaster({ growth, alike }: FleetMember, likeness: Likeness): boolean {
  if (alike !== undefined) return !haveOneOf(alike.slice(0, 1), likeness.alike);
  return growth > ALIKE_FACTOR * likeness.median;
}
