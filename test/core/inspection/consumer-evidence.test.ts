import { describe, expect, it } from 'vitest';
import { EXPLAINED_HOSTS, explainLeaks } from '../../../core/inspection/attribute-leaks.ts';
import { createMeter } from '../../../core/inspection/run-summary.ts';
import type { LeakingHost } from '../../../core/model/inspected-host.ts';
import type { Reading, Resource, Span } from '../../../core/model/series.ts';
import type { Exhaustion } from '../../../core/model/verdict.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import type { MemorySource } from '../../../core/ports/memory-source.ts';
import { aLeakingVerdict, aResource, HOUR, NOON } from '../../fixtures/builders.ts';
import { consumerSeries, EVIDENCE, GIB, HOURS, hostSeries, process, type Usage } from '../detector/consumers.ts';

const leak: Usage = (hour) => (1 + Math.max(0, hour) / HOURS) * GIB;

function leaking(id: string, overrides: Partial<LeakingHost['verdict']> = {}, exhaustion?: Exhaustion): LeakingHost {
  const evidence = exhaustion ? { ...EVIDENCE, exhaustion } : EVIDENCE;
  const series = hostSeries(leak, { resource: aResource({ id }) });
  return { kind: 'evaluated', series, verdict: aLeakingVerdict({ evidence, ...overrides }) };
}

/** A source whose hosts all run one process, with the hosts and spans that were requested. */
function aSource(consumers?: (host: Resource) => AsyncIterable<Reading>) {
  const requested: { id: string; span: Span }[] = [];
  const source: MemorySource = {
    scope: { provider: 'aws', account: '111122223333', region: 'eu-west-1' },
    ingestionDelayMs: 0,
    async *read() {},
    async *consumers(host, span) {
      requested.push({ id: host.id, span });
      if (consumers) yield* consumers(host);
      else yield consumerSeries(process('node'), leak, { resource: host });
    },
  };
  return { source, requested };
}

function explained(
  hosts: readonly LeakingHost[],
  source: MemorySource,
  worthExplaining?: (host: LeakingHost) => boolean,
): Promise<LeakingHost[]> {
  return Array.fromAsync(
    explainLeaks(hosts, { source, meter: createMeter(), ...(worthExplaining && { worthExplaining }) }),
  );
}

const idsOf = (hosts: readonly LeakingHost[]) => hosts.map(({ series }) => series.resource.id);

describe('explainLeaks', () => {
  it('reads means over the segment that decided, and finds who grew', async () => {
    const { source, requested } = aSource();

    const [host] = await explained([leaking('i-1')], source);

    expect(requested).toEqual([
      {
        id: 'i-1',
        span: { window: { start: NOON - HOURS * HOUR, end: NOON }, periodMs: HOUR / 4, statistic: 'average' },
      },
    ]);
    expect(host?.attribution).toMatchObject({ kind: 'attributed', grown: [{ consumer: { name: 'node' } }] });
    expect(host?.unread).toBeUndefined();
  });

  it('reads nothing of hosts that are not worth explaining', async () => {
    const { source, requested } = aSource();

    const hosts = await explained(
      [leaking('i-1'), leaking('i-2')],
      source,
      ({ series }) => series.resource.id === 'i-2',
    );

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
