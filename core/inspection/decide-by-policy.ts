/**
 * Decides the changes of a tenant by its alert policy: reads the config, the mutes, the labels and the fleets that they may concern, and puts
 * what became of fleets before the changes leave their incidents. Whoever loses the race for a fleet decides again, with what the other has put.
 */
import { appendChange } from '../incidents/append-change.ts';
import type { Decide, Decided, Undecided } from '../incidents/decide.ts';
import { decideAll } from '../incidents/policy/decide-all.ts';
import { fleetKeysOf } from '../incidents/policy/fleet.ts';
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
import { StoreError } from '../ports/errors.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import { effectiveAlerts } from '../tenants/alerts.ts';
import { hostPolicies } from '../tenants/host-policies.ts';

export interface PolicyPorts {
  readonly configs: Pick<ConfigStore, 'get'>;
  readonly incidents: Pick<IncidentStore, 'get' | 'put' | 'open'>;
  readonly mutes: { list(tenant: string): Promise<readonly Mute[]> };
  readonly labels: { list(tenant: string): Promise<readonly Label[]> };
}

/** Races for a fleet that are lost before the sweep is left to try again. */
const ATTEMPTS = 8;

export function createPolicy(ports: PolicyPorts): Decide {
  return async (tenant, undecided, now) => {
    const [stored, mutes, labels] = await Promise.all([
      ports.configs.get(tenant),
      ports.mutes.list(tenant),
      ports.labels.list(tenant),
    ]);
    const decisions: Decided[] = [];
    const fleets: Versioned<Incident>[] = [];
    for (const items of byAccount(undecided)) {
      const policy = { ...accountPolicy(stored, items[0]?.incident.resource), now, mutes, labels };
      const decided = await decideAccount(items, policy, ports.incidents);
      decisions.push(...decided.decisions);
      fleets.push(...decided.fleets);
    }
    return { decisions, fleets };
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
  const account = stored?.config.accounts.find(
    (one) => one.provider === host?.provider && one.account === host.account,
  );
  const alerts = stored && effectiveAlerts(stored.config, account);
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
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const known = await fleetsOf(items, store);
    const fleets = [...known.values()].map(({ value }) => value);
    const outcome = decideAll(items, { ...policy, fleets });
    const put = await putFleets(outcome.fleets, outcome.decisions, { known, store, now: policy.now });
    if (put === 'conflict') continue;
    for (const key of outcome.released) await release(key, store, policy.now);
    return { decisions: outcome.decisions.filter(({ incident }) => !isFleet(incident)), fleets: put };
  }
  throw new StoreError(
    'The incident of a fleet is changed by others again and again, so nothing was decided; the sweep tries again.',
  );
}

function isFleet({ key }: Pick<Incident, 'key'>): boolean {
  return key.finding === 'fleet';
}

/** The fleets of the account that are open, and those that the changes are of or may join, by key. */
async function fleetsOf(
  items: readonly Undecided[],
  store: PolicyPorts['incidents'],
): Promise<Map<string, Versioned<Incident>>> {
  const own = items.map(({ incident }) => incident).filter(isFleet);
  const keys = [...fleetKeysOf(items), ...own.map(({ key }) => key)];
  const [first] = items;
  if (first !== undefined) {
    const { tenant, provider, account } = first.incident.key;
    // The list lags behind puts: what it names is read again.
    for await (const { value } of store.open(tenant, { provider, account, region: null }))
      if (isFleet(value)) keys.push(value.key);
  }
  const unique = new Map(keys.map((key) => [incidentKeyText(key), key]));
  const read = await Promise.all([...unique].map(async ([text, key]) => [text, await store.get(key)] as const));
  return new Map(read.flatMap(([text, fleet]) => (fleet === undefined ? [] : [[text, fleet]])));
}

interface FleetPut {
  readonly known: ReadonlyMap<string, Versioned<Incident>>;
  readonly store: PolicyPorts['incidents'];
  readonly now: number;
}

/** Puts fleets that changed, or whose changes were decided, each in one write. Returns those with something to deliver. */
async function putFleets(
  changed: readonly Incident[],
  decisions: readonly Decided[],
  { known, store, now }: FleetPut,
): Promise<Versioned<Incident>[] | 'conflict'> {
  const ofFleets = decisions.filter(({ incident }) => isFleet(incident));
  const fleets = new Map(
    [...ofFleets.map(({ incident }) => incident), ...changed].map((one) => [incidentKeyText(one.key), one]),
  );
  const stored: Versioned<Incident>[] = [];
  for (const [text, fleet] of fleets) {
    const own = ofFleets.filter(({ incident }) => incidentKeyText(incident.key) === text);
    const decided = new Map(own.map(({ change, decision }) => [change.number, decision]));
    const value = withDecisions(fleet, decided, now);
    const version = known.get(text)?.version ?? 0;
    if ((await store.put(value, version)) !== 'stored') return 'conflict';
    // What another run has decided of it is that run's to deliver: it would be sent twice.
    if (decided.size > 0) stored.push({ value, version: version + 1 });
  }
  return stored;
}

/** A member that goes on by itself is given a change to decide. One that is over has one of its own, and so has one that is changed meanwhile. */
async function release(key: IncidentKey, store: PolicyPorts['incidents'], now: number): Promise<void> {
  const current = await store.get(key);
  if (current === undefined) return;
  const { value, version } = current;
  const goesOn = value.status === 'open' || value.status === 'suspected';
  if (!goesOn || value.acknowledged !== null || value.undecided.length > 0) return;
  await store.put({ ...appendChange(value, { kind: 'reminder', now }), changedAt: now }, version);
}
