/** What an observation makes of the incident of a leak: its story goes on, and the incident follows it. */
import type { Change } from '../model/change.ts';
import type { Finding } from '../model/finding.ts';
import type { Incident, IncidentStatus } from '../model/incident.ts';
import type { Story } from '../model/story.ts';
import { lastFindingFacts } from './change-facts.ts';
import type { LeakObservation } from './observation.ts';
import { adopted } from './story/adopt.ts';
import { advance } from './story/advance.ts';
import type { Advanced, Happened, StoryPolicy } from './story/advanced.ts';
import type { Facts } from './story/facts.ts';

export type LeakStep =
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'updated'; readonly incident: Incident }
  | {
      readonly outcome: Happened['kind'];
      readonly incident: Incident;
      readonly cycles: Change['cycles'];
      readonly end?: Change['end'];
      readonly finding?: Finding;
    };

export function leakStep(
  before: Incident | undefined,
  observation: LeakObservation,
  policy: StoryPolicy,
  now: number,
): LeakStep {
  const running = before?.status === 'closed' ? undefined : before;
  // A steady host without an incident has nothing to remember, and its floors are not computed.
  const begins = observation.kind === 'leaking' || observation.kind === 'refilling';
  if (running === undefined && !begins) return { outcome: 'unchanged' };
  const facts = factsOf(observation);
  const story = running && storyOf(running, facts);
  const next = advance(story, facts, policy);
  if (next.happened === null && isSame(story, next, running)) return { outcome: 'unchanged' };
  const incident = incidentOf(before, observation, next, now);
  if (incident === undefined) return { outcome: 'unchanged' };
  if (next.happened === null) return { outcome: 'updated', incident };
  const { kind, cycles, end } = next.happened;
  const finding = observation.kind === 'leaking' ? observation.finding : undefined;
  return { outcome: kind, incident, cycles, ...(end && { end }), ...(finding && !end && { finding }) };
}

/** A story that a wrong clock has dated in the future would ignore every true observation until then. */
function storyOf(incident: Incident, facts: Facts): Story {
  const story = incident.story ?? adopted(incident, facts);
  return story.asOf < facts.at ? story : { ...story, asOf: facts.at - 1 };
}

function factsOf(observation: LeakObservation): Facts {
  if ('facts' in observation) return observation.facts();
  const kind = observation.kind === 'gone' ? 'host_gone' : observation.kind;
  return { kind, at: observation.asOf };
}

/** Whether there is nothing to store. An incident of an earlier version has a story from now on. */
function isSame(story: Story | undefined, next: Advanced, running: Incident | undefined): boolean {
  return next.story === (story ?? null) && (running === undefined || running.story !== undefined);
}

function incidentOf(
  before: Incident | undefined,
  observation: LeakObservation,
  { story, happened }: Advanced,
  now: number,
): Incident | undefined {
  if (story === null) return before && closed(before, observation.asOf, now);
  const begun = before === undefined || before.status === 'closed' ? beginEpisode(before, observation, now) : before;
  if (begun === undefined) return undefined;
  const { resource, lastFinding } = lastSeen(observation, begun);
  const known = { resource, ...(lastFinding && { lastFinding }) };
  const seen: Incident = { ...begun, ...known, asOf: observation.asOf, changedAt: now, ...fieldsOf(story, begun) };
  return happened?.kind === 'opened' ? { ...seen, openedAt: observation.asOf } : seen;
}

function lastSeen(observation: LeakObservation, begun: Incident): Pick<Incident, 'resource' | 'lastFinding'> {
  if (observation.kind !== 'leaking') return begun;
  const { finding } = observation;
  return { resource: finding.resource, lastFinding: lastFindingFacts(finding) };
}

function closed({ story: _, ...before }: Incident, asOf: number, changedAt: number): Incident {
  return { ...before, status: 'closed', asOf, endedAt: before.endedAt ?? asOf, changedAt };
}

/** What an incident states of its story. */
function fieldsOf(story: Story, before: Incident) {
  const { phase, cycle, firstAt, steadyRuns, growth, ended } = story;
  return {
    story,
    status: phase,
    severity: growth?.severity ?? before.severity,
    since: cycle === 0 ? before.since : firstAt,
    steadyRuns,
    cycle: Math.max(1, cycle),
    cycleSince: growth?.foundAt ?? firstAt,
    openedAt: phase === 'suspected' ? null : before.openedAt,
    endedAt: phase === 'watched' ? (ended?.at ?? null) : null,
    // Who has acknowledged one growth has not heard of the next.
    acknowledged: cycle > before.cycle ? null : before.acknowledged,
  };
}

function beginEpisode(before: Incident | undefined, observation: LeakObservation, now: number): Incident | undefined {
  const { key, asOf } = observation;
  // What a host refills is not reported: its severity is none yet.
  if (observation.kind === 'refilling') {
    return newEpisode(before, { key, resource: observation.resource, severity: 'low', asOf, status: 'watched' }, now);
  }
  if (observation.kind !== 'leaking') return undefined;
  const { resource, severity } = observation.finding;
  return newEpisode(before, { key, resource, severity, asOf, status: 'suspected' }, now);
}

/** An incident at the beginning of an episode. */
export function newEpisode(
  before: Incident | undefined,
  facts: Pick<Incident, 'key' | 'resource' | 'severity' | 'asOf'> & { readonly status: IncidentStatus },
  now: number,
): Incident {
  const { asOf, status } = facts;
  return {
    ...facts,
    episode: (before?.episode ?? 0) + 1,
    since: asOf,
    steadyRuns: 0,
    cycle: 1,
    cycleSince: asOf,
    openedAt: status === 'open' ? asOf : null,
    endedAt: null,
    transition: before?.transition ?? 0,
    lastChangeAt: asOf,
    // What happened in the episode before may not be decided, or sent, yet.
    undecided: before?.undecided ?? [],
    outbox: before?.outbox ?? [],
    dropped: before?.dropped ?? 0,
    lastNotifiedAt: before?.lastNotifiedAt ?? null,
    ...(before?.lastPagedAt !== undefined && { lastPagedAt: before.lastPagedAt }),
    acknowledged: null,
    owner: before?.owner ?? null,
    fleet: null,
    changedAt: now,
  };
}
