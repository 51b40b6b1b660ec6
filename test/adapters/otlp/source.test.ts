/** The source of hosts that send their memory: its contract, and what is its own. */
import { describe, expect, it } from 'vitest';
import { otlpSource } from '../../../adapters/otlp/source.ts';
import { MEMORY_UTILIZATION, PAGING_USAGE, PROCESS_MEMORY, type Reading } from '../../../core/model/series.ts';
import { ItemError, StoreError } from '../../../core/ports/errors.ts';
import type { MeanSpan, MemorySource } from '../../../core/ports/memory-source.ts';
import type { SampleStore } from '../../../core/ports/sample-store.ts';
import { itKeeps } from '../../contract/check.ts';
import { crowdedChecks, describeMemorySource, emptyChecks } from '../../contract/memory-source.ts';
import { createMemorySampleStore } from '../../memory/sample-store.ts';
import { aWorld, END, GIB, HOUR, MINUTE, minutesTo, OF, SPAN, send, seriesOf } from './worlds.ts';

function failing(error: Error): SampleStore {
  const fail = async function* () {
    yield* [];
    throw error;
  };
  return { ...createMemorySampleStore(), hosts: fail, processes: fail };
}

const MEANS: MeanSpan = { ...SPAN, statistic: 'average' };
const METER = { count() {} };
const HOST = { provider: 'otlp', account: 'production', region: 'global', id: 'web-1' } as const;

async function readAll(source: MemorySource, includeGone = false): Promise<Reading[]> {
  const request = { metric: MEMORY_UTILIZATION, span: SPAN, filters: [], includeGone };
  return await Array.fromAsync(source.read(request, METER));
}

describeMemorySource('hosts that send', {
  world: aWorld,
  partlyFailing: {},
  dead: {
    'the store is down': async () => ({
      open: () => otlpSource({ ...OF, store: failing(new StoreError('S3 did not answer. Try again later.')) }),
      span: SPAN,
      reason: 'unavailable',
      retryable: true,
    }),
    'a chunk is damaged': async () => ({
      open: () => otlpSource({ ...OF, store: failing(new ItemError('s3://x is not gzip; delete it.')) }),
      span: SPAN,
      reason: 'malformed',
      retryable: false,
    }),
  },
});

describe('hosts that send as a memory source', () => {
  itKeeps(emptyChecks, () => ({ open: () => otlpSource({ ...OF, store: createMemorySampleStore() }), span: SPAN }));

  // Hosts and samples come together, an hour after the other, and none is complete before the last hour.
  itKeeps([...crowdedChecks], async () => {
    const store = createMemorySampleStore();
    const ids = Array.from({ length: 500 }, (_, number) => `web-${number}`);
    const sent = ids.map((id) => seriesOf(id, [700, 650, 20], () => GIB, { limit: 4 * GIB }));
    await send(
      store,
      ids.map((id) => ({ id })),
      sent,
    );
    return { open: () => otlpSource({ ...OF, store }), span: SPAN, hosts: 500, calls: 3, callsAhead: 3 };
  });

  it('counts samples once that were stored twice, in whatever chunks', async () => {
    const store = createMemorySampleStore();
    const sent = seriesOf('web-1', minutesTo(60), (minute) => GIB + minute, { limit: 4 * GIB });
    for (const name of ['a', 'b']) await send(store, [{ id: 'web-1' }], [sent], name);
    await send(
      store,
      [{ id: 'web-1' }],
      [{ ...sent, times: sent.times.slice(0, 5), values: sent.values.slice(0, 5) }],
      'c',
    );
    const once = createMemorySampleStore();
    await send(once, [{ id: 'web-1' }], [sent]);

    expect(await readAll(otlpSource({ ...OF, store }))).toEqual(await readAll(otlpSource({ ...OF, store: once })));
  });

  it('leaves out a host a day after its last sample, and reads it where hosts that are gone are wanted', async () => {
    const store = createMemorySampleStore();
    const span = { ...SPAN, window: { start: END - 48 * HOUR, end: END } };
    await send(store, [{ id: 'gone' }], [seriesOf('gone', minutesTo(2400, 1500), () => GIB)]);
    const source = otlpSource({ ...OF, store });
    const request = { metric: MEMORY_UTILIZATION, span, filters: [] };

    const [now, then] = [
      await Array.fromAsync(source.read(request, METER)),
      await Array.fromAsync(source.read({ ...request, includeGone: true }, METER)),
    ];

    expect(now).toEqual([]);
    expect(then).toMatchObject([
      { kind: 'series', resource: { id: 'gone' }, metric: 'system.memory.usage', unit: 'By' },
    ]);
  });

  it('reads the hosts that have sent for longest where there are more than an account may have, and states how many more there are', async () => {
    const store = createMemorySampleStore();
    await send(
      store,
      [{ id: 'new' }, { id: 'newer' }],
      ['new', 'newer'].map((id) => seriesOf(id, [20], () => GIB)),
    );
    await send(store, [{ id: 'old' }], [seriesOf('old', minutesTo(700), () => GIB)], 'b');

    const readings = await readAll(otlpSource({ ...OF, store, mostHosts: 1 }));

    expect(readings).toMatchObject([
      { kind: 'series', resource: { id: 'old' } },
      {
        kind: 'unreadable',
        reason: 'truncated',
        detail: expect.stringContaining('2 hosts more than the 1 of an account'),
      },
    ]);
    expect(readings[1]).toHaveProperty('scope', { provider: 'otlp', account: 'production', region: 'global' });
  });

  it('describes a host as it was described last', async () => {
    const store = createMemorySampleStore();
    await send(store, [{ id: 'web-1', group: 'old' }], [seriesOf('web-1', [300], () => GIB)]);
    await send(store, [{ id: 'web-1', group: 'new', name: 'Web' }], [seriesOf('web-1', [20], () => GIB)], 'b');

    const [reading] = await readAll(otlpSource({ ...OF, store }));

    expect(reading).toHaveProperty('resource', { ...HOST, group: 'new', name: 'Web' });
  });
});

