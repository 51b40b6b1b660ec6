/**
 * An alert as Alertmanager's API v2 takes it: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml. Equal labels are
 * the same alert; one that is not sent again before `endsAt` resolves by itself, which is why whoever sends it decides when that is.
 */
import type { Notification } from '../model/notification.ts';
import { isServiceEvent, type PublishedEvent, type ServiceEventKind } from '../model/service-event.ts';
import type { Brief } from './brief.ts';
import { briefOf } from './compose-brief.ts';
import { boundedKey } from './keys.ts';
import { clip, displayText } from './plain-text.ts';

export interface AlertmanagerAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  /** ISO 8601. */
  readonly endsAt: string;
  readonly generatorURL?: string;
}

const LABEL_LENGTH = 256;
const ANNOTATION_LENGTH = 2000;

/** What the alert is called, by the kind of finding; what Plimsoll reports about itself is one kind more. */
const NAMES: Readonly<Record<string, string>> = {
  leak: 'MemoryGrowsLikeALeak',
  early: 'MemoryGrowsFasterThanItsGroup',
  exhausted: 'MemoryExhausted',
  fleet: 'MemoryOfManyHostsRisesAlike',
  anomaly: 'MetricsAreAnomalous',
};

const SERVICE_NAMES: Readonly<Partial<Record<ServiceEventKind, string>>> = {
  receiver_failing: 'NotificationsDoNotArrive',
  receiver_restored: 'NotificationsDoNotArrive',
  test: 'NotificationsAreTested',
};

/**
 * Null of a notice. The severity is a label, because routes select by it: an alert whose severity has changed is another one, and
 * whoever sends it resolves the one before.
 *
 * @param endsAt When it resolves unless it is sent again, ISO 8601. Of what has ended it is the time of the event.
 */
export function alertmanagerAlert(event: PublishedEvent, endsAt: string): AlertmanagerAlert | null {
  const brief = briefOf(event);
  if (brief.state === 'notice') return null;
  const [link] = brief.links;
  return {
    labels: labelsOf(event, brief),
    annotations: annotationsOf(brief),
    startsAt: startOf(event),
    endsAt: brief.state === 'resolved' ? brief.time : endsAt,
    ...(link && { generatorURL: link.href }),
  };
}

function nameOf({ finding, fleet }: Notification['data']): string {
  return fleet?.anomaly ? 'MetricsOfManyHostsAreAnomalous' : (NAMES[finding] ?? 'MemoryGrowsLikeALeak');
}

/** Only facts that stay what they are as long as the alert fires. An empty label is none. */
function labelsOf(event: PublishedEvent, { subject, severity, tenant }: Brief): Record<string, string> {
  const facts = isServiceEvent(event)
    ? {
        alertname: SERVICE_NAMES[event.data.kind] ?? 'InspectionsFail',
        ...('account' in event.data && { account: event.data.account }),
        ...('receiver' in event.data && { receiver: event.data.receiver }),
      }
    : {
        alertname: nameOf(event.data),
        provider: event.data.host.provider,
        account: event.data.host.account,
        region: event.data.host.region ?? '',
        instance: event.data.host.id,
        group: event.data.host.group ?? '',
        finding: event.data.finding,
      };
  const labels = { ...facts, job: 'plimsoll', tenant, severity, incident: boundedKey(subject, LABEL_LENGTH) };
  const entries = Object.entries(labels).map(([name, value]) => [name, displayText(value, LABEL_LENGTH)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

function annotationsOf({ headline, lead, facts, steps, links }: Brief): Record<string, string> {
  const description = facts.map(({ label, text }) => (label === '' ? text : `${label}: ${text}`)).join('\n');
  const action = steps.map(({ text, command }) => (command === undefined ? text : `${text} ${command}`)).join('\n');
  const named = links.map(({ text, href }): [string, string] => [
    text === 'Runbook' ? 'runbook_url' : 'graph_url',
    href,
  ]);
  const annotations = { summary: headline, lead, description, action, ...Object.fromEntries(named) };
  return Object.fromEntries(Object.entries(annotations).map(([name, text]) => [name, clip(text, ANNOTATION_LENGTH)]));
}

/** The alert began when the incident did, not when its last message was written. */
function startOf(event: PublishedEvent): string {
  const since = isServiceEvent(event) ? ('since' in event.data ? event.data.since : event.time) : event.data.since;
  return Date.parse(since) <= Date.parse(event.time) ? since : event.time;
}
