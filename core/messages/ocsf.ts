/**
 * An incident as a Detection Finding of the Open Cybersecurity Schema Framework: https://schema.ocsf.io/1.4.0/classes/detection_finding,
 * with the profile `cloud` where the host is in one.
 */
import type { Severity } from '../model/finding.ts';
import type { FindingKind } from '../model/metrics.ts';
import type { Notification, NotificationData } from '../model/notification.ts';
import { CLOUD_NAMES, type CloudProvider, isCloudProvider } from '../model/series.ts';
import type { Brief } from './brief.ts';
import { briefOf } from './compose-brief.ts';
import { hostName } from './locations.ts';
import { clip, displayText } from './plain-text.ts';

const CLASS_UID = 2004;
const CATEGORY_UID = 2;

const SEVERITY_IDS: Readonly<Record<Severity, number>> = { low: 2, medium: 3, high: 4, critical: 5 };

/** Create, Update, Close. */
const ACTIVITIES = { create: 1, update: 2, close: 3 } as const;

/** New, In Progress, Resolved. */
const STATUSES = { create: 1, update: 2, close: 4 } as const;

/** AWS Account, GCP Project, Azure Subscription. */
const ACCOUNT_TYPES: Readonly<Record<CloudProvider, number>> = { aws: 10, gcp: 11, azure: 13 };

/** How each kind of finding is made: by a rule (1), by statistics (3), by what was learned from labelled series (4). */
const ANALYTIC_TYPES: Readonly<Record<FindingKind, number>> = { leak: 4, early: 3, exhausted: 1, fleet: 1, anomaly: 3 };

const DESCRIPTION_LENGTH = 4000;

export type OcsfDetectionFinding = Readonly<Record<string, unknown>>;

export function ocsfFinding(event: Notification): OcsfDetectionFinding {
  const brief = briefOf(event);
  const { data, type } = event;
  const step = stepOf(data.kind);
  const activity = ACTIVITIES[step];
  const time = Date.parse(event.time);
  return {
    activity_id: activity,
    category_uid: CATEGORY_UID,
    class_uid: CLASS_UID,
    type_uid: CLASS_UID * 100 + activity,
    time,
    severity_id: SEVERITY_IDS[data.severity],
    status_id: STATUSES[step],
    message: brief.lead,
    is_alert: brief.page,
    ...(data.leak && { confidence_score: Math.round(data.leak.confidence * 100) }),
    finding_info: findingInfo(data, brief, time),
    metadata: {
      version: '1.4.0',
      product: { name: 'Plimsoll', vendor_name: 'Plimsoll' },
      uid: brief.id,
      event_code: type,
      tenant_uid: brief.tenant,
      ...(isInCloud(data) && { profiles: ['cloud'] }),
    },
    ...(isInCloud(data) && { cloud: cloudOf(data) }),
    resources: [resourceOf(data)],
    ...(brief.steps.length > 0 && { remediation: remediationOf(brief) }),
  };
}

function stepOf(kind: NotificationData['kind']): keyof typeof ACTIVITIES {
  switch (kind) {
    case 'suspected':
    case 'opened':
      return 'create';
    case 'recovered':
    case 'cleared':
    case 'host_gone':
      return 'close';
    default:
      return 'update';
  }
}

function findingInfo({ incident, finding, since, leak, anomaly }: NotificationData, brief: Brief, time: number) {
  const began = Math.min(
    leak?.onset ? Date.parse(leak.onset.earliest) : Date.parse(since),
    ...(anomaly?.anomalies ?? []).map((fact) => Date.parse(fact.since)),
  );
  const facts = brief.facts.map(({ label, text }) => (label === '' ? text : `${label}: ${text}`));
  return {
    uid: incident,
    title: brief.headline,
    desc: clip(facts.join('\n'), DESCRIPTION_LENGTH),
    types: [finding],
    first_seen_time: Math.min(began, time),
    last_seen_time: time,
    created_time: Date.parse(since),
    analytic: { name: `Plimsoll ${finding}`, type_id: ANALYTIC_TYPES[finding] },
    ...(brief.links[0] && { src_url: brief.links[0].href }),
  };
}

function isInCloud({ host }: NotificationData): boolean {
  return isCloudProvider(host.provider);
}

function cloudOf({ host: { provider, account, region } }: NotificationData) {
  if (!isCloudProvider(provider)) return undefined;
  return {
    provider: CLOUD_NAMES[provider],
    account: { uid: account, type_id: ACCOUNT_TYPES[provider] },
    ...(region !== null && { region }),
  };
}

function resourceOf({ host }: NotificationData) {
  const { id, region, group, labels = {} } = host;
  return {
    uid: id,
    name: displayText(hostName(host)),
    type: 'host',
    ...(region !== null && { region }),
    ...(group !== undefined && { group: { name: displayText(group) } }),
    ...(Object.keys(labels).length > 0 && { labels: Object.entries(labels).map(([key, value]) => `${key}=${value}`) }),
  };
}

function remediationOf({ steps, links }: Brief) {
  const lines = steps.map(({ text, command }) => (command === undefined ? text : `${text} ${command}`));
  const runbooks = links.filter(({ text }) => text === 'Runbook').map(({ href }) => href);
  return { desc: clip(lines.join('\n'), DESCRIPTION_LENGTH), ...(runbooks.length > 0 && { references: runbooks }) };
}
