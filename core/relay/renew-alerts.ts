/**
 * Sends alerts again that fire at receivers which end them otherwise: of incidents that are open still. It takes the lease under which
 * events of an incident are sent, so that no alert is renewed after the event that ended it.
 */
import pLimit from 'p-limit';
import type { SubjectProgress } from '../model/delivery.ts';
import { incidentId } from '../model/incident.ts';
import type { Receiver } from '../model/receiver.ts';
import type { Scope } from '../model/series.ts';
import type { StoredTenant } from '../model/tenant.ts';
import type { Versioned } from '../ports/conditional-put.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { DeliveryLog } from '../ports/delivery-log.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import type { ReceiverGateway, Renewal } from '../ports/receiver-gateway.ts';
import { alertsOf, allReceivers } from '../tenants/alerts.ts';
import { alertEnd } from './alert-end.ts';

export interface RenewPorts {
  readonly configs: Pick<ConfigStore, 'list'>;
  readonly log: Pick<DeliveryLog, 'firing' | 'putProgress'>;
  readonly incidents: Pick<IncidentStore, 'open'>;
  readonly gateway: Pick<ReceiverGateway, 'renew'>;
}

export interface RenewReport {
  /** Alerts that were sent again. */
  readonly renewed: number;
  /** What kept alerts of a receiver from being renewed. */
  readonly failures: readonly { readonly tenant: string; readonly receiver: string; readonly error: Error }[];
}

/** Alerts of one request. */
const ALERTS_AT_ONCE = 100;

/** Leases that are taken or released at a time. */
const WRITES_AT_ONCE = 10;

/** An Alertmanager that is down takes ten seconds: ten of them delay no other one for long. */
const RECEIVERS_AT_ONCE = 10;

/** Longer than renewing may take, with one request at its end. An event that comes meanwhile waits until the lease is released. */
const LEASE_MS = 120_000;

/** How often alerts are renewed: docs/receivers.md. */
const EVERY_MS = 15 * 60_000;

/** Nothing is thrown but by the list of tenants: one receiver that fails hides no other, and is tried again the next time. */
export async function renewAlerts(
  ports: RenewPorts,
  { now, signal }: { readonly now: number; readonly signal?: AbortSignal | undefined },
): Promise<RenewReport> {
  let renewed = 0;
  const failures: { tenant: string; receiver: string; error: Error }[] = [];
  const work: { stored: StoredTenant; receiver: string }[] = [];
  for await (const stored of ports.configs.list()) {
    const holding = allReceivers(stored.config).filter(({ type }) => type === 'alertmanager');
    for (const receiver of new Set(holding.map(({ name }) => name))) work.push({ stored, receiver });
  }
  await pLimit(RECEIVERS_AT_ONCE).map(inTurn(work, now), async ({ stored, receiver }) => {
    try {
      const count = await renewAt(receiver, stored, ports, now, signal);
      renewed += count;
    } catch (error) {
      const { tenant } = stored.config;
      failures.push({ tenant, receiver, error: error instanceof Error ? error : new Error(String(error)) });
    }
  });
  return { renewed, failures };
}

/** Every time it begins with others: where the time does not suffice, it is not always the same ones that are left. */
function inTurn<Item>(items: readonly Item[], now: number): readonly Item[] {
  const first = (Math.floor(now / EVERY_MS) * RECEIVERS_AT_ONCE) % Math.max(1, items.length);
  return [...items.slice(first), ...items.slice(0, first)];
}

/** @param name Of the receiver. Of an account of the tenant it may be another one. */
async function renewAt(
  name: string,
  { config }: StoredTenant,
  { log, incidents, gateway }: RenewPorts,
  now: number,
  signal?: AbortSignal,
): Promise<number> {
  const open = new Map<string, Promise<ReadonlySet<string>>>();
  const isOpen = async ({ subject, alert }: SubjectProgress): Promise<boolean> => {
    const scope = alert?.scope;
    // What is about no host ends by an event of its own.
    if (!scope) return true;
    const key = JSON.stringify([scope.provider, scope.account, scope.region]);
    const ids = open.get(key) ?? openIncidents(incidents, config.tenant, scope);
    open.set(key, ids);
    return (await ids).has(subject);
  };
  const due: Due[] = [];
  for await (const read of log.firing(config.tenant, name)) {
    const { alert } = read.value;
    if (alert === null || !(await isOpen(read.value))) continue;
    const receiver = alertsOf(config, alert.scope).receivers?.find((one) => one.name === name);
    if (receiver === undefined) continue;
    due.push({ receiver, read, renewal: { alert, firesUntil: alertEnd(config, alert.scope, now) } });
  }
  let renewed = 0;
  for (const [receiver, own] of Map.groupBy(due, (one) => one.receiver)) {
    for (let first = 0; first < own.length; first += ALERTS_AT_ONCE) {
      const batch = own.slice(first, first + ALERTS_AT_ONCE);
      const send = async (renewals: readonly Renewal[]) => {
        const outcome = await gateway.renew(config.tenant, receiver, renewals, signal);
        if (outcome.kind !== 'sent') throw new Error(outcome.reason);
      };
      renewed += await underLease(batch, { tenant: config.tenant, log, now, send });
    }
  }
  return renewed;
}

/** An alert that is to be renewed, as it was read. */
interface Due {
  readonly receiver: Receiver;
  readonly read: Versioned<SubjectProgress>;
  readonly renewal: Renewal;
}

interface LeaseOptions {
  readonly tenant: string;
  readonly log: RenewPorts['log'];
  readonly now: number;
  readonly send: (renewals: readonly Renewal[]) => Promise<void>;
}

/** Sends those of the batch of which no event was sent since they were read, or is being sent. Returns how many these are. */
async function underLease(batch: readonly Due[], { tenant, log, now, send }: LeaseOptions): Promise<number> {
  const put = ({ receiver, read }: Due, lease: SubjectProgress['lease'], version: number) =>
    log.putProgress(tenant, receiver.name, { ...read.value, lease }, version);
  const leased: Due[] = [];
  try {
    await pLimit(WRITES_AT_ONCE).map(batch, async (one) => {
      const { lease } = one.read.value;
      if (lease !== null && lease.until > now) return;
      const own = { event: 'renewal', until: now + LEASE_MS };
      if ((await put(one, own, one.read.version)) === 'stored') leased.push(one);
    });
    if (leased.length > 0) await send(leased.map(({ renewal }) => renewal));
  } finally {
    // A conflict means that the lease was over, and that an event was sent since.
    await pLimit(WRITES_AT_ONCE).map(leased, (one) => put(one, null, one.read.version + 1));
  }
  return leased.length;
}

async function openIncidents(
  incidents: RenewPorts['incidents'],
  tenant: string,
  scope: Scope,
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const { value } of incidents.open(tenant, scope)) ids.add(incidentId(value.key, value.episode));
  return ids;
}
