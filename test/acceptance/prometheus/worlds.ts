/** Worlds that go to both servers. */

import type { Machine, PrometheusWorld } from '../../../sandbox/prometheus/world.ts';
import { consumersOf } from '../../../sandbox/scenario/consumers.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aHost, FOREVER } from '../../sandbox/small-fleets.ts';

const ALWAYS = { start: NOON - 720 * HOUR, end: FOREVER };
const GIB = 2 ** 30;

/** Rises by the hour and wobbles by the minute. */
const wave = (level: number) => (time: number) =>
  level + 0.01 * ((time - NOON) / HOUR) + 0.005 * Math.sin(time / (7 * MINUTE));

function aMachine(name: string, index: number, overrides: Partial<Machine> = {}): Machine {
  const used = wave(0.4 + index / 50);
  return {
    name,
    address: `10.20.0.${index}`,
    publishes: 'node_exporter',
    runs: ALWAYS,
    reports: [ALWAYS],
    bytes: 8 * GIB,
    used,
    processes: consumersOf(aHost({ used, collects: 'all' })),
    ...overrides,
  };
}

/** A little of everything: exporters of each kind, one that died and one with a gap, and a cluster with a rollout. */
export const SMALL_WORLD: PrometheusWorld = {
  account: 'small',
  scrapedEvery: MINUTE,
  kubeStateMetrics: true,
  cluster: 'harbour',
  machines: [
    aMachine('web-1', 1),
    aMachine('web-2', 2, { labels: { group: 'web' } }),
    aMachine('died', 3, { reports: [{ start: ALWAYS.start, end: NOON - 2 * HOUR }] }),
    aMachine('gap', 4, {
      reports: [
        { start: ALWAYS.start, end: NOON - 3 * HOUR },
        { start: NOON - 2.5 * HOUR, end: FOREVER },
      ],
    }),
    aMachine('windows', 5, { publishes: 'windows_exporter' }),
    aMachine('windows-old', 6, { publishes: 'windows_exporter_old' }),
    aMachine('collector', 7, { publishes: 'opentelemetry' }),
  ],
  nodes: [1, 2].map((index) => ({
    name: `node-${index}`,
    address: `10.30.0.${index}`,
    bytes: 8 * GIB,
    used: wave(0.5),
    runs: ALWAYS,
  })),
  containers: [
    {
      namespace: 'shop',
      workload: { kind: 'Deployment', name: 'checkout' },
      name: 'api',
      image: 'registry.example.com/checkout:2',
      pods: [
        { name: 'checkout-6c9d7b5f4d-x7k2p', node: 'node-1', runs: { start: ALWAYS.start, end: NOON - 1.5 * HOUR } },
        { name: 'checkout-84f6c9d5b7-q9w4z', node: 'node-2', runs: { start: NOON - 1.55 * HOUR, end: FOREVER } },
      ],
      used: (time) => GIB * wave(0.3)(time),
      limit: () => GIB / 2,
    },
    {
      namespace: 'shop',
      workload: { kind: 'StatefulSet', name: 'ledger' },
      name: 'postgres',
      image: 'registry.example.com/ledger:1',
      pods: [{ name: 'ledger-0', node: 'node-1', runs: ALWAYS }],
      used: (time) => GIB * wave(0.6)(time),
      limit: (time) => (time < NOON - 2 * HOUR ? GIB : 2 * GIB),
    },
    {
      namespace: 'shop',
      workload: { kind: 'StatefulSet', name: 'ledger' },
      name: 'exporter',
      image: 'registry.example.com/exporter:1',
      pods: [{ name: 'ledger-0', node: 'node-1', runs: ALWAYS }],
      used: () => 2 ** 24,
      limit: () => 0,
    },
  ],
};
