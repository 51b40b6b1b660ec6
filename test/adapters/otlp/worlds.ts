/** Hosts that have sent their memory, in a store in memory, and what a source should report of them. */
import { otlpSource } from '../../../adapters/otlp/source.ts';
import type { SampleSeries, SentHost } from '../../../core/model/sample.ts';
import { hourOf, type SampleChunk } from '../../../core/model/sample-chunk.ts';
import {
  MEMORY_USAGE,
  MEMORY_UTILIZATION,
  PAGING_USAGE,
  PROCESS_MEMORY,
  type Span,
  type Statistic,
} from '../../../core/model/series.ts';
import type { SampleStore } from '../../../core/ports/sample-store.ts';
import type { World } from '../../contract/memory-source-world.ts';
import { createMemorySampleStore } from '../../memory/sample-store.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const END = Date.UTC(2026, 10, 29, 12);
export const GIB = 2 ** 30;
export const OF = { tenant: 'acme', account: 'production' };

export const SPAN: Span = {
  window: { start: END - 12 * HOUR, end: END },
  periodMs: 15 * MINUTE,
  statistic: 'average',
};

/** Minutes before the end of the window at which a host sends, every five of them. */
export function minutesTo(from: number, to = 0): number[] {
  return Array.from({ length: Math.floor((from - to) / 5) }, (_, index) => from - 5 * index);
}

/** Stores series by their hours, as the function does that stores what was received. */
export async function send(
  store: SampleStore,
  hosts: readonly SentHost[],
  series: readonly SampleSeries[],
  name = 'a',
): Promise<void> {
  const hours = new Map<number, SampleSeries[]>();
  for (const one of series)
    for (const [hour, indices] of Map.groupBy(one.times.keys(), (index) => hourOf(one.times[index] ?? 0))) {
      const part = {
        ...one,
        times: indices.map((index) => one.times[index] ?? 0),
        values: indices.map((index) => one.values[index] ?? 0),
      };
      hours.set(hour, [...(hours.get(hour) ?? []), part]);
    }
  for (const [hour, parts] of hours) {
    const chunk: SampleChunk = {
      hosts: hosts.filter(({ id }) => parts.some(({ host }) => host === id)),
      series: parts,
    };
    await store.put(OF, hour, name, chunk);
  }
}

/** @param valueAt Of the minutes before the end. */
export function seriesOf(
  host: string,
  minutes: readonly number[],
  valueAt: (minute: number) => number,
  varied: Partial<SampleSeries> = {},
): SampleSeries {
  return {
    host,
    metric: MEMORY_USAGE,
    times: minutes.map((minute) => END - minute * MINUTE),
    values: minutes.map(valueAt),
    ...varied,
  };
}

const LIMIT = 8 * GIB;

/** With a gap of two hours. */
const KNOWN_MINUTES = [...minutesTo(720, 300), ...minutesTo(180)];
const usedAt = (minute: number) => 2 * GIB + (720 - minute) * 1024 * 1024 + ((minute / 5) % 3) * 4096;

/** One host of each kind that there is. */
export async function aWorld(): Promise<World> {
  const store = createMemorySampleStore();
  await send(
    store,
    [
      { id: 'known', name: 'Known', group: 'web', labels: { 'os.type': 'linux' } },
      { id: 'fraction' },
      { id: 'bytes' },
      { id: 'stopped' },
      { id: 'processes' },
      { id: 'too-full' },
    ],
    [
      seriesOf('known', KNOWN_MINUTES, usedAt, { limit: LIMIT }),
      // Less exact than bytes, and so left out.
      seriesOf('known', KNOWN_MINUTES, () => 0.9, { metric: MEMORY_UTILIZATION }),
      seriesOf('known', KNOWN_MINUTES, () => 5 * GIB, {
        metric: PROCESS_MEMORY,
        process: { name: 'java', pid: 1 },
      }),
      seriesOf('known', KNOWN_MINUTES, () => GIB / 4, { metric: PAGING_USAGE }),
      seriesOf('fraction', minutesTo(720), () => 0.5, { metric: MEMORY_UTILIZATION }),
      seriesOf('bytes', minutesTo(720), () => 3 * GIB),
      seriesOf('stopped', minutesTo(720, 240), () => GIB, { limit: LIMIT }),
      seriesOf('processes', minutesTo(60), () => GIB, { metric: PROCESS_MEMORY, process: { name: 'nginx', pid: 9 } }),
      seriesOf('too-full', minutesTo(60), () => 2 * LIMIT, { limit: LIMIT }),
    ],
  );
  return {
    open: () => otlpSource({ ...OF, store }),
    span: SPAN,
    hosts: {
      known: 'series',
      fraction: 'series',
      bytes: 'series',
      stopped: 'stopped_reporting',
      processes: 'not_reported',
      'too-full': 'malformed',
    },
    inventoryCalls: [],
    billed: 0,
    known: { id: 'known', truth },
  };
}

function truth(statistic: Statistic): { times: number[]; values: number[] } {
  const periods = Map.groupBy(KNOWN_MINUTES, (minute) => END - Math.ceil(minute / 15) * 15 * MINUTE);
  const folded = [...periods].map(([time, minutes]): [number, number] => {
    const values = minutes.map((minute) => usedAt(minute) / LIMIT);
    const sum = values.reduce((total, value) => total + value, 0);
    return [
      time,
      { average: sum / values.length, minimum: Math.min(...values), maximum: Math.max(...values) }[statistic],
    ];
  });
  return { times: folded.map(([time]) => time), values: folded.map(([, value]) => value) };
}
