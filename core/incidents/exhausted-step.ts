/**
 * What an observation makes of the incident of a full host:
 *
 *     (none, closed) ── full, no leak that is reported ─▶ open ── below for `recoverAfter` inspections, gone ─▶ closed
 *     (none, closed) ── always full, and thrashing ─▶ suspected ── full otherwise ─▶ open
 *                                                     suspected ── below, eased, gone ─▶ closed
 *
 * It gets worse with its severity, and is not reported as better: how full it is goes up and down. A host that was always full is reported for its page
 * faults alone, which may be of mapped files: that is a suspicion, which `eased` where they are few again. It ends in silence with its host.
 */
import { compareSeverity } from '../model/finding.ts';
import { type FullFinding, fullHostSeverity, type PageFaults } from '../model/full-host.ts';
import type { Incident } from '../model/incident.ts';
import { exhaustedFacts } from './change-facts.ts';
import { newEpisode } from './leak-step.ts';
import type { ExhaustedObservation } from './observation.ts';

/** Page faults are few again where they are less than this share of what they were when they had last risen. */
const EASED_SHARE = 0.2;

export type ExhaustedStep =
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'updated'; readonly incident: Incident }
  | {
      readonly outcome: 'suspected' | 'opened' | 'worse' | 'recovered' | 'cleared' | 'host_gone';
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
      if (steadyRuns < recoverAfter && !hasEased(before, observation.pageFaults))
        return { outcome: 'updated', incident: { ...seen, steadyRuns } };
      const outcome = before.status === 'suspected' ? 'cleared' : 'recovered';
      return { outcome, incident: { ...seen, steadyRuns, status: 'closed', endedAt: asOf } };
    }
    case 'gone': {
      const outcome = before.status === 'suspected' ? 'updated' : 'host_gone';
      return { outcome, incident: { ...seen, status: 'closed', endedAt: asOf } };
    }
  }
}

/**
 * What is usual follows what lasts: page faults that have not risen may be as many as they were. They are medians of hours, and read every few hours, so
 * that one inspection suffices.
 */
function hasEased({ status, lastExhausted: last }: Incident, now: PageFaults | undefined): boolean {
  if (status !== 'suspected' || last?.pageFaults === undefined || now === undefined) return false;
  return now.perSecond < EASED_SHARE * last.pageFaults.perSecond;
}

/** A host whose leak is reported is full because of it: that belongs to the story of the leak. */
function begun(before: Incident | undefined, observation: ExhaustedObservation, now: number): ExhaustedStep {
  if (observation.kind !== 'exhausted' || observation.isOfLeak) return { outcome: 'unchanged' };
  const { key, asOf, finding } = observation;
  const { resource, full } = finding;
  const status = isSuspicion(finding) ? 'suspected' : 'open';
  const facts = { key, resource, severity: fullHostSeverity(full), asOf, status } as const;
  const begins = { ...newEpisode(before, facts, now), lastExhausted: exhaustedFacts(finding) };
  return { outcome: isSuspicion(finding) ? 'suspected' : 'opened', incident: begins, finding };
}

function stillFull(seen: Incident, finding: FullFinding): ExhaustedStep {
  const severity = fullHostSeverity(finding.full);
  const incident: Incident = { ...seen, resource: finding.resource, lastExhausted: exhaustedFacts(finding) };
  if (seen.status === 'suspected' && !isSuspicion(finding))
    return { outcome: 'opened', incident: { ...incident, status: 'open', severity, openedAt: seen.asOf }, finding };
  if (compareSeverity(severity, seen.severity) <= 0) return { outcome: 'updated', incident };
  return { outcome: 'worse', incident: { ...incident, severity }, finding };
}

/** Whether nothing but page faults shows that memory does not suffice. */
function isSuspicion({ full }: FullFinding): boolean {
  return full.kind === 'steady_full';
}
