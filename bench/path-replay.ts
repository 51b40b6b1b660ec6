/**
 * The verdicts of the hosts of one account, hour by hour, through the path to a subscriber: what happened, and what the alert policy of a
 * tenant that sets nothing makes of it. Everything that decides about incidents is called from here.
 */
import { fullHostOf } from '../core/detector/full-host.ts';
import { observe, observeFull } from '../core/incidents/observation.ts';
import type { PolicyContext } from '../core/incidents/policy/context.ts';
import { type Decided, decideAll } from '../core/incidents/policy/decide-all.ts';
import { withDecisions } from '../core/incidents/settle.ts';
import { transition } from '../core/incidents/transition.ts';
import type { ChangeKind } from '../core/model/change.ts';
import type { Decision } from '../core/model/decision.ts';
import type { Severity } from '../core/model/finding.ts';
import { type Incident, incidentId, incidentKeyText } from '../core/model/incident.ts';
import type { Evaluated } from '../core/model/inspected-host.ts';
import type { Verdict } from '../core/model/verdict.ts';
import { type BenchSeries, windowEnds } from './data.ts';
import { AS_ADAPTERS, type FeedableSeries, feedable, windowOf } from './feeds.ts';

/** An event as a subscriber receives it. */
export interface Received {
  /** Seconds from the start of the series. */
  readonly at: number;
  readonly kind: ChangeKind;
  readonly severity: Severity;
  readonly pages: boolean;
  /** The same for all events of one incident: the incident's id. */
  readonly incident: string;
  /** Absent of a leak. */
  readonly finding?: 'exhausted';
}

export interface PathOptions {
  readonly recoverAfter: number;
}

export interface PathMember {
  readonly series: BenchSeries;
  /** One for each of the series' `windowEnds`. */
  readonly verdicts: readonly Verdict[];
}

interface MemberState extends PathMember {
  readonly given: FeedableSeries;
  readonly ends: ReadonlyMap<number, number>;
  readonly received: Received[];
  /** Of its leak, and of its full memory. */
  incident: Incident | undefined;
  fullIncident: Incident | undefined;
}

/** What is received about one host that is alone in its account. */
export function replayPath(series: BenchSeries, verdicts: readonly Verdict[], options: PathOptions): Received[] {
  return replayAccount([{ series, verdicts }], options)[0] ?? [];
}

/** One list for each host, in their order. What is received about a fleet stands with the first host of it. */
export function replayAccount(hosts: readonly PathMember[], options: PathOptions): Received[][] {
  const members = hosts.map(memberState);
  const fleets = new Map<string, Incident>();
  const times = new Set(members.flatMap(({ ends }) => [...ends.keys()]));
  for (const at of [...times].sort((a, b) => a - b)) {
    for (const member of members) inspectAt(at, member, options);
    decideAt(at, members, fleets);
  }
  return members.map(({ received }) => received);
}

function memberState({ series, verdicts }: PathMember): MemberState {
  const ends = new Map(windowEnds(series).map((at, hour) => [at, hour]));
  return {
    series,
    verdicts,
    given: feedable(series, AS_ADAPTERS),
    ends,
    received: [],
    incident: undefined,
    fullIncident: undefined,
  };
}

function inspectAt(at: number, member: MemberState, { recoverAfter }: PathOptions): void {
  const { series, verdicts, given, ends } = member;
  const hour = ends.get(at);
  if (hour === undefined) return;
  const verdict = verdicts[hour];
  if (verdict === undefined) throw new RangeError(`${series.id}: there is no verdict for its hour ${hour}`);
  const window = windowOf(given, at, AS_ADAPTERS.hours);
  const resource = series.group === undefined ? window.resource : { ...window.resource, group: series.group };
  const read = { ...window, resource };
  const full = fullHostOf(read, verdict);
  const evaluated: Evaluated = { kind: 'evaluated', series: read, verdict, ...(full !== null && { full }) };
  const { end } = window.window;
  const next = transition(member.incident, observe('bench', evaluated), recoverAfter, end);
  if (next.outcome !== 'unchanged') member.incident = next.incident;
  inspectFull(evaluated, member, recoverAfter);
}

/** As a run does: a host that is neither full nor was has no incident of it. */
function inspectFull(evaluated: Evaluated, member: MemberState, recoverAfter: number): void {
  const isReported = () => member.incident?.status === 'open' || member.incident?.status === 'suspected';
  const observation = observeFull('bench', evaluated, isReported);
  if (observation === undefined || (observation.kind !== 'exhausted' && member.fullIncident?.status !== 'open')) return;
  const next = transition(member.fullIncident, observation, recoverAfter, evaluated.series.window.end);
  if (next.outcome !== 'unchanged') member.fullIncident = next.incident;
}

function incidentsOf({ incident, fullIncident }: MemberState): Incident[] {
  return [incident, fullIncident].filter((one) => one !== undefined);
}

function decideAt(at: number, members: readonly MemberState[], fleets: Map<string, Incident>): void {
  const changed = members.flatMap(incidentsOf).filter(({ undecided }) => undecided.length > 0);
  const [first] = changed;
  if (first === undefined) return;
  const now = Math.max(...changed.map(({ asOf }) => asOf));
  const undecided = changed.flatMap((incident) => incident.undecided.map((change) => ({ incident, change })));
  const outcome = decideAll(undecided, { ...NOTHING_SET, now, fleets: [...fleets.values()] });
  const decisions = Map.groupBy(outcome.decisions, ({ incident }) => incidentKeyText(incident.key));
  for (const fleet of outcome.fleets) {
    const own = decisions.get(incidentKeyText(fleet.key)) ?? [];
    fleets.set(incidentKeyText(fleet.key), published(fleet, own, now));
    members.find((member) => incidentsOf(member).includes(first))?.received.push(...sentOf(at, own));
  }
  for (const member of members) {
    for (const incident of incidentsOf(member)) {
      const own = decisions.get(incidentKeyText(incident.key));
      if (own === undefined) continue;
      const after = published(incident, own, now);
      if (incident === member.incident) member.incident = after;
      else member.fullIncident = after;
      member.received.push(...sentOf(at, own));
    }
  }
}

const NOTHING_SET: Omit<PolicyContext, 'now' | 'fleets'> = {
  alerts: undefined,
  mutes: [],
  labels: [],
  containers: [],
  environmentOf: () => 'staging',
};

/** Every event that is sent is published at once. */
function published(incident: Incident, decided: readonly Decided[], now: number): Incident {
  const decisions = new Map<number, Decision>(decided.map(({ change, decision }) => [change.number, decision]));
  return { ...withDecisions(incident, decisions, now), outbox: [] };
}

function sentOf(at: number, decided: readonly Decided[]): Received[] {
  return decided
    .filter(({ decision }) => decision.outcome === 'sent')
    .map(({ incident: { key, episode }, change: { kind, severity }, decision }) => {
      const isFull = key.finding === 'exhausted';
      const received = { at, kind, severity, pages: decision.page, incident: incidentId(key, episode) };
      return isFull ? { ...received, finding: 'exhausted' } : received;
    });
}
