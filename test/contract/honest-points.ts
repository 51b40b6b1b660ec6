/** A source of points without a provider, as honest as one can be: what liars are made of. */
import { admits } from '../../core/model/host-filter.ts';
import { POINT_METRICS, pointMetric } from '../../core/model/point-metrics.ts';
import type { Part, PointMetric, PointReading } from '../../core/model/points.ts';
import { partText } from '../../core/model/points.ts';
import type { Resource, Scope } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { MemorySource, Meter, PointsRequest } from '../../core/ports/memory-source.ts';
import { failing } from '../fixtures/failing.ts';
import type { DeadPointWorld, PointWorld, UnknownFeedWorld } from './point-source-world.ts';

const MINUTE = 60_000;
const END = Date.UTC(2026, 10, 20, 12);
const WINDOW = { start: END - 60 * MINUTE, end: END };
const PERIOD = 5 * MINUTE;
const SCOPE: Scope = { provider: 'aws', account: '111122223333', region: 'eu-west-1' };
const CPU = 'system.cpu.utilization';
const DISK = 'system.filesystem.utilization';
const ERRORS = 'system.network.errors';
const DISKS: readonly Part[] = [{ mountpoint: '/' }, { mountpoint: '/var' }];
const METRICS: readonly PointMetric[] = POINT_METRICS.filter(({ name }) => [CPU, DISK, ERRORS].includes(name));
const REQUEST = { metrics: METRICS, window: WINDOW, periodMs: PERIOD };

/** By host and metric: the parts that it has. `i-bare` has no agent, and its processor is measured all the same. */
const PARTS: Readonly<Record<string, Readonly<Record<string, readonly Part[]>>>> = {
  'i-known': { [CPU]: [{}], [DISK]: DISKS, [ERRORS]: [{}] },
  'i-other': { [CPU]: [{}], [DISK]: DISKS, [ERRORS]: [{}] },
  'i-bare': { [CPU]: [{}], [DISK]: [], [ERRORS]: [] },
};

const EXPECTED: PointWorld['hosts'] = {
  'i-known': { [CPU]: ['points'], [DISK]: ['mountpoint=/', 'mountpoint=/var'], [ERRORS]: ['points'] },
  'i-other': { [CPU]: ['points'], [DISK]: ['mountpoint=/', 'mountpoint=/var'], [ERRORS]: ['points'] },
  'i-bare': { [CPU]: ['points'], [DISK]: ['not_reported'], [ERRORS]: ['not_reported'] },
};

export type PointLie = (honest: MemorySource) => MemorySource;

const honestly: PointLie = (source) => source;

export function honestPointWorld(lie: PointLie = honestly): PointWorld {
  return {
    open: () => lie(honestPoints()),
    request: REQUEST,
    hosts: EXPECTED,
    billed: 9,
    known: { id: 'i-known', billed: 4 },
    truths: METRICS.flatMap(({ name }) =>
      (PARTS['i-known']?.[name] ?? []).map((part) => ({
        id: 'i-known',
        metric: name,
        part: partText(part),
        ...pointsOf(name, part),
      })),
    ),
  };
}

/** A world in which one host is forbidden. */
export function forbiddenPointWorld(lie: PointLie = honestly): PointWorld {
  const denied = Object.fromEntries(METRICS.map(({ name }) => [name, ['denied']]));
  return {
    ...honestPointWorld(),
    open: () => lie(honestPoints('i-other')),
    hosts: { ...EXPECTED, 'i-other': denied },
  };
}

export function deadPointWorld(lie: PointLie = honestly): DeadPointWorld {
  const points = () => failing(new SourceError('the role is denied', { reason: 'denied', retryable: false }));
  return { open: () => lie({ ...honestPoints(), points }), request: REQUEST, reason: 'denied', retryable: false };
}

export function unknownFeedWorld(lie: PointLie = honestly): UnknownFeedWorld {
  const feed = { entity: ['host'], parents: [], children: [], column: 'queue_length' };
  const metric: PointMetric = { ...(pointMetric(CPU) as PointMetric), name: 'app.queue', feed };
  return { open: () => lie(honestPoints()), request: { ...REQUEST, metrics: [metric] } };
}

/** A gap in each curve, and errors of some periods alone. */
function pointsOf(metric: string, part: Part) {
  const periods = Array.from({ length: 12 }, (_, period) => period).filter((period) => period !== 3);
  const reported = metric === ERRORS ? periods.filter((period) => period % 4 === 0) : periods;
  const level = metric === ERRORS ? 10 : 0.2 + partText(part).length / 100;
  return {
    times: reported.map((period) => WINDOW.start + period * PERIOD),
    values: reported.map((period) => level + period / 100),
  };
}

/** @param forbidden The id of a host that nobody may read. */
function honestPoints(forbidden?: string): MemorySource {
  async function* points(request: PointsRequest, meter: Meter, signal?: AbortSignal): AsyncGenerator<PointReading> {
    if (signal?.aborted) throw new SourceError('no time', { reason: 'timeout', retryable: true });
    meter.count('List');
    const feeds = request.metrics.filter(({ feed }) => feed);
    for (const { name: metric } of feeds) yield { kind: 'unreadable', scope: SCOPE, metric, ...UNKNOWN };
    for (const id of Object.keys(PARTS)) {
      const resource: Resource = { ...SCOPE, id };
      if (!admits(request.filters, resource)) continue;
      if (signal?.aborted)
        yield { kind: 'unreadable', scope: resource, metric: null, reason: 'timeout', detail: 'late' };
      else yield* ofHost(resource, request, meter, id === forbidden);
    }
  }
  return {
    scope: SCOPE,
    ingestionDelayMs: 0,
    price: { usdPerMetric: 0.00001, stated: 'made up' },
    async *read() {},
    points,
  };
}

const UNKNOWN = { reason: 'not_found', detail: 'no host has this metric' } as const;

function* ofHost(
  resource: Resource,
  request: PointsRequest,
  meter: Meter,
  isForbidden: boolean,
): Generator<PointReading> {
  for (const { name, unit, feed } of request.metrics) {
    if (feed) continue;
    const parts = PARTS[resource.id]?.[name] ?? [];
    if (parts.length === 0) {
      const hint = 'Install an agent on the host, which publishes it.';
      yield { kind: 'not_monitored', resource, metric: name, reason: 'not_reported', hint };
      continue;
    }
    meter.count('Get', parts.length);
    if (isForbidden) {
      yield { kind: 'unreadable', scope: resource, metric: name, reason: 'denied', detail: 'not for you' };
      continue;
    }
    for (const part of parts) {
      const { times, values } = pointsOf(name, part);
      const { window, periodMs } = request;
      const found = { times: Float64Array.from(times), values: Float64Array.from(values) };
      yield { kind: 'points', resource, metric: name, part, unit, window, periodMs, ...found };
    }
  }
}
