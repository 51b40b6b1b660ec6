/** Chunks of samples, as they are stored: of one account and one hour. */
import type { SampleSeries, SentHost, SentProcess } from './sample.ts';

/** Milliseconds of a chunk. */
export const CHUNK_MS = 3_600_000;

/** Samples of one hour: those of the hosts themselves, or those of the processes of some of them. */
export interface SampleChunk {
  readonly hosts: readonly SentHost[];
  readonly series: readonly SampleSeries[];
}

/** Epoch milliseconds of the beginning of the hour in which a moment is. */
export function hourOf(time: number): number {
  return Math.floor(time / CHUNK_MS) * CHUNK_MS;
}

/**
 * Puts chunks together, with one of each host, process, metric and moment.
 *
 * In order of host, process, metric and time, so that the same samples make the same series in whatever order they come. Of a moment with
 * two values the greater one is kept. A host is described as the last of the chunks has it.
 */
export function combineChunks(chunks: Iterable<SampleChunk>): SampleChunk {
  const hosts = new Map<string, SentHost>();
  const all = new Map<string, SampleSeries>();
  for (const chunk of chunks) {
    for (const host of chunk.hosts) hosts.set(host.id, host);
    for (const series of chunk.series) {
      const key = seriesKey(series);
      const known = all.get(key);
      all.set(key, known === undefined ? inOrder(series) : combined(known, series));
    }
  }
  return {
    hosts: [...hosts].toSorted(byKey).map(([, host]) => host),
    series: [...all].toSorted(byKey).map(([, series]) => series),
  };
}

/** Most series come in order already, and once. */
function inOrder(series: SampleSeries): SampleSeries {
  const { times } = series;
  for (let index = 1; index < times.length; index++)
    if ((times[index] ?? 0) <= (times[index - 1] ?? 0)) return combined(series, { ...series, times: [], values: [] });
  return series;
}

function combined(known: SampleSeries, further: SampleSeries): SampleSeries {
  const values = new Map<number, number>();
  addSamples(values, known);
  addSamples(values, further);
  const samples = [...values].sort(([a], [b]) => a - b);
  return { ...known, times: samples.map(([time]) => time), values: samples.map(([, value]) => value) };
}

function addSamples(known: Map<number, number>, { times, values }: SampleSeries): void {
  for (const [index, time] of times.entries()) {
    const value = values[index];
    if (value !== undefined) known.set(time, Math.max(value, known.get(time) ?? value));
  }
}

/** A process without the moment of its start is another one than that of the same pid with it: nobody knows whether they are the same. */
function processKey({ name, pid, startedAt, command }: SentProcess): string {
  return JSON.stringify([name, pid, startedAt ?? null, command ?? null]);
}

function seriesKey({ host, process, metric, limit, part }: SampleSeries): string {
  const key = [host, process === undefined ? null : processKey(process), metric, limit ?? null];
  return JSON.stringify(part === undefined ? key : [...key, part]);
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
