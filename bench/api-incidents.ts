/** Incidents of the fleet of bench/api-fleet.ts, with their entries in the log and bodies as they are sent. */
import { createEventLog } from '../adapters/dynamodb/event-log.ts';
import { createIncidentStore } from '../adapters/dynamodb/incident-store.ts';
import type { StoreOptions } from '../adapters/dynamodb/table.ts';
import { appendChange } from '../core/incidents/append-change.ts';
import { composeNotification } from '../core/incidents/compose-notification.ts';
import { observe } from '../core/incidents/observation.ts';
import { transition } from '../core/incidents/transition.ts';
import type { Decision } from '../core/model/decision.ts';
import { changeId, type Incident, incidentId } from '../core/model/incident.ts';
import type { LeakingHost } from '../core/model/inspected-host.ts';

const HOUR = 3_600_000;

/** Days over which incidents were opened. */
const DAYS = 20;

/** Of this many one becomes worse within the last day, recovers, or is only suspected. */
const WORSE_OF = 5;
const RECOVERED_OF = 20;
const SUSPECTED_OF = 10;

export interface IncidentStores {
  readonly incidents: ReturnType<typeof createIncidentStore>;
  readonly log: ReturnType<typeof createEventLog>;
}

export function openIncidentStores(table: StoreOptions): IncidentStores {
  return { incidents: createIncidentStore(table), log: createEventLog(table) };
}

const SENT: Decision = {
  outcome: 'sent',
  stage: null,
  reason: 'it is sent',
  page: true,
  receivers: ['on-call'],
  until: null,
  fleet: null,
  runbook: null,
};

/** @param at The host's number, from which all else follows. */
export async function addIncident(tenant: string, host: LeakingHost, at: number, { incidents, log }: IncidentStores) {
  const observed = observe(tenant, host);
  const opened = transition(undefined, observed, 2, observed.asOf);
  if (opened.outcome === 'unchanged' || observed.kind !== 'leaking') throw new Error('the host has no incident');
  const openedAt = observed.asOf - ((at * 7) % (DAYS * 24)) * HOUR;
  const first = settled(
    { ...opened.incident, transition: 0, undecided: [] },
    { kind: 'opened', finding: observed.finding, asOf: openedAt },
  );
  const changes = [first];
  if (at % WORSE_OF === 1)
    changes.push(
      settled(first.incident, { kind: 'worse', finding: observed.finding, asOf: observed.asOf - (at % 20) * HOUR }),
    );
  const last = changes.at(-1) ?? first;
  for (const { event } of changes) await log.put(event);
  await incidents.put(endOf(last.incident, observed.asOf, at), 0);
}

interface NewChange {
  readonly kind: 'opened' | 'worse';
  readonly finding: Extract<ReturnType<typeof observe>, { kind: 'leaking' }>['finding'];
  readonly asOf: number;
}

/** The change as it was sent and logged. */
function settled(before: Incident, { kind, finding, asOf }: NewChange) {
  const changed = appendChange(
    { ...before, asOf, since: before.transition === 0 ? asOf : before.since },
    { kind, finding, now: asOf },
  );
  const change = changed.undecided.at(-1);
  if (change === undefined) throw new Error('the incident has no change');
  const incident: Incident = { ...changed, undecided: [], lastNotifiedAt: asOf, openedAt: changed.openedAt ?? asOf };
  const { key, episode, resource } = incident;
  const event = {
    kind: 'change' as const,
    id: changeId(key, change),
    tenant: key.tenant,
    incident: incidentId(key, episode),
    at: change.at,
    host: resource,
    change,
    decision: SENT,
    body: composeNotification(incident, change, SENT),
  };
  return { incident, event };
}

function endOf(incident: Incident, now: number, at: number): Incident {
  if (at % RECOVERED_OF === 3) return { ...incident, status: 'watched', endedAt: now - 2 * HOUR };
  if (at % SUSPECTED_OF === 7) return { ...incident, status: 'suspected', openedAt: null };
  return { ...incident, status: 'open' };
}
