/** Entries of the log of incidents. */
import { headlineOf } from '../../core/messages/headline.ts';
import { hostName } from '../../core/messages/locations.ts';
import { clip } from '../../core/messages/plain-text.ts';
import type { IncidentEvent } from '../../core/model/incident-event.ts';
import { parseIncidentId } from '../../core/model/incident-id.ts';
import { isoText } from '../../core/model/notation.ts';
import type { Resource } from '../../core/model/series.ts';
import type { EventView } from '../contract/incidents.ts';
import { incidentRef } from '../refs.ts';
import { hostView, moment } from './host.ts';

type OfChange = Exclude<IncidentEvent, { kind: 'action' }>;
type OfAction = Extract<IncidentEvent, { kind: 'action' }>;

const HEADLINE_LENGTH = 300;

export function eventView(event: IncidentEvent): EventView {
  const { id, at, kind, incident } = event;
  const host = hostOf(event);
  const shared = {
    id,
    at: isoText(at),
    kind,
    incident: incident === null ? null : incidentRef(incident),
    host: host === undefined ? null : hostView(host),
    headline: clip(headline(event, host), HEADLINE_LENGTH),
  };
  return event.kind === 'action' ? { ...shared, ...actionFacts(event) } : { ...shared, ...changeFacts(event) };
}

/** Entries of earlier versions, and those of people, name the incident alone. */
function hostOf(event: IncidentEvent): Resource | undefined {
  if (event.kind !== 'action' && event.host !== undefined) return event.host;
  const key = event.incident === null ? undefined : parseIncidentId(event.incident)?.key;
  return key && { provider: key.provider, account: key.account, region: key.region, id: key.host };
}

function headline(event: IncidentEvent, host: Resource | undefined): string {
  if (event.kind === 'action') {
    const about = event.subject === null ? '' : ` ${event.subject}`;
    return `${event.action}${about} by ${event.by}${event.reason === '' ? '' : `: ${event.reason}`}`;
  }
  const { change } = event;
  const body = bodyOf(event);
  if (body !== undefined) return headlineOf(body.data, change.at);
  const of = host === undefined ? '' : `: ${hostName(host)}`;
  return `[${change.severity}] ${change.kind.replaceAll('_', ' ')}${of}`;
}

function changeFacts(event: OfChange) {
  const { change, decision } = event;
  const { number, kind, severity, grade, cycles, episode } = change;
  const { outcome, stage, reason, page, receivers, until } = decision;
  return {
    change: { number, kind, severity, grade, cycle: cycles.cycle, episode },
    decision: { outcome, stage, reason, page, receivers: [...receivers], until: moment(until) },
    action: null,
    by: null,
    reason: event.kind === 'dropped' ? event.reason : null,
    body: bodyOf(event) ?? null,
  };
}

function bodyOf(event: OfChange) {
  return event.kind === 'put_off' ? undefined : event.body;
}

function actionFacts({ action, by, reason }: OfAction) {
  return { change: null, decision: null, action, by, reason, body: null };
}
