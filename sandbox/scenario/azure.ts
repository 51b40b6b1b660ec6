/** What the scenario has in Azure: machines, nodes of AKS, and a subscription that refuses us. */
import type { HostPlan } from './hosts.ts';
import { batch, daily, flat, linear, saturating, sawtooth, sum } from './shapes.ts';
import type { Site } from './site.ts';
import { TWINS } from './twins.ts';

export const SUBSCRIPTION = '5b1d0000-0000-4000-8000-000000000001';
export const REFUSING_SUBSCRIPTION = '5b1d0000-0000-4000-8000-000000000002';

const LEAKING: readonly HostPlan[] = [
  {
    name: 'api-az-1',
    group: 'api-az',
    story: 'linear and fast: 2 points an hour since a release 20 h ago',
    memory: sum(flat(35), linear({ from: -20, perHour: 2 })),
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'dotnet' },
  },
  {
    name: 'index-az-1',
    story: 'sawtooth with a rising floor: collections every 3 h free less each time',
    memory: sum(flat(24), sawtooth({ every: 3, height: 9 }), linear({ from: -75, perHour: 0.55 })),
    expected: { state: 'leaking', pattern: 'sawtooth', topConsumer: 'java' },
  },
  {
    name: 'legacy-az-1',
    naming: 'bytes_only',
    story: 'leaks 0.8 points an hour; Azure publishes its available bytes and no percentage',
    memory: sum(flat(31), linear({ from: -50, perHour: 0.8 })),
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'java' },
  },
  {
    name: 'aks-pool-vmss000001',
    group: 'aks-pool',
    naming: 'k8s_node',
    story: 'a node of AKS on which one pod leaks 0.7 points of the node an hour',
    memory: sum(flat(33), linear({ from: -60, perHour: 0.7 })),
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'checkout-7d9f8b6c5-x2k4q' },
  },
];

const STEADY: readonly HostPlan[] = [
  {
    name: 'aks-pool-vmss000002',
    group: 'aks-pool',
    naming: 'k8s_node',
    story: 'a node of AKS, flat',
    memory: flat(46),
    expected: { state: 'steady' },
  },
  {
    name: 'api-az-2',
    group: 'api-az',
    story: 'flat and noisy',
    memory: flat(38),
    jitter: 2.5,
    happens: 'spike',
    expected: { state: 'steady' },
  },
  {
    name: 'sql-az-1',
    story: 'a cache that filled within a day, three days ago',
    memory: sum(flat(30), saturating({ from: -84, height: 45, settle: 7 })),
    happens: 'fills',
    expected: { state: 'steady' },
  },
  {
    name: 'portal-az-1',
    story: 'daily season, in the middle of its rise',
    memory: sum(flat(29), daily({ peak: 5, height: 15 })),
    happens: 'errors',
    expected: { state: 'steady' },
  },
  {
    name: 'index-az-2',
    story: 'garbage collected every 2 h down to a flat floor',
    memory: sum(flat(32), sawtooth({ every: 2, height: 13 })),
    expected: { state: 'steady' },
  },
  {
    name: 'report-az-1',
    story: 'a nightly batch job of 25 points; the least available is the most used',
    memory: sum(flat(34), batch({ at: -10, lasts: 2, height: 25 })),
    happens: 'shift',
    expected: { state: 'steady' },
  },
];

const SPECIAL: readonly HostPlan[] = [
  {
    name: 'appliance-az-1',
    story: 'an operating system without Azure’s drivers: its memory was never measured',
    reports: [],
    expected: { state: 'not_monitored', reason: 'not_reported' },
  },
  {
    name: 'frozen-az-1',
    story: 'runs; its operating system hangs, and its memory has not been measured for 7 h',
    memory: flat(52),
    reports: [[-720, -7]],
    expected: { state: 'not_monitored', reason: 'stopped_reporting' },
  },
  {
    name: 'spare-az-1',
    story: 'was switched off 30 h ago, leaking; Azure still lists it',
    memory: sum(flat(30), linear({ from: -90, perHour: 0.6 })),
    terminated: -30,
    expected: { state: 'absent' },
  },
  {
    name: 'vault-az-1',
    story: 'Azure forbids to read this one machine',
    memory: flat(36),
    failsWith: 'forbidden',
    expected: { state: 'unreadable', reason: 'denied' },
  },
];

const UNREACHABLE: readonly HostPlan[] = [
  {
    name: 'partner-az-1',
    story: 'leaks, unseen: the subscription’s directory does not let us in',
    memory: sum(flat(30), linear({ from: -50, perHour: 1 })),
    expected: { state: 'unreadable', reason: 'denied' },
  },
];

export const AZURE_SITES: readonly Site[] = [
  {
    provider: 'azure',
    tenant: 'harbour',
    account: SUBSCRIPTION,
    region: 'westeurope',
    plans: [...TWINS, ...LEAKING, ...STEADY, ...SPECIAL],
  },
  {
    provider: 'azure',
    tenant: 'orchard',
    account: REFUSING_SUBSCRIPTION,
    region: 'northeurope',
    plans: UNREACHABLE,
  },
];

/** What the config of a subscription needs beside its id and regions: ids made from the subscription's own. */
export function azureIdentity(subscription: string) {
  const idOf = (kind: string) => `${kind}${subscription.slice(kind.length)}`;
  return { directory: idOf('d1'), client: idOf('c1'), workspace: idOf('e1') };
}
