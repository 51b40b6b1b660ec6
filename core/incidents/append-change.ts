/** Adds to an incident what happened to it, undecided, with the facts that its message will state. */
import type { Change, ChangeKind } from '../model/change.ts';
import type { EarlyFinding } from '../model/equal-age.ts';
import type { Finding } from '../model/finding.ts';
import type { FullFinding } from '../model/full-host.ts';
import type { Incident } from '../model/incident.ts';
import { earlyFacts, exhaustedFacts, leakFacts } from './change-facts.ts';
import { boundedOutbox, boundedUndecided } from './room.ts';

/** What a change states beside the incident. */
export interface ChangeFacts {
  readonly kind: ChangeKind;
  /** Epoch milliseconds: the time of the write. */
  readonly now: number;
  /** Absent where no finding caused it. */
  readonly finding?: Finding | EarlyFinding | FullFinding;
  /** How it ended. */
  readonly end?: Change['end'];
  /** How often it grew before. Default: this is the first time. */
  readonly cycles?: Change['cycles'];
}

/** @param incident As it is after the change, but for the change's number. */
export function appendChange(incident: Incident, { kind, now, finding, end, cycles }: ChangeFacts): Incident {
  const { episode, cycle, since, severity, asOf } = incident;
  const change: Change = {
    number: incident.transition + 1,
    episode,
    kind,
    at: asOf,
    recordedAt: now,
    severity,
    grade: finding?.kind === 'leak' ? finding.verdict.grade : null,
    cycles: cycles ?? { cycle, firstAt: since, lastedHours: [], reopened: false },
    ...(finding?.kind === 'leak' && { leak: leakFacts(finding) }),
    ...(finding?.kind === 'early' && { early: earlyFacts(finding) }),
    ...(finding?.kind === 'exhausted' && { exhausted: exhaustedFacts(finding) }),
    ...(end && { end }),
  };
  const { kept, left } = boundedUndecided([...incident.undecided, change]);
  const numbered = { ...incident, transition: change.number, lastChangeAt: asOf, undecided: kept };
  if (left.length === 0) return numbered;
  const { outbox, dropped } = boundedOutbox([...incident.outbox, ...left]);
  return { ...numbered, outbox, dropped: incident.dropped + left.length + dropped };
}
