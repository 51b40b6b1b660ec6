/** Hosts of the scenario that leak, one for each way of leaking and each thing that could hide it. */
import type { HostPlan } from './hosts.ts';
import { seedOf } from './random.ts';
import {
  batch,
  creep,
  daily,
  exponential,
  flat,
  linear,
  saturating,
  sawtooth,
  staircase,
  sum,
  switchAt,
} from './shapes.ts';

/** Of the first tenant's main account and region. */
export const LEAKING_MAIN: readonly HostPlan[] = [
  {
    name: 'checkout-1',
    group: 'checkout',
    story: 'linear and fast: 2.4 points an hour since a release 16 h ago, full within the day',
    memory: sum(flat(38), linear({ from: -16, perHour: 2.4 })),
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'node' },
  },
  {
    name: 'checkout-2',
    group: 'checkout',
    story: 'linear and medium: 0.7 points an hour for 60 h',
    memory: sum(flat(35), linear({ from: -60, perHour: 0.7 })),
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'node' },
  },
  {
    name: 'ledger-1',
    collects: 'nothing',
    story: 'linear and slow: 0.16 points an hour for two weeks; nobody collects its processes',
    memory: sum(flat(22), linear({ from: -336, perHour: 0.16 })),
    jitter: 0.5,
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'java' },
  },
  {
    name: 'search-1',
    group: 'search',
    story: 'exponential: a retry queue that doubles every 14 h',
    memory: sum(flat(30), exponential({ from: -70, doubling: 14, atZero: 42 })),
    expected: { state: 'leaking', pattern: 'exponential', topConsumer: 'java' },
  },
  {
    name: 'import-1',
    collects: 'uncounted',
    story: 'staircase: every 5 h an import leaves 2.5 points behind',
    memory: sum(flat(28), staircase({ from: -75, every: 5, step: 2.5 })),
    expected: { state: 'leaking', pattern: 'staircase', topConsumer: 'python3' },
  },
  {
    name: 'search-2',
    group: 'search',
    collects: 'named',
    story: 'sawtooth with a rising floor: collections every 3 h free less each time',
    memory: sum(flat(25), sawtooth({ every: 3, height: 9 }), linear({ from: -72, perHour: 0.55 })),
    expected: { state: 'leaking', pattern: 'sawtooth', topConsumer: 'java' },
  },
  {
    name: 'render-1',
    story: 'creep: an allocator that fragments, 0.4 points an hour in irregular grains',
    memory: sum(flat(34), creep({ from: -90, perHour: 0.4, seed: seedOf('render-1') })),
    expected: { state: 'leaking', pattern: 'creep', topConsumer: 'python3' },
  },
  {
    name: 'shop-1',
    group: 'shop',
    story: 'a leak of 0.7 points an hour under a daily season of 6 points',
    memory: sum(flat(22), daily({ peak: -3, height: 6 }), linear({ from: -70, perHour: 0.7 })),
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'node' },
  },
  {
    name: 'report-1',
    story: 'a leak of 0.5 points an hour on a host with a nightly batch job',
    memory: sum(flat(24), batch({ at: -11, lasts: 1.5, height: 18 }), linear({ from: -80, perHour: 0.5 })),
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'python3' },
  },
];

/** Of the first tenant's second account. */
export const LEAKING_SECOND: readonly HostPlan[] = [
  {
    name: 'mailer-1',
    group: 'mailer',
    naming: 'aggregated',
    story: 'leaks 0.9 points an hour; the agent publishes it under two sets of dimensions',
    memory: sum(flat(31), linear({ from: -40, perHour: 0.9 })),
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'node' },
  },
  {
    name: 'mailer-2',
    group: 'mailer',
    story: 'ran full and was killed 34 h ago, and leaks again at 1.4 points an hour',
    memory: switchAt(
      -34,
      sum(flat(27), linear({ from: -84, perHour: 1.4 })),
      sum(flat(22), saturating({ from: -34, height: 5, settle: 0.5 }), linear({ from: -34, perHour: 1.4 })),
    ),
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'node' },
  },
  {
    name: 'metrics-1',
    story: 'leaks 0.6 points an hour; the agent rounds to 1 %',
    memory: sum(flat(40), linear({ from: -66, perHour: 0.6 })),
    roundedTo: 1,
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'java' },
  },
  {
    name: 'billing-win-1',
    naming: 'windows',
    story: 'Windows: a service commits 0.7 points an hour more',
    memory: sum(flat(36), linear({ from: -58, perHour: 0.7 })),
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'w3wp' },
  },
  {
    name: 'ip-10-20-0-11.eu-central-1.compute.internal',
    group: 'shop-eks',
    naming: 'k8s_node',
    story: 'a node of EKS on which one pod leaks 0.8 points of the node an hour; pods are published with their node',
    memory: sum(flat(32), linear({ from: -52, perHour: 0.8 })),
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'checkout-6f9c7d5b8-q4mzt' },
  },
  {
    name: 'ip-10-20-0-12.eu-central-1.compute.internal',
    group: 'shop-eks',
    naming: 'k8s_node',
    collects: 'nothing',
    story: 'a node of EKS that leaks; Container Insights alone does not publish whose pods run there',
    memory: sum(flat(30), linear({ from: -48, perHour: 0.9 })),
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'cart-5b7f9d6c4-w8xnp' },
  },
];

/** Of the second tenant. */
export const LEAKING_OTHER: readonly HostPlan[] = [
  {
    name: 'gateway-1',
    group: 'gateway',
    story: 'leaks 0.8 points an hour; the agent reported nothing for some hours, twice',
    memory: sum(flat(29), linear({ from: -64, perHour: 0.8 })),
    reports: [
      [-720, -52],
      [-49, -21],
      [-19.5, Number.POSITIVE_INFINITY],
    ],
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'envoy' },
  },
  {
    name: 'warehouse.example.net',
    naming: 'host_name',
    story: 'on premises, known by its host name alone; leaks 1.1 points an hour',
    memory: sum(flat(33), linear({ from: -44, perHour: 1.1 })),
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'java' },
  },
  {
    name: 'gateway-2',
    group: 'gateway',
    story: 'leaks 1.6 points an hour for 30 h and is restarted 90 minutes after the scenario’s time',
    memory: switchAt(1.5, sum(flat(30), linear({ from: -30, perHour: 1.6 })), flat(31)),
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'envoy' },
  },
];
