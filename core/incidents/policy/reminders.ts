/** What is due of an incident that is open and that nobody has acknowledged. Whoever sweeps stores it, and the change is decided as any other. */
import type { Alerts } from '../../model/alerts.ts';
import type { ChangeKind } from '../../model/change.ts';
import type { Severity } from '../../model/finding.ts';
import type { Incident } from '../../model/incident.ts';
import type { IncidentSummary } from '../../model/incident-summary.ts';
import { appendChange } from '../append-change.ts';
import { withChange } from './fleet.ts';
import { HOUR_MS } from './undecided.ts';

const MINUTE_MS = 60_000;

interface Due {
  readonly kind: Extract<ChangeKind, 'reminder' | 'escalated'>;
}

/**
 * The incident with a reminder, an escalation or both, undecided; undefined where none is due. The time counts from the last notification, so
 * that an incident whose opening waited for the morning is not escalated before anybody was notified.
 *
 * @param now Epoch milliseconds.
 */
export function withReminders(incident: Incident, alerts: Alerts | undefined, now: number): Incident | undefined {
  const due = dueReminders(incident, alerts, now);
  if (due.length === 0) return undefined;
  const { episode, cycle } = incident;
  const before = remindedOf(incident);
  const reminded = {
    episode,
    cycle,
    count: before.count + due.filter(({ kind }) => kind === 'reminder').length,
    escalated: before.escalated || due.some(({ kind }) => kind === 'escalated'),
    at: now,
  };
  return due.reduce<Incident>((after, { kind }) => withReminder(after, kind, now), { ...incident, reminded });
}

/** Whether something is due of an incident, as far as its summary shows: it is read before it is changed. */
export function mayBeDue(summary: IncidentSummary, alerts: Alerts | undefined, now: number): boolean {
  return summary.acknowledgedBy === null && dueOf(summary, alerts, now).length > 0;
}

function dueReminders(incident: Incident, alerts: Alerts | undefined, now: number): readonly Due[] {
  const { acknowledged, undecided } = incident;
  const waits = undecided.some(({ kind }) => kind === 'reminder' || kind === 'escalated');
  return acknowledged !== null || waits ? [] : dueOf(incident, alerts, now);
}

type Remindable = Pick<Incident, 'status' | 'severity' | 'lastNotifiedAt' | 'cycleSince' | 'episode' | 'cycle'> &
  Pick<IncidentSummary, 'reminded'>;

/** What is due now, an escalation first. */
function dueOf(incident: Remindable, alerts: Alerts | undefined, now: number): readonly Due[] {
  const { status, lastNotifiedAt, cycleSince, severity } = incident;
  if (status !== 'open' || lastNotifiedAt === null || lastNotifiedAt < cycleSince) return [];
  const { count, escalated, at } = remindedOf(incident);
  const { reminder, escalation } = alerts ?? {};
  const escalates =
    !escalated && concerns(escalation, severity) && now - lastNotifiedAt >= (escalation?.afterMinutes ?? 0) * MINUTE_MS;
  const reminds =
    concerns(reminder, severity) &&
    count < (reminder?.most ?? 0) &&
    now - Math.max(lastNotifiedAt, at) >= (reminder?.afterHours ?? 0) * HOUR_MS;
  return [...(escalates ? [{ kind: 'escalated' as const }] : []), ...(reminds ? [{ kind: 'reminder' as const }] : [])];
}

/** A further cycle is reminded of anew. */
function remindedOf({ reminded, episode, cycle }: Pick<Remindable, 'reminded' | 'episode' | 'cycle'>) {
  const isCurrent = reminded?.episode === episode && reminded.cycle === cycle;
  return isCurrent ? reminded : { count: 0, escalated: false, at: Number.NEGATIVE_INFINITY };
}

function concerns(setting: { readonly severities?: Severity[] | undefined } | undefined, severity: Severity): boolean {
  return setting !== undefined && (setting.severities === undefined || setting.severities.includes(severity));
}

/**
 * The incident with a change that states that it goes on, with the figures of the last inspection that saw it, and of a fleet those of its members: also for one that goes on when the others of its fleet have ended, which nobody was
 * notified of by itself.
 */
export function withReminder(incident: Incident, kind: Due['kind'], now: number): Incident {
  if (incident.members) return withChange(incident, kind, { at: incident.asOf, now, movesLastChange: false });
  const grade = incident.openedAt === null ? 'suspected' : 'confirmed';
  const { lastFinding, lastExhausted, anomalies } = incident;
  const seen = {
    ...(lastFinding && { lastFinding }),
    ...(lastExhausted && { lastExhausted }),
    ...(anomalies && { lastAnomalies: anomalies }),
  };
  return appendChange(incident, { kind, now, grade, movesLastChange: false, ...seen });
}
