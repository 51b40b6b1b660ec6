/** The promises of a `SampleStore`. Each check has a tenant of its own, so that they can share a store. */

import { expect } from 'vitest';
import { MOST_SAMPLES, type SampleSeries, type SentProcess } from '../../core/model/sample.ts';
import { combineChunks, type SampleChunk } from '../../core/model/sample-chunk.ts';
import { MEMORY_USAGE, PROCESS_MEMORY } from '../../core/model/series.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type { SampleScope, SampleStore } from '../../core/ports/sample-store.ts';
import type { Check } from './check.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const FIVE = Date.UTC(2026, 10, 29, 5);
const SIX = FIVE + HOUR;
const DAY = { start: FIVE - 5 * HOUR, end: FIVE + 19 * HOUR };
const JAVA: SentProcess = { name: 'java', pid: 41, startedAt: FIVE - HOUR };

export const sampleStoreChecks: readonly Check<SampleStore>[] = [
  {
    message: 'gives what was put, hosts as they are described and samples as they were sent',
    async verify(store) {
      const of = scopeOf('given');
      const hosts = [{ id: 'web-1', name: 'Web 1', group: 'web', labels: { 'os.type': 'linux' } }];
      const sent = [ownAt(FIVE, [0, 10], { limit: 2 ** 33 }), processAt(FIVE, [0, 10])];

      await store.put(of, FIVE, 'a', { hosts, series: sent });

      expect(await Array.fromAsync(store.hosts(of, DAY))).toEqual([{ hosts, series: sent.slice(0, 1) }]);
      expect(await processesOf(store, of, 'web-1')).toEqual(sent.slice(1));
    },
  },
  {
    message: 'gives the hours that a window touches, in their order, and no others',
    async verify(store) {
      const of = scopeOf('hours');
      for (const hour of [SIX + HOUR, FIVE, SIX, FIVE - HOUR, FIVE + 24 * HOUR])
        await store.put(of, hour, 'a', both(hour));

      const window = { start: FIVE + MINUTE, end: SIX + MINUTE };

      const own = await Array.fromAsync(store.hosts(of, window));
      const ofProcesses = await Array.fromAsync(store.processes(of, 'web-1', window));
      expect([own, ofProcesses].map((chunks) => chunks.map(({ series }) => series[0]?.times[0]))).toEqual([
        [FIVE, SIX],
        [FIVE, SIX],
      ]);
    },
  },
  {
    message: 'gives the processes of the host that is requested alone',
    async verify(store) {
      const of = scopeOf('processes');
      const ids = Array.from({ length: 40 }, (_, number) => `web-${number}`);
      const series = ids.map((host) => processAt(FIVE, [0], { host }));
      await store.put(of, FIVE, 'a', { hosts: ids.map((id) => ({ id })), series });
      await store.merge(of, DAY);

      const read = await Promise.all([...ids, 'web-40'].map((id) => processesOf(store, of, id)));

      expect(read).toEqual([...series.map((one) => [one]), []]);
    },
  },
  {
    message: 'keeps more samples of an hour than one request may bring',
    async verify(store) {
      const of = scopeOf('many');
      const seconds = Array.from({ length: MOST_SAMPLES + 1 }, (_, index) => index / 4);
      const own = ownAt(
        FIVE,
        seconds.map((second) => second / 60),
      );
      await store.put(of, FIVE, 'a', { hosts: [{ id: 'web-1' }], series: [own] });

      expect(combineChunks(await Array.fromAsync(store.hosts(of, DAY))).series).toEqual([own]);
    },
  },
  {
    message: 'knows a host of which no sample came',
    async verify(store) {
      const of = scopeOf('no-samples');
      await store.put(of, FIVE, 'a', { hosts: [{ id: 'web-1' }], series: [processAt(FIVE, [0])] });
      await store.put(of, FIVE, 'b', { hosts: [{ id: 'web-2' }], series: [] });

      const { hosts, series } = combineChunks(await Array.fromAsync(store.hosts(of, DAY)));

      expect([hosts, series]).toEqual([[{ id: 'web-1' }, { id: 'web-2' }], []]);
    },
  },
  {
    message: 'replaces what has the same name, account and hour',
    async verify(store) {
      const of = scopeOf('replaced');
      await store.put(of, FIVE, 'a', both(FIVE, [0]));
      await store.put(of, FIVE, 'a', both(FIVE, [0, 10]));
      await store.put(of, SIX, 'a', both(SIX, [0]));

      expect((await ownOf(store, of)).map(({ times }) => times)).toEqual([[FIVE, FIVE + 10 * MINUTE], [SIX]]);
    },
  },
  {
    message: 'keeps tenants and accounts apart, whatever they are called',
    async verify(store) {
      const scopes = [
        scopeOf('apart'),
        scopeOf('apart-2'),
        { tenant: 'apart', account: 'b' },
        { tenant: 'apart', account: 'b/c' },
      ];
      for (const [index, of] of scopes.entries()) await store.put(of, FIVE, 'a', both(FIVE, [index]));

      const read = await Promise.all(scopes.map((of) => ownOf(store, of)));

      expect(read.map((series) => series.flatMap(({ times }) => times))).toEqual(
        scopes.map((_, index) => [FIVE + index * MINUTE]),
      );
      expect(await ownOf(store, { tenant: 'apart', account: 'c' })).toEqual([]);
    },
  },
  {
    message: 'takes any name',
    async verify(store) {
      const of = scopeOf('names');
      const names = ['a', 'a/b', '..', '_', 'é %2F'];
      for (const [index, name] of names.entries()) await store.put(of, FIVE, name, both(FIVE, [index]));

      expect((await ownOf(store, of)).flatMap(({ times }) => times).sort()).toEqual(
        names.map((_, index) => FIVE + index * MINUTE),
      );
    },
  },
  {
    message: 'refuses samples of another hour, which nobody would look for there',
    async verify(store) {
      const of = scopeOf('refused');

      for (const [hour, chunk] of [
        [SIX, both(FIVE)],
        [FIVE + MINUTE, both(FIVE)],
        [FIVE, both(FIVE, [0, 60])],
      ] as const)
        await expect(store.put(of, hour, 'a', chunk)).rejects.toThrow(ItemError);

      expect(await ownOf(store, of)).toEqual([]);
    },
  },
  {
    message: 'merges the hours of a window without losing or doubling a sample, and no others',
    async verify(store) {
      const of = scopeOf('merged');
      for (const hour of [FIVE, SIX])
        for (const minute of [0, 10, 20]) await store.put(of, hour, `of-${minute}`, both(hour, [minute, minute + 10]));
      const before = await everything(store, of);

      const gone = await store.merge(of, { start: FIVE, end: SIX });

      expect(await everything(store, of)).toEqual(before);
      expect(gone).toBeGreaterThanOrEqual(3);
      const chunks = await Array.fromAsync(store.hosts(of, DAY));
      expect(chunks.map(({ series }) => series[0]?.times.length)).toEqual([4, 2, 2, 2]);
    },
  },
  {
    message: 'merges once, and again where something comes later',
    async verify(store) {
      const of = scopeOf('late');
      for (const minute of [0, 10]) await store.put(of, FIVE, `of-${minute}`, both(FIVE, [minute]));
      await store.merge(of, DAY);

      const again = await store.merge(of, DAY);
      await store.put(of, FIVE, 'late', both(FIVE, [50]));
      const before = await everything(store, of);
      const late = await store.merge(of, DAY);

      expect(again).toBe(0);
      expect(late).toBeGreaterThanOrEqual(1);
      expect(await everything(store, of)).toEqual(before);
      expect(before.series.map(({ times }) => times.length)).toEqual([3, 3]);
    },
  },
];

