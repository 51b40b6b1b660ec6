import { describe, expect, it } from 'vitest';
import { hasTurn } from '../../../core/inspection/cadence.ts';
import { evaluatedOf } from '../../../core/inspection/compare-siblings.ts';
import {
  type EvidenceRequest,
  EXPLAINED_HOSTS,
  mayNeedConsumers,
  VOTED_EVERY_HOURS,
  VOTED_METRICS,
  withConsumers,
} from '../../../core/inspection/consumer-evidence.ts';
import { createMeter } from '../../../core/inspection/run-summary.ts';
import { type Evaluated, isExhausted, type LeakingHost } from '../../../core/model/inspected-host.ts';
import type { PointReading } from '../../../core/model/points.ts';
import { DEFAULT_POLICY } from '../../../core/model/policy.ts';
import { PAGING_FAULTS, PROCESS_MEMORY, type Reading, type Resource, type Span } from '../../../core/model/series.ts';
import type { Exhaustion } from '../../../core/model/verdict.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import type { MemorySource } from '../../../core/ports/memory-source.ts';
import { aLeakingVerdict, anEvidence, aResource, HOUR, NOON } from '../../fixtures/builders.ts';
import {
  CAPACITY,
  consumerSeries,
  EVIDENCE,
  GIB,
  HOURS,
  hostSeries,
  process,
  type Usage,
} from '../detector/consumers.ts';

const leak: Usage = (hour) => (1 + Math.max(0, hour) / HOURS) * GIB;

function leaking(id: string, overrides: Partial<LeakingHost['verdict']> = {}, exhaustion?: Exhaustion): LeakingHost {
  const evidence = exhaustion ? { ...EVIDENCE, exhaustion } : EVIDENCE;
  const series = hostSeries(leak, { resource: aResource({ id }) });
  return { kind: 'evaluated', series, verdict: aLeakingVerdict({ evidence, ...overrides }) };
}

/** A host that does not leak by its own curve, at this confidence. */
function unsure(id: string, confidence: number): Evaluated {
  const series = hostSeries(() => GIB, { resource: aResource({ id }) });
  return { kind: 'evaluated', series, verdict: { state: 'steady', evidence: anEvidence({ confidence }) } };
}

const PRICE = { usdPerMetric: 0.00001, stated: 'made up' };
/** What the consumers of one host cost. */
const METRICS = 50;

/** A source whose hosts all run one process, with the hosts and spans that were requested. */
function aSource(consumers?: (host: Resource) => AsyncIterable<Reading>, price?: MemorySource['price']) {
  const requested: { id: string; span: Span }[] = [];
  const source: MemorySource = {
    scope: { provider: 'aws', account: '111122223333', region: 'eu-west-1' },
    ingestionDelayMs: 0,
    ...(price && { price }),
    async *read() {},
    async *consumers(host, span, meter) {
      requested.push({ id: host.id, span });
      meter.count('Consumers', METRICS);
      if (consumers) yield* consumers(host);
      else yield consumerSeries(process('node'), leak, { resource: host });
    },
  };
  return { source, requested };
}

function explained(
  hosts: readonly Evaluated[],
  source: MemorySource,
  options: Partial<EvidenceRequest> = {},
): Promise<Evaluated[]> {
  return withConsumers(hosts, { source, meter: createMeter(), policyOf: () => DEFAULT_POLICY, ...options });
}

const idsOf = (hosts: readonly Evaluated[]) => hosts.map(({ series }) => series.resource.id);

