/** What the probe sends, as the receiver takes it. */
import { describe, expect, it } from 'vitest';
import { decodeMetrics } from '../../adapters/otlp/decode.ts';
import { foldMetrics, READ_METRICS } from '../../core/ingest/fold.ts';
import { metricsRequestOf } from '../../probe/otlp.ts';
import { MINUTE, processOf, sweepAt } from './builders.ts';

const START = Date.UTC(2026, 10, 20);

describe('a request of the probe', () => {
  const host = { id: 'h-1', name: 'web-1', os: 'linux', labels: { 'service.name': 'checkout' } };
  const java = processOf(7, { name: 'java', startedAt: START - MINUTE, data: 30, stack: 2, swap: 0 });
  const sweeps = [sweepAt(START, java), sweepAt(START + MINUTE, { ...java, data: 40 })];
  const body = Buffer.from(JSON.stringify(metricsRequestOf(host, sweeps)));
  const folded = foldMetrics(
    decodeMetrics(body, 'json', READ_METRICS),
    { keepAttributes: [], commandPatterns: [] },
    START + MINUTE,
  );

  it('is taken with all of its points', () => {
    expect(folded.rejectedPoints).toEqual({});
    expect(folded.hosts).toEqual([
      { id: 'h-1', name: 'web-1', labels: { 'os.type': 'linux', 'service.name': 'checkout' } },
    ]);
  });

  it('is one series for the memory of the host, with its limit, and one for each size of a process', () => {
    const times = [START, START + MINUTE];
    const process = expect.objectContaining({ name: 'java', pid: 7, startedAt: START - MINUTE });
    expect(folded.series).toEqual(
      expect.arrayContaining([
        { host: 'h-1', metric: 'system.memory.usage', limit: 1000, times, values: [400, 400] },
        { host: 'h-1', process, metric: 'process.memory.usage', times, values: [7168, 7168] },
        { host: 'h-1', process, metric: 'plimsoll.process.memory.data', times, values: [30, 40] },
        { host: 'h-1', process, metric: 'plimsoll.process.memory.stack', times, values: [2, 2] },
        { host: 'h-1', process, metric: 'plimsoll.process.memory.swap', times, values: [0, 0] },
      ]),
    );
  });
});
