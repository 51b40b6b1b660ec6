/**
 * Decides the changes of a tenant by its alert policy: reads the config, the mutes, the labels and the fleets that they may concern, and puts
 * what became of fleets before the changes leave their incidents. Whoever loses the race for a fleet decides again, with what the other has put.
 */
import type { Decide, Decided, Undecided } from '../incidents/decide.ts';
import { decideAll } from '../incidents/policy/decide-all.ts';
import { canJoin, fleetKeyOf, fleetKeysOf } from '../incidents/policy/fleet.ts';
import { topPodOf } from '../incidents/policy/of-container.ts';
import { withReminder } from '../incidents/policy/reminders.ts';
import { statesGrowth } from '../incidents/policy/undecided.ts';
import { withDecisions } from '../incidents/settle.ts';
import type { Alerts } from '../model/alerts.ts';
import { type Incident, type IncidentKey, incidentKeyText } from '../model/incident.ts';
import { LEAK_METRIC } from '../model/metrics.ts';
import type { Label, Mute } from '../model/mute.ts';
import { DEFAULT_POLICY, type HostEnvironment } from '../model/policy.ts';
import type { Resource } from '../model/series.ts';
import type { StoredTenant } from '../model/tenant.ts';
import type { Versioned } from '../ports/conditional-put.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import { ItemError, StoreError } from '../ports/errors.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import { alertsOf } from '../tenants/alerts.ts';
import { hostPolicies } from '../tenants/host-policies.ts';

export interface PolicyPorts {
  readonly configs: Pick<ConfigStore, 'get'>;
  readonly incidents: Pick<IncidentStore, 'get' | 'put' | 'open'>;
  readonly mutes: { list(tenant: string, skipped?: Skipped): Promise<readonly Mute[]> };
  readonly labels: { list(tenant: string, skipped?: Skipped): Promise<readonly Label[]> };
}

type Skipped = (error: ItemError) => void;

/** Races for a fleet that are lost before the sweep is left to try again. */
const ATTEMPTS = 8;

/**
 * An item that cannot be read back holds up nothing: changes are decided without it, and it is one of the outcome's failures. An account that
 * fails holds up no other.
 */
export function createPolicy(ports: PolicyPorts): Decide {
  return async (tenant, undecided, now) => {
    const failures: unknown[] = [];
    const skipped = (error: unknown) => void failures.push(error);
    const [stored, mutes, labels] = await Promise.all([
      ports.configs.get(tenant),
      ports.mutes.list(tenant, skipped),
      ports.labels.list(tenant, skipped),
    ]);
    const decisions: Decided[] = [];
    const fleets: Versioned<Incident>[] = [];
    for (const items of byAccount(undecided)) {
      const policy = { ...accountPolicy(stored, items[0]?.incident.resource), now, mutes, labels };
      try {
        const decided = await decideAccount(items, policy, ports.incidents);
        decisions.push(...decided.decisions);
        fleets.push(...decided.fleets);
        failures.push(...decided.failures);
      } catch (error) {
        failures.push(error);
      }
    }
    return { decisions, fleets, failures };
  };
}

function byAccount(undecided: readonly Undecided[]): Undecided[][] {
  return [...Map.groupBy(undecided, ({ incident: { key } }) => `${key.provider}/${key.account}`).values()];
}

interface AccountPolicy {
  readonly alerts: Alerts | undefined;
  environmentOf(host: Resource): HostEnvironment;
}

/** The alerts and environments of an account of the stored config; also of one that the config does not have any more. */
export function accountPolicy(stored: StoredTenant | undefined, host: Resource | undefined): AccountPolicy {
  const alerts = stored && alertsOf(stored.config, host);
  const account = stored?.config.accounts.find(
    (one) => one.provider === host?.provider && one.account === host.account,
  );
  if (stored === undefined || account === undefined) return { alerts, environmentOf: () => DEFAULT_POLICY.environment };
  const policies = hostPolicies({ stored, account, metric: LEAK_METRIC });
  return { alerts, environmentOf: (of) => policies.of(of).environment };
}

type Policy = AccountPolicy & {
  readonly now: number;
  readonly mutes: readonly Mute[];
  readonly labels: readonly Label[];
};

async function decideAccount(items: readonly Undecided[], policy: Policy, store: PolicyPorts['incidents']) {
  const delivered = new Map<string, Versioned<Incident>>();
  const containers = await openContainers(items, store);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { known, failures } = await fleetsOf(items, store);
    const fleets = [...known.values()].map(({ value }) => value);
    const [alone, joining] = partition(items, (item) => canJoin(item) && failures.has(fleetTextOf(item)));
    const outcome = decideAll(joining, { ...policy, fleets, containers });
    const put = await putFleets(outcome.fleets, outcome.decisions, { known, store, now: policy.now, delivered });
    if (put === 'conflict') continue;
    for (const key of outcome.released) await release(key, store, policy.now);
    // A fleet that cannot be read cannot be replaced either: its hosts are decided one by one.
    const single = decideAll(alone, { ...policy, alerts: { ...policy.alerts, storm: false }, fleets: [], containers });
    const decisions = [...outcome.decisions, ...single.decisions].filter(({ incident }) => !isFleet(incident));
    return { decisions, fleets: [...delivered.values()], failures: [...failures.values()] };
  }
  throw new StoreError(
    'The incident of a fleet is changed by others again and again, so nothing was decided; the sweep tries again.',
  );
}

