/**
 * The states of an incident as a pure function: from the stored incident and an observation to the incident to store.
 *
 *     (none, closed) ── suspected ──▶ suspected ── confirmed ──▶ open        (a new episode begins; `opened` pages)
 *     (none, closed) ── confirmed ─────────────────────────────▶ open
 *     suspected, open ── calm (steady, below `NEAR_LIMIT` and `UNCERTAIN`), `recoverAfter` times in a row ─▶ closed
 *     suspected, open (early) ── alike, gone, own history ─▶ closed
 *
 * A run may be repeated, late, or racing its own copy: an observation that is not newer than the stored incident changes nothing,
 * unless the incident is of a time that has not come yet.
 */
import type { ChangeKind } from '../model/change.ts';
import type { EarlyFinding } from '../model/equal-age.ts';
import { compareSeverity, type Finding, type Severity } from '../model/finding.ts';
import type { Incident, IncidentKey, IncidentStatus } from '../model/incident.ts';
import { CLOCK_SKEW_MS } from '../model/message.ts';
import { appendChange } from './append-change.ts';

/** A leak that was found, or a host that is steady on fresh samples. `asOf` is the end of the window, in epoch milliseconds. */
export type Observation =
  | { readonly kind: 'leaking'; readonly key: IncidentKey; readonly asOf: number; readonly finding: Finding }
  | {
      readonly kind: 'steady';
      readonly key: IncidentKey;
      readonly asOf: number;
      /** Memory in use as a fraction of the limit; undefined where the limit is not known. */
      readonly utilization: number | undefined;
      /** The remaining confidence in a leak, in [0, 1]. */
      readonly confidence: number;
    }
  | EarlyObservation
  /**
   * What ends an early incident: it rises as the others do, it is gone, or its own history suffices. Of the latter two only those
   * who were paged need to know.
   */
  | { readonly kind: 'alike' | 'gone' | 'own_history'; readonly key: IncidentKey; readonly asOf: number };

/** A new host that grows faster than the others of its group did at its age; an incident of its own. */
export interface EarlyObservation {
  readonly kind: 'early';
  readonly key: IncidentKey;
  readonly asOf: number;
  readonly finding: EarlyFinding;
  readonly severity: Severity;
  /** Whether the policy has it page. */
  readonly pages: boolean;
  /** Whether its own history suffices from now on: an incident that has ended does not begin again. */
  readonly hasOwnHistory: boolean;
}

/** `unchanged`: nothing to store. `updated`: to be stored, and nobody needs to know. Else the kind of the change that is undecided. */
export type Transition =
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'updated' | ChangeKind; readonly incident: Incident };

/** A transition before its change is appended, with what the change states: a finding, or the end of an episode. */
type Step =
  | Extract<Transition, { readonly outcome: 'unchanged' }>
  | { readonly outcome: 'updated'; readonly incident: Incident }
  | { readonly outcome: ChangeKind; readonly incident: Incident; readonly finding?: Finding | EarlyFinding };

/**
 * A leak that has filled the memory stops growing: from this utilization on, a flat curve is no recovery. An operator who
 * accepts a full host mutes it; an event that it recovered would be false.
 */
const NEAR_LIMIT = 0.9;

/**
 * A leak that grows in bursts, or beside a noisy neighbour, falls below the threshold now and then: from this confidence on it
 * may still be one. If it recovered here, it would page again some hours later.
 */
const UNCERTAIN = 0.2;

/**
 * @param before The stored incident; undefined where there is none.
 * @param recoverAfter Steady inspections in a row that end an episode.
 * @param now Epoch milliseconds: the time of the write.
 */
export function transition(
  before: Incident | undefined,
  observation: Observation,
  recoverAfter: number,
  now: number,
): Transition {
  const step = stepOf(before, observation, recoverAfter, now);
  if (step.outcome === 'unchanged' || step.outcome === 'updated') return step;
  const { outcome, incident, finding } = step;
  return { outcome, incident: appendChange(incident, { kind: outcome, now, ...(finding && { finding }) }) };
}

/** The outcome alone, without the work of collecting the facts of a change. Parameters as of `transition`. */
export function outcomeOf(...input: Parameters<typeof transition>): Transition['outcome'] {
  return stepOf(...input).outcome;
}

