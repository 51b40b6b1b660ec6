/** The series that a host's memory was read as: with it the detector gives the same verdict again, in a browser too. */
import type { HostMemory } from './host-memory.ts';
import type { Series } from './series.ts';

export type MemorySamples = Pick<
  HostMemory,
  'host' | 'metric' | 'unit' | 'limit' | 'statistic' | 'window' | 'periodSeconds' | 'samples'
>;

export function seriesOfMemory(memory: MemorySamples): Series {
  const { host, metric, unit, limit, statistic, window, periodSeconds, samples } = memory;
  const { provider, account, region, id } = host;
  return {
    kind: 'series',
    resource: { provider, account, region, id },
    metric,
    unit,
    ...(limit !== null && { limit }),
    statistic,
    window: { start: Date.parse(window.start), end: Date.parse(window.end) },
    periodMs: periodSeconds * 1000,
    times: Float64Array.from(samples.times, (seconds) => Math.round(seconds * 1000)),
    values: Float64Array.from(samples.values),
  };
}
