/**
 * Settles what happened to incidents: changes are decided, their bodies composed and published, and all of it is logged. Every step is a
 * write that may be repeated, so that whoever is killed in between loses nothing: the sweep goes on where it was.
 */
import pLimit from 'p-limit';
import type { Change } from '../model/change.ts';
import type { Decision } from '../model/decision.ts';
import { type Incident, incidentKeyText } from '../model/incident.ts';
import type { Versioned } from '../ports/conditional-put.ts';
import { ItemError } from '../ports/errors.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import { composeNotification } from './compose-notification.ts';
import { type ContextOf, type ContextRequest, type Contexts, contextOfChange } from './context-of.ts';
import type { Decide, Decided, Undecided } from './decide.ts';
import { withGrewMost } from './grew-most.ts';
import { raceWith } from './in-flight.ts';
import { type Delivery, type DeliveryPorts, startDeliveries } from './outbox.ts';
import { ATTEMPTS } from './record.ts';
import { boundedOutbox, withoutFacts } from './room.ts';

/** Incidents that are written at once. */
const AT_ONCE = 16;

export interface SettlePorts extends DeliveryPorts {
  readonly decide: Decide;
  /** Absent: messages state what their change does. */
  readonly contextOf?: ContextOf;
}

export interface SettleOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  /** What is not decided or published by then is left to the sweep. */
  readonly timeIsUp?: AbortSignal;
  /** Changes that were recorded later are left to whoever recorded them. Default: none is. */
  readonly recordedUntil?: number;
  /** Every host's result, where a run closes. */
  readonly lines?: ContextRequest['lines'] | undefined;
}

/**
 * Decides the undecided changes of these incidents, tenant by tenant, and publishes and logs what is in their outboxes. Several may do so
 * at once: each change is decided once. An incident that cannot be stored holds up no other. Throws `StoreError` after the others were
 * published.
 */
export async function settle(
  incidents: readonly Versioned<Incident>[],
  ports: SettlePorts,
  options: SettleOptions,
): Promise<Delivery> {
  const deliveries = startDeliveries(ports, options.timeIsUp);
  const failure = await settleInto(deliveries, incidents, ports, options);
  if (failure) throw failure.error;
  return deliveries.total();
}

/** @returns What was thrown while incidents were decided or delivered: the first of it. */
export async function settleInto(
  deliveries: ReturnType<typeof startDeliveries>,
  incidents: readonly Versioned<Incident>[],
  ports: SettlePorts,
  options: SettleOptions,
): Promise<{ readonly error: unknown } | undefined> {
  const settled: Versioned<Incident>[] = [];
  let failure: { readonly error: unknown } | undefined;
  for (const [tenant, own = []] of Object.entries(Object.groupBy(incidents, ({ value }) => value.key.tenant))) {
    const decided = await settleTenant(tenant, own, ports, options);
    settled.push(...decided.incidents);
    failure ??= decided.failure;
  }
  try {
    await deliveries.add(settled);
  } catch (error) {
    failure ??= { error };
  }
  return failure;
}

interface SettledTenant {
  readonly incidents: readonly Versioned<Incident>[];
  readonly failure: { readonly error: unknown } | undefined;
}

/** The incidents of one tenant whose outboxes are to be delivered, after their changes were decided. */
async function settleTenant(
  tenant: string,
  incidents: readonly Versioned<Incident>[],
  { decide, contextOf, incidents: store }: SettlePorts,
  options: SettleOptions,
): Promise<SettledTenant> {
  const undecided = incidents.flatMap(({ value }) => dueOf(value, options));
  if (undecided.length === 0 || options.timeIsUp?.aborted) return { incidents, failure: undefined };
  try {
    const { decisions, fleets, failures = [] } = await decide(tenant, undecided, options.now);
    const ofFleets = new Set(fleets.map(({ value }) => incidentKeyText(value.key)));
    const others = incidents.filter(({ value }) => !ofFleets.has(incidentKeyText(value.key)));
    const sent = decisions.filter(({ decision }) => decision.outcome === 'sent');
    const contexts = await contextOf?.(tenant, sent, options);
    const settled = await putAll(others, { decisions: byIncident(decisions), contexts }, store, options);
    const failure = settled.failure ?? firstOf(failures);
    return { incidents: [...fleets, ...settled.incidents], failure };
  } catch (error) {
    // What was decided before can still be sent.
    return { incidents, failure: { error } };
  }
}

/** One that concerns more than a single item comes first: the run is tried again because of it. */
function firstOf(failures: readonly unknown[]): SettledTenant['failure'] {
  const [error] = failures.toSorted((a, b) => Number(a instanceof ItemError) - Number(b instanceof ItemError));
  return error === undefined ? undefined : { error };
}

/** The changes that may be decided now. */
export function dueOf(
  incident: Incident,
  { now, recordedUntil = Number.POSITIVE_INFINITY }: Pick<SettleOptions, 'now' | 'recordedUntil'>,
): Undecided[] {
  return incident.undecided
    .filter(({ recordedAt, notBefore }) => (notBefore === undefined ? recordedAt <= recordedUntil : notBefore <= now))
    .map((change) => ({ incident, change }));
}

