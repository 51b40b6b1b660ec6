/** Which of a tenant's receivers an event is for. */
import type { Alerts } from '../model/alerts.ts';
import type { Notification } from '../model/notification.ts';
import type { Receiver } from '../model/receiver.ts';
import { isServiceEvent, type PublishedEvent, type ServiceEvent } from '../model/service-event.ts';

export interface Chosen {
  readonly receivers: readonly Receiver[];
  /** Names that the event has and the config has no longer. */
  readonly unknown: readonly string[];
}

export function chooseReceivers(event: PublishedEvent, alerts: Alerts): Chosen {
  const known = alerts.receivers ?? [];
  const names = new Set(isServiceEvent(event) ? namesForService(event, alerts) : namesFor(event));
  return {
    receivers: known.filter(({ name }) => names.has(name)),
    unknown: [...names].filter((name) => known.every((receiver) => receiver.name !== name)),
  };
}

/** The alert policy decided it when the event was composed. */
function namesFor({ data }: Notification): readonly string[] {
  return data.receivers ?? [];
}

function namesForService({ data }: ServiceEvent, alerts: Alerts): readonly string[] {
  switch (data.kind) {
    // Once a day to whoever subscribed to the topic: nobody is to read it in a chat.
    case 'alive':
      return [];
    case 'test':
      return data.receivers ?? (alerts.receivers ?? []).map(({ name }) => name);
    // The others are notified of it.
    case 'receiver_failing':
    case 'receiver_restored':
      return namesOfService(alerts).filter((name) => name !== data.receiver);
    case 'agents_stopped':
    case 'cadence_reduced':
    case 'cadence_restored':
    case 'digest':
    case 'inspection_failed':
    case 'inspection_restored':
    case 'jobs_failed':
    case 'jobs_restored':
    case 'shadow_summary':
      return namesOfService(alerts);
  }
}

/**
 * Receivers of the routes that match everything: an event about Plimsoll itself is about no host, and a route for some hosts does not
 * match it. An end has a lower severity than its beginning, so that severities of a route are not looked at. Without routes every
 * receiver gets everything, as of incidents.
 */
function namesOfService({ routes, receivers: all = [] }: Alerts): readonly string[] {
  if (routes === undefined) return all.map(({ name }) => name);
  const names: string[] = [];
  for (const { match, kinds, receivers, continue: goesOn } of routes) {
    if (match !== undefined || kinds !== undefined) continue;
    names.push(...receivers);
    if (!goesOn) break;
  }
  return names;
}
