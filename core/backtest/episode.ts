/** The episodes that a host's incident would have had, from one verdict after another. */

import { type Observation, observe } from '../incidents/observation.ts';
import { type Transition, transition } from '../incidents/transition.ts';
import type { End } from '../model/change.ts';
import { compareSeverity, type Severity } from '../model/finding.ts';
import type { Incident } from '../model/incident.ts';
import type { Evaluated } from '../model/inspected-host.ts';
import type { Series } from '../model/series.ts';
import type { Evidence } from '../model/verdict.ts';

/** The share of the limit from which a host counts as full: a host that runs out of memory rarely reports the last percent. */
const FULL_SHARE = 0.98;

/** What happened to a host while it was reported: its memory was exhausted, or it was restarted before that. */
export interface HostOutcome {
  readonly kind: 'exhausted' | 'restarted';
  /** Epoch milliseconds. */
  readonly at: number;
}

/** One cycle of a story, from its first event to its last one. Times are those of the inspections that sent them, in epoch milliseconds. */
export interface Episode {
  /** The number of the story, and of the cycle within it: what grows again after a kill is the next cycle. */
  readonly story: number;
  readonly cycle: number;
  /** When it was first reported as suspected; null where the first finding was confirmed already. */
  readonly suspectedAt: number | null;
  /** When it paged; null where it was only suspected. */
  readonly openedAt: number | null;
  readonly worse: readonly { readonly at: number; readonly severity: Severity }[];
  /** When it was reported as recovered or cleared; null where the replay ended before that. */
  readonly endedAt: number | null;
  /** How it ended; null where it did not. */
  readonly end: End | null;
  /** The greatest severity that it had. */
  readonly severity: Severity;
  /** The evidence of the inspection that opened it; where none did, of the one that first suspected it. */
  readonly evidence: Evidence;
  /** The host's first verdict reported it, so that it may have begun, and may have been reported, before the replay. */
  readonly underWay: boolean;
  /** Null where the host was neither exhausted nor restarted before the episode ended. */
  readonly outcome: HostOutcome | null;
}

export interface Episodes {
  /** Takes the verdict of the inspection that was due at `at`. */
  add(at: number, evaluated: Evaluated): void;
  /** Whether an episode has paged and is not over: another finding can then change its severity only. */
  isOpen(): boolean;
  /** Whether a leak has been reported and goes on. */
  isReported(): boolean;
  /** Whether an episode is not over, whether it has paged or not. */
  hasIncident(): boolean;
  /** All episodes, in order; the last one may not have ended. */
  finish(): Episode[];
}

/** When an episode was first reported. */
export function notifiedAt({ suspectedAt, openedAt }: Pick<Episode, 'suspectedAt' | 'openedAt'>): number {
  return Math.min(suspectedAt ?? Number.POSITIVE_INFINITY, openedAt ?? Number.POSITIVE_INFINITY);
}

/** Milliseconds from the page to the host's outcome; negative where the page came too late, null without a page or an outcome. */
export function leadOf({ openedAt, outcome }: Episode): number | null {
  return openedAt === null || outcome === null ? null : outcome.at - openedAt;
}

type Draft = { -readonly [Field in keyof Omit<Episode, 'outcome' | 'worse'>]: Episode[Field] } & {
  worse: Episode['worse'][number][];
  /** The newest restart that a verdict has contained. */
  restartedAt: number;
  /** When the cycle before was over: what happened until then is not of this one. */
  readonly after: number;
};

