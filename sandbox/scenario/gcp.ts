/** What the scenario has in Google Cloud: instances, nodes of GKE, and a project that refuses us. */
import type { HostPlan } from './hosts.ts';
import { batch, daily, exponential, flat, linear, saturating, sawtooth, sum, switchAt } from './shapes.ts';
import type { Site } from './site.ts';
import { TWINS } from './twins.ts';

export const PROJECT = 'harbour-prod-471108';
export const REFUSING_PROJECT = 'orchard-partner-12';

const LEAKING: readonly HostPlan[] = [
  {
    name: 'cart-gc-1',
    group: 'cart-gc',
    story: 'linear: 1.3 points an hour since a release 38 h ago',
    memory: sum(flat(33), linear({ from: -38, perHour: 1.3 })),
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'node' },
  },
  {
    name: 'feed-gc-1',
    story: 'exponential: a queue of retries that doubles every 15 h',
    memory: sum(flat(29), exponential({ from: -72, doubling: 15, atZero: 40 })),
    expected: { state: 'leaking', pattern: 'exponential', topConsumer: 'java' },
  },
  {
    name: 'gke-harbour-pool-1-8c1d4f2e-x7kq',
    group: 'gke-harbour-pool-1',
    naming: 'k8s_node',
    story: 'a node of GKE on which one pod leaks 0.8 points of the node an hour',
    memory: sum(flat(30), linear({ from: -55, perHour: 0.8 })),
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'checkout-5c6d7f9b8-m2pzt' },
  },
];

const STEADY: readonly HostPlan[] = [
  {
    name: 'gke-harbour-pool-1-8c1d4f2e-9hv2',
    group: 'gke-harbour-pool-1',
    naming: 'k8s_node',
    story: 'a node of GKE, flat',
    memory: flat(44),
    expected: { state: 'steady' },
  },
  {
    name: 'cart-gc-2',
    group: 'cart-gc',
    story: 'restarted 20 h ago by a release, with a normal warm-up',
    memory: switchAt(-20, flat(60), sum(flat(33), saturating({ from: -20, height: 25, settle: 0.8 }))),
    happens: 'shift',
    expected: { state: 'steady' },
  },
  {
    name: 'tiles-gc-1',
    story: 'daily season, in the middle of its rise',
    memory: sum(flat(31), daily({ peak: 5, height: 14 })),
    happens: 'spike',
    expected: { state: 'steady' },
  },
  {
    name: 'tiles-gc-2',
    story: 'garbage collected every 4 h down to a flat floor',
    memory: sum(flat(30), sawtooth({ every: 4, height: 12 })),
    expected: { state: 'steady' },
  },
  {
    name: 'nightly-gc-1',
    story: 'a nightly batch job of 30 points',
    memory: sum(flat(28), batch({ at: -13, lasts: 3, height: 30 })),
    happens: 'errors',
    expected: { state: 'steady' },
  },
];

const SPECIAL: readonly HostPlan[] = [
  {
    name: 'jump-gc-1',
    story: 'no Ops Agent was ever installed',
    reports: [],
    expected: { state: 'not_monitored', reason: 'not_reported' },
  },
  {
    name: 'relay-gc-1',
    story: 'runs; its Ops Agent died 9 h ago',
    memory: flat(41),
    reports: [[-720, -9]],
    expected: { state: 'not_monitored', reason: 'stopped_reporting' },
  },
  {
    name: 'spot-gc-1',
    story: 'a spot machine that was taken back 30 h ago, leaking',
    memory: sum(flat(30), linear({ from: -90, perHour: 0.7 })),
    terminated: -30,
    expected: { state: 'absent' },
  },
];

const SECOND_REGION: readonly HostPlan[] = [
  {
    name: 'replica-gc-1',
    story: 'a cache that filled within a day, three days ago',
    memory: sum(flat(26), saturating({ from: -80, height: 47, settle: 7 })),
    happens: 'fills',
    expected: { state: 'steady' },
  },
  {
    name: 'replica-gc-2',
    story: 'flat; its agent reported nothing for some hours',
    memory: flat(45),
    reports: [
      [-720, -40],
      [-35, Number.POSITIVE_INFINITY],
    ],
    expected: { state: 'steady' },
  },
];

const UNREACHABLE: readonly HostPlan[] = [
  {
    name: 'partner-gc-1',
    story: 'leaks, unseen: the project’s service account may not read it',
    memory: sum(flat(30), linear({ from: -50, perHour: 1 })),
    expected: { state: 'unreadable', reason: 'denied' },
  },
];

export const GCP_SITES: readonly Site[] = [
  {
    provider: 'gcp',
    tenant: 'harbour',
    account: PROJECT,
    region: 'europe-west1',
    plans: [...TWINS, ...LEAKING, ...STEADY, ...SPECIAL],
  },
  { provider: 'gcp', tenant: 'harbour', account: PROJECT, region: 'europe-north1', plans: SECOND_REGION },
  { provider: 'gcp', tenant: 'orchard', account: REFUSING_PROJECT, region: 'us-central1', plans: UNREACHABLE },
];

/** What the config of a project needs beside its id and regions. */
export function gcpIdentity(project: string) {
  return {
    identity: {
      projectNumber: '471108471108',
      pool: 'plimsoll',
      provider: 'plimsoll-aws',
      serviceAccount: `plimsoll-reader@${project}.iam.gserviceaccount.com`,
    },
  };
}
