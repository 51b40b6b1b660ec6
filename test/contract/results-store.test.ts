/** The suite of stores of results: kept by the store in memory, and broken by each store that lies. */
import { describe, expect, it } from 'vitest';
import type { RunRef } from '../../core/model/run-ref.ts';
import type { ResultsStore } from '../../core/ports/results-store.ts';
import { createMemoryResultsStore } from '../memory/results.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { resultsStoreChecks } from './results-store.ts';

describe('the store of results in memory', () => {
  itKeeps(resultsStoreChecks, createMemoryResultsStore);
});

const LINES = 'gives back the lines that were put, in their order, whatever their names are';
const MANY = 'gives back thousands of lines';
const DIGITS = 'keeps six digits of a figure, and milliseconds of a time';
const AGAIN = 'overwrites a shard that is put again';
const SHARDS = 'keeps the shards of a run apart';
const APART = 'keeps tenants, accounts, regions, hours and requests apart';
const HEAD = 'gives back the head that was put last';

type Lie = (honest: ResultsStore) => Partial<ResultsStore>;

const LIES: readonly [string, string, Lie][] = [
  [
    'reverses the lines',
    LINES,
    ({ putShard }) => ({ putShard: (run, shard, lines) => putShard(run, shard, lines.toReversed()) }),
  ],
  [
    'drops what was not evaluated',
    LINES,
    ({ putShard }) => ({
      putShard: (run, shard, lines) =>
        putShard(
          run,
          shard,
          lines.filter(({ score }) => score !== null),
        ),
    }),
  ],
  [
    'keeps the first thousand lines',
    MANY,
    ({ putShard }) => ({ putShard: (run, shard, lines) => putShard(run, shard, lines.slice(0, 1000)) }),
  ],
  [
    'rounds times to seconds',
    DIGITS,
    ({ putShard }) => ({
      putShard: (run, shard, lines) =>
        putShard(
          run,
          shard,
          lines.map((line) => ({ ...line, time: Math.round(line.time / 1000) * 1000 })),
        ),
    }),
  ],
  [
    'adds to a shard instead of replacing it',
    AGAIN,
    ({ putShard, shard }) => ({
      putShard: async (run, number, lines) =>
        putShard(run, number, [...(await Array.fromAsync(shard(run, number))), ...lines]),
    }),
  ],
  [
    'has one shard a run',
    SHARDS,
    ({ putShard, shard }) => ({ putShard: (run, _, lines) => putShard(run, 0, lines), shard: (run) => shard(run, 0) }),
  ],
  ['mixes tenants', APART, (honest) => mixing(honest, (run) => ({ ...run, tenant: 'all' }))],
  ['mixes requests', APART, (honest) => mixing(honest, (run) => ({ ...run, request: null }))],
  ['mixes regions', APART, (honest) => mixing(honest, (run) => ({ ...run, scope: { ...run.scope, region: null } }))],
  [
    'takes no region for one that is called _',
    APART,
    (honest) =>
      mixing(honest, (run) => ({
        ...run,
        scope: { ...run.scope, region: run.scope.region === '_' ? null : run.scope.region },
      })),
  ],
  [
    'mixes the hours of a day',
    APART,
    (honest) => mixing(honest, (run) => ({ ...run, scheduledTime: Math.floor(run.scheduledTime / 864e5) * 864e5 })),
  ],
  ['mixes days', APART, (honest) => mixing(honest, (run) => ({ ...run, scheduledTime: run.scheduledTime % 864e5 }))],
  [
    'keeps the first head',
    HEAD,
    ({ head, putHead }) => ({
      putHead: async (run, value) => putHead(run, (await head(run)) ?? value),
    }),
  ],
];

describe('the suite of stores of results', () => {
  it.each(LIES)('catches a store that %s', async (_, promise, lie) => {
    const liar = () => {
      const honest = createMemoryResultsStore();
      return { ...honest, ...lie(honest) };
    };

    expect(await brokenPromises(resultsStoreChecks, liar)).toContain(promise);
  });
});

function mixing(honest: ResultsStore, change: (run: RunRef) => RunRef): ResultsStore {
  return {
    putShard: (run, shard, lines) => honest.putShard(change(run), shard, lines),
    shard: (run, shard) => honest.shard(change(run), shard),
    putHead: (run, head) => honest.putHead(change(run), head),
    head: (run) => honest.head(change(run)),
  };
}
