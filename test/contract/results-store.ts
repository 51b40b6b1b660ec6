/** What every store of results promises. */
import { expect } from 'vitest';
import type { ResultLine } from '../../core/model/result-line.ts';
import type { RunRef } from '../../core/model/run-ref.ts';
import type { ResultsStore } from '../../core/ports/results-store.ts';
import { HOUR, NOON } from '../fixtures/builders.ts';
import { aResultLine, aRunHead, aRunRef, NOT_EVALUATED, STEADY } from '../fixtures/result-lines.ts';
import type { Check } from './check.ts';

export const resultsStoreChecks: readonly Check<ResultsStore>[] = [
  {
    message: 'has no lines and no head of a run that was never stored',
    async verify(store) {
      const run = aRunRef({ tenant: 'never' });

      expect(await linesOf(store, run, 0)).toEqual([]);
      expect(await store.head(run)).toBeUndefined();
    },
  },
  {
    message: 'gives back the lines that were put, in their order, whatever their names are',
    async verify(store) {
      const run = aRunRef({ tenant: 'round-trip' });
      const lines = [
        aResultLine({}, run),
        aResultLine({ ...STEADY, host: 'i-2', name: 'grün\n“web”\u2028,\t\u0000', group: '' }, run),
        aResultLine({ ...NOT_EVALUATED, host: null, name: null, region: null }, run),
      ];

      await store.putShard(run, 0, lines);

      expect(await linesOf(store, run, 0)).toEqual(lines);
    },
  },
  {
    message: 'gives back thousands of lines',
    async verify(store) {
      const run = aRunRef({ tenant: 'many' });
      const lines = Array.from({ length: 3000 }, (_, index) => aResultLine({ ...STEADY, host: `i-${index}` }, run));

      await store.putShard(run, 0, lines);

      expect(await linesOf(store, run, 0)).toEqual(lines);
    },
  },
  {
    message: 'gives back a shard without lines',
    async verify(store) {
      const run = aRunRef({ tenant: 'empty' });

      await store.putShard(run, 0, []);

      expect(await linesOf(store, run, 0)).toEqual([]);
    },
  },
  {
    message: 'keeps six digits of a figure, and milliseconds of a time',
    async verify(store) {
      const run = aRunRef({ tenant: 'rounded' });

      await store.putShard(run, 0, [aResultLine({ score: 0.123456789, time: NOON + 1 }, run)]);

      expect(await linesOf(store, run, 0)).toMatchObject([{ score: 0.123457, time: NOON + 1 }]);
    },
  },
  {
    message: 'overwrites a shard that is put again',
    async verify(store) {
      const run = aRunRef({ tenant: 'repeated' });
      await store.putShard(run, 3, [aResultLine({ host: 'i-1' }, run), aResultLine({ host: 'i-2' }, run)]);

      await store.putShard(run, 3, [aResultLine({ host: 'i-3' }, run)]);

      expect(await linesOf(store, run, 3)).toMatchObject([{ host: 'i-3' }]);
    },
  },
  {
    message: 'keeps the shards of a run apart',
    async verify(store) {
      const run = aRunRef({ tenant: 'shards' });
      const shards = [0, 1, 10, 100_000];
      for (const shard of shards) await store.putShard(run, shard, [aResultLine({ host: `i-${shard}` }, run)]);

      for (const shard of shards) expect(await linesOf(store, run, shard)).toMatchObject([{ host: `i-${shard}` }]);
    },
  },
  {
    message: 'keeps tenants, accounts, regions, hours and requests apart',
    async verify(store) {
      const runs = differentRuns('apart');
      for (const [index, run] of runs.entries()) {
        await store.putShard(run, 0, [aResultLine({ host: `i-${index}` }, run)]);
        await store.putHead(run, aRunHead({ watched: [`i-${index}`] }, run));
      }

      for (const [index, run] of runs.entries()) {
        expect(await linesOf(store, run, 0)).toMatchObject([{ host: `i-${index}` }]);
        expect(await store.head(run)).toMatchObject({ watched: [`i-${index}`] });
      }
    },
  },
  {
    message: 'gives back the head that was put last',
    async verify(store) {
      const run = aRunRef({ tenant: 'heads' });
      await store.putHead(run, aRunHead({ watched: [] }, run));
      const head = aRunHead(
        { shards: 3, omitted: 7, lines: [aResultLine({}, run), aResultLine(NOT_EVALUATED, run)] },
        run,
      );

      await store.putHead(run, head);

      expect(await store.head(run)).toEqual(head);
    },
  },
];

/** Runs whose names are easily mixed up. */
function differentRuns(tenant: string): RunRef[] {
  const run = aRunRef({ tenant });
  const { scope } = run;
  return [
    run,
    { ...run, tenant: `${tenant}-2` },
    { ...run, scheduledTime: NOON + HOUR },
    { ...run, scheduledTime: NOON + 24 * HOUR },
    { ...run, trigger: 'on_demand', request: 'r-1' },
    { ...run, trigger: 'on_demand', request: 'r-1/00000' },
    { ...run, scope: { ...scope, provider: 'gcp' } },
    { ...run, scope: { ...scope, region: null } },
    { ...run, scope: { ...scope, region: '_' } },
    { ...run, scope: { ...scope, region: '' } },
    { ...run, scope: { ...scope, region: `${scope.region}2` } },
    { ...run, scope: { ...scope, account: `${scope.account}/${scope.region}` } },
    { ...run, scope: { ...scope, account: '..' } },
    { ...run, scope: { ...scope, account: '.' } },
    { ...run, scope: { ...scope, account: '%2E' } },
    { ...run, scope: { ...scope, account: 'a b+c&d=é' } },
    { ...run, scope: { ...scope, account: 'a b c&d=é' } },
  ];
}

function linesOf(store: ResultsStore, run: RunRef, shard: number): Promise<ResultLine[]> {
  return Array.fromAsync(store.shard(run, shard));
}