describe('the consumers of leaks', () => {
  it('reads means over the evaluated window, and finds who grew in the segment that decided', async () => {
    const { source, requested } = aSource();

    const [host] = await explained([leaking('i-1')], source);

    expect(requested).toEqual([
      {
        id: 'i-1',
        span: { window: { start: NOON - 100 * HOUR, end: NOON }, periodMs: HOUR / 4, statistic: 'average' },
      },
    ]);
    expect(host?.attribution).toMatchObject({ kind: 'attributed', grown: [{ consumer: { name: 'node' } }] });
    expect(host?.unread).toBeUndefined();
  });

  it('reads nothing of hosts that are not worth explaining', async () => {
    const { source, requested } = aSource();

    const hosts = await explained([leaking('i-1'), leaking('i-2')], source, {
      worthExplaining: ({ series }) => series.resource.id === 'i-2',
    });

    expect(requested.map(({ id }) => id)).toEqual(['i-2']);
    expect(hosts.map(({ attribution }) => attribution?.kind)).toEqual([undefined, 'attributed']);
  });

  it('gives the reason where the source has no consumers', async () => {
    const { consumers: _, ...source } = aSource().source;

    const [host] = await explained([leaking('i-1')], source);

    expect(host).toMatchObject({ attribution: { kind: 'unattributed', reason: 'unsupported' } });
    expect(host?.unread).toBeUndefined();
  });

  it('keeps the consumers that could not be read beside those that could', async () => {
    const { source } = aSource(async function* (host) {
      yield consumerSeries(process('node'), leak, { resource: host });
      yield { kind: 'unreadable', scope: host, reason: 'denied', detail: 'java is not for you' };
    });

    const [host] = await explained([leaking('i-1')], source);

    expect(host?.attribution).toMatchObject({ kind: 'attributed' });
    expect(host?.unread).toMatchObject({ reason: 'denied', detail: 'java is not for you' });
  });

  it('does not take consumers that are not collected for a failure', async () => {
    const { source } = aSource(async function* (resource) {
      yield { kind: 'not_monitored', resource, reason: 'not_reported', hint: 'turn it on' };
    });

    const [host] = await explained([leaking('i-1')], source);

    expect(host?.attribution).toEqual({
      kind: 'unattributed',
      reason: 'not_collected',
      detail: 'turn it on',
      traces: [],
    });
    expect(host?.unread).toBeUndefined();
  });

  it('keeps the finding when a source breaks its promise and throws', async () => {
    const { source } = aSource(async function* () {
      yield* [];
      throw new SourceError('slow down', { reason: 'throttled', retryable: true });
    });

    const [host] = await explained([leaking('i-1')], source);

    expect(host).toMatchObject({
      attribution: { reason: 'throttled', detail: 'slow down' },
      unread: { scope: { id: 'i-1' } },
    });
  });

  it('does not take a mistake in the code for a failed read', async () => {
    const { source } = aSource(async function* () {
      yield* [];
      throw new TypeError('undefined is not a function');
    });

    await expect(explained([leaking('i-1')], source)).rejects.toThrow(TypeError);
  });

  it('reads a limited number of hosts, the most urgent ones, and keeps their order', async () => {
    const { source, requested } = aSource();
    const soon: Exhaustion = { kind: 'expected', earliest: NOON, likely: NOON + HOUR, latest: null };
    const late: Exhaustion = { kind: 'cannot_say', reason: 'capacity_unknown' };
    const many = Array.from({ length: EXPLAINED_HOSTS }, (_, index) => leaking(`i-${index}`, {}, soon));
    const hosts = [leaking('suspected', { grade: 'suspected' }), leaking('late', {}, late), ...many];

    const result = await explained(hosts, source);

    expect(idsOf(result)).toEqual(idsOf(hosts));
    expect(requested.map(({ id }) => id)).toEqual(idsOf(many));
    const reasons = result
      .slice(0, 2)
      .map(({ attribution }) => attribution?.kind === 'unattributed' && attribution.reason);
    expect(reasons).toEqual(['not_requested', 'not_requested']);
  });
});

function voteReasonsOf(host: Evaluated | undefined): readonly string[] {
  return host === undefined || host.verdict.state === 'insufficient_data'
    ? []
    : host.verdict.evidence.votes.map(({ reason }) => reason);
}

