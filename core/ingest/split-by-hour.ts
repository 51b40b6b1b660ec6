/** Divides batches into chunks: what is stored is of one account and one hour. */
import type { SampleBatch, SampleSeries, SentHost } from '../model/sample.ts';
import { combineChunks, hourOf, type SampleChunk } from '../model/sample-chunk.ts';
import type { SampleScope } from '../ports/sample-store.ts';

export interface HourChunk {
  readonly of: SampleScope;
  /** Epoch milliseconds of its beginning. */
  readonly hour: number;
  readonly chunk: SampleChunk;
}

/** One chunk of each account and hour. A host of which a batch has no sample at all is of the hour in which it was received. */
export function splitByHour(batches: readonly SampleBatch[]): HourChunk[] {
  const parts = new Map<string, { of: SampleScope; hour: number; chunks: SampleChunk[] }>();
  const inOrder = batches.toSorted((a, b) => a.receivedAt - b.receivedAt);
  for (const batch of inOrder) {
    const { tenant, account } = batch;
    for (const [hour, chunk] of hoursOf(batch)) {
      const key = JSON.stringify([tenant, account, hour]);
      const part = parts.get(key) ?? { of: { tenant, account }, hour, chunks: [] };
      part.chunks.push(chunk);
      parts.set(key, part);
    }
  }
  return [...parts.values()].map(({ of, hour, chunks }) => ({ of, hour, chunk: combineChunks(chunks) }));
}

function hoursOf(batch: SampleBatch): Map<number, SampleChunk> {
  const hosts = new Map(batch.hosts.map((host) => [host.id, host]));
  const series = new Map<number, SampleSeries[]>();
  const sampled = new Set<string>();
  for (const one of batch.series) {
    sampled.add(one.host);
    for (const [hour, part] of partsOf(one)) append(series, hour, part);
  }
  const chunks = new Map<number, SampleChunk>();
  for (const [hour, parts] of series) chunks.set(hour, { hosts: hostsOf(parts, hosts), series: parts });
  const others = batch.hosts.filter(({ id }) => !sampled.has(id));
  if (others.length === 0) return chunks;
  const received = hourOf(batch.receivedAt);
  const known = chunks.get(received);
  return chunks.set(received, { hosts: [...(known?.hosts ?? []), ...others], series: known?.series ?? [] });
}

function hostsOf(series: readonly SampleSeries[], hosts: ReadonlyMap<string, SentHost>): SentHost[] {
  return [...new Set(series.map(({ host }) => host))].map((id) => hosts.get(id) ?? { id });
}

/** A series by the hours of its samples. */
function partsOf(series: SampleSeries): [hour: number, part: SampleSeries][] {
  const { times, values } = series;
  const parts = new Map<number, { times: number[]; values: number[] }>();
  for (const [index, time] of times.entries()) {
    const hour = hourOf(time);
    const part = parts.get(hour) ?? { times: [], values: [] };
    const value = values[index];
    if (value === undefined) continue;
    part.times.push(time);
    part.values.push(value);
    parts.set(hour, part);
  }
  return [...parts].map(([hour, part]) => [hour, { ...series, ...part }]);
}

function append<Value>(lists: Map<number, Value[]>, key: number, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
