/** What was read of a host, as it is sent. */
import { describe, expect, it } from 'vitest';
import { composeHostMemory } from '../../../core/inspection/compose-host-memory.ts';
import type { HostRead } from '../../../core/inspection/read-host.ts';
import { inspectionSpans } from '../../../core/inspection/window.ts';
import type { FullHost } from '../../../core/model/full-host.ts';
import { hostMemorySchema, MOST_ANSWER_BYTES } from '../../../core/model/host-memory.ts';
import { DEFAULT_POLICY } from '../../../core/model/policy.ts';
import { MEMORY_UTILIZATION } from '../../../core/model/series.ts';
import { aLeakingVerdict, anInsufficientVerdict, aResource, aSeries, HOUR, NOON } from '../../fixtures/builders.ts';

const FACTS = {
  policy: DEFAULT_POLICY,
  metric: MEMORY_UTILIZATION,
  spans: inspectionSpans(NOON, { ingestionDelayMs: 0 }, DEFAULT_POLICY),
  readAt: NOON,
  spent: { calls: { GetMetricData: 2, ListMetrics: 3 }, metricsBilled: 14 },
  price: { usdPerMetric: 0.01, stated: '' },
};

const SHORT = anInsufficientVerdict();
const host = (
  id: string,
  values: readonly (number | null)[] = [0.1, 0.2],
  verdict: typeof SHORT | ReturnType<typeof aLeakingVerdict> = SHORT,
) => ({ kind: 'evaluated', series: aSeries(values, { resource: aResource({ id }) }), verdict }) as const;

const aRead = (overrides: Partial<HostRead> = {}): HostRead => ({
  kind: 'read',
  resource: aResource(),
  inspected: host('i-0a1b2c3d'),
  whoGrew: undefined,
  siblings: [],
  siblingCount: null,
  failures: [],
  ...overrides,
});

describe('the memory of a host', () => {
  it('states how often a full one reads pages back from disk, where it is known', () => {
    const full: FullHost = {
      kind: 'steady_full',
      level: 0.95,
      highest: 0.96,
      floorShare: 1,
      peakShare: 1,
      recentHours: 6,
      since: NOON,
      falls: [],
      hoursToFull: null,
      grows: false,
    };
    const pageFaults = { perSecond: 900, usual: 3, risen: true };
    const of = (it: FullHost) =>
      hostMemorySchema.parse(composeHostMemory(aRead({ inspected: { ...host('i-1'), full: it } }), FACTS)).full;

    expect(of({ ...full, pageFaults })).toMatchObject({ kind: 'steady_full', pageFaults });
    expect(of(full)).not.toHaveProperty('pageFaults');
  });

  it('has siblings that leak first, then those nearest to its age', () => {
    const gone = Array.from({ length: 40 }, () => null);
    const siblings = [
      host(
        'i-old',
        Array.from({ length: 50 }, () => 0.1),
      ),
      host('i-young', [...gone, ...Array.from({ length: 10 }, () => 0.1)]),
      host('i-leak', [0.1, 0.2], aLeakingVerdict()),
    ];
    const inspected = host('i-0a1b2c3d', [...gone, null, ...Array.from({ length: 9 }, () => 0.1)]);

    const memory = composeHostMemory(aRead({ inspected, siblings, siblingCount: 3 }), FACTS);

    expect(memory.siblings.map(({ host: { id }, ageHours }) => [id, ageHours])).toEqual([
      ['i-leak', null],
      ['i-young', 2.5],
      ['i-old', null],
    ]);
    expect(memory).toMatchObject({
      verdict: 'insufficient_data',
      reason: 'too_short',
      confidence: null,
      siblingCount: 3,
    });
    expect(memory.cost).toEqual({ calls: 5, metrics: 14, usd: 0.14 });
  });

  it('states each failure once, the first twenty at most', () => {
    const failure = (id: number) =>
      ({ kind: 'unreadable', scope: aResource({ id: `i-${id}` }), reason: 'denied', detail: 'no right' }) as const;
    const failures = Array.from({ length: 30 }, (_, index) => failure(index % 25));

    const { unreadable } = composeHostMemory(aRead({ failures }), FACTS);

    expect(unreadable).toHaveLength(20);
    expect(unreadable[0]).toBe('aws/111122223333/eu-west-1/i-0: denied: no right');
    expect(unreadable.at(-1)).toBe('and 6 more');
  });

  it('fits an answer, whatever hosts are called', () => {
    const siblings = [1, 2, 3].map((number) => host(`${number}${'x'.repeat(2_000_000)}`));

    const memory = composeHostMemory(aRead({ siblings, siblingCount: 3 }), FACTS);

    expect(JSON.stringify(memory).length).toBeLessThan(MOST_ANSWER_BYTES);
    expect(memory).toMatchObject({ siblings: [], siblingCount: 3, unreadable: [expect.stringContaining('too large')] });
    expect(hostMemorySchema.safeParse(memory).success).toBe(true);
  });

  it('of a host that is not monitored states what its owner can do', () => {
    const inspected = {
      kind: 'not_monitored',
      resource: aResource(),
      reason: 'not_reported',
      hint: 'Install the agent.',
    } as const;

    const memory = hostMemorySchema.parse(composeHostMemory(aRead({ inspected }), FACTS));

    expect(memory).toMatchObject({
      verdict: 'not_monitored',
      reason: 'not_reported',
      detail: 'Install the agent.',
      window: { start: new Date(NOON - 100 * HOUR).toISOString() },
      samples: { times: [] },
    });
  });
});
