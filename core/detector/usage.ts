/** The bytes that a host and its consumers used, or the fractions of its capacity, laid on one grid of periods. */
import type { Consumer, Series, Window } from '../model/series.ts';

/** A consumer's bytes in each period that was collected: NaN where there is no sample of it. */
export interface ConsumerUsage {
  readonly consumer: Consumer;
  readonly bytes: Float64Array;
}

/** All arrays are as long as `times`, which holds the starts of the periods that were collected (epoch ms). */
export interface Usage {
  readonly times: readonly number[];
  readonly periodMs: number;
  /** The host's own memory; null where its bytes are not known. */
  readonly host: Float64Array | null;
  readonly consumers: readonly ConsumerUsage[];
}

/**
 * Lays series on the grid of `window`. A period counts as collected when any consumer has a sample in it, and the host
 * has one where its bytes are known.
 */
export function usageOf(host: Series, consumers: readonly Series[], window: Window, periodMs: number): Usage {
  const slots = Math.max(0, Math.round((window.end - window.start) / periodMs));
  const onGrid = (series: Series) => slotted(series, window.start, periodMs, slots);
  const byConsumer = sumByConsumer(consumers, onGrid);
  const capacity = capacityOf(host, consumers);
  const hostBytes = bytesOf(host, capacity, onGrid);
  const collected = [...Array(slots).keys()].filter(
    (slot) => byConsumer.some(({ bytes }) => !Number.isNaN(bytes[slot])) && !Number.isNaN(hostBytes?.[slot] ?? 0),
  );
  const pick = (bytes: Float64Array) => Float64Array.from(collected, (slot) => bytes[slot] ?? Number.NaN);
  return {
    times: collected.map((slot) => window.start + slot * periodMs),
    periodMs,
    host: hostBytes ? pick(hostBytes) : null,
    consumers: byConsumer
      .map(({ consumer, bytes }) => ({ consumer, bytes: pick(bytes) }))
      .filter(({ bytes }) => !bytes.every(Number.isNaN)),
  };
}

/** A key that is the same for one consumer in every series. */
export function consumerKey({ kind, namespace = '', name }: Consumer): string {
  return JSON.stringify([kind, namespace, name]);
}

/** An exbibyte: no host has as much, and squares of lesser figures are still numbers. */
const MOST_BYTES = 2 ** 60;

/** The bytes that the host used; undefined where only a fraction of an unknown capacity is known. */
function bytesOf(host: Series, capacity: number | undefined, onGrid: (one: Series) => Float64Array) {
  if (host.unit === 'By') return onGrid(host);
  return capacity === undefined ? undefined : onGrid(host).map((used) => used * capacity);
}

/** The host's memory in bytes, from whichever series states it; 1 where consumers are fractions of it. */
export function capacityOf(host: Series, consumers: readonly Series[]): number | undefined {
  return [host, ...consumers]
    .map(({ limit }) => limit)
    .find((limit) => limit !== undefined && limit > 0 && limit < MOST_BYTES);
}

/** Adds up the series of each consumer. Sorted by key, so that the order of the input never matters. */
function sumByConsumer(series: readonly Series[], onGrid: (one: Series) => Float64Array): ConsumerUsage[] {
  const sums = new Map<string, ConsumerUsage>();
  for (const one of series) {
    if (one.consumer === undefined) continue;
    const key = consumerKey(one.consumer);
    const bytes = onGrid(one);
    if (bytes.every(Number.isNaN)) continue;
    const sum = sums.get(key)?.bytes.map((value, slot) => added(value, bytes[slot] ?? Number.NaN)) ?? bytes;
    sums.set(key, { consumer: one.consumer, bytes: sum });
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, usage]) => usage);
}

function added(a: number, b: number): number {
  if (Number.isNaN(a)) return b;
  return Number.isNaN(b) ? a : a + b;
}

/** The mean of each period's samples, NaN where there is none. Values that no memory can have are left out. */
function slotted({ times, values }: Series, start: number, periodMs: number, slots: number): Float64Array {
  const sums = new Float64Array(slots);
  const counts = new Float64Array(slots);
  for (const [index, time] of times.entries()) {
    const slot = Math.floor((time - start) / periodMs);
    const value = values[index] ?? Number.NaN;
    if (!(slot >= 0 && slot < slots && value >= 0 && value < MOST_BYTES)) continue;
    sums[slot] = (sums[slot] ?? 0) + value;
    counts[slot] = (counts[slot] ?? 0) + 1;
  }
  return sums.map((sum, slot) => sum / (counts[slot] ?? 0));
}
