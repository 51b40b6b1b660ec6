/** A memory source without a provider, as honest as one can be: what liars are made of. */

import { admits, type HostFilter } from '../../core/model/host-filter.ts';
import {
  type HostKind,
  MEMORY_UTILIZATION,
  type Reading,
  type Resource,
  type Scope,
  type Statistic,
} from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { MemorySource, Meter, ReadRequest } from '../../core/ports/memory-source.ts';
import { failing } from '../fixtures/failing.ts';
import type {
  CrowdedWorld,
  DeadWorld,
  EmptyWorld,
  Expectation,
  SlowWorld,
  StallingWorld,
  World,
} from './memory-source-world.ts';

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
export function stallingWorld(lie: Lie = (source) => source, circuitBreakerMs = 10_000): StallingWorld {
  return { open: () => lie(stallingSource()), span: SPAN, hosts: 2, stalled: 1, reason: 'timeout', circuitBreakerMs };
}

/** A world without hosts. */
export function emptyWorld(lie: Lie = (source) => source): EmptyWorld {
  return { open: () => lie(honestSource({})), span: SPAN };
}

/** A world whose hosts but for one never answer. */
export function slowWorld(lie: Lie = (source) => source): SlowWorld {
  let requested = false;
  const hosts = { 'i-bare': 'not_reported', 'i-grows': 'series', 'i-flat': 'series' } as const;
  return {
    open: () => {
      const stall = (signal?: AbortSignal) => {
        requested = true;
        return aborted(signal);
      };
      return lie(honestSource(hosts, stall));
    },
    span: SPAN,
    hosts: { 'i-bare': 'not_reported', 'i-grows': 'timeout', 'i-flat': 'timeout' },
    requested: () => requested,
  };
}

/** A world of many hosts: a call each, beside the listing. */
export function crowdedWorld(lie: Lie = (source) => source): CrowdedWorld {
  const hosts = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`i-${index}`, 'series' as const]));
  return { open: () => lie(honestSource(hosts)), span: SPAN, hosts: 100, calls: 101, callsAhead: 2 };
}

function samplesOf(statistic: Statistic): { times: number[]; values: number[] } {
  const periods = Array.from({ length: 12 }, (_, period) => period).filter((period) => !GAP.includes(period));
  return {
    times: periods.map((period) => SPAN.window.start + period * PERIOD),
    values: periods.map((period) => 0.5 + period / 100 + OFFSET[statistic]),
  };
}

/** The samples by longer periods. */
function folded({ times, values }: ReturnType<typeof samplesOf>, { periodMs, statistic }: ReadRequest['span']) {
  const periods = Map.groupBy(times.keys(), (index) => Math.floor((times[index] ?? 0) / periodMs) * periodMs);
  const fold = {
    minimum: (samples: readonly number[]) => Math.min(...samples),
    maximum: (samples: readonly number[]) => Math.max(...samples),
    average: (samples: readonly number[]) => samples.reduce((sum, value) => sum + value, 0) / samples.length,
  };
  const valuesOf = (indices: readonly number[]) => indices.map((index) => values[index] ?? 0);
  return { times: [...periods.keys()], values: [...periods.values()].map((one) => fold[statistic](valuesOf(one))) };
}

/**
 * @param stall Awaited before samples come.
 * @param kind Of its hosts. Default: machines.
 */
export function honestSource(
  hosts: Readonly<Record<string, Expectation>>,
  stall?: (signal?: AbortSignal) => Promise<void>,
  kind?: HostKind,
): MemorySource {
  const resourceOf = (id: string): Resource => ({ ...SCOPE, id, ...(kind && { kind }) });
  let listed = false;

  async function* read(request: ReadRequest, meter: Meter, signal?: AbortSignal): AsyncGenerator<Reading> {
    if (signal?.aborted) throw new SourceError('no time', { reason: 'timeout', retryable: true });
    if (request.metric !== MEMORY_UTILIZATION)
      throw new SourceError('no such metric', { reason: 'not_found', retryable: false });
    if (!listed) meter.count('List');
    listed = true;
    const admitted = Object.entries(hosts).filter(([id]) => admits(request.filters, resourceOf(id)));
    for (const [id, what] of admitted) {
      const resource = resourceOf(id);
      if (what === 'series') await stall?.(signal);
      if (signal?.aborted) yield { kind: 'unreadable', scope: resource, reason: 'timeout', detail: 'no time' };
      else yield readingOf(resource, what, request, meter);
    }
  }

  async function countHosts(filters: readonly HostFilter[]): Promise<number> {
    return Object.keys(hosts).filter((id) => admits(filters, resourceOf(id))).length;
  }

  return { scope: SCOPE, ingestionDelayMs: 0, price: { usdPerMetric: 0.00001, stated: 'made up' }, read, countHosts };
}

/** Resolves when the signal is aborted, at once where it is already or will never be. */
async function aborted(signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined || signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

function readingOf(resource: Resource, what: Expectation, { span }: ReadRequest, meter: Meter): Reading {
  if (what === 'not_reported') return { kind: 'not_monitored', resource, reason: what, hint: 'install an agent' };
  meter.count('Get', 1);
  if (what === 'stopped_reporting') return { kind: 'not_monitored', resource, reason: what, hint: 'start the agent' };
  if (what !== 'series') return { kind: 'unreadable', scope: resource, reason: what, detail: 'not for you' };
  const { times, values } = folded(samplesOf(span.statistic), span);
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
  const read = () => failing(new SourceError('the role is denied', { reason: 'denied', retryable: false }));
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