describe('the consumers of leaks that stand', () => {
  const turn = { since: NOON - HOUR, slot: NOON, quietHours: VOTED_EVERY_HOURS } as const;
  const isDue = (id: string) => hasTurn(aResource({ id }), turn);
  const ids = Array.from({ length: 40 }, (_, index) => `i-${index}`);
  /** One whose turn it is, and one whose turn it is not. */
  const [due = '', idle = ''] = [ids.find(isDue), ids.find((id) => !isDue(id))];
  /** An hour ago every host was inspected. */
  const hourly: Partial<EvidenceRequest> = { lastInspection: async () => NOON - HOUR };
  const flat = () => {
    return aSource(async function* (resource) {
      const steady = bytesOf((hour) => (1 + 0.004 * Math.sin(hour * 40)) * GIB);
      yield { ...hostSeries(() => GIB), ...steady, consumer: process('node'), resource };
    }, PRICE);
  };

  it('are read in each run, whatever their turn, as long as their share suffices', async () => {
    const { source, requested } = flat();

    const hosts = await explained([leaking(due), leaking(idle)], source, hourly);

    expect(requested.map(({ id }) => id).sort()).toEqual([due, idle].sort());
    expect(voteReasonsOf(hosts[0])).toContain('nobody_grows');
    expect(hosts.map(({ verdict }) => verdict)).toMatchObject([{ grade: 'suspected' }, { grade: 'suspected' }]);
  });

  it('are read where reading has no price as well, and those of hosts that may leak by turns', async () => {
    const { source, requested } = flat();
    const { price: _, ...free } = source;

    await explained([leaking(idle), unsure(idle, 0.3)], free, hourly);

    expect(requested).toHaveLength(1);
  });

  it('are read at once where the leak began since the last inspection, or nothing is known of one', async () => {
    const { source, requested } = aSource(undefined, PRICE);
    const hosts = [leaking(idle)];

    await explained(hosts, source, { lastInspection: async () => NOON - 80 * HOUR });
    await explained(hosts, source, { lastInspection: async () => undefined });
    await explained(hosts, source);

    expect(requested).toHaveLength(3);
  });

  it('are read at once for an event of a confirmed leak', async () => {
    const { source, requested } = aSource(undefined, PRICE);

    await explained([leaking(idle)], source, { ...hourly, isOpen: () => true });

    expect(requested).toHaveLength(1);
  });

  it('leave a suspected leak suspected where they are not read', async () => {
    const { source } = aSource(undefined, PRICE);
    const hosts = Array.from({ length: 12 }, (_, index) => leaking(`i-${index}`));

    const voted = await explained(hosts, source, { ...hourly, hasIncident: () => true, hostMetrics: 12 });

    const unread = voted.filter(({ isWithheld }) => isWithheld);
    expect(unread.length).toBeGreaterThan(3);
    // Without a lasting confidence nothing opens it, however urgent its own curve is.
    const evidence = expect.objectContaining({ lastingConfidence: null });
    for (const { verdict } of unread) expect(verdict).toMatchObject({ state: 'leaking', grade: 'suspected', evidence });
  });

  it('cost, with those of candidates, no more than their share of the run', async () => {
    const { source, requested } = flat();
    const hosts = Array.from({ length: 100 }, (_, index) => leaking(`i-${index}`));

    const voted = await explained(hosts, source, { ...hourly, hostMetrics: 100 });

    expect(requested.length).toBeLessThanOrEqual(VOTED_METRICS / METRICS + 3);
    expect(voted.filter(({ isWithheld }) => isWithheld)).toHaveLength(100 - requested.length);
    expect(voted.some(({ verdict }) => verdict.state === 'leaking' && verdict.grade === 'confirmed')).toBe(false);
  });
});

describe('evidence that cannot be read', () => {
  const throttled = async function* () {
    yield* [];
    throw new SourceError('slow down', { reason: 'throttled', retryable: true });
  };

  it('leaves the verdict of the other evidence, and is reported of steady hosts too', async () => {
    const { source } = aSource(throttled);

    const [host] = await explained([unsure('i-1', 0.3)], source);

    expect(host).toMatchObject({ verdict: { state: 'steady' }, unread: { reason: 'throttled', scope: { id: 'i-1' } } });
  });

  it('is reported of swap, whether the source throws or not', async () => {
    const { source } = aSource();
    const denied: Reading = { kind: 'unreadable', scope: aResource({ id: 'i-1' }), reason: 'denied', detail: 'no' };
    const failing = async () => {
      throw new SourceError('slow down', { reason: 'throttled', retryable: true });
    };

    const hosts = await Promise.all(
      [async () => denied, failing].map((swap) => explained([leaking('i-1')], { ...source, swap })),
    );

    expect(hosts.flat().map(({ unread }) => unread?.reason)).toEqual(['denied', 'throttled']);
    expect(hosts.flat().map(({ verdict }) => verdict.state)).toEqual(['leaking', 'leaking']);
  });
});