/** Follows one host under one policy. `series` holds its entire past, from which the outcome is read. */
export function followEpisodes(series: Series, tenant: string, recoverAfter: number): Episodes {
  const episodes: Episode[] = [];
  let incident: Incident | undefined;
  let draft: Draft | undefined;
  let overAt = Number.NEGATIVE_INFINITY;
  let evaluatedBefore = false;

  function apply(at: number, observation: Observation): void {
    const next = transition(incident, observation, recoverAfter, at);
    if (next.outcome === 'unchanged') return;
    const end = next.incident.undecided.at(-1)?.end ?? null;
    // In a replay every change is settled at once.
    incident = { ...next.incident, undecided: [], outbox: [] };
    if (observation.kind === 'leaking' && (draft || BEGINS.has(next.outcome))) {
      draft ??= begin(!evaluatedBefore, observation, incident, overAt);
      addFinding(draft, at, next.outcome, observation);
    }
    // That a restart cured the leak is known long after its cycle has ended.
    if (draft && end && end.how !== 'cured') {
      const ended = { ...draft, endedAt: at, end };
      episodes.push(finished(ended, series));
      overAt = Math.min(at, givenBackAt(ended, draft.restartedAt));
      draft = undefined;
    }
  }

  return {
    add(at, evaluated) {
      // A steady host without an incident has nothing to record, and a run does not read its item either.
      const { verdict } = evaluated;
      if (draft && 'evidence' in verdict) draft.restartedAt = verdict.evidence.restarts.at(-1) ?? draft.restartedAt;
      const observation = observe(tenant, evaluated);
      if (BEGINNING.has(observation.kind) || hasIncident(incident)) apply(at, observation);
      if (verdict.state !== 'insufficient_data') evaluatedBefore = true;
    },
    isOpen: () => incident?.status === 'open',
    isReported: () => incident?.status === 'open' || incident?.status === 'suspected',
    hasIncident: () => hasIncident(incident),
    finish: () => (draft ? [...episodes, finished(draft, series)] : episodes),
  };
}

/** What begins an incident where there is none. */
const BEGINNING: ReadonlySet<Observation['kind']> = new Set(['leaking', 'refilling']);
const BEGINS: ReadonlySet<Transition['outcome']> = new Set(['suspected', 'opened']);

function hasIncident(incident: Incident | undefined): boolean {
  return incident !== undefined && incident.status !== 'closed';
}

function begin(
  underWay: boolean,
  { finding }: Observation & { kind: 'leaking' },
  incident: Incident,
  after: number,
): Draft {
  const nothing = {
    suspectedAt: null,
    openedAt: null,
    endedAt: null,
    end: null,
    restartedAt: Number.NEGATIVE_INFINITY,
  };
  const { severity, verdict } = finding;
  const { episode: story, cycle } = incident;
  return { ...nothing, story, cycle, worse: [], severity, evidence: verdict.evidence, underWay, after };
}

/** Adds a finding, and what it changed of its incident, to the episode. */
function addFinding(
  draft: Draft,
  at: number,
  outcome: Transition['outcome'],
  { finding }: Observation & { kind: 'leaking' },
) {
  const { severity, verdict } = finding;
  if (compareSeverity(severity, draft.severity) > 0) draft.severity = severity;
  if (outcome === 'suspected') draft.suspectedAt = at;
  if (outcome === 'worse') draft.worse.push({ at, severity });
  if (outcome === 'opened') {
    draft.openedAt = at;
    draft.evidence = verdict.evidence;
  }
}

function finished({ restartedAt, after, ...episode }: Draft, series: Series): Episode {
  const exhausted = { kind: 'exhausted', at: fullAt(episode, after, series) } as const;
  const restarted = { kind: 'restarted', at: givenBackAt(episode, restartedAt) } as const;
  const outcome = exhausted.at <= restarted.at ? exhausted : restarted;
  return { ...episode, outcome: Number.isFinite(outcome.at) ? outcome : null };
}

/** Hours after which memory that was given back is reported as such at the latest, where every hour is inspected. */
const REPORTED_WITHIN_MS = 6 * 3_600_000;

/**
 * When the memory was given back that ended the episode; infinite where it was not. What a collector gives back is no restart, and what a
 * verdict takes for one may be that: the story distinguishes them.
 */
function givenBackAt({ end, endedAt }: Omit<Episode, 'outcome'>, restartedAt: number): number {
  if (end?.how !== 'memory_given_back' || endedAt === null) return Number.POSITIVE_INFINITY;
  return endedAt - restartedAt <= REPORTED_WITHIN_MS ? restartedAt : endedAt;
}

/**
 * The first sample of a full host between the onset and the end of the episode; infinite where there is none. An onset is an interval, and
 * may begin before the memory of the cycle before was given back.
 */
function fullAt(
  { evidence, endedAt, ...reported }: Omit<Episode, 'outcome'>,
  after: number,
  { times, values, unit, limit = Number.POSITIVE_INFINITY }: Series,
): number {
  const full = FULL_SHARE * (unit === '1' ? 1 : limit);
  const from = Math.max(after, evidence.onset?.start ?? notifiedAt(reported));
  const index = times.findIndex((time, at) => time >= from && (values[at] ?? Number.NaN) >= full);
  const at = times[index] ?? Number.POSITIVE_INFINITY;
  return at < (endedAt ?? Number.POSITIVE_INFINITY) ? at : Number.POSITIVE_INFINITY;
}