describe('the consumers of a host that sends', () => {
  async function consumersOf(
    store: SampleStore,
    after?: (source: MemorySource) => Promise<unknown>,
  ): Promise<Reading[]> {
    const source = otlpSource({ ...OF, store });
    await after?.(source);
    return await Array.fromAsync(source.consumers(HOST, MEANS, METER));
  }

  const minutes = [30, 25, 20];
  const processAt = (name: string, pid: number, at: readonly number[], value: number, offset = 0) => {
    const one = seriesOf('web-1', at, () => value, { metric: PROCESS_MEMORY, process: { name, pid } });
    return { ...one, times: one.times.map((time) => time + offset) };
  };

  it('are its processes by name, summed over pids, each for as long as it ran', async () => {
    const store = createMemorySampleStore();
    await send(
      store,
      [{ id: 'web-1' }],
      [
        processAt('systemd', 1, minutes, GIB / 16),
        // A moment later each: a collector reads one process after the other.
        processAt('node', 7, minutes, GIB, 40),
        processAt('node', 8, [30], 3 * GIB, 80),
        processAt('node', 9, [20], 3 * GIB, 80),
        seriesOf('web-1', minutes, () => 4 * GIB, { limit: 8 * GIB }),
      ],
    );

    const consumers = await consumersOf(store, readAll);

    expect(consumers.map((one) => one.kind === 'series' && [one.consumer, one.limit, [...one.values]])).toEqual([
      [{ kind: 'process', name: 'node' }, 8 * GIB, [3 * GIB]],
      [{ kind: 'process', name: 'systemd' }, 8 * GIB, [GIB / 16]],
    ]);
    expect(consumers[0]).toMatchObject({ metric: PROCESS_MEMORY, unit: 'By', resource: HOST, window: SPAN.window });
    expect(consumers.map((one) => one.kind === 'series' && [...one.times])).toEqual(
      consumers.map(() => [END - 30 * MINUTE]),
    );
  });

  it('are as large as before while a recording reads one of them more often than the others', async () => {
    const store = createMemorySampleStore();
    const often = Array.from({ length: 120 }, (_, index) => 30 - index / 4);
    await send(
      store,
      [{ id: 'web-1' }],
      [processAt('java', 7, often, GIB), processAt('node', 8, minutes, 2 * GIB), processAt('cron', 9, [20], 3 * GIB)],
    );

    const consumers = await consumersOf(store);

    const sizes = consumers.map(
      (one) =>
        one.kind === 'series' && [one.consumer?.name, one.values.map((value) => Math.round((100 * value) / GIB)).at(0)],
    );
    expect(sizes).toEqual([
      ['cron', 100],
      ['java', 100],
      ['node', 200],
    ]);
  });

  it('are not reported where it sends none, and unreadable where the store is down', async () => {
    expect(await consumersOf(createMemorySampleStore())).toMatchObject([
      { kind: 'not_monitored', reason: 'not_reported', hint: expect.stringContaining('scraper process') },
    ]);
    expect(await consumersOf(failing(new StoreError('S3 did not answer.')))).toMatchObject([
      { kind: 'unreadable', scope: HOST, reason: 'unavailable', detail: 'S3 did not answer.' },
    ]);
  });
});

describe('the swap of a host that sends', () => {
  it('is what is paged out, with the memory of the host, read once for all hosts', async () => {
    const store = createMemorySampleStore();
    await send(
      store,
      [{ id: 'web-1' }, { id: 'web-2' }],
      [
        seriesOf('web-1', [20, 16], (minute) => minute * GIB, { metric: PAGING_USAGE }),
        seriesOf('web-1', [20, 16], () => GIB, { limit: 64 * GIB }),
        seriesOf('web-2', [20], () => GIB),
      ],
    );
    let calls = 0;
    const source = otlpSource({ ...OF, store });
    const meter = { count: () => calls++ };

    const [first, second] = [
      await source.swap(HOST, MEANS, meter),
      await source.swap({ ...HOST, id: 'web-2' }, MEANS, meter),
    ];

    expect(first).toMatchObject({ kind: 'series', metric: PAGING_USAGE, unit: 'By', limit: 64 * GIB });
    expect(first.kind === 'series' && [[...first.times], [...first.values]]).toEqual([[END - 30 * MINUTE], [18 * GIB]]);
    expect(second).toMatchObject({ kind: 'not_monitored', reason: 'not_reported' });
    expect(calls).toBe(1);
  });

  it('is unreadable where the store is down, and read once it answers', async () => {
    let isDown = true;
    const store = createMemorySampleStore();
    await send(store, [{ id: 'web-1' }], [seriesOf('web-1', [20], () => GIB, { metric: PAGING_USAGE })]);
    const down = failing(new StoreError('S3 did not answer.'));
    const hosts: SampleStore['hosts'] = (of, window) => (isDown ? down : store).hosts(of, window);
    const source = otlpSource({ ...OF, store: { ...store, hosts } });

    const before = await source.swap(HOST, MEANS, METER);
    isDown = false;
    const after = await source.swap(HOST, MEANS, METER);

    expect([before.kind, after.kind]).toEqual(['unreadable', 'series']);
  });
});
