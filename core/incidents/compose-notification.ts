/** Writes the event of a change. It is deterministic: the same change and incident give the same bytes, whoever composes it. */
import { anomalySentence } from '../messages/anomaly.ts';
import { EARLY_TEXT, earlyText } from '../messages/early.ts';
import { EXHAUSTED_TEXT, REPLACED_TEXT, TRANSITION_TEXT } from '../messages/finding.ts';
import { hostName, scopeText } from '../messages/locations.ts';
import { clip } from '../messages/plain-text.ts';
import { counted } from '../messages/units.ts';
import type { Change } from '../model/change.ts';
import type { Decision } from '../model/decision.ts';
import { changeId, type Incident, type IncidentKey, incidentId } from '../model/incident.ts';
import { metricWords } from '../model/metrics.ts';
import { isoText, roundFigure } from '../model/notation.ts';
import { NOTIFICATION_SCHEMA, type Notification, type NotificationData } from '../model/notification.ts';
import type { Resource } from '../model/series.ts';

/** Characters of a name or a label's value: providers allow far longer ones than people read. */
const TEXT_LENGTH = 200;

/** Labels that a body carries. */
const LABEL_COUNT = 20;

/** What a message states beside the change: all of it may be absent. */
export interface NotificationContext {
  /** The tenant's time zone by its IANA name. */
  readonly timezone?: string;
  /** Names of labels of the host that are message attributes too. */
  readonly attributeLabels?: readonly string[];
  /** Until when a restart is safe, and the last planned window before; epoch milliseconds. */
  readonly restartBy?: {
    readonly at: number;
    readonly window: { readonly name: string | null; readonly start: number; readonly end: number } | null;
  };
  /** What happened where the growth began. */
  readonly onset?: NotificationData['context'];
}

/**
 * @param incident With the resource as it is known now, and how many bodies were lost before.
 * @param change What it is about: its number and its episode make the id.
 * @param decision Whether it pages, whom it is for, and the runbook.
 */
export function composeNotification(
  incident: Incident,
  change: Change,
  decision: Decision,
  context: NotificationContext = {},
): Notification {
  const { key } = incident;
  const { kind, severity, episode, cycles, leak, lastFinding, early, fleet, exhausted, anomaly } = change;
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
      ...(lastFinding && { lastFinding }),
      ...(early && { early }),
      ...(exhausted && { exhausted }),
      ...(anomaly && { anomaly }),
      ...(fleet && { fleet }),
      ...decisionFacts(decision),
      ...historyFacts(change),
      ...contextFacts(context),
      ...(incident.dropped > 0 && { dropped: incident.dropped }),
    },
  };
}

function decisionFacts({ page, receivers, fleet, runbook }: Decision): Partial<NotificationData> {
  return {
    page,
    ...(receivers.length > 0 && { receivers: [...receivers] }),
    ...(fleet !== null && { memberOf: fleet }),
    ...(runbook !== null && isHttps(runbook) && { runbook }),
  };
}

/** Configs are checked when they are put; a decision that was read back may be of another version. */
function isHttps(text: string): boolean {
  return URL.parse(text)?.protocol === 'https:';
}

function historyFacts({ cycles, end }: Change): Partial<NotificationData> {
  const { firstAt, lastedHours } = cycles;
  return {
    cycles: { ...cycles, firstAt: isoText(firstAt), lastedHours: lastedHours.map(roundFigure) },
    ...(end && { end: { ...end, ageHours: roundFigure(end.ageHours) } }),
  };
}

function contextFacts({ timezone, attributeLabels, restartBy, onset }: NotificationContext): Partial<NotificationData> {
  return {
    ...(timezone !== undefined && { timezone }),
    ...(attributeLabels !== undefined && attributeLabels.length > 0 && { attributeLabels: [...attributeLabels] }),
    ...(restartBy && { restartBy: restartFacts(restartBy) }),
    ...(onset && { context: onset }),
  };
}

function restartFacts({ at, window }: NonNullable<NotificationContext['restartBy']>) {
  return {
    at: isoText(at),
    window: window && { name: window.name, start: isoText(window.start), end: isoText(window.end) },
  };
}

/** Of a source without regions it ends with the account. */
function sourceOf({ tenant, provider, account, region }: Incident['key']): string {
  const parts = ['/plimsoll', tenant, provider, encodeURIComponent(account), ...(region === null ? [] : [region])];
  return parts.join('/');
}

function summarise({ key, resource }: Incident, change: Change): string {
  const where = `(${change.severity}, ${scopeText(resource)})`;
  const { label } = metricWords(key.metric);
  if (change.fleet) {
    const { hosts, by, name, anomaly } = change.fleet;
    const of = `${counted(hosts, 'host')} of ${by} ${clip(name, TEXT_LENGTH)}`;
    return anomaly ? `${label} of ${of} are anomalous alike ${where}` : `${label} of ${of} rises alike ${where}`;
  }
  const kind = resource.kind === undefined ? '' : `${resource.kind} `;
  const host = `${kind}${clip(hostName(resource), TEXT_LENGTH)}`;
  if (key.finding === 'anomaly') return `${anomalySentence(change.anomaly, host, change.kind)} ${where}`;
  return `${label} of ${host} ${changeText(key, change)} ${where}`;
}

function changeText({ finding }: IncidentKey, { kind, early, end }: Change): string {
  if (kind === 'host_gone' && end?.how === 'replaced') return REPLACED_TEXT;
  if (finding === 'early') return early ? earlyText(early) : EARLY_TEXT.ended;
  return finding === 'exhausted' ? EXHAUSTED_TEXT[kind] : TRANSITION_TEXT[kind];
}

function hostFacts({
  provider,
  account,
  region,
  id,
  name,
  kind,
  group,
  labels,
}: Resource): Notification['data']['host'] {
  const kept = Object.entries(labels ?? {}).slice(0, LABEL_COUNT);
  return {
    provider,
    account,
    region,
    id,
    ...(name !== undefined && { name: clip(name, TEXT_LENGTH) }),
    ...(kind !== undefined && { kind }),
    ...(group !== undefined && { group: clip(group, TEXT_LENGTH) }),
    ...(kept.length > 0 && {
      labels: Object.fromEntries(kept.map(([key, value]) => [clip(key, TEXT_LENGTH), clip(value, TEXT_LENGTH)])),
    }),
  };
}
