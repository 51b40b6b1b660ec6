/** Reads everything from a source, and states what it should not have done: for sources whose answers were mutated. */
import { MEMORY_UTILIZATION, type Reading } from '../core/model/series.ts';
import { SourceError } from '../core/ports/errors.ts';
import type { MeanSpan, MemorySource } from '../core/ports/memory-source.ts';
import { brokenAmong } from './reading-promises.ts';

const HOUR = 3_600_000;
const METER = { count: () => {} };

/** What one read came to. `broken` is a promise that was not kept, or an error that is no `SourceError`. */
export interface ReadOutcome {
  readonly kind: 'readings' | 'source_error';
  readonly readings: readonly Reading[];
  readonly broken: string | undefined;
}

/** One hour that ends here, in periods of five minutes. */
export function oneHourBefore(end: number): MeanSpan {
  return { window: { start: end - HOUR, end }, periodMs: 300_000, statistic: 'average' };
}

/** Reads all hosts, and the consumers of the first two of them. */
export async function readEverything(source: MemorySource, span: MeanSpan): Promise<ReadOutcome> {
  try {
    const hosts = await Array.fromAsync(source.read({ metric: MEMORY_UTILIZATION, span, filters: [] }, METER));
    const readings = [...hosts];
    for (const host of hosts.filter((reading) => reading.kind === 'series').slice(0, 2)) {
      readings.push(...(await Array.fromAsync(source.consumers?.(host.resource, span, METER) ?? [])));
    }
    return { kind: 'readings', readings, broken: brokenAmong(readings, span) };
  } catch (error) {
    const broken = error instanceof SourceError ? undefined : String(error instanceof Error ? error.stack : error);
    return { kind: 'source_error', readings: [], broken };
  }
}
