/** Writes the event of a change. It is deterministic: the same change and incident give the same bytes, whoever composes it. */
import { EARLY_TEXT, earlyText } from '../messages/early.ts';
import { TRANSITION_TEXT } from '../messages/finding.ts';
import { hostName, scopeText } from '../messages/locations.ts';
import { clip } from '../messages/plain-text.ts';
import type { Change } from '../model/change.ts';
import type { Decision } from '../model/decision.ts';
import { changeId, type Incident, type IncidentKey, incidentId } from '../model/incident.ts';
import { metricWords } from '../model/metrics.ts';
import { isoText } from '../model/notation.ts';
import { NOTIFICATION_SCHEMA, type Notification } from '../model/notification.ts';
import type { Resource } from '../model/series.ts';

/** Characters of a name or a label's value: providers allow far longer ones than people read. */
const TEXT_LENGTH = 200;

/** Labels that a body carries. */
const LABEL_COUNT = 20;

/**
 * @param incident With the resource as it is known now, and how many bodies were lost before.
 * @param change What it is about: its number and its episode make the id.
 */
export function composeNotification(incident: Incident, change: Change, _decision: Decision): Notification {
  const { key } = incident;
  const { kind, severity, episode, cycles, leak, early } = change;
  return {
    specversion: '1.0',
    id: changeId(key, change),
    source: sourceOf(key),
    type: `plimsoll.${metricWords(key.metric).eventNoun}.${kind}`,
    subject: key.host,
    time: isoText(change.at),
    datacontenttype: 'application/json',
    dataschema: NOTIFICATION_SCHEMA,
    data: {
      kind,
      finding: key.finding,
      incident: incidentId(key, episode),
      episode,
      transition: change.number,
      tenant: key.tenant,
      severity,
      metric: key.metric,
      host: hostFacts(incident.resource),
      since: isoText(cycles.firstAt),
      summary: summarise(incident, change),
      ...(leak && { leak }),
      ...(early && { early }),
      ...(incident.dropped > 0 && { dropped: incident.dropped }),
    },
  };
}

/** Of a source without regions it ends with the account. */
function sourceOf({ tenant, provider, account, region }: Incident['key']): string {
  const parts = ['/plimsoll', tenant, provider, encodeURIComponent(account), ...(region === null ? [] : [region])];
  return parts.join('/');
}

function summarise({ key, resource }: Incident, change: Change): string {
  const what = `${metricWords(key.metric).label} of ${clip(hostName(resource), TEXT_LENGTH)}`;
  return `${what} ${changeText(key, change)} (${change.severity}, ${scopeText(resource)})`;
}

function changeText({ finding }: IncidentKey, { kind, early }: Change): string {
  if (finding === 'leak') return TRANSITION_TEXT[kind];
  return early ? earlyText(early) : EARLY_TEXT.ended;
}

function hostFacts({ provider, account, region, id, name, group, labels }: Resource): Notification['data']['host'] {
  const kept = Object.entries(labels ?? {}).slice(0, LABEL_COUNT);
  return {
    provider,
    account,
    region,
    id,
    ...(name !== undefined && { name: clip(name, TEXT_LENGTH) }),
    ...(group !== undefined && { group: clip(group, TEXT_LENGTH) }),
    ...(kept.length > 0 && {
      labels: Object.fromEntries(kept.map(([key, value]) => [clip(key, TEXT_LENGTH), clip(value, TEXT_LENGTH)])),
    }),
  };
}
