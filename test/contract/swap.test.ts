/** The suite of swap: kept by an honest source without a provider, and broken by each source that lies. */
import { describe, expect, it } from 'vitest';
import { PAGING_USAGE, type Reading } from '../../core/model/series.ts';
import type { MeanSpan, MemorySource } from '../../core/ports/memory-source.ts';
import { aResource, HOUR, MINUTE, NOON } from '../fixtures/builders.ts';
import { brokenPromises } from './check.ts';
import { describeSwap, type SwapWorld, swapChecks } from './swap.ts';

const HOST = aResource({ id: 'i-1' });
const BARE = aResource({ id: 'i-bare' });
const SPAN: MeanSpan = { window: { start: NOON - HOUR, end: NOON }, periodMs: 15 * MINUTE, statistic: 'average' };
const CAPACITY = 8000;

type Swap = NonNullable<MemorySource['swap']>;

const honest: Swap = async (host, span, _, signal) => {
  if (signal?.aborted) return { kind: 'unreadable', scope: host, reason: 'timeout', detail: 'no time' };
  if (host.id === BARE.id)
    return { kind: 'not_monitored', resource: host, reason: 'not_reported', hint: 'it has none' };
  return {
    kind: 'series',
    resource: host,
    metric: PAGING_USAGE,
    unit: 'By',
    limit: CAPACITY,
    ...span,
    times: Float64Array.from([0, 1, 2, 3], (period) => span.window.start + period * span.periodMs),
    values: new Float64Array(4).fill(500),
  };
};

function worldOf(swap: Swap): SwapWorld {
  const scope = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;
  const open = () => ({ scope, ingestionDelayMs: 0, async *read() {}, swap });
  return { open, span: SPAN, host: HOST, truth: 500, unit: 'By', capacity: CAPACITY, bare: BARE };
}

describeSwap('an honest source', async () => worldOf(honest));

const bent =
  (bend: (reading: Reading) => Reading): Swap =>
  async (...args) =>
    bend(await honest(...args));
const bentSeries = (changes: object) => bent((one) => (one.kind === 'series' ? { ...one, ...changes } : one));

const LIES: readonly [string, string, Swap][] = [
  ['gives free swap', 'mean of used swap', bentSeries({ values: new Float64Array(4).fill(1500) })],
  ['gives fractions for bytes', 'mean of used swap', bentSeries({ unit: '1' })],
  ['has more times than values', 'orders samples', bentSeries({ values: new Float64Array(3).fill(500) })],
  ['states the size of swap for that of memory', 'states what it was asked', bentSeries({ limit: 2000 })],
  ['names another host', 'states what it was asked', bentSeries({ resource: BARE })],
  [
    'gives zeros of a host without swap',
    'without swap',
    (host, ...args) => honest({ ...HOST, ...host, id: 'i-1' }, ...args),
  ],
  ['ignores the signal', 'reports timeout', (host, span, meter) => honest(host, span, meter)],
];

describe('a source that lies about swap', () => {
  it.each(LIES)('is found out: it %s', async (_, promise, swap) => {
    const broken = await brokenPromises(swapChecks, async () => worldOf(swap));
    expect(broken).toContainEqual(expect.stringContaining(promise));
  });
});
