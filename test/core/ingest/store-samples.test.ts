import { describe, expect, it } from 'vitest';
import { type QueuedBatch, type StoreSamplesPorts, storeSamples } from '../../../core/ingest/store-samples.ts';
import type { SampleBatch } from '../../../core/model/sample.ts';
import { combineChunks } from '../../../core/model/sample-chunk.ts';
import { MEMORY_USAGE } from '../../../core/model/series.ts';
import { StoreError } from '../../../core/ports/errors.ts';
import type { SampleStore } from '../../../core/ports/sample-store.ts';
import { createMemorySampleStore } from '../../memory/sample-store.ts';

const HOUR = 3_600_000;
const FIVE = Date.UTC(2026, 10, 29, 5);
const DAY = { start: FIVE - 5 * HOUR, end: FIVE + 19 * HOUR };
const OF = { tenant: 'acme', account: 'production' };

function queued(id: string, minutes: readonly number[], varied: Partial<SampleBatch> = {}): QueuedBatch {
  const times = minutes.map((minute) => FIVE + minute * 60_000);
  const series = [{ host: 'web-1', metric: MEMORY_USAGE, times, values: minutes.map((minute) => minute + 1) }];
  const batch = { version: 1, ...OF, receivedAt: Math.max(...times), hosts: [{ id: 'web-1' }], series } as const;
  return { id, batch: { ...batch, ...varied } };
}

async function storedIn(store: SampleStore, of = OF) {
  const chunks = await Array.fromAsync(store.hosts(of, DAY));
  return { chunks: chunks.length, ...combineChunks(chunks) };
}

describe('storeSamples', () => {
  it('puts what several messages hold of an hour into one chunk, and each hour into its own', async () => {
    const samples = createMemorySampleStore();

    await storeSamples([queued('a', [10, 20]), queued('b', [50, 70])], { samples });

    const { chunks, series } = await storedIn(samples);
    expect(chunks).toBe(2);
    expect(series).toMatchObject([{ values: [11, 21, 51, 71] }]);
  });

  it('describes a host as the batch does that was received last, and knows hosts of which no sample came', async () => {
    const samples = createMemorySampleStore();
    const old = queued('b', [10], { hosts: [{ id: 'web-1', name: 'old' }] });
    const late = queued('a', [20], { hosts: [{ id: 'web-1', name: 'new' }, { id: 'web-2' }] });

    await storeSamples([late, old], { samples });

    expect((await storedIn(samples)).hosts).toEqual([{ id: 'web-1', name: 'new' }, { id: 'web-2' }]);
  });

  it('doubles nothing where a message comes again, alone or with others', async () => {
    const samples = createMemorySampleStore();
    const [a, b] = [queued('a', [10]), queued('b', [20])];

    for (const again of [[a, b], [b, a], [b], [b, queued('c', [30])]]) await storeSamples(again, { samples });

    const { chunks, series } = await storedIn(samples);
    expect([chunks, series.map(({ values }) => values)]).toEqual([3, [[11, 21, 31]]]);
  });

  it('returns the messages of the account that could not be stored, and stores the others', async () => {
    const honest = createMemorySampleStore();
    const put: SampleStore['put'] = async (of, ...rest) => {
      if (of.tenant === 'acme') throw new StoreError('S3 did not answer.');
      await honest.put(of, ...rest);
    };

    const notStored = await storeSamples(
      [queued('a', [10]), queued('b', [20]), queued('c', [10], { tenant: 'other' })],
      { samples: { put } },
    );

    expect(notStored).toMatchObject([{ ...OF, ids: ['a', 'b'], error: { message: 'S3 did not answer.' } }]);
    expect((await storedIn(honest, { ...OF, tenant: 'other' })).series).toHaveLength(1);
  });

  it('hands the batches of an account to its recordings, each under a name that is the same in whatever company it comes', async () => {
    const recorded: string[][] = [];
    const record: StoreSamplesPorts['record'] = async (batches) => {
      recorded.push(batches.map(({ name, batch }) => `${batch.tenant} ${name}`));
    };
    const [a, b, other] = [queued('a', [10]), queued('b', [20]), queued('c', [10], { tenant: 'other' })];

    for (const again of [[a, b, other], [b], [other, a]])
      await storeSamples(again, { samples: createMemorySampleStore(), record });

    const [acme = [], others, ...later] = recorded;
    expect(acme.map((name) => name.split('-')[0])).toEqual(['acme 20261129T051000000Z', 'acme 20261129T052000000Z']);
    expect(later).toEqual([acme.slice(1), others, acme.slice(0, 1)]);
  });

  it('returns the messages of which recordings could not be stored', async () => {
    const record = async () => {
      throw new StoreError('DynamoDB did not answer.');
    };

    expect(await storeSamples([queued('a', [10])], { samples: createMemorySampleStore(), record })).toMatchObject([
      { ids: ['a'] },
    ]);
  });
});