function stepOf(before: Incident | undefined, observation: Observation, recoverAfter: number, now: number): Step {
  if (before !== undefined && isSuperseded(observation, before, now)) return { outcome: 'unchanged' };
  if (observation.kind === 'leaking') return leaking(before, observation, now);
  if (observation.kind === 'early') return early(before, observation, now);
  if (before === undefined || before.status === 'closed') return { outcome: 'unchanged' };
  if (observation.kind === 'steady') return steady(before, observation, recoverAfter, now);
  const { asOf } = observation;
  const closed: Incident = { ...before, status: 'closed', asOf, endedAt: asOf, changedAt: now };
  if (before.status === 'open') return { outcome: 'recovered', incident: closed };
  return { outcome: observation.kind === 'alike' ? 'cleared' : 'updated', incident: closed };
}

function early(
  before: Incident | undefined,
  { key, asOf, finding, severity, pages, hasOwnHistory }: EarlyObservation,
  now: number,
): Step {
  const status: IncidentStatus = pages ? 'open' : 'suspected';
  const outcome = pages ? 'opened' : 'suspected';
  // Several events of one group may each have a last comparison of the same host.
  if (before?.status === 'closed' && hasOwnHistory) return { outcome: 'unchanged' };
  if (before === undefined || before.status === 'closed') {
    const begun = beginEpisode(before, { key, resource: finding.resource, severity, asOf, status }, now);
    return { outcome, incident: begun, finding };
  }
  const seen: Incident = { ...before, resource: finding.resource, asOf, changedAt: now };
  // The policy may have changed since. What has paged is not taken back to a suspicion.
  if (before.status === 'suspected' && pages)
    return { outcome, incident: { ...seen, status, severity, openedAt: asOf }, finding };
  return { outcome: 'updated', incident: seen };
}

/** An incident that a wrong clock has dated in the future would silence every true run until then. */
function isSuperseded({ asOf }: Observation, before: Incident, now: number): boolean {
  return asOf <= before.asOf && before.asOf <= now + CLOCK_SKEW_MS;
}

function leaking(
  before: Incident | undefined,
  { key, asOf, finding }: Observation & { kind: 'leaking' },
  now: number,
): Step {
  const status: IncidentStatus = finding.verdict.grade === 'confirmed' ? 'open' : 'suspected';
  if (before === undefined || before.status === 'closed') {
    const { resource, severity } = finding;
    const incident = beginEpisode(before, { key, resource, severity, asOf, status }, now);
    return { outcome: status === 'open' ? 'opened' : 'suspected', incident, finding };
  }
  const worse = compareSeverity(finding.severity, before.severity) > 0;
  const seen: Incident = {
    ...before,
    resource: finding.resource,
    severity: worse ? finding.severity : before.severity,
    asOf,
    steadyRuns: 0,
    changedAt: now,
  };
  if (before.status === 'suspected' && status === 'open') {
    // The suspicion was reported with a severity of its own, which may have been greater than the confirmed one.
    const opened = { ...seen, status, severity: finding.severity, openedAt: asOf };
    return { outcome: 'opened', incident: opened, finding };
  }
  if (before.status === 'open' && worse) return { outcome: 'worse', incident: seen, finding };
  return { outcome: 'updated', incident: seen };
}

function steady(
  before: Incident,
  { asOf, utilization = 0, confidence }: Observation & { kind: 'steady' },
  recoverAfter: number,
  now: number,
): Step {
  const isCalm = utilization < NEAR_LIMIT && confidence < UNCERTAIN;
  const steadyRuns = isCalm ? before.steadyRuns + 1 : 0;
  const seen: Incident = { ...before, asOf, steadyRuns, changedAt: now };
  if (seen.steadyRuns < recoverAfter) return { outcome: 'updated', incident: seen };
  const outcome = before.status === 'open' ? 'recovered' : 'cleared';
  return { outcome, incident: { ...seen, status: 'closed', endedAt: asOf } };
}

function beginEpisode(
  before: Incident | undefined,
  facts: Pick<Incident, 'key' | 'resource' | 'severity' | 'asOf' | 'status'>,
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
    acknowledged: null,
    owner: before?.owner ?? null,
    fleet: null,
    changedAt: now,
  };
}
