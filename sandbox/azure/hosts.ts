/** How the hosts of a fleet look in Azure: what kind of machine each is, its names, its size and whether it runs. */
import { HOST_BYTES } from '../scenario/consumers.ts';
import type { Fleet, Host } from '../scenario/fleet.ts';

export type AzureKind = 'virtualMachines' | 'virtualMachineScaleSets/virtualMachines';

export interface AzureHost {
  readonly host: Host;
  readonly kind: AzureKind;
  /** In Azure's own mixture of cases. */
  readonly id: string;
  readonly size: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A size of machine, and the mebibytes that it has. */
export const SIZE = { name: 'Standard_D2s_v5', memoryInMB: HOST_BYTES / 2 ** 20 };

/** The tag that identifies a node pool of AKS. */
const AKS_TAGS = { 'aks-managed-poolName': 'pool' };

/** The machines of a subscription, and of a region where one is given. */
export function azureHosts({ hosts }: Fleet, subscription: string, region?: string): AzureHost[] {
  return hosts
    .filter(({ resource }) => resource.provider === 'azure' && resource.account === subscription)
    .filter(({ resource }) => region === undefined || resource.region === region)
    .map(asAzureHost);
}

/** A machine that ended in a fleet was switched off: it stays listed, as Azure keeps it until somebody deletes it. */
export function exists({ host }: Pick<AzureHost, 'host'>, now: number): boolean {
  return host.runs.start <= now;
}

export function isRunning({ host }: Pick<AzureHost, 'host'>, now: number): boolean {
  return exists({ host }, now) && now < host.runs.end;
}

function asAzureHost(host: Host): AzureHost {
  const { 'host.type': size = SIZE.name, ...tags } = host.resource.labels ?? {};
  const node = host.naming === 'k8s_node';
  return {
    host,
    kind: node ? 'virtualMachineScaleSets/virtualMachines' : 'virtualMachines',
    id: spelled(host.resource.id),
    size,
    tags: node ? { ...AKS_TAGS, ...tags } : tags,
  };
}

function spelled(id: string): string {
  return id
    .replace('/resourcegroups/', '/resourceGroups/')
    .replace('/microsoft.compute/', '/Microsoft.Compute/')
    .replace('/virtualmachinescalesets/', '/virtualMachineScaleSets/')
    .replace('/virtualmachines/', '/virtualMachines/');
}
