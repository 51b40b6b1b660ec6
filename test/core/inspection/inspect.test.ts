import { describe, expect, it } from 'vitest';
import { detect } from '../../../core/detector/detect.ts';
import { inspect } from '../../../core/inspection/inspect.ts';
import { createMeter } from '../../../core/inspection/run-summary.ts';
import { inspectionSpans } from '../../../core/inspection/window.ts';
import { admits } from '../../../core/model/host-filter.ts';
import type { Inspected } from '../../../core/model/inspected-host.ts';
import { LEAK_METRIC } from '../../../core/model/metrics.ts';
import { DEFAULT_POLICY, effectivePolicy, type Policy } from '../../../core/model/policy.ts';
import type { Reading, Resource } from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import type { MemorySource, ReadRequest } from '../../../core/ports/memory-source.ts';
import { aResource, aSeries, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';

const SCOPE = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;
const POINTS = 400;

/** 100 h of memory in use, with a little noise so that it is not suspiciously smooth. */
const curve = (value: (point: number) => number) =>
  Array.from({ length: POINTS }, (_, point) => value(point) + 0.001 * Math.sin(point * 12.9898));
const FLAT = curve(() => 0.4);
const LEAK = curve((point) => 0.2 + (0.6 * point) / POINTS);

/** A source that answers the first read with `readings` and keeps the requests. */
function aSource(readings: readonly Reading[], fail?: (read: number) => void) {
  const requests: ReadRequest[] = [];
  const source: MemorySource = {
    scope: SCOPE,
    ingestionDelayMs: 5 * MINUTE,
    async *read(request) {
      requests.push(request);
      for (const reading of readings) {
        if (reading.kind !== 'series' || admits(request.filters, reading.resource)) yield reading;
      }
      fail?.(requests.length);
    },
  };
  return { source, requests };
}

async function run(
  source: MemorySource,
  policyOf: (host: Resource) => Policy = () => DEFAULT_POLICY,
): Promise<Inspected[]> {
  return Array.fromAsync(
    inspect({
      source,
      metric: LEAK_METRIC,
      spans: inspectionSpans(NOON, source, DEFAULT_POLICY),
      filters: [],
      policyOf,
      meter: createMeter(),
    }),
  );
}

const states = (inspected: readonly Inspected[]) =>
  inspected.map((one) => (one.kind === 'evaluated' ? one.verdict.state : one.kind));

const host = (id: string, values: readonly number[]) => aSeries(values, { resource: aResource({ id }) });

describe('inspect', () => {
  it('reads 100 h of fifteen-minute minima that end before the ingestion delay', async () => {
    const { source, requests } = aSource([host('flat', FLAT)]);

    await run(source);

    expect(requests.map(({ span }) => span)).toEqual([
      {
        window: { start: NOON - 100 * HOUR - 15 * MINUTE, end: NOON - 15 * MINUTE },
        periodMs: 15 * MINUTE,
        statistic: 'minimum',
      },
    ]);
  });

  it('evaluates each host under its own policy', async () => {
    const series = [host('web', FLAT), host('db', FLAT)];
    const policyOf = ({ id }: Resource) => effectivePolicy({ prior: id === 'db' ? 0.5 : 0.02 });

    const inspected = await run(aSource(series).source, policyOf);

    const expected = series.map((one) => detect(one, policyOf(one.resource)));
    expect(inspected.map((one) => one.kind === 'evaluated' && one.verdict)).toEqual(expected);
    expect(expected[0]).not.toEqual(expected[1]);
  });

  describe('compares the hosts of a group', () => {
    const member = (id: string, values: readonly number[]) => {
      return aSeries(values, { resource: aResource({ id, group: 'web' }) });
    };
    /** Steady for 88 h, then a rise that may be load as well as a leak. */
    const rise = (points: number) => curve((point) => 0.4 + points * Math.max(0, (point - 352) / 48));
    const votesOf = (inspected: readonly Inspected[]) =>
      inspected.flatMap((one) => {
        if (one.kind !== 'evaluated' || one.verdict.state === 'insufficient_data') return [];
        const { id } = one.series.resource;
        return [{ id, reasons: one.verdict.evidence.votes.map(({ reason }) => reason) }];
      });

    it('once all of them are read, and only those that may leak', async () => {
      const { source } = aSource([member('leaker', LEAK), member('a', FLAT), member('b', FLAT)]);

      expect(votesOf(await run(source))).toEqual([
        { id: 'a', reasons: ['curve'] },
        { id: 'b', reasons: ['curve'] },
        { id: 'leaker', reasons: ['curve', 'siblings_do_not_rise'] },
      ]);
    });

    it('and is less sure of a rise that all of them have', async () => {
      const alone = await run(aSource([member('a', rise(0.1))]).source);
      const together = await run(aSource(['a', 'b', 'c'].map((id) => member(id, rise(0.1)))).source);

      const sureness = ([one]: readonly Inspected[]) =>
        one?.kind === 'evaluated' && one.verdict.state !== 'insufficient_data' ? one.verdict.evidence.confidence : 0;
      expect(sureness(together)).toBeLessThan(sureness(alone));
      expect(votesOf(together).map(({ reasons }) => reasons)).toEqual(Array(3).fill(['curve', 'siblings_rise']));
    });

    it('but not those of other groups', async () => {
      const other = aSeries(FLAT, { resource: aResource({ id: 'db-1', group: 'db' }) });
      const { source } = aSource([member('leaker', LEAK), other]);

      expect(votesOf(await run(source))).toContainEqual({ id: 'leaker', reasons: ['curve'] });
    });
  });

  it('reads finer samples of suspects only', async () => {
    const { source, requests } = aSource([host('flat', FLAT), host('leaker', LEAK)]);

    const inspected = await run(source);

    expect(states(inspected)).toEqual(['steady', 'leaking']);
    expect(requests[1]?.span).toMatchObject({ periodMs: 5 * MINUTE, statistic: 'average' });
    expect(requests[1]?.filters).toEqual([{ include: [{ id: 'leaker' }] }]);
    expect(inspected[1]).toMatchObject({ recent: { kind: 'series' } });
  });

  it('yields hosts that were not read, and goes on with the others', async () => {
    const denied: Reading = { kind: 'unreadable', scope: aResource(), reason: 'denied', detail: 'no' };
    const bare: Reading = { kind: 'not_monitored', resource: aResource(), reason: 'not_reported', hint: 'install' };
    const { source } = aSource([denied, bare, host('flat', FLAT)]);

    expect(states(await run(source))).toEqual(['unreadable', 'not_monitored', 'steady']);
  });

  it('keeps the hosts before the source failed, and reports that the rest is missing', async () => {
    const { source } = aSource([host('flat', FLAT)], () => {
      throw new SourceError('the role was taken away', { reason: 'denied', retryable: false });
    });

    const inspected = await run(source);

    expect(states(inspected)).toEqual(['steady', 'unreadable']);
    expect(inspected[1]).toMatchObject({ scope: SCOPE, reason: 'denied', detail: 'the role was taken away' });
  });

  it('keeps a finding whose finer samples cannot be read', async () => {
    const { source } = aSource([host('leaker', LEAK)], (read) => {
      if (read === 2) throw new SourceError('slow down', { reason: 'throttled', retryable: true });
    });

    const inspected = await run(source);

    expect(states(inspected)).toEqual(['leaking']);
  });

  it('does not take a mistake in the code for a failed read', async () => {
    const { source } = aSource([], () => {
      throw new TypeError('undefined is not a function');
    });

    await expect(run(source)).rejects.toThrow(TypeError);
  });
});
