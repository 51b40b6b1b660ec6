/** The times in which a host would have been reported as full, from one inspection after another. */
import { observeFull } from '../incidents/observation.ts';
import { transition } from '../incidents/transition.ts';
import { compareSeverity, type Severity } from '../model/finding.ts';
import { type FullHost, fullHostSeverity } from '../model/full-host.ts';
import type { Incident } from '../model/incident.ts';
import type { Evaluated } from '../model/inspected-host.ts';

/** Times are those of the inspections that sent the events, in epoch milliseconds. */
export interface FullEpisode {
  readonly openedAt: number;
  readonly worse: readonly { readonly at: number; readonly severity: Severity }[];
  /** When it was reported as no longer full; null where the replay ended before that. */
  readonly endedAt: number | null;
  /** The greatest severity that it was reported with. */
  readonly severity: Severity;
  /** What was seen of the host when it was reported first. */
  readonly full: FullHost;
  /** The host's first verdict reported it, so that it may have been full, and reported, before the replay. */
  readonly underWay: boolean;
}

export interface FullEpisodes {
  /** Takes the verdict of the inspection that was due at `at`. `isLeakReported`: whether an incident of a leak of this host goes on. */
  add(at: number, evaluated: Evaluated, isLeakReported: () => boolean): void;
  /** Whether the host is reported as full and that is not over. */
  hasIncident(): boolean;
  /** All of them, in order; the last one may not have ended. */
  finish(): readonly FullEpisode[];
}

type Draft = { -readonly [Field in keyof Omit<FullEpisode, 'worse'>]: FullEpisode[Field] } & {
  readonly worse: FullEpisode['worse'][number][];
};

/** Follows one host under one policy. */
export function followFullHost(tenant: string, recoverAfter: number): FullEpisodes {
  const episodes: Draft[] = [];
  let incident: Incident | undefined;
  let evaluatedBefore = false;
  const hasIncident = () => incident?.status === 'open';

  function apply(at: number, evaluated: Evaluated, isLeakReported: () => boolean): void {
    const observation = observeFull(tenant, evaluated, isLeakReported);
    // A run does not read the item of a host that is neither full nor was.
    if (observation === undefined || (observation.kind !== 'exhausted' && !hasIncident())) return;
    const next = transition(incident, observation, recoverAfter, at);
    if (next.outcome === 'unchanged') return;
    // In a replay every change is settled at once.
    incident = { ...next.incident, undecided: [], outbox: [] };
    if (next.outcome === 'recovered') {
      const last = episodes.at(-1);
      if (last) last.endedAt = at;
    }
    if (observation.kind === 'exhausted') note(at, next.outcome, observation.finding.full);
  }

  function note(at: number, outcome: string, full: FullHost): void {
    const severity = fullHostSeverity(full);
    if (outcome === 'opened')
      episodes.push({ openedAt: at, worse: [], endedAt: null, severity, full, underWay: !evaluatedBefore });
    const current = episodes.at(-1);
    if (outcome !== 'worse' || current === undefined) return;
    current.worse.push({ at, severity });
    if (compareSeverity(severity, current.severity) > 0) current.severity = severity;
  }

  return {
    add(at, evaluated, isLeakReported) {
      apply(at, evaluated, isLeakReported);
      if (evaluated.verdict.state !== 'insufficient_data') evaluatedBefore = true;
    },
    hasIncident,
    finish: () => episodes.map((episode) => ({ ...episode, worse: [...episode.worse] })),
  };
}
