/**
 * What an observation makes of the incident of a full host:
 *
 *     (none, closed) ── full, no leak that is reported ─▶ open ── below for `recoverAfter` inspections, gone ─▶ closed
 *
 * It gets worse with its severity, and is not reported as better: how full it is goes up and down.
 */
import { compareSeverity } from '../model/finding.ts';
import { type FullFinding, fullHostSeverity } from '../model/full-host.ts';
import type { Incident } from '../model/incident.ts';
import { exhaustedFacts } from './change-facts.ts';
import { newEpisode } from './leak-step.ts';
import type { ExhaustedObservation } from './observation.ts';

export type ExhaustedStep =
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'updated'; readonly incident: Incident }
  | {
      readonly outcome: 'opened' | 'worse' | 'recovered' | 'host_gone';
      readonly incident: Incident;
      readonly finding?: FullFinding;
    };

export function exhaustedStep(
  before: Incident | undefined,
  observation: ExhaustedObservation,
  recoverAfter: number,
  now: number,
): ExhaustedStep {
  if (before === undefined || before.status === 'closed') return begun(before, observation, now);
  const { asOf } = observation;
  const seen: Incident = { ...before, asOf, changedAt: now };
  switch (observation.kind) {
    case 'exhausted':
      return stillFull({ ...seen, steadyRuns: 0 }, observation.finding);
    case 'not_exhausted': {
      const steadyRuns = observation.isBelow() ? before.steadyRuns + 1 : 0;
      if (steadyRuns < recoverAfter) return { outcome: 'updated', incident: { ...seen, steadyRuns } };
      return { outcome: 'recovered', incident: { ...seen, steadyRuns, status: 'closed', endedAt: asOf } };
    }
    case 'gone':
      return { outcome: 'host_gone', incident: { ...seen, status: 'closed', endedAt: asOf } };
  }
}

/** A host whose leak is reported is full because of it: that belongs to the story of the leak. */
function begun(before: Incident | undefined, observation: ExhaustedObservation, now: number): ExhaustedStep {
  if (observation.kind !== 'exhausted' || observation.isOfLeak) return { outcome: 'unchanged' };
  const { key, asOf, finding } = observation;
  const { resource, full } = finding;
  const facts = { key, resource, severity: fullHostSeverity(full), asOf, status: 'open' } as const;
  const begins = { ...newEpisode(before, facts, now), lastExhausted: exhaustedFacts(finding) };
  return { outcome: 'opened', incident: begins, finding };
}

function stillFull(seen: Incident, finding: FullFinding): ExhaustedStep {
  const severity = fullHostSeverity(finding.full);
  const incident: Incident = { ...seen, resource: finding.resource, lastExhausted: exhaustedFacts(finding) };
  if (compareSeverity(severity, seen.severity) <= 0) return { outcome: 'updated', incident };
  return { outcome: 'worse', incident: { ...incident, severity }, finding };
}
