/**
 * The life of an incident as a pure function: what was remembered and what was seen in, what to remember and tell out.
 *
 *     (none, closed) ── suspected ──▶ suspected ── confirmed ──▶ open        (a new episode begins; `opened` pages)
 *     (none, closed) ── confirmed ─────────────────────────────▶ open
 *     suspected, open ── calm (steady, below `NEAR_LIMIT` and `IN_DOUBT`), `recoverAfter` times in a row ─▶ closed
 *
 * A run may be repeated, late, or racing its own copy: what is not newer than what is recorded changes nothing.
 */
import { compareSeverity, type Finding } from '../model/finding.ts';
import type { Incident, IncidentKey, IncidentStatus } from '../model/incident.ts';
import type { Notification, NotificationKind } from '../model/notification.ts';
import { composeNotification } from './compose-notification.ts';

/** A leak that was found, or a host with a remembered incident that was judged steady on fresh samples. */
export type Observation =
  | { readonly kind: 'leaking'; readonly key: IncidentKey; readonly asOf: number; readonly finding: Finding }
  | {
      readonly kind: 'steady';
      readonly key: IncidentKey;
      readonly asOf: number;
      /** Memory in use as a fraction of the limit; undefined where the limit is not known. */
      readonly utilization: number | undefined;
      /** How sure the verdict still is of a leak, in [0, 1]. */
      readonly confidence: number;
    };

/** `unchanged`: nothing to store. `updated`: remembered, nothing to tell. Else the kind of the event that was appended. */
export type Transition =
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'updated' | NotificationKind; readonly incident: Incident };

/**
 * A leak that has filled the memory stops growing: from this utilization on, standing still is no recovery. An operator
 * who lives with a full host mutes it; being told that it recovered would be false.
 */
const NEAR_LIMIT = 0.9;

/**
 * A leak that grows in bursts, or beside a noisy neighbour, falls below the threshold now and then: from this confidence on it
 * may still be one. Told as recovered, it would page again some hours later.
 */
const IN_WARNING = 0.2;

/** Bodies that an incident holds at the most while its topic is down, and their bytes: an item of the table has 400 KB. */
export const MAX_OUTBOX = 20;
const MAX_OUTBOX_BYTES = 256 * 1024;

/**
 * @param before What is remembered; undefined where there is no item.
 * @param recoverAfter Steady inspections in a row that end an episode.
 * @param now Epoch milliseconds, written to the item.
 */
export function transition(
  before: Incident | undefined,
  observation: Observation,
  recoverAfter: number,
  now: number,
): Transition {
  if (before !== undefined && observation.asOf <= before.asOf) return { outcome: 'unchanged' };
  if (observation.kind === 'leaking') return leaking(before, observation, now);
  if (before === undefined || before.status === 'closed') return { outcome: 'unchanged' };
  return steady(before, observation, recoverAfter, now);
}

function leaking(
  before: Incident | undefined,
  { key, asOf, finding }: Observation & { kind: 'leaking' },
  now: number,
): Transition {
  const status: IncidentStatus = finding.verdict.grade === 'confirmed' ? 'open' : 'suspected';
  if (before === undefined || before.status === 'closed') {
    const incident = beginEpisode(before, key, finding, asOf, now);
    return report({ ...incident, status }, status === 'open' ? 'opened' : 'suspected', finding);
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
    // A suspicion was told with a severity of its own, which may have been greater than what is confirmed now.
    return report({ ...seen, status, severity: finding.severity }, 'opened', finding);
  }
  if (before.status === 'open' && worse) return report(seen, 'worse', finding);
  return { outcome: 'updated', incident: seen };
}

function steady(
  before: Incident,
  { asOf, utilization = 0, confidence }: Observation & { kind: 'steady' },
  recoverAfter: number,
  now: number,
): Transition {
  const isCalm = utilization < NEAR_LIMIT && confidence < IN_WARNING;
  const steadyRuns = isCalm ? before.steadyRuns + 1 : 0;
  const seen: Incident = { ...before, asOf, steadyRuns, changedAt: now };
  if (seen.steadyRuns < recoverAfter) return { outcome: 'updated', incident: seen };
  return report({ ...seen, status: 'closed' }, before.status === 'open' ? 'recovered' : 'cleared');
}

function beginEpisode(
  before: Incident | undefined,
  key: IncidentKey,
  finding: Finding,
  asOf: number,
  now: number,
): Incident {
  return {
    key,
    resource: finding.resource,
    status: 'suspected',
    episode: (before?.episode ?? 0) + 1,
    severity: finding.severity,
    asOf,
    since: asOf,
    steadyRuns: 0,
    transition: before?.transition ?? 0,
    // What the topic has not taken of the episode before is still owed.
    outbox: before?.outbox ?? [],
    changedAt: now,
  };
}

/** Numbers the transition and freezes its body: what is published later is what was true then. */
function report(incident: Incident, kind: NotificationKind, finding?: Finding): Transition {
  const numbered = { ...incident, transition: incident.transition + 1 };
  const body = composeNotification(numbered, kind, finding);
  return { outcome: kind, incident: { ...numbered, outbox: appendBounded(incident.outbox, body) } };
}

/**
 * Appends a body. When the bound is reached the oldest `worse` goes first, because the events after it say more than
 * it does; a page that opens or ends an episode goes only when nothing else is left.
 */
function appendBounded(outbox: readonly Notification[], body: Notification): Notification[] {
  const kept = [...outbox];
  while (kept.length >= MAX_OUTBOX || (kept.length > 0 && bytesOf([...kept, body]) > MAX_OUTBOX_BYTES)) {
    const worse = kept.findIndex(({ data }) => data.kind === 'worse');
    kept.splice(Math.max(worse, 0), 1);
  }
  return [...kept, body];
}

function bytesOf(bodies: readonly Notification[]): number {
  return new TextEncoder().encode(JSON.stringify(bodies)).length;
}
