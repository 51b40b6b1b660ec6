/** Composes the digest of a tenant: what is open, what is new or over since the last one, what was held back, coverage and cost. */
import { clip } from '../messages/plain-text.ts';
import { isActive, subjectText } from '../messages/subject-text.ts';
import type { Decision } from '../model/decision.ts';
import { DIGEST_LISTED, type IncidentLine } from '../model/digest.ts';
import { compareSeverity } from '../model/finding.ts';
import type { IncidentEvent } from '../model/incident-event.ts';
import type { IncidentSummary } from '../model/incident-summary.ts';
import type { Mute } from '../model/mute.ts';
import { isoText } from '../model/notation.ts';
import { SERVICE_EVENTS, type ServiceEvent, type ServiceEventData, serviceEvent } from '../model/service-event.ts';
import type { EvaluatorWeight } from '../tenants/evaluator-weights.ts';
import type { Span } from './read-pages.ts';

type DigestData = Extract<ServiceEventData, { kind: 'digest' }>;

export interface DigestFacts extends Pick<DigestData, 'tenant' | 'every' | 'timezone' | 'accounts' | 'hosts' | 'cost'> {
  readonly span: Span;
  readonly open: readonly IncidentSummary[];
  /** Those that changed since the beginning of the span. */
  readonly changed: readonly IncidentSummary[];
  readonly held: DigestData['held'];
  readonly putOff: DigestData['putOff'];
  readonly mutes: readonly Mute[];
  readonly weights: readonly EvaluatorWeight[];
}

const NAME_LENGTH = 256;
const TEXT_LENGTH = 500;

/** Deterministic but for the counts: the digest of the same span has one id. */
export function digestEvent(facts: DigestFacts, now: number): ServiceEvent {
  const { span, open, changed, mutes, weights, ...stated } = facts;
  const isIn = (at: number | null) => at !== null && span.from <= at && at < span.to;
  const opened = changed.filter(({ openedAt }) => isIn(openedAt));
  const recovered = changed.filter(({ openedAt, endedAt }) => openedAt !== null && isIn(endedAt));
  const active = mutes.filter((mute) => isActive(mute, now));
  const names = new Map([...changed, ...open].map(({ id, key, name }) => [id, name ?? key.host]));
  const data: DigestData = {
    kind: 'digest',
    severity: SERVICE_EVENTS.digest.severity,
    summary: `${facts.tenant}: ${open.length} open, ${opened.length} new, ${recovered.length} recovered`,
    from: isoText(span.from),
    to: isoText(span.to),
    open: listed(open),
    opened: listed(opened),
    recovered: listed(recovered),
    mutes: {
      count: active.length,
      first: active
        .toSorted((a, b) => a.until - b.until)
        .slice(0, DIGEST_LISTED)
        .map((mute) => muteLine(mute, names)),
    },
    ...weightFacts(weights),
    ...stated,
  };
  const { tenant } = facts;
  const id = `${tenant}/digest/${data.to}`;
  return serviceEvent(data, { source: `/plimsoll/${tenant}`, subject: tenant, id, now });
}

/** Of evaluators that lost some of their weight. */
function weightFacts(weights: readonly EvaluatorWeight[]): Pick<DigestData, 'weights'> {
  const lost = weights.filter(({ weight }) => weight < 1);
  if (lost.length === 0) return {};
  return { weights: lost.map(({ evaluator, weight, right, wrong }) => ({ evaluator, weight, right, wrong })) };
}

/** The most severe first, and of these the oldest. */
function listed(incidents: readonly IncidentSummary[]): DigestData['open'] {
  const first = incidents.toSorted(
    (a, b) => compareSeverity(b.severity, a.severity) || a.since - b.since || (a.id < b.id ? -1 : 1),
  );
  return { count: incidents.length, first: first.slice(0, DIGEST_LISTED).map(incidentLine) };
}

/** Since when as lists have it: of an incident with several cycles the beginning of the first. */
function incidentLine({ id, key, name, group, severity, since }: IncidentSummary): IncidentLine {
  const host = (name ?? key.host).slice(0, NAME_LENGTH);
  const finding = key.finding === 'leak' ? {} : { finding: key.finding };
  return { incident: id, host, group, severity, ...finding, since: isoText(since) };
}

/** @param names Of the hosts of incidents, by the incident. */
function muteLine(
  { subject, reason, until }: Mute,
  names: ReadonlyMap<string, string>,
): DigestData['mutes']['first'][number] {
  return {
    subject: clip(
      subjectText(subject, (incident) => names.get(incident)),
      TEXT_LENGTH,
    ),
    reason,
    until: isoText(until),
  };
}

/** Counts what the alert policy held back and what it put off. */
export function countHeld() {
  const held = countByStage();
  const putOff = countByStage();
  return {
    /** The newest entry first. */
    visit(event: IncidentEvent): void {
      if (event.kind === 'put_off') putOff.add(event.decision);
      else if (event.kind === 'change' && event.decision.outcome === 'held') held.add(event.decision);
    },
    total: (): Pick<DigestData, 'held' | 'putOff'> => ({ held: held.total(), putOff: putOff.total() }),
  };
}

/** Counts decisions by stage, with the newest reason of each. */
function countByStage() {
  const byStage = new Map<string, { changes: number; reason: string }>();
  let changes = 0;
  return {
    add({ stage, reason }: Decision): void {
      const known = byStage.get(stage ?? '');
      changes++;
      byStage.set(stage ?? '', { changes: (known?.changes ?? 0) + 1, reason: known?.reason ?? reason });
    },
    total(): DigestData['held'] {
      const lines = [...byStage].map(([stage, counts]) => ({ stage, ...counts }));
      return { changes, first: lines.toSorted((a, b) => b.changes - a.changes).slice(0, DIGEST_LISTED) };
    },
  };
}
