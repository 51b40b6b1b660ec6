/** Adds to an incident what happened to it, undecided, with the facts that its message will state. */
import type { Change, ChangeKind, Cycles } from '../model/change.ts';
import type { EarlyFinding } from '../model/equal-age.ts';
import type { Finding } from '../model/finding.ts';
import type { FullFinding } from '../model/full-host.ts';
import type { Incident } from '../model/incident.ts';
import { statedBy } from './anomaly-facts.ts';
import { earlyFacts, exhaustedFacts, leakFacts } from './change-facts.ts';
import { boundedOutbox, boundedUndecided } from './room.ts';
import { cyclesOf } from './story/growth.ts';

/** What a change states beside the incident. */
export interface ChangeFacts {
  readonly kind: ChangeKind;
  /** Epoch milliseconds: the time of the write. */
  readonly now: number;
  /** Absent where no finding caused it. */
  readonly finding?: Finding | EarlyFinding | FullFinding;
  /** Default: that of the finding. */
  readonly grade?: Change['grade'];
  /** Of a fleet. */
  readonly fleet?: Change['fleet'];
  /** How it ended. */
  readonly end?: Change['end'];
  /** How often it grew before. Default: as the incident's story has it. */
  readonly cycles?: Cycles;
  /** Of a reminder: what was seen last of the leak. */
  readonly lastFinding?: Change['lastFinding'];
  /** What is anomalous on the host, or was. */
  readonly anomaly?: Change['anomaly'];
  /** Of a reminder: what was seen last of the full host. */
  readonly lastExhausted?: Change['exhausted'];
  /** Of a reminder: what is anomalous on the host. */
  readonly lastAnomalies?: Incident['anomalies'];
  /** Whether the incident counts as changed by it, which lists are sorted by. Default: true. */
  readonly movesLastChange?: boolean;
}

/** @param incident As it is after the change, but for the change's number. */
export function appendChange(incident: Incident, facts: ChangeFacts): Incident {
  const { kind, now, movesLastChange = true } = facts;
  const { episode, severity, asOf } = incident;
  const change: Change = {
    number: incident.transition + 1,
    episode,
    kind,
    at: asOf,
    recordedAt: now,
    severity,
    ...statesOf(facts),
    cycles: facts.cycles ?? cyclesIn(incident),
  };
  const { kept, left } = boundedUndecided([...incident.undecided, change]);
  const lastChangeAt = movesLastChange ? asOf : incident.lastChangeAt;
  const worse = kind === 'worse' ? { worseAt: asOf } : {};
  const numbered = { ...incident, ...worse, transition: change.number, lastChangeAt, undecided: kept, changedAt: now };
  if (left.length === 0) return numbered;
  const { outbox, dropped } = boundedOutbox([...incident.outbox, ...left]);
  return { ...numbered, outbox, dropped: incident.dropped + left.length + dropped };
}

function statesOf({ finding, grade, fleet, anomaly, end, lastFinding, lastExhausted, lastAnomalies }: ChangeFacts) {
  return {
    grade: grade ?? (finding?.kind === 'leak' ? finding.verdict.grade : null),
    ...(finding?.kind === 'leak' && { leak: leakFacts(finding) }),
    ...(finding?.kind === 'early' && { early: earlyFacts(finding) }),
    ...(finding?.kind === 'exhausted' && { exhausted: exhaustedFacts(finding) }),
    ...(fleet && { fleet }),
    ...(anomaly && { anomaly }),
    ...(lastAnomalies && { anomaly: statedBy(lastAnomalies.jobs) }),
    ...(end && { end }),
    ...(lastFinding && { lastFinding }),
    ...(lastExhausted && { exhausted: lastExhausted }),
  };
}

/** How often an incident grew before; of one without a story it is the first time. */
function cyclesIn({ story, cycle, since }: Incident): Cycles {
  return story ? cyclesOf(story) : { cycle, firstAt: since, lastedHours: [], reopened: false };
}
