/**
 * Reminds of incidents that are open and that nobody acknowledged, and escalates them. What is due is appended as a change; the sweep decides
 * and sends it. To do so twice is harmless: an incident remembers of what it was reminded.
 */
import pLimit from 'p-limit';
import type { Alerts } from '../model/alerts.ts';
import type { Incident, IncidentKey } from '../model/incident.ts';
import { ItemError, StoreError } from '../ports/errors.ts';
import type { IncidentList } from '../ports/incident-list.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import { memberKey } from './policy/fleet.ts';
import { refreshed } from './policy/fleet-members.ts';
import { mayBeDue, withReminders } from './policy/reminders.ts';
import { ATTEMPTS } from './record.ts';

export interface RemindPorts {
  readonly incidents: Pick<IncidentStore, 'get' | 'put'>;
  readonly incidentList: IncidentList;
}

export interface RemindOptions {
  /** Of the account of an incident; undefined where nothing is reminded of. */
  alertsOf(key: IncidentKey): Alerts | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
  /** What is due and not reached by then is left to the next run. */
  isTimeUp(): boolean;
}

const PAGE_SIZE = 200;

/** Incidents that are read and written at once. */
const AT_ONCE = 8;

/**
 * An incident that cannot be read back holds up no other: it is thrown after them. Throws `StoreError`.
 *
 * @returns How many incidents were given a change.
 */
export async function remind(tenant: string, ports: RemindPorts, options: RemindOptions): Promise<number> {
  const { alertsOf, now } = options;
  const limit = pLimit(AT_ONCE);
  let [reminded, failure, cursor]: [number, ItemError | undefined, string | null | undefined] = [
    0,
    undefined,
    undefined,
  ];
  const remindOne = async (key: IncidentKey) => {
    try {
      if (await remindOf(key, alertsOf(key), ports.incidents, now)) reminded++;
    } catch (error) {
      if (!(error instanceof ItemError)) throw error;
      failure ??= error;
    }
  };
  while (cursor !== null && !options.isTimeUp()) {
    const query = { statuses: ['open' as const], limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) };
    const page = await ports.incidentList.list(tenant, query);
    const due = page.incidents.filter((one) => mayBeDue(one, alertsOf(one.key), now));
    await Promise.all(due.map(({ key }) => limit(remindOne, key)));
    cursor = page.cursor;
  }
  if (failure) throw failure;
  return reminded;
}

/** The incident is read again, as the list lags behind it. */
async function remindOf(
  key: IncidentKey,
  alerts: Alerts | undefined,
  store: RemindPorts['incidents'],
  now: number,
): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const current = await store.get(key);
    if (current === undefined || withReminders(current.value, alerts, now) === undefined) return false;
    const next = withReminders(await withMembersOfNow(current.value, store), alerts, now);
    if (next === undefined) return false;
    if ((await store.put(next, current.version)) === 'stored') return true;
  }
  throw new StoreError(
    `The incident of host ${key.host} (tenant ${key.tenant}) was changed by others ${ATTEMPTS} times in a row; its reminder is tried again in a quarter of an hour.`,
  );
}

/** Members of a fleet that are read at once. */
const MEMBERS_AT_ONCE = 4;

/** A fleet with what was seen last of the members that go on: a reminder states those figures. Others are as they are. */
async function withMembersOfNow(incident: Incident, store: RemindPorts['incidents']): Promise<Incident> {
  if (incident.members === undefined) return incident;
  const members = await pLimit(MEMBERS_AT_ONCE).map(incident.members.members, async (member) => {
    const own = member.state === 'rising' ? await store.get(memberKey(incident, member)) : undefined;
    const goesOn = own?.value.status === 'open' || own?.value.status === 'suspected';
    return own && goesOn ? refreshed(member, own.value) : member;
  });
  return { ...incident, members: { ...incident.members, members } };
}
