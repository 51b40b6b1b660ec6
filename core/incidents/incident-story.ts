/** What is known of one incident: how it is now, its log, and what people decided that touches it. */

import type { Change } from '../model/change.ts';
import type { Decision } from '../model/decision.ts';
import { type Incident, incidentId } from '../model/incident.ts';
import { type IncidentEvent, isDecided } from '../model/incident-event.ts';
import { type NamedIncident, parseIncidentId } from '../model/incident-id.ts';
import type { Label, Likeness, Mute } from '../model/mute.ts';
import type { Notification } from '../model/notification.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import { composeNotification } from './compose-notification.ts';
import { likenessOf } from './policy/likeness.ts';
import { isSubject } from './policy/match.ts';

/** Entries of a log that are read: of an incident that changes every hour those of six weeks. */
const MOST_EVENTS = 1000;

const PAGE_SIZE = 100;

/** A change with the message about it, whether or not it was sent. */
export interface Described {
  readonly change: Change;
  readonly body: Notification;
}

export interface Story {
  readonly named: NamedIncident;
  /** The host's item as it is now, which may be of a later episode; undefined where it was removed. */
  readonly current: Incident | undefined;
  /** Whether the item is still of this incident. */
  readonly isCurrent: boolean;
  /** The latest first. */
  readonly events: readonly IncidentEvent[];
  /** Whether the log has more entries than were read. */
  readonly hasMore: boolean;
  /** What happened and is not in the log yet, the oldest first. */
  readonly unlogged: readonly Change[];
  /** Changes with their messages, the latest first. */
  readonly described: readonly Described[];
}

export interface StoryPorts {
  readonly incidents: Pick<IncidentStore, 'get'>;
  readonly log: Pick<EventLog, 'ofIncident'>;
}

/** Undefined where there is no such incident, and no entry about it in the log. Throws `StoreError`. */
export async function readStory(named: NamedIncident, { incidents, log }: StoryPorts): Promise<Story | undefined> {
  const [item, { events, hasMore }] = await Promise.all([incidents.get(named.key), eventsOf(named, log)]);
  const current = item?.value;
  if (current === undefined && events.length === 0) return undefined;
  const isCurrent = current !== undefined && incidentId(current.key, current.episode) === named.id;
  const decided = (current?.outbox ?? []).filter(({ decision }) => decision.outcome !== 'put_off');
  const waiting = [...decided.map(({ change }) => change), ...(current?.undecided ?? [])];
  const logged = new Set(events.filter(isDecided).map(({ change }) => change.number));
  const unlogged = waiting.filter(({ episode, number }) => episode === named.episode && !logged.has(number));
  const facts = { named, current, isCurrent, events, hasMore, unlogged };
  return { ...facts, described: describedOf(facts) };
}

async function eventsOf({ tenant, id }: NamedIncident, log: StoryPorts['log']) {
  const events: IncidentEvent[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null && events.length < MOST_EVENTS) {
    const page = await log.ofIncident(tenant, id, { limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) });
    events.push(...page.events);
    cursor = page.cursor;
  }
  return { events, hasMore: cursor !== null && cursor !== undefined };
}

/** What is composed here is what would have been sent: a change that was held back has no body in the log. */
function describedOf({ current, events, unlogged }: Omit<Story, 'described'>): Described[] {
  const of = (change: Change, body: Notification | undefined, decision: Decision): Described[] => {
    if (body !== undefined) return [{ change, body }];
    return current === undefined ? [] : [{ change, body: composeNotification(current, change, decision) }];
  };
  const logged = events.filter(isDecided).flatMap(({ change, body, decision }) => of(change, body, decision));
  const waiting = unlogged.flatMap((change) => of(change, undefined, UNDECIDED));
  return [...waiting, ...logged].sort((a, b) => b.change.number - a.change.number);
}

const UNDECIDED: Decision = {
  outcome: 'held',
  stage: null,
  reason: 'not decided yet',
  page: false,
  receivers: [],
  until: null,
  fleet: null,
  runbook: null,
};

/** Mutes that are about the incident, ended ones too. */
export function mutesOf({ current, described, named }: Story, mutes: readonly Mute[]): Mute[] {
  return mutes.filter(({ subject }) => subject.incident === named.id || isAbout(subject, { current, described }));
}

/** Labels that are about the incident, or given on another one of its host or group: they may hold back what it does. */
export function labelsOf(story: Story, labels: readonly Label[]): Label[] {
  const { current, described, named } = story;
  return labels.filter(({ subject: { incident, ...hosts } }) => {
    if (incident === undefined) return isAbout(hosts, { current, described });
    if (incident === named.id) return true;
    const isWider = Object.values(hosts).some((value) => value !== undefined);
    return isWider ? isAbout(hosts, { current, described }) : isOfSameHost(incident, named);
  });
}

function isOfSameHost(incident: string, { key }: NamedIncident): boolean {
  const other = parseIncidentId(incident)?.key;
  return (
    other?.provider === key.provider &&
    other.account === key.account &&
    other.region === key.region &&
    other.host === key.host
  );
}

function isAbout(subject: Mute['subject'], { current, described }: Pick<Story, 'current' | 'described'>): boolean {
  const [latest] = described;
  if (current === undefined || latest === undefined) return false;
  return isSubject(subject, { incident: current, change: latest.change });
}

/** What a label on it is compared by, of the newest change that states a growth; null where none does, or the capacity is not known. */
export function likenessIn({ described }: Pick<Story, 'described'>): Likeness | null {
  for (const { change } of described) {
    const likeness = likenessOf(change);
    if (likeness !== undefined) return likeness;
  }
  return null;
}
