/** What a line of all samples of a host states beside them. */
import { describe, expect, it } from 'vitest';
import type { TraceOptions } from '../../../adapters/trace-file/options.ts';
import { traceFileSource } from '../../../adapters/trace-file/source.ts';
import { MEMORY_UTILIZATION, type Reading, type Resource } from '../../../core/model/series.ts';
import type { MeanSpan } from '../../../core/ports/memory-source.ts';
import { MINUTE } from '../../fixtures/builders.ts';
import { iso, LAST_HOUR, samplesOf, write } from './files.ts';

const METER = { count() {} };
const GRID = { id: 'web-1', step: 300, start: iso(0), v: [40, 41, 42, 43] };
const MEANS: MeanSpan = { ...LAST_HOUR, periodMs: 5 * MINUTE, statistic: 'average' };

async function opened(line: object, options: TraceOptions = {}) {
  const files = await write({ 'x.ndjson': `${JSON.stringify({ ...GRID, ...line })}\n` });
  const source = traceFileSource({ files, ...options });
  const request = { metric: MEMORY_UTILIZATION, span: LAST_HOUR, filters: [] };
  const readings: Reading[] = await Array.fromAsync(source.read(request, METER));
  const host = readings.find((reading) => reading.kind === 'series')?.resource;
  const faults = readings.flatMap((reading) => (reading.kind === 'unreadable' ? [reading.detail] : []));
  const consumersOf = (one: Resource | undefined) =>
    one === undefined ? [] : Array.fromAsync(source.consumers?.(one, MEANS, METER) ?? []);
  return { host, faults, consumers: await consumersOf(host), deployments: host && source.deployments?.(host) };
}

describe('a line of all samples of a host', () => {
  it('states the group of its host', async () => {
    const { host, faults } = await opened({ group: 'web' });

    expect(host).toMatchObject({ id: 'web-1', group: 'web' });
    expect(faults).toEqual([]);
  });

  it('states its consumers as fractions of the capacity where that is not known', async () => {
    const { consumers } = await opened({ consumers: [{ name: 'java', kind: 'process', v: [10, null, 12, 13] }] });

    expect(consumers).toMatchObject([{ consumer: { kind: 'process', name: 'java' }, unit: '1', limit: 1 }]);
    expect(consumers.map(samplesOf)).toEqual([
      [
        [0, 0.1],
        [10, 0.12],
        [15, 0.13],
      ],
    ]);
  });

  it('states its consumers in bytes where the capacity is known', async () => {
    const java = { name: 'java', kind: 'container', v: [10, 20, 30, 40] };

    const { consumers } = await opened({ consumers: [java] }, { capacity: 1000 });

    expect(consumers).toMatchObject([{ consumer: { kind: 'container', name: 'java' }, unit: 'By', limit: 1000 }]);
    expect(samplesOf(consumers[0])?.map(([, value]) => value)).toEqual([100, 200, 300, 400]);
  });

  it('has no sample of a consumer before it began or after it ended', async () => {
    const { consumers } = await opened({ consumers: [{ name: 'job', v: [0, 20, 30, 0], since: 1, until: 3 }] });

    expect(samplesOf(consumers[0])?.map(([minute]) => minute)).toEqual([5, 10]);
  });

  it('states what was deployed, in order', async () => {
    const { deployments } = await opened({
      deployments: [
        { time: iso(10), version: '2' },
        { time: iso(5), version: '1' },
      ],
    });

    expect(deployments).toEqual([
      { time: Date.parse(iso(5)), version: '1' },
      { time: Date.parse(iso(10)), version: '2' },
    ]);
  });

  it('has no consumers where it states none, and reports that', async () => {
    const { consumers } = await opened({});

    expect(consumers).toMatchObject([{ kind: 'not_monitored', reason: 'unsupported' }]);
  });

  it.each<[string, object, RegExp]>([
    ['a group that is no text', { group: 7 }, /group left out/],
    ['consumers that are no list', { consumers: 'java' }, /consumers left out/],
    ['a consumer without a name', { consumers: [{ v: [1] }] }, /consumers left out.*name/],
    ['a consumer that uses less than nothing', { consumers: [{ name: 'a', v: [-1] }] }, /consumers left out/],
    ['a consumer that uses far more than the host', { consumers: [{ name: 'a', v: [5000] }] }, /ten times.*\(a\)/],
    ['a consumer with more samples than the host', { consumers: [{ name: 'a', v: [1, 1, 1, 1, 1] }] }, /more samples/],
    ['a consumer that ends before it begins', { consumers: [{ name: 'a', v: [1], since: 3, until: 2 }] }, /in order/],
    ['a deployment without a time', { deployments: [{ version: '1' }] }, /deployments left out/],
    ['a deployment at no time', { deployments: [{ time: 'noon', version: '1' }] }, /deployments left out.*noon/],
  ])('is read without %s, which is stated once', async (_, line, fault) => {
    const { host, faults } = await opened(line);

    expect(host?.id).toBe('web-1');
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(fault);
  });

  it('passes fields over that it does not know', async () => {
    const { host, faults } = await opened({ leaker: 'java', colour: 'blue' });

    expect(host?.id).toBe('web-1');
    expect(faults).toEqual([]);
  });
});