function partition<Item>(items: readonly Item[], belongs: (item: Item) => boolean): [yes: Item[], no: Item[]] {
  const { yes = [], no = [] } = Object.groupBy(items, (item) => (belongs(item) ? 'yes' : 'no'));
  return [yes, no];
}

function fleetTextOf({ incident }: Undecided): string {
  return incidentKeyText(fleetKeyOf(incident));
}

function isFleet({ key }: Pick<Incident, 'key'>): boolean {
  return key.finding === 'fleet';
}

interface Fleets {
  readonly known: ReadonlyMap<string, Versioned<Incident>>;
  /** Of those that cannot be read back. */
  readonly failures: ReadonlyMap<string, ItemError>;
}

/** The fleets of the account that are open, and those that the changes are of or may join, by key. */
async function fleetsOf(items: readonly Undecided[], store: PolicyPorts['incidents']): Promise<Fleets> {
  const own = items.map(({ incident }) => incident).filter(isFleet);
  const keys = [...fleetKeysOf(items), ...own.map(({ key }) => key)];
  const [first] = items;
  if (first !== undefined) {
    keys.push(...(await openFleets(first.incident.key, store)));
  }
  const known = new Map<string, Versioned<Incident>>();
  const failures = new Map<string, ItemError>();
  const read = async ([text, key]: readonly [string, IncidentKey]) => {
    try {
      const fleet = await store.get(key);
      if (fleet) known.set(text, fleet);
    } catch (error) {
      if (!(error instanceof ItemError)) throw error;
      failures.set(text, error);
    }
  };
  await Promise.all([...new Map(keys.map((key) => [incidentKeyText(key), key]))].map(read));
  return { known, failures };
}

/** The list lags behind puts: what it names is read again. What cannot be read back is left out; the next run of its scope names it. */
async function openFleets({ tenant, provider, account }: IncidentKey, store: PolicyPorts['incidents']) {
  const keys: IncidentKey[] = [];
  try {
    for await (const { value } of store.open(tenant, { provider, account, region: null }))
      if (isFleet(value)) keys.push(value.key);
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
  }
  return keys;
}

/** Those of the regions in which a node grows by one of its pods: elsewhere nothing is read. */
async function openContainers(items: readonly Undecided[], store: PolicyPorts['incidents']): Promise<Incident[]> {
  const nodes = items.filter((item) => topPodOf(item) !== undefined);
  const scopes = new Map(nodes.map(({ incident: { key } }) => [key.region, key]));
  const found: Incident[] = [];
  for (const { tenant, provider, account, region } of scopes.values()) {
    try {
      for await (const { value } of store.open(tenant, { provider, account, region }))
        if (value.resource.kind === 'container') found.push(value);
    } catch (error) {
      if (!(error instanceof ItemError)) throw error;
    }
  }
  return found;
}

interface FleetPut {
  readonly known: ReadonlyMap<string, Versioned<Incident>>;
  readonly store: PolicyPorts['incidents'];
  readonly now: number;
  /** Takes those with something to deliver, by key; over all attempts, for what was put stays put. */
  readonly delivered: Map<string, Versioned<Incident>>;
}

/** Puts fleets that changed, or whose changes were decided, each in one write. */
async function putFleets(
  changed: readonly Incident[],
  decisions: readonly Decided[],
  { known, store, now, delivered }: FleetPut,
): Promise<'stored' | 'conflict'> {
  const ofFleets = decisions.filter(({ incident }) => isFleet(incident));
  const fleets = new Map(
    [...ofFleets.map(({ incident }) => incident), ...changed].map((one) => [incidentKeyText(one.key), one]),
  );
  for (const [text, fleet] of fleets) {
    const own = ofFleets.filter(({ incident }) => incidentKeyText(incident.key) === text);
    const decided = new Map(own.map(({ change, decision }) => [change.number, decision]));
    const value = withDecisions(fleet, decided, now);
    const version = known.get(text)?.version ?? 0;
    if ((await store.put(value, version)) !== 'stored') return 'conflict';
    // What another run has decided of it is that run's to deliver: it would be sent twice.
    if (decided.size > 0 || delivered.has(text)) delivered.set(text, { value, version: version + 1 });
  }
  return 'stored';
}

/** A member that goes on by itself is given a change to decide, unless it has one that states so. One that is over has an end. */
async function release(key: IncidentKey, store: PolicyPorts['incidents'], now: number): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const current = await store.get(key);
    if (current === undefined) return;
    const { value, version } = current;
    const goesOn = value.status === 'open' || value.status === 'suspected';
    if (!goesOn || value.acknowledged !== null || value.undecided.some(statesGrowth)) return;
    if ((await store.put(withReminder(value, 'reminder', now), version)) === 'stored') return;
  }
}
