/** What a message states of an event, whoever receives it. */
import type { Notification, NotificationData } from '../model/notification.ts';
import { isServiceEvent, type PublishedEvent } from '../model/service-event.ts';
import type { Brief, BriefState, Link } from './brief.ts';
import { factsOf } from './brief-facts.ts';
import { stepsOf } from './brief-steps.ts';
import { graphLink } from './graph-link.ts';
import { headlineOf } from './headline.ts';
import { acknowledgeCommand } from './incident-commands.ts';
import { leadOf } from './lead.ts';
import { hostPage } from './links.ts';
import { hostName } from './locations.ts';
import { displayText } from './plain-text.ts';
import { serviceBrief } from './service-brief.ts';

/** Kinds that end what was reported. */
const ENDS: readonly NotificationData['kind'][] = ['recovered', 'cleared', 'host_gone'];

/** Kinds that are meant to wake somebody up where a body of the first versions does not state it. */
const PAGES: readonly NotificationData['kind'][] = ['opened', 'worse', 'escalated'];

/** Characters that no command reaches by the ids of a provider. */
const COMMAND_LENGTH = 1200;

/** @param now Epoch milliseconds, where it is read later than it was sent: steps that are past by then are stated as past. */
export function briefOf(event: PublishedEvent, now = Date.parse(event.time)): Brief {
  return isServiceEvent(event) ? serviceBrief(event) : notificationBrief(event, now);
}

function notificationBrief({ id, data, time }: Notification, now: number): Brief {
  const { kind, incident, tenant, stage, severity, host, page } = data;
  const seenAt = Date.parse(time);
  const pages = page ?? PAGES.includes(kind);
  return {
    id,
    subject: incident,
    incident,
    kind,
    tenant,
    stage,
    state: stateOf(kind, pages),
    severity,
    page: pages,
    headline: headlineOf(data, seenAt),
    summary: displayText(data.summary, 300),
    lead: leadOf(data, seenAt),
    facts: factsOf(data, seenAt),
    steps: stepsOf(data, now).filter(({ command = '' }) => isUsable(command)),
    links: linksOf(data, seenAt),
    component: data.finding === 'anomaly' || data.fleet?.anomaly ? 'metrics' : 'memory',
    source: displayText(hostName(host)),
    group: host.group === undefined ? null : displayText(host.group),
    time,
  };
}

/** A suspicion is an alert only where it is meant to wake somebody up. When it goes away, so does what it may have begun. */
function stateOf(kind: NotificationData['kind'], pages: boolean): BriefState {
  if (ENDS.includes(kind)) return 'resolved';
  return kind === 'suspected' && !pages ? 'notice' : 'firing';
}

function linksOf({ host, runbook, finding }: NotificationData, seenAt: number): Link[] {
  // The graph is of memory: of other metrics the page of the host has those.
  const page = finding === 'anomaly' ? hostPage(host, { start: seenAt, end: seenAt }) : undefined;
  const graph = finding === 'fleet' || finding === 'anomaly' ? null : graphLink(host);
  return [
    ...(runbook === undefined ? [] : [{ text: 'Runbook', href: runbook }]),
    ...(page === undefined ? [] : [{ text: 'Host page', href: page }]),
    ...(graph === null ? [] : [{ text: 'Graph', href: graph }]),
  ];
}

/** What to type for the others to know that somebody is at it; null where there is nothing to acknowledge. */
export function acknowledgement({ state, incident, stage }: Brief): string | null {
  if (state !== 'firing' || incident === null) return null;
  const command = acknowledgeCommand(incident, stage);
  return isUsable(command) ? command : null;
}

/** Ids that no provider gives make no command: part of a long one would do something else, and an address would become a link. */
function isUsable(command: string): boolean {
  return command.length <= COMMAND_LENGTH && !command.includes('://');
}
