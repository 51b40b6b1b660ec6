/** Chooses the hosts that a run of the schedule inspects, by the cadence of its account. Every other run inspects all of them. */
import { isAboutMemory } from '../model/metrics.ts';
import type { RunRef } from '../model/run-ref.ts';
import type { StoredTenant } from '../model/tenant.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import { ItemError } from '../ports/errors.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import type { PlannedHost } from '../ports/memory-source.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { type DueHosts, dueHosts } from './cadence.ts';
import { rememberedHosts, rememberHosts } from './known-hosts.ts';
import { type CadencePorts, slotCadence } from './slot-cadence.ts';

export interface ChoicePorts extends CadencePorts {
  readonly configs: Pick<ConfigStore, 'get'>;
  readonly incidents: Pick<IncidentStore, 'open'>;
  readonly work: WorkStore;
}

/** Throws `StoreError` when the table fails. An incident that cannot be read back makes every host due. */
export function createHostChoice(ports: ChoicePorts) {
  return async (run: RunRef, hosts: readonly PlannedHost[]): Promise<DueHosts<PlannedHost>> => {
    const all = { due: hosts, notDue: 0 };
    if (run.trigger !== 'schedule') return all;
    const tenant = await ports.configs.get(run.tenant);
    const account = tenant && accountOf(tenant, run);
    if (tenant === undefined || account === undefined) return all;
    const { scope, scheduledTime: slot } = run;
    await rememberHosts(run, hosts, ports.work);
    const cadence = await slotCadence({ tenant, account, scope, slot }, ports);
    if (cadence.recent === undefined) return all;
    const withIncident = await hostsWithIncident(run, ports.incidents);
    if (withIncident === undefined) return all;
    const known = await rememberedHosts({ ...run, scheduledTime: cadence.recent.since }, ports.work);
    return dueHosts(hosts, { ...cadence, withIncident, known });
  };
}

function accountOf({ config }: StoredTenant, { scope }: RunRef) {
  return config.accounts.find(({ provider, account }) => provider === scope.provider && account === scope.account);
}

/** Ids of the hosts whose incident is suspected or open; undefined where one cannot be read back. */
async function hostsWithIncident({ tenant, scope }: RunRef, incidents: ChoicePorts['incidents']) {
  try {
    const open = await Array.fromAsync(incidents.open(tenant, scope));
    return new Set(open.filter(({ value }) => isAboutMemory(value.key)).map(({ value }) => value.key.host));
  } catch (error) {
    if (error instanceof ItemError) return undefined;
    throw error;
  }
}
