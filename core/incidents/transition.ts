/**
 * What an observation makes of an incident, as a pure function: from the stored incident and an observation to the incident to store.
 * The states of a leak are those of its story (`story/advance.ts`), those of a full host in `exhausted-step.ts`, of anomalies in
 * `anomaly-step.ts`; those of a new host are here:
 *
 *     (none, closed) ── early ──▶ suspected, open (as the policy has it) ── alike, gone, own history ─▶ closed
 *
 * A run may be repeated, late, or racing its own copy: an observation that is not newer than the stored incident changes nothing,
 * unless the incident is of a time that has not come yet. Of anomalies that holds of each job by itself.
 */
import type { AnomalyFacts } from '../model/anomaly-facts.ts';
import type { Change, ChangeKind } from '../model/change.ts';
import type { EarlyFinding } from '../model/equal-age.ts';
import type { Finding } from '../model/finding.ts';
import type { FullFinding } from '../model/full-host.ts';
import type { Incident, IncidentStatus } from '../model/incident.ts';
import { CLOCK_SKEW_MS } from '../model/message.ts';
import { anomalyStep, recordedUntil } from './anomaly-step.ts';
import { appendChange } from './append-change.ts';
import { exhaustedStep } from './exhausted-step.ts';
import { leakStep, newEpisode } from './leak-step.ts';
import type {
  AnomalyObservation,
  EarlyEvent,
  EarlyObservation,
  ExhaustedObservation,
  LeakObservation,
  Observation,
} from './observation.ts';

/** `unchanged`: nothing to store. `updated`: to be stored, and nobody needs to know. Else the kind of the change that is undecided. */
export type Transition =
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'updated' | ChangeKind; readonly incident: Incident };

/** A transition before its change is appended, with what the change states: a finding, or the end of an episode. */
type Step =
  | Extract<Transition, { readonly outcome: 'unchanged' }>
  | { readonly outcome: 'updated'; readonly incident: Incident }
  | {
      readonly outcome: ChangeKind;
      readonly incident: Incident;
      readonly finding?: Finding | EarlyFinding | FullFinding;
      readonly anomaly?: AnomalyFacts;
      readonly cycles?: Change['cycles'];
      readonly end?: Change['end'];
    };

/**
 * @param before The stored incident; undefined where there is none.
 * @param recoverAfter Inspections in a row without a finding that the end of a cycle takes at the least.
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
  const { outcome, incident, ...stated } = step;
  return { outcome, incident: appendChange(incident, { kind: outcome, now, ...stated }) };
}

/** The outcome alone, without the work of collecting the facts of a change. Parameters as of `transition`. */
export function outcomeOf(...input: Parameters<typeof transition>): Transition['outcome'] {
  return stepOf(...input).outcome;
}

function stepOf(before: Incident | undefined, observation: Observation, recoverAfter: number, now: number): Step {
  if (before !== undefined && isSuperseded(observation, before, now)) return { outcome: 'unchanged' };
  if (isOfAnomalies(observation)) return anomalyStep(before, observation, recoverAfter, now);
  if (isOfLeak(observation)) return leakStep(before, observation, { recoverAfter }, now);
  if (isOfFullHost(observation)) return exhaustedStep(before, observation, recoverAfter, now);
  return earlyStep(before, observation, now);
}

function isOfAnomalies(observation: Observation): observation is AnomalyObservation {
  return observation.key.finding === 'anomaly';
}

function isOfLeak(observation: Exclude<Observation, AnomalyObservation>): observation is LeakObservation {
  return observation.key.finding === 'leak';
}

function isOfFullHost(observation: EarlyEvent | ExhaustedObservation): observation is ExhaustedObservation {
  return observation.key.finding === 'exhausted';
}

function earlyStep(before: Incident | undefined, observation: EarlyEvent, now: number): Step {
  if (observation.kind === 'early') return early(before, observation, now);
  if (before === undefined || before.status === 'closed') return { outcome: 'unchanged' };
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
    const begun = newEpisode(before, { key, resource: finding.resource, severity, asOf, status }, now);
    return { outcome, incident: begun, finding };
  }
  const seen: Incident = { ...before, resource: finding.resource, asOf, changedAt: now };
  // The policy may have changed since. What has paged is not taken back to a suspicion.
  if (before.status === 'suspected' && pages)
    return { outcome, incident: { ...seen, status, severity, openedAt: asOf }, finding };
  return { outcome: 'updated', incident: seen };
}

/** An incident that a wrong clock has dated in the future would silence every true run until then. */
function isSuperseded(observation: Observation, before: Incident, now: number): boolean {
  const last = isOfAnomalies(observation) ? recordedUntil(before, observation) : before.asOf;
  return last !== undefined && observation.asOf <= last && last <= now + CLOCK_SKEW_MS;
}
