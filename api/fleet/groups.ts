/** Groups of one account and region: what the newest run and the incidents have of each. */
import { compareSeverity, type Severity } from '../../core/model/finding.ts';
import type { IncidentSummary } from '../../core/model/incident-summary.ts';
import { isAboutMemory } from '../../core/model/metrics.ts';
import { isoText } from '../../core/model/notation.ts';
import type { ResultLine } from '../../core/model/result-line.ts';
import type { GroupView, RegionView } from '../contract/tenants.ts';
import { hostRef } from '../refs.ts';
import { hostOfLine, isHostLine } from '../views/host.ts';

/** Groups of a region that an overview lists: the most urgent ones. */
const MOST_GROUPS = 200;

export interface GroupFacts {
  /** Of the newest run; those without a host are left out. */
  readonly lines: readonly ResultLine[];
  /** Of the region, and not closed. */
  readonly incidents: readonly IncidentSummary[];
  /** Ids of incidents that became worse within the last day, and of those that recovered. */
  readonly worse: ReadonlySet<string>;
  readonly recovered: readonly IncidentSummary[];
}

type Counts = { -readonly [Field in keyof GroupView]: GroupView[Field] };

/**
 * What a host is counted as, the worst first. What can no longer be seen has not recovered, and a host that recovered may have too
 * few samples since.
 */
const STATES = ['leaking', 'suspected', 'unreadable', 'notMonitored', 'recovered', 'insufficient', 'steady'] as const;
type HostState = (typeof STATES)[number];

/** One host, which is counted once: its line and each of its incidents may make it worse. */
interface Host {
  /** Of its line, else of its first incident. */
  readonly group: string | null;
  state: HostState;
  isWorse: boolean;
  /** Of its open and suspected incidents. */
  worst: Severity | null;
  /** Epoch milliseconds. */
  fullAt: number | null;
}

/** The most urgent group first; beyond what is listed they are summed up. Hosts that are steady, and have no incident, are in none. */
export function groupsOf(facts: GroupFacts): Pick<RegionView, 'groups' | 'otherGroups'> {
  const sorted = countByGroup(hostsOf(facts)).sort(byUrgency);
  return { groups: sorted.slice(0, MOST_GROUPS), otherGroups: sumOf(sorted.slice(MOST_GROUPS)) };
}

function hostsOf({ lines, incidents, worse, recovered }: GroupFacts): Iterable<Host> {
  const hosts = new Map<string, Host>();
  const hostOf = (ref: string, group: string | null): Host => {
    const known = hosts.get(ref) ?? { group, state: 'steady', isWorse: false, worst: null, fullAt: null };
    hosts.set(ref, known);
    return known;
  };
  for (const line of lines) if (isHostLine(line)) addLine(hostOf(hostRef(hostOfLine(line)), line.group), line);
  // A fleet is no host: its members are counted by their own incidents and lines.
  const ofHosts = (all: readonly IncidentSummary[]) =>
    all.filter(({ key }) => key.finding !== 'fleet' && isAboutMemory(key));
  for (const incident of ofHosts(incidents)) addIncident(hostOf(refOf(incident), incident.group), incident, worse);
  for (const incident of ofHosts(recovered)) raise(hostOf(refOf(incident), incident.group), 'recovered');
  return hosts.values();
}

function refOf({ key }: IncidentSummary): string {
  return hostRef({ ...key, id: key.host });
}

function addLine(host: Host, line: ResultLine): void {
  raise(host, stateOf(line));
  if (line.verdict === 'leaking') host.fullAt = earlier(host.fullAt, line.exhaustion_earliest);
}

function stateOf({ verdict, grade }: ResultLine): HostState {
  switch (verdict) {
    case 'leaking':
      return grade === 'suspected' ? 'suspected' : 'leaking';
    case 'insufficient_data':
      return 'insufficient';
    case 'not_monitored':
      return 'notMonitored';
    case 'unreadable':
    case 'steady':
      return verdict;
  }
}

/** Whatever the newest run has of it: an open incident stays in sight until it ends. */
function addIncident(host: Host, { id, status, severity }: IncidentSummary, worse: GroupFacts['worse']): void {
  if (status !== 'open' && status !== 'suspected') return;
  raise(host, status === 'open' ? 'leaking' : 'suspected');
  host.isWorse ||= worse.has(id);
  host.worst = moreSevere(host.worst, severity);
}

function raise(host: Host, state: HostState): void {
  if (STATES.indexOf(state) < STATES.indexOf(host.state)) host.state = state;
}

function countByGroup(hosts: Iterable<Host>): Counts[] {
  const groups = new Map<string | null, Counts>();
  for (const { group, state, isWorse, worst, fullAt } of hosts) {
    if (state === 'steady') continue;
    const counts = groups.get(group) ?? emptyGroup(group);
    groups.set(group, counts);
    counts[state]++;
    // Those that are worse are among the leaking.
    if (isWorse && state === 'leaking') counts.worse++;
    addUrgency(counts, worst, fullAt === null ? null : isoText(fullAt));
  }
  return [...groups.values()];
}

/** Null of none. */
function sumOf(groups: readonly Counts[]): RegionView['otherGroups'] {
  if (groups.length === 0) return null;
  const { group: _, ...sum } = emptyGroup(null);
  for (const one of groups) {
    for (const state of COUNTED) sum[state] += one[state];
    addUrgency(sum, one.worst, one.fullAt);
  }
  return { ...sum, groups: groups.length };
}

const COUNTED = [...STATES.filter((state) => state !== 'steady'), 'worse'] as const;

function emptyGroup(group: string | null): Counts {
  const counts = { leaking: 0, suspected: 0, worse: 0, recovered: 0, insufficient: 0, notMonitored: 0, unreadable: 0 };
  return { group, ...counts, worst: null, fullAt: null };
}

function addUrgency(counts: Pick<Counts, 'worst' | 'fullAt'>, worst: Severity | null, fullAt: string | null): void {
  if (worst !== null) counts.worst = moreSevere(counts.worst, worst);
  // As ISO 8601 their order is that of the text.
  if (fullAt !== null && (counts.fullAt === null || fullAt < counts.fullAt)) counts.fullAt = fullAt;
}

function moreSevere(known: Severity | null, other: Severity): Severity {
  return known === null || compareSeverity(other, known) > 0 ? other : known;
}

function earlier(known: number | null, other: number | null): number | null {
  if (known === null || other === null) return known ?? other;
  return Math.min(known, other);
}

function byUrgency(a: Counts, b: Counts): number {
  const rank = (counts: Counts) => counts.leaking * 1000 + counts.suspected;
  const severity =
    a.worst === null || b.worst === null
      ? Number(a.worst === null) - Number(b.worst === null)
      : compareSeverity(b.worst, a.worst);
  return severity || rank(b) - rank(a) || String(a.group).localeCompare(String(b.group), 'en');
}
