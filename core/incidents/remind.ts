/**
 * Reminds of incidents that are open and that nobody acknowledged, and escalates them. What is due is appended as a change; the sweep decides
 * and sends it. To do so twice is harmless: an incident remembers of what it was reminded.
 */
import pLimit from 'p-limit';
import type { Alerts } from '../model/alerts.ts';
import type { IncidentKey } from '../model/incident.ts';
import { ItemError, StoreError } from '../ports/errors.ts';
import type { IncidentList } from '../ports/incident-list.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
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
    const next = current && withReminders(current.value, alerts, now);
    if (current === undefined || next === undefined) return false;
    if ((await store.put(next, current.version)) === 'stored') return true;
  }
  throw new StoreError(
    `The incident of host ${key.host} (tenant ${key.tenant}) was changed by others ${ATTEMPTS} times in a row; its reminder is tried again in a quarter of an hour.`,
  );
}
