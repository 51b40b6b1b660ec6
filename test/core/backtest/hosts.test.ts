import { describe, expect, it } from 'vitest';
import type { Episode } from '../../../core/backtest/episode.ts';
import { type Backtested, backtestHosts } from '../../../core/backtest/hosts.ts';
import { replayRegion } from '../../../core/backtest/replay-region.ts';
import { sendEverything } from '../../../core/incidents/decide.ts';
import { runInspection } from '../../../core/inspection/run-inspection.ts';
import { createMeter } from '../../../core/inspection/run-summary.ts';
import { admits } from '../../../core/model/host-filter.ts';
import { LEAK_METRIC } from '../../../core/model/metrics.ts';
import { effectivePolicy, type HostPolicies, uniformPolicy } from '../../../core/model/policy.ts';
import type { Reading, Resource, Series } from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import type { MemorySource, ReadRequest } from '../../../core/ports/memory-source.ts';
import { aResource, aTenantConfig, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { createMemoryPublisher, createMemoryQueue } from '../../memory/messaging.ts';
import { createMemoryRunStores } from '../../memory/run-stores.ts';
import {
  createMemoryConfigStore,
  createMemoryEventLog,
  createMemoryHealthStore,
  createMemoryIncidentStore,
  createMemoryRequestLog,
  createMemoryRunLog,
} from '../../memory/stores.ts';
import { aPast, aReplay, growing } from './replays.ts';

const { provider, account, region } = aResource();

/** Knows entire pasts, and answers each read with the samples in its window. Keeps the requests. */
function aSource(readings: readonly Reading[], fail?: () => void) {
  const requests: ReadRequest[] = [];
  const source: MemorySource = {
    scope: { provider, account, region },
    ingestionDelayMs: 5 * MINUTE,
    async *read(request) {
      requests.push(request);
      for (const reading of readings) {
        if (reading.kind !== 'series') yield reading;
        else if (admits(request.filters, reading.resource)) yield within(reading, request);
      }
      fail?.();
    },
  };
  return { source, requests };
}

function within(series: Series, { span }: ReadRequest): Series {
  const { start, end } = span.window;
  const kept = [...series.times.keys()].filter((index) => {
    const time = series.times[index] ?? 0;
    return time >= start && time < end;
  });
  const pick = (values: Float64Array) => Float64Array.from(kept, (index) => values[index] ?? Number.NaN);
  return { ...series, ...span, times: pick(series.times), values: pick(series.values) };
}

const host = (id: string, usedAt: (hour: number) => number) => aPast(200, usedAt, { resource: aResource({ id }) });

/** Leaks, is restarted, leaks again faster. */
const twice = (hour: number) =>
  hour < -50 ? growing({ from: -90 })(hour) : growing({ from: -30, perHour: 0.03 })(hour);

async function replay(
  source: MemorySource,
  overrides: Partial<ReturnType<typeof aReplay>> = {},
): Promise<Backtested[]> {
  const times = aReplay(overrides);
  return backtested(source, times.policies.map(uniformPolicy), times);
}

function backtested(source: MemorySource, policies: readonly HostPolicies[], times = aReplay()): Promise<Backtested[]> {
  const { ingestionDelayMs: _, ...plan } = times;
  return Array.fromAsync(
    backtestHosts({ ...plan, policies, metric: LEAK_METRIC, source, filters: [], meter: createMeter() }),
  );
}

describe('backtestHosts', () => {
  it('replays each host under its own policy', async () => {
    const strict = effectivePolicy({ threshold: 0.95 });
    const policies = {
      common: effectivePolicy(),
      of: ({ id }: Resource) => (id === 'db' ? strict : effectivePolicy()),
    };
    const { source } = aSource([host('web', () => 0.4), host('db', () => 0.4)]);

    const replayed = await backtested(source, [policies]);

    const thresholds = replayed.map(
      (one) => one.kind === 'replayed' && one.replays.map(({ policy }) => policy.threshold),
    );
    expect(thresholds).toEqual([[0.7], [0.95]]);
  });

  it('reads each host once, from the first window of the longest policy to the end of the last one', async () => {
    const { source, requests } = aSource([host('flat', () => 0.4)]);
    const policies = [effectivePolicy(), effectivePolicy({ lookBackHours: 120 })];

    await replay(source, { policies });

    expect(requests.map(({ span }) => span)).toEqual([
      {
        window: { start: NOON - (47 + 120) * HOUR - 15 * MINUTE, end: NOON - 15 * MINUTE },
        periodMs: 15 * MINUTE,
        statistic: 'minimum',
      },
    ]);
  });

  it('yields hosts that were not read, and keeps those before the source failed', async () => {
    const bare: Reading = { kind: 'not_monitored', resource: aResource(), reason: 'not_reported', hint: 'install' };
    const { source } = aSource([bare, host('flat', () => 0.4)], () => {
      throw new SourceError('the role was taken away', { reason: 'denied', retryable: false });
    });

    const results = await replay(source);

    expect(results.map(({ kind }) => kind)).toEqual(['not_monitored', 'replayed', 'unreadable']);
    expect(results[2]).toMatchObject({ scope: { account }, reason: 'denied', detail: 'the role was taken away' });
  });

  it('does not take a mistake in the code for a failed read', async () => {
    const { source } = aSource([], () => {
      throw new TypeError('undefined is not a function');
    });

    await expect(replay(source)).rejects.toThrow(TypeError);
  });

  it('reads nothing where no inspection was due', async () => {
    const { source, requests } = aSource([host('flat', () => 0.4)]);

    expect(await replay(source, { from: NOON, to: NOON + MINUTE })).toEqual([]);
    expect(requests).toEqual([]);
  });
});

describe('a replay of hourly inspections', () => {
  it('reports exactly what the inspections published', async () => {
    const { source } = aSource([host('flat', () => 0.4), host('leaks', growing({ from: -60 })), host('twice', twice)]);
    const period = { from: NOON - 100 * HOUR, to: NOON };

    const published = await inspectHourly(source, period);
    const replayed = await replay(source, period);

    const reported = replayed.flatMap((result) =>
      result.kind === 'replayed'
        ? (result.replays[0]?.episodes ?? []).flatMap((episode) => eventsOf(result.series.resource.id, episode))
        : [],
    );
    expect(reported.toSorted()).toEqual(published.toSorted());
    expect(new Set(published.map((text) => text.split(' ')[1]))).toEqual(
      new Set(['suspected', 'opened', 'worse', 'recovered']),
    );
  });
});

/** What the production use case publishes when an inspection is requested every hour: `host kind hour`. */
async function inspectHourly(source: MemorySource, { from, to }: { from: number; to: number }): Promise<string[]> {
  const config = aTenantConfig({ tenant: 'acme' });
  const configs = createMemoryConfigStore();
  await configs.put(config, 0, 'external', from);
  const publisher = createMemoryPublisher();
  await publisher.ensureTopic('acme');
  const ports = {
    configs,
    incidents: createMemoryIncidentStore(),
    runs: createMemoryRunLog(() => to),
    health: createMemoryHealthStore(),
    publisher,
    log: createMemoryEventLog(),
    decide: sendEverything,
    queue: createMemoryQueue(),
    requests: createMemoryRequestLog(() => to),
    provider: 'aws' as const,
    replay: replayRegion,
    ...createMemoryRunStores(),
    openSource: () => source,
  };
  const published: string[] = [];
  for (let at = from + HOUR; at <= to; at += HOUR) {
    const before = publisher.published.get('acme')?.length ?? 0;
    const scheduledTime = new Date(at).toISOString();
    const message = { version: 1, tenant: 'acme', provider: 'aws', account, scheduledTime } as const;
    await runInspection({ message, metric: LEAK_METRIC }, ports, { now: at, remainingMs: () => 300_000 });
    for (const { data } of publisher.published.get('acme')?.slice(before) ?? []) {
      published.push(`${data.host.id} ${data.kind} ${(at - NOON) / HOUR}`);
    }
  }
  return published;
}

function eventsOf(id: string, { suspectedAt, openedAt, worse, endedAt }: Episode): string[] {
  const event = (kind: string, at: number | null) => (at === null ? [] : [`${id} ${kind} ${(at - NOON) / HOUR}`]);
  return [
    ...event('suspected', suspectedAt),
    ...event('opened', openedAt),
    ...worse.flatMap(({ at }) => event('worse', at)),
    ...event(openedAt === null ? 'cleared' : 'recovered', endedAt),
  ];
}