/** Decisions by the number of their change, by incident. */
type Decisions = ReadonlyMap<number, Decision>;

function byIncident(decided: readonly Decided[]): ReadonlyMap<string, Decisions> {
  const byKey = new Map<string, Map<number, Decision>>();
  for (const { incident, change, decision } of decided) {
    const key = incidentKeyText(incident.key);
    byKey.set(key, (byKey.get(key) ?? new Map()).set(change.number, decision));
  }
  return byKey;
}

/** What was decided, by incident, and what its messages state beside it. */
interface ToPut {
  readonly decisions: ReadonlyMap<string, Decisions>;
  readonly contexts: Contexts | undefined;
}

/** All are tried before any failure is returned; where the store itself fails, nothing more is begun. */
async function putAll(
  incidents: readonly Versioned<Incident>[],
  { decisions, contexts }: ToPut,
  store: IncidentStore,
  { now, timeIsUp }: SettleOptions,
): Promise<SettledTenant> {
  const settled: Versioned<Incident>[] = [];
  let failure: SettledTenant['failure'];
  let isDown = false;
  const limit = pLimit(AT_ONCE);
  const settleOne = async (incident: Versioned<Incident>) => {
    const own = decisions.get(incidentKeyText(incident.value.key));
    if (own === undefined) settled.push(incident);
    if (own === undefined || isDown || timeIsUp?.aborted) return;
    try {
      const stored = await putDecisions(incident, own, store, { now, contexts });
      if (stored) settled.push(stored);
    } catch (error) {
      failure ??= { error };
      isDown ||= !(error instanceof ItemError);
    }
  };
  // What a table does not answer in time is left to the sweep, with what it may have stored all the same.
  await raceWith(timeIsUp, Promise.all(incidents.map((incident) => limit(settleOne, incident))));
  return { incidents: [...settled], failure };
}

/** Undefined where others have decided, or have changed the incident again and again: they publish, or the sweep does. */
async function putDecisions(
  incident: Versioned<Incident>,
  decisions: Decisions,
  store: IncidentStore,
  { now, contexts }: Pick<ToPut, 'contexts'> & Pick<SettleOptions, 'now'>,
): Promise<Versioned<Incident> | undefined> {
  let current: Versioned<Incident> | undefined = incident;
  for (let attempt = 1; attempt <= ATTEMPTS && current !== undefined; attempt++) {
    if (!current.value.undecided.some(({ number }) => decisions.has(number))) return undefined;
    const value = withDecisions(current.value, decisions, now, contexts);
    if ((await store.put(value, current.version)) === 'stored') return { value, version: current.version + 1 };
    current = await store.get(incident.value.key);
  }
  return undefined;
}

/** Moves what is decided to the outbox: with its body where it is sent. What is put off stays, and is noted there for the log. */
export function withDecisions(incident: Incident, decisions: Decisions, now: number, contexts?: Contexts): Incident {
  // Whoever decides publishes: a sweep leaves it alone meanwhile.
  let settled: Incident = { ...incident, undecided: [], changedAt: Math.max(incident.changedAt, now) };
  for (const change of incident.undecided) {
    const decision = decisions.get(change.number);
    settled = decision
      ? withDecision(withGrewMost(settled, change), change, decision, { now, contexts })
      : { ...settled, undecided: [...settled.undecided, change] };
  }
  return settled;
}

/**
 * What is put off is decided again within the hour: a mute may be lifted, and a window taken out of the config, before its end. Milliseconds.
 */
const DECIDED_AGAIN_MS = 3_600_000;

function withDecision(
  incident: Incident,
  change: Change,
  decision: Decision,
  { now, contexts }: Pick<ToPut, 'contexts'> & Pick<SettleOptions, 'now'>,
): Incident {
  const fleet = decision.fleet ?? incident.fleet;
  if (decision.outcome === 'put_off') return putOff({ ...incident, fleet }, change, decision, now);
  const isSent = decision.outcome === 'sent';
  const body = isSent
    ? composeNotification(incident, change, decision, contextOfChange(incident, change, contexts))
    : null;
  const { outbox, dropped } = boundedOutbox([
    ...incident.outbox,
    { change, decision, body, dropped: null, decidedAt: now },
  ]);
  if (!isSent) return { ...incident, fleet, outbox, dropped: incident.dropped + dropped };
  // The body has reported what was lost before it.
  return { ...incident, fleet, outbox, dropped, lastNotifiedAt: now, ...(decision.page && { lastPagedAt: now }) };
}

/** The change stays undecided. The log gets an entry when it is put off for the first time. */
function putOff(incident: Incident, change: Change, decision: Decision, now: number): Incident {
  const notBefore = Math.min(decision.until ?? Number.POSITIVE_INFINITY, now + DECIDED_AGAIN_MS);
  const undecided = [...incident.undecided, { ...change, notBefore }];
  if (change.notBefore !== undefined) return { ...incident, undecided };
  const entry = { change: withoutFacts(change), decision, body: null, dropped: null, decidedAt: now };
  const { outbox, dropped } = boundedOutbox([...incident.outbox, entry]);
  return { ...incident, undecided, outbox, dropped: incident.dropped + dropped };
}