describe('the consumers of hosts that may leak', () => {
  it('are requested from a confidence on, of full hosts, and of leaks', () => {
    const steady = (confidence: number) => unsure('i-1', confidence).verdict;

    expect([0.01, 0.05, 0.5].map((confidence) => mayNeedConsumers(steady(confidence)))).toEqual([false, true, true]);
    expect(mayNeedConsumers(aLeakingVerdict())).toBe(true);
    expect(
      mayNeedConsumers({ state: 'insufficient_data', reason: 'stale', checks: [], cleaned: EVIDENCE.cleaned }),
    ).toBe(false);
  });

  it('find a leak that the host’s own curve does not show, and state who grew', async () => {
    const climbs: Usage = (hour) => (1 + Math.max(0, hour + 26) / 40 + 0.004 * Math.sin(hour * 40)) * GIB;
    const busy: Usage = (hour) => (2.5 + 1.2 * Math.sin(hour / 2.3) * Math.sin(hour / 8)) * GIB;
    const series = hostSeries((hour) => (climbs(hour) ?? 0) + (busy(hour) ?? 0));
    const { source } = aSource(async function* (resource) {
      for (const [name, usage] of [
        ['java', climbs],
        ['batch', busy],
      ] as const)
        yield { ...hostSeries(usage), ...bytesOf(usage), consumer: process(name), resource };
    });

    const [host] = await explained([{ ...unsure('i-1', 0.1), series }], source);

    expect(host?.verdict).toMatchObject({ state: 'leaking', evidence: { decidedBy: 'consumers' } });
    const { attribution } = host ?? {};
    expect(attribution?.kind === 'attributed' && attribution.grown[0]?.consumer).toEqual(process('java'));
  });

  it('leave a host whose rise is nobody’s suspected, with the vote', async () => {
    const { source } = aSource(async function* (resource) {
      yield {
        ...hostSeries(() => GIB),
        ...bytesOf((hour) => (1 + 0.004 * Math.sin(hour * 40)) * GIB),
        consumer: process('node'),
        resource,
      };
    });

    const [host] = await explained([leaking('i-1')], source);

    expect(host?.verdict).toMatchObject({ state: 'leaking', grade: 'suspected' });
    expect(voteReasonsOf(host)).toContain('nobody_grows');
  });

  it('are read after those of leaks, a reported leak first, then the most uncertain host', async () => {
    const { source, requested } = aSource();
    const hosts = [unsure('far', 0.06), unsure('near', 0.6), unsure('reported', 0.07), leaking('leak')];

    await explained(hosts, source, { hasIncident: ({ series }) => series.resource.id === 'reported' });

    expect(requested.map(({ id }) => id)).toEqual(['leak', 'reported', 'near', 'far']);
  });

  it('are read every few hours where they are billed, and always of a reported leak', async () => {
    const { source, requested } = aSource(undefined, PRICE);
    const hosts = Array.from({ length: 40 }, (_, index) => unsure(`i-${index}`, 0.3));
    const turn = { since: NOON - HOUR, slot: NOON, quietHours: VOTED_EVERY_HOURS } as const;
    const due = hosts.filter(({ series }) => hasTurn(series.resource, turn));

    await explained(hosts, source);
    const first = requested.splice(0).map(({ id }) => id);
    await explained(hosts, source, { hasIncident: () => true });

    expect(first.sort()).toEqual(idsOf(due).sort());
    expect(due.length).toBeGreaterThan(3);
    expect(requested).toHaveLength(40);
  });

  it('cost no more than their share of the run', async () => {
    const { source, requested } = aSource(undefined, PRICE);
    const hosts = Array.from({ length: 40 }, (_, index) => unsure(`i-${index}`, 0.3));
    const options = { hasIncident: () => true };

    await explained(hosts, source, { ...options, hostMetrics: 40 });
    const few = requested.splice(0).length;
    await explained(hosts, source, { ...options, hostMetrics: 4000 });

    // Four are read at once, so that three may be under way when the budget is spent.
    expect(few).toBeGreaterThanOrEqual(VOTED_METRICS / METRICS);
    expect(few).toBeLessThanOrEqual(VOTED_METRICS / METRICS + 3);
    expect(requested.length).toBeGreaterThanOrEqual(20);
  });

  it('are not read where there is no time, and those of leaks are', async () => {
    const { source, requested } = aSource();

    const hosts = await explained([unsure('i-1', 0.5), leaking('i-2')], source, { hasTime: () => false });

    expect(requested.map(({ id }) => id)).toEqual(['i-2']);
    expect(idsOf(hosts)).toEqual(['i-1', 'i-2']);
  });
});

