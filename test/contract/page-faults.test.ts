/** The suite of page faults: kept by an honest source without a provider, and broken by each source that lies. */
import { describe, expect, it } from 'vitest';
import type { PointReading } from '../../core/model/points.ts';
import { PAGING_FAULTS } from '../../core/model/series.ts';
import type { MeanSpan, MemorySource } from '../../core/ports/memory-source.ts';
import { aResource, HOUR, MINUTE, NOON } from '../fixtures/builders.ts';
import { brokenPromises } from './check.ts';
import { describePageFaults, type PageFaultsWorld, pageFaultChecks } from './page-faults.ts';

const HOST = aResource({ id: 'i-1' });
const BARE = aResource({ id: 'i-bare' });
const SPAN: MeanSpan = { window: { start: NOON - HOUR, end: NOON }, periodMs: 15 * MINUTE, statistic: 'average' };
const GAP = { start: NOON - 45 * MINUTE, end: NOON - 30 * MINUTE };
const PERIODS = [0, 2, 3];

type PageFaults = NonNullable<MemorySource['pageFaults']>;

const honest: PageFaults = async (host, { window, periodMs }, _, signal) => {
  const of = { metric: PAGING_FAULTS };
  if (signal?.aborted) return { kind: 'unreadable', scope: host, reason: 'timeout', detail: 'no time', ...of };
  if (host.id === BARE.id)
    return { kind: 'not_monitored', resource: host, reason: 'not_reported', hint: 'nobody counts them', ...of };
  return {
    kind: 'points',
    resource: host,
    part: {},
    unit: '{fault}/s',
    ...of,
    window,
    periodMs,
    times: Float64Array.from(PERIODS, (period) => window.start + period * periodMs),
    values: new Float64Array(3).fill(120),
  };
};

function worldOf(pageFaults: PageFaults): PageFaultsWorld {
  const scope = { provider: 'otlp', account: 'fleet', region: 'global' } as const;
  const open = () => ({ scope, ingestionDelayMs: 0, async *read() {}, pageFaults });
  return { open, span: SPAN, host: HOST, truth: 120, gap: GAP, bare: BARE };
}

describePageFaults('an honest source', async () => worldOf(honest));

const bent =
  (bend: (reading: PointReading) => PointReading): PageFaults =>
  async (...args) =>
    bend(await honest(...args));
const bentPoints = (changes: object) => bent((one) => (one.kind === 'points' ? { ...one, ...changes } : one));
const timesOf = (...periods: number[]) =>
  Float64Array.from(periods, (period) => SPAN.window.start + period * SPAN.periodMs);

const LIES: readonly [string, string, PageFaults][] = [
  ['counts minor faults too', 'gives major page faults', bentPoints({ values: new Float64Array(3).fill(6120) })],
  [
    'gives what was counted in a period',
    'gives major page faults',
    bentPoints({ values: new Float64Array(3).fill(108_000) }),
  ],
  [
    'forgets the first period',
    'from the first period',
    bentPoints({ times: timesOf(2, 3), values: new Float64Array(2) }),
  ],
  ['counts backwards', 'neither backwards', bentPoints({ values: Float64Array.of(120, -4000, 120) })],
  ['gives a gap to the period after it', 'nor twice', bentPoints({ values: Float64Array.of(120, 480, 120) })],
  ['is not a number', 'neither backwards', bentPoints({ values: Float64Array.of(120, Number.NaN, 120) })],
  [
    'fills a gap with zeros',
    'nobody saw the host',
    bentPoints({ times: timesOf(0, 1, 2, 3), values: Float64Array.of(120, 0, 120, 120) }),
  ],
  ['has more times than values', 'orders points', bentPoints({ values: new Float64Array(2).fill(120) })],
  ['is in disorder', 'orders points', bentPoints({ times: timesOf(0, 3, 2) })],
  ['names another host', 'states what it was asked', bentPoints({ resource: BARE })],
  ['states another unit', 'states what it was asked', bentPoints({ unit: '{fault}' })],
  [
    'gives zeros of a host of which nobody counts them',
    'nobody counts them',
    (host, ...args) => honest({ ...host, id: 'i-1' }, ...args),
  ],
  ['ignores the signal', 'reports timeout', (host, span, meter) => honest(host, span, meter)],
];

describe('a source that lies about page faults', () => {
  it.each(LIES)('is found out: it %s', async (_, promise, pageFaults) => {
    const broken = await brokenPromises(pageFaultChecks, async () => worldOf(pageFaults));
    expect(broken).toContainEqual(expect.stringContaining(promise));
  });
});
