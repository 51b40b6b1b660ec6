/** A memory source without a provider, as honest as one can be: what liars are made of. */
import { SourceError } from '../../inspection/errors.ts';
import type { MemorySource, Meter, ReadRequest } from '../../inspection/ports.ts';
import { admits, type HostFilter } from '../../model/host-filter.ts';
import { MEMORY_UTILIZATION, type Reading, type Resource, type Scope, type Statistic } from '../../model/series.ts';
import type { DeadWorld, Expectation, StallingWorld, World } from './memory-source-world.ts';

const MINUTE = 60_000;
const PERIOD = 5 * MINUTE;
const END = Date.UTC(2026, 10, 20, 12);
const SPAN = { window: { start: END - 60 * MINUTE, end: END }, periodMs: PERIOD, statistic: 'average' } as const;
const SCOPE: Scope = { provider: 'aws', account: '111122223333', region: 'eu-west-1' };

const HOSTS = {
  'i-grows': 'series',
  'i-flat': 'series',
  'i-bare': 'not_reported',
  'i-dead': 'stopped_reporting',
} as const;
const GAP = [3, 4];

/** How each statistic bends the one curve that all hosts have. */
const OFFSET: Readonly<Record<Statistic, number>> = { minimum: -0.1, average: 0, maximum: 0.1 };

type Lie = (source: MemorySource) => MemorySource;

/** A world whose source is honest, or bent by a lie; `failing` names hosts that cannot be read. */
export function honestWorld(lie: Lie = (source) => source, failing: Readonly<Record<string, Expectation>> = {}): World {
  const hosts = { ...HOSTS, ...failing };
  return {
    open: () => lie(honestSource(hosts)),
    span: SPAN,
    hosts,
    inventoryCalls: ['List'],
    billed: Object.values(hosts).filter((what) => what !== 'not_reported').length,
    known: { id: 'i-grows', truth: samplesOf },
  };
}

/** A world in which the account's role is denied. */
export function deniedWorld(lie: Lie = (source) => source): DeadWorld {
  return { open: () => lie(deniedSource()), span: SPAN, reason: 'denied', retryable: false };
}

/** A world of two hosts, of which one does not come before the read is ended. */
export function stallingWorld(lie: Lie = (source) => source, patienceMs = 10_000): StallingWorld {
  return { open: () => lie(stallingSource()), span: SPAN, hosts: 2, stalled: 1, reason: 'timeout', patienceMs };
}

function samplesOf(statistic: Statistic): { times: number[]; values: number[] } {
  const periods = Array.from({ length: 12 }, (_, period) => period).filter((period) => !GAP.includes(period));
  return {
    times: periods.map((period) => SPAN.window.start + period * PERIOD),
    values: periods.map((period) => 0.5 + period / 100 + OFFSET[statistic]),
  };
}

function honestSource(hosts: Readonly<Record<string, Expectation>>): MemorySource {
  let listed = false;

  async function* read(request: ReadRequest, meter: Meter, signal?: AbortSignal): AsyncGenerator<Reading> {
    if (signal?.aborted) throw new SourceError('no time', { reason: 'timeout', retryable: true });
    if (!listed) meter.count('List');
    listed = true;
    for (const [id, what] of Object.entries(hosts)) {
      const resource = { ...SCOPE, id };
      if (!admits(request.filters, resource)) continue;
      if (signal?.aborted) yield { kind: 'unreadable', scope: resource, reason: 'timeout', detail: 'no time' };
      else yield readingOf(resource, what, request, meter);
    }
  }

  async function countHosts(filters: readonly HostFilter[]): Promise<number> {
    return Object.keys(hosts).filter((id) => admits(filters, { ...SCOPE, id })).length;
  }

  return { scope: SCOPE, ingestionDelayMs: 0, price: { usdPerMetric: 0.00001, stated: 'made up' }, read, countHosts };
}

function readingOf(resource: Resource, what: Expectation, { span }: ReadRequest, meter: Meter): Reading {
  if (what === 'not_reported') return { kind: 'uncovered', resource, reason: what, hint: 'install an agent' };
  meter.count('Get', 1);
  if (what === 'stopped_reporting') return { kind: 'uncovered', resource, reason: what, hint: 'start the agent' };
  if (what !== 'series') return { kind: 'unreadable', scope: resource, reason: what, detail: 'not for you' };
  const { times, values } = samplesOf(span.statistic);
  return {
    kind: 'series',
    resource,
    metric: MEMORY_UTILIZATION,
    unit: '1',
    ...span,
    times: Float64Array.from(times),
    values: Float64Array.from(values),
  };
}

function deniedSource(): MemorySource {
  // biome-ignore lint/correctness/useYield: it fails before there is anything to yield.
  async function* read(): AsyncGenerator<Reading> {
    throw new SourceError('the role is denied', { reason: 'denied', retryable: false });
  }
  return { scope: SCOPE, ingestionDelayMs: 0, read };
}

function stallingSource(): MemorySource {
  async function* read(request: ReadRequest, meter: Meter, signal?: AbortSignal): AsyncGenerator<Reading> {
    yield readingOf({ ...SCOPE, id: 'i-flat' }, 'series', request, meter);
    if (!signal?.aborted) await new Promise((resolve) => signal?.addEventListener('abort', resolve));
    yield readingOf({ ...SCOPE, id: 'i-stalls' }, 'timeout', request, meter);
  }
  return { scope: SCOPE, ingestionDelayMs: 0, read };
}