function scopeOf(tenant: string): SampleScope {
  return { tenant, account: 'a' };
}

type Varied = Partial<Pick<SampleSeries, 'host' | 'limit'>>;

function ownAt(hour: number, minutes: readonly number[], varied: Varied = {}): SampleSeries {
  return {
    host: 'web-1',
    metric: MEMORY_USAGE,
    times: minutes.map((minute) => hour + minute * MINUTE),
    values: minutes.map((minute) => 2 ** 30 + minute),
    ...varied,
  };
}

function processAt(hour: number, minutes: readonly number[], varied: Varied = {}): SampleSeries {
  return { ...ownAt(hour, minutes, varied), process: JAVA, metric: PROCESS_MEMORY };
}

function both(hour: number, minutes: readonly number[] = [0]): SampleChunk {
  return { hosts: [{ id: 'web-1' }], series: [ownAt(hour, minutes), processAt(hour, minutes)] };
}

async function ownOf(store: SampleStore, of: SampleScope): Promise<readonly SampleSeries[]> {
  const chunks = await Array.fromAsync(store.hosts(of, DAY));
  return chunks.flatMap(({ series }) => series);
}

async function processesOf(store: SampleStore, of: SampleScope, host: string): Promise<readonly SampleSeries[]> {
  const chunks = await Array.fromAsync(store.processes(of, host, DAY));
  return chunks.flatMap(({ series }) => series);
}

/** One of each sample, as every reader keeps them. */
async function everything(store: SampleStore, of: SampleScope): Promise<SampleChunk> {
  const own = await Array.fromAsync(store.hosts(of, DAY));
  return combineChunks([...own, { hosts: [], series: await processesOf(store, of, 'web-1') }]);
}
