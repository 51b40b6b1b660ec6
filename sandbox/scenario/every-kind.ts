/** The smallest fleets that have a host of every kind that a cloud's adapter distinguishes, none of which grows. */
import type { Fleet } from './fleet.ts';
import { type HostPlan, hostAt, type Location } from './hosts.ts';
import { flat } from './shapes.ts';

const STEADY = { story: 'uses 40 % throughout', memory: flat(40), expected: { state: 'steady' } } as const;

const IN_AZURE: readonly HostPlan[] = [
  { name: 'percent', ...STEADY },
  { name: 'bytes', naming: 'bytes_only', labels: { 'host.type': 'Standard_D2s_v5' }, ...STEADY },
  { name: 'totals', naming: 'windows', collects: 'totals', ...STEADY },
  { name: 'pool_1', naming: 'k8s_node', group: 'pool', ...STEADY },
];

/** All hosts of the fleet are in this subscription and region. */
export const AZURE_SCOPE = { account: '0a1b2c3d-1111-4222-8333-444455556666', region: 'westeurope' } as const;

export function everyKindInAzure(asOf: number): Fleet {
  return fleetOf(IN_AZURE, { provider: 'azure', ...AZURE_SCOPE, asOf, tenant: 'test', seed: 1 });
}

/** All hosts of the fleet are in this project and region. */
export const GCP_SCOPE = { account: 'sandbox-project', region: 'europe-west1' } as const;

const ZONE = { 'cloud.availability_zone': `${GCP_SCOPE.region}-b` };
const CLUSTER = { 'k8s.cluster.name': 'main', 'k8s.cluster.location': GCP_SCOPE.region };

const IN_GCP: readonly HostPlan[] = [
  { name: 'vm-1', labels: ZONE, ...STEADY },
  { name: 'vm-2', labels: ZONE, ...STEADY },
  { name: 'gke-main-1', naming: 'k8s_node', labels: { ...ZONE, ...CLUSTER }, ...STEADY },
];

export function everyKindInGcp(asOf: number): Fleet {
  return fleetOf(IN_GCP, { provider: 'gcp', ...GCP_SCOPE, asOf, tenant: 'test', seed: 1 });
}

function fleetOf(plans: readonly HostPlan[], location: Location): Fleet {
  return { asOf: location.asOf, tenants: [], hosts: plans.map((plan) => hostAt(location, plan)), refusing: [] };
}
