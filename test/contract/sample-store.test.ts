/** The suite of stores of samples: kept by the store in memory, and broken by each store that lies. */

import { describe, expect, it } from 'vitest';
import type { SampleChunk } from '../../core/model/sample-chunk.ts';
import type { SampleStore } from '../../core/ports/sample-store.ts';
import { createMemorySampleStore } from '../memory/sample-store.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { sampleStoreChecks } from './sample-store.ts';

describe('the store of samples in memory', () => {
  itKeeps(sampleStoreChecks, createMemorySampleStore);
});

const GIVEN = 'gives what was put, hosts as they are described and samples as they were sent';
const HOURS = 'gives the hours that a window touches, in their order, and no others';
const PROCESSES = 'gives the processes of the host that is requested alone';
const KNOWN = 'knows a host of which no sample came';
const REPLACED = 'replaces what has the same name, account and hour';
const APART = 'keeps tenants and accounts apart, whatever they are called';
const NAMES = 'takes any name';
const REFUSED = 'refuses samples of another hour, which nobody would look for there';
const MERGED = 'merges the hours of a window without losing or doubling a sample, and no others';
const LATE = 'merges once, and again where something comes later';

type Lie = (honest: SampleStore) => Partial<SampleStore>;

const LIES: readonly [string, string, Lie][] = [
  [
    'forgets the limit',
    GIVEN,
    ({ put }) => ({ put: (of, hour, name, chunk) => put(of, hour, name, withoutLimits(chunk)) }),
  ],
  ['reads all hours', HOURS, ({ hosts }) => ({ hosts: (of) => hosts(of, { start: 0, end: Infinity }) })],
  [
    'reads the newest hour first',
    HOURS,
    ({ hosts }) => ({
      async *hosts(of, window) {
        yield* (await Array.fromAsync(hosts(of, window))).reverse();
      },
    }),
  ],
  [
    'gives the processes of all hosts',
    PROCESSES,
    ({ processes }) => ({
      async *processes(of, _, window) {
        for (let number = 0; number < 40; number++) yield* processes(of, `web-${number}`, window);
      },
    }),
  ],
  [
    'knows no host without samples',
    KNOWN,
    ({ hosts }) => ({
      async *hosts(of, window) {
        for await (const { hosts: all, series } of hosts(of, window))
          yield { hosts: all.filter(({ id }) => series.some(({ host }) => host === id)), series };
      },
    }),
  ],
  [
    'keeps the first of a name',
    REPLACED,
    ({ put }) => {
      const names = new Set<string>();
      return {
        async put(of, hour, name, chunk) {
          const key = JSON.stringify([of, hour, name]);
          if (!names.has(key)) await put(of, hour, name, chunk);
          names.add(key);
        },
      };
    },
  ],
  [
    'mixes the accounts of a tenant',
    APART,
    ({ put, hosts }) => ({
      put: ({ tenant }, hour, name, chunk) => put({ tenant, account: '' }, hour, name, chunk),
      hosts: ({ tenant }, window) => hosts({ tenant, account: '' }, window),
    }),
  ],
  [
    'stores under the beginning of a name',
    NAMES,
    ({ put }) => ({ put: (of, hour, name, chunk) => put(of, hour, name.replace(/\/.*/, ''), chunk) }),
  ],
  [
    'stores samples in the hour of the first of them',
    REFUSED,
    ({ put }) => ({
      put: (of, hour, name, { hosts, series }) =>
        put(of, hour, name, {
          hosts,
          series: series.map((one) => ({
            ...one,
            times: one.times.map((time) => Math.max(hour, Math.min(time, hour))),
          })),
        }).catch(() => {}),
    }),
  ],
  [
    'loses what it merges',
    MERGED,
    ({ hosts, merge }) => {
      let merged = false;
      return {
        async merge(of, window) {
          merged = true;
          return await merge(of, window);
        },
        async *hosts(of, window) {
          for await (const chunk of hosts(of, window)) if (!merged || chunk.series[0]?.times.length !== 4) yield chunk;
        },
      };
    },
  ],
  ['merges nothing', MERGED, () => ({ merge: async () => 3 })],
  [
    'merges hours that are not over',
    MERGED,
    ({ merge }) => ({ merge: (of) => merge(of, { start: 0, end: Infinity }) }),
  ],
  [
    'merges a second time what was merged',
    LATE,
    ({ merge }) => ({ merge: async (of, window) => Math.max(1, await merge(of, window)) }),
  ],
];

function withoutLimits({ hosts, series }: SampleChunk): SampleChunk {
  return { hosts, series: series.map(({ limit: _, ...one }) => one) };
}

describe('the suite of stores of samples', () => {
  it.each(LIES)('catches a store that %s', async (_, promise, lie) => {
    const liar = () => {
      const honest = createMemorySampleStore();
      return { ...honest, ...lie(honest) };
    };

    expect(await brokenPromises(sampleStoreChecks, liar)).toContain(promise);
  });
});
