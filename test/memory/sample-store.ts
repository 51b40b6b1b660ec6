/** The store of samples in memory. */
import { CHUNK_MS, combineChunks, hourOf, type SampleChunk } from '../../core/model/sample-chunk.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type { SampleScope, SampleStore } from '../../core/ports/sample-store.ts';

export function createMemorySampleStore(): SampleStore {
  const accounts = new Map<string, Map<number, Map<string, SampleChunk>>>();

  function hoursOf({ tenant, account }: SampleScope): Map<number, Map<string, SampleChunk>> {
    const key = JSON.stringify([tenant, account]);
    const hours = accounts.get(key) ?? new Map<number, Map<string, SampleChunk>>();
    accounts.set(key, hours);
    return hours;
  }

  function chunksIn(of: SampleScope, { start, end }: { start: number; end: number }): SampleChunk[] {
    return [...hoursOf(of)]
      .filter(([hour]) => hour < end && hour + CHUNK_MS > start)
      .sort(([a], [b]) => a - b)
      .flatMap(([, chunks]) => [...chunks.values()]);
  }

  return {
    async put(of, hour, name, chunk) {
      const times = chunk.series.flatMap((series) => series.times);
      if (hourOf(hour) !== hour || times.some((time) => hourOf(time) !== hour))
        throw new ItemError('A sample is not of the hour of its chunk.');
      const chunks = hoursOf(of).get(hour) ?? new Map<string, SampleChunk>();
      hoursOf(of).set(hour, chunks.set(name, structuredClone(chunk)));
    },
    async *hosts(of, window) {
      for (const { hosts, series } of chunksIn(of, window))
        yield { hosts, series: series.filter(({ process }) => process === undefined) };
    },
    async *processes(of, host, window) {
      for (const { series } of chunksIn(of, window)) {
        const own = series.filter((one) => one.process !== undefined && one.host === host);
        if (own.length > 0) yield { hosts: [], series: own };
      }
    },
    async merge(of, window) {
      let gone = 0;
      for (const [hour, chunks] of hoursOf(of)) {
        if (hour < window.start || hour + CHUNK_MS > window.end || chunks.size < 2) continue;
        gone += chunks.size;
        hoursOf(of).set(hour, new Map([['merged', combineChunks(chunks.values())]]));
      }
      return gone;
    },
  };
}