/** A hundred hours of a consumer. */
function bytesOf(usage: Usage) {
  const { times, values } = hostSeries(usage);
  return {
    times,
    values: values.map((share) => share * CAPACITY),
    metric: PROCESS_MEMORY,
    unit: 'By',
    limit: CAPACITY,
  } as const;
}

describe('the page faults of full hosts', () => {
  const always: Usage = () => 0.95 * CAPACITY;
  const verdict: Evaluated['verdict'] = { state: 'steady', evidence: anEvidence({ confidence: 0.01 }) };
  const full = (id = 'full'): Evaluated => evaluatedOf(hostSeries(always, { resource: aResource({ id }) }), verdict);
  const pointsOf = (resource: Resource, { window, periodMs }: Span): PointReading => {
    const times = Float64Array.from({ length: 400 }, (_, period) => window.start + period * periodMs);
    const values = times.map((time) => (time < NOON - 10 * HOUR ? 3 : 900));
    return {
      kind: 'points',
      resource,
      metric: PAGING_FAULTS,
      part: {},
      unit: '{fault}/s',
      window,
      periodMs,
      times,
      values,
    };
  };
  const reading = (pageFaults: NonNullable<MemorySource['pageFaults']>): MemorySource => {
    const { consumers: _, ...source } = aSource().source;
    return { ...source, pageFaults };
  };

  it('are read of those alone, and make a finding of one that was always full', async () => {
    const requested: string[] = [];
    const source = reading(async (host, span) => {
      requested.push(host.id);
      return pointsOf(host, span);
    });

    const [thrashing, leaks, steady] = await explained([full(), leaking('leak'), unsure('i-1', 0.3)], source);

    expect(requested).toEqual(['full']);
    expect(thrashing?.full).toMatchObject({
      kind: 'steady_full',
      pageFaults: { perSecond: 900, usual: 3, risen: true },
    });
    expect([thrashing, leaks, steady].map((host) => host && isExhausted(host))).toEqual([true, false, false]);
    expect([leaks?.full, steady?.full]).toEqual([undefined, undefined]);
  });

  it('change nothing of the verdict', async () => {
    const [without] = await explained(
      [full()],
      reading(async (host) => notCounted(host)),
    );
    const [thrashing] = await explained(
      [full()],
      reading(async (host, span) => pointsOf(host, span)),
    );

    expect(thrashing?.verdict).toEqual(without?.verdict);
    expect(without?.full).toMatchObject({ kind: 'steady_full' });
    expect(without?.full).not.toHaveProperty('pageFaults');
    expect(without?.unread).toBeUndefined();
  });

  it('are a failure of the host where they could not be read', async () => {
    const denied = async (scope: Resource): Promise<PointReading> => {
      return { kind: 'unreadable', scope, metric: PAGING_FAULTS, reason: 'denied', detail: 'no' };
    };
    const failing = async () => {
      throw new SourceError('slow down', { reason: 'throttled', retryable: true });
    };

    const hosts = await Promise.all([denied, failing].map((pageFaults) => explained([full()], reading(pageFaults))));

    expect(hosts.flat().map(({ unread }) => unread?.reason)).toEqual(['denied', 'throttled']);
    expect(hosts.flat().map(({ full: of }) => of?.kind)).toEqual(['steady_full', 'steady_full']);
  });

  function notCounted(resource: Resource): PointReading {
    return { kind: 'not_monitored', resource, metric: PAGING_FAULTS, reason: 'not_reported', hint: 'nobody does' };
  }
});
