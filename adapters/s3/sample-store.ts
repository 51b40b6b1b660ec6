/** Samples over S3: gzipped NDJSON, a line for each host and for each series. */

import pLimit from 'p-limit';
import * as z from 'zod';
import { MOST_SAMPLES, type SampleSeries, sampleSeriesSchema, sentHostSchema } from '../../core/model/sample.ts';
import { CHUNK_MS, hourOf, type SampleChunk } from '../../core/model/sample-chunk.ts';
import type { Window } from '../../core/model/series.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type { SampleScope, SampleStore } from '../../core/ports/sample-store.ts';
import { type Bucket, type BucketOptions, openBucket } from './bucket.ts';
import { sampleDayFolder, sampleFolder, sampleHourFolder, samplePartKey } from './keys.ts';
import { mergeHour } from './merge-samples.ts';
import { ndjsonGzip, ndjsonValues, storable } from './ndjson.ts';
import { bucketOf, type SampleObject, sampleObjectOf } from './sample-keys.ts';

/** Objects that are read at the same time: of the next hours while one is folded. */
const READS_AT_ONCE = 16;

/** Reads of an hour whose objects were merged meanwhile. */
const TRIES = 3;

const lineSchema = z.union([z.strictObject({ series: sampleSeriesSchema }), z.strictObject({ host: sentHostSchema })]);

export function createSampleStore(options: BucketOptions): SampleStore {
  return sampleStoreIn(openBucket(options));
}

/** Of any bucket: also of a folder on this machine. */
export function sampleStoreIn(bucket: Bucket): SampleStore {
  return {
    async put(of, hour, name, chunk) {
      requireHour(hour, chunk);
      const own = chunk.series.filter(({ process }) => process === undefined);
      const ofProcesses = chunk.series.filter(({ process }) => process !== undefined);
      // First: a host that is known without its processes is read, and processes of a host that is not known are not.
      await putChunk(bucket, samplePartKey(of, hour, 'hosts', name), { hosts: chunk.hosts, series: own });
      if (ofProcesses.length === 0) return;
      await putChunk(bucket, samplePartKey(of, hour, 'processes/all', name), { hosts: [], series: ofProcesses });
    },

    hosts: (of, window) => readHours(bucket, of, window, ({ holds }) => holds === 'hosts'),

    async *processes(of, host, window) {
      const own = `processes/${bucketOf(host)}`;
      const chunks = readHours(bucket, of, window, ({ holds }) => holds === own || holds === 'processes/all');
      for await (const { hosts, series } of chunks) {
        const ofHost = series.filter((one) => one.host === host);
        if (ofHost.length > 0) yield { hosts, series: ofHost };
      }
    },

    async merge(of, window) {
      let gone = 0;
      for (const [hour, objects] of await objectsByHour(bucket, of, window)) {
        if (hour < window.start || hour + CHUNK_MS > window.end) continue;
        gone += await mergeHour({ bucket, of, hour, read: (key) => readChunk(bucket, key), pack: packChunk }, objects);
      }
      return gone;
    },
  };
}

/** Throws `ItemError` where a sample is of another hour: nobody would look for it here. */
function requireHour(hour: number, { series }: SampleChunk): void {
  if (hourOf(hour) !== hour) throw new ItemError(`A chunk of samples begins at an hour, and not at ${hour}.`);
  const misplaced = series.flatMap(({ times }) => times).find((time) => hourOf(time) !== hour);
  if (misplaced === undefined) return;
  const [at, begins] = [misplaced, hour].map((time) => new Date(time).toISOString());
  throw new ItemError(`A sample of ${at} is not of the hour that begins at ${begins}: put it into a chunk of its own.`);
}

async function putChunk(bucket: Bucket, key: string, chunk: SampleChunk): Promise<void> {
  await bucket.put(key, await packChunk(chunk, bucket.addressOf(key)));
}

/** The bytes of a chunk: the same ones for the same chunk. */
async function packChunk({ hosts, series }: SampleChunk, address: string): Promise<Uint8Array> {
  const lines = [...hosts.map((host) => ({ host })), ...series.flatMap(piecesOf).map((one) => ({ series: one }))];
  return await ndjsonGzip(lines.map((line) => storable(lineSchema, line, address)));
}

/** A host that sends ten times a second has more samples in an hour than a series of one request may have. */
function piecesOf(series: SampleSeries): SampleSeries[] {
  const { times, values } = series;
  const pieces: SampleSeries[] = [];
  for (let at = 0; at < times.length; at += MOST_SAMPLES)
    pieces.push({ ...series, times: times.slice(at, at + MOST_SAMPLES), values: values.slice(at, at + MOST_SAMPLES) });
  return pieces;
}

/** Undefined where there is none. */
async function readChunk(bucket: Bucket, key: string): Promise<SampleChunk | undefined> {
  const found = await bucket.find(key);
  if (found === undefined) return undefined;
  const chunk: { hosts: SampleChunk['hosts'][number][]; series: SampleSeries[] } = { hosts: [], series: [] };
  const packed = { bytes: found.bytes, address: bucket.addressOf(key), schema: lineSchema };
  for await (const line of ndjsonValues(packed)) {
    if ('host' in line) chunk.hosts.push(line.host);
    else chunk.series.push(line.series);
  }
  return chunk;
}

type Wanted = (object: SampleObject) => boolean;

/** Reads ahead, and yields in the order of hours. */
async function* readHours(
  bucket: Bucket,
  of: SampleScope,
  window: Window,
  wanted: Wanted,
): AsyncGenerator<SampleChunk> {
  const limit = pLimit(READS_AT_ONCE);
  const hours = [...(await objectsByHour(bucket, of, window))];
  const begun: Promise<SampleChunk[]>[] = [];
  for (const [index] of hours.entries()) {
    for (const [hour, objects] of hours.slice(begun.length, index + READS_AT_ONCE)) {
      const reading = readHour(hour, objects.filter(wanted));
      // Awaited in its turn; until then nobody listens to what it throws.
      reading.catch(() => {});
      begun.push(reading);
    }
    yield* (await begun[index]) ?? [];
  }

  async function readHour(hour: number, listed: readonly SampleObject[]): Promise<SampleChunk[]> {
    let objects = listed;
    for (let tries = 0; tries < TRIES; tries++) {
      const chunks = await limit.map([...objects], ({ key }) => readChunk(bucket, key));
      const found = chunks.filter((chunk) => chunk !== undefined);
      if (found.length === objects.length) return found;
      objects = (await listObjects(bucket, of, sampleHourFolder(of, hour))).filter(wanted);
    }
    throw new ItemError(`${bucket.addressOf(sampleHourFolder(of, hour))} changes each time that it is read.`);
  }
}

/** The objects of the hours that a window touches, in order. Days that are not there are not listed. */
async function objectsByHour(bucket: Bucket, of: SampleScope, { start, end }: Window) {
  const days: string[] = [];
  for await (const folder of bucket.subfolders(sampleFolder(of))) {
    const [, day = ''] = /date=(\d{4}-\d\d-\d\d)\/$/.exec(folder) ?? [];
    const begins = Date.parse(day);
    if (begins < end && begins + 24 * CHUNK_MS > start) days.push(day);
  }
  const listed = await Promise.all(days.map((day) => listObjects(bucket, of, sampleDayFolder(of, day))));
  const touched = listed.flat().filter(({ hour }) => hour < end && hour + CHUNK_MS > start);
  return Map.groupBy(
    touched.toSorted((a, b) => a.hour - b.hour),
    ({ hour }) => hour,
  );
}

async function listObjects(bucket: Bucket, of: SampleScope, prefix: string): Promise<SampleObject[]> {
  const pages = await Array.fromAsync(bucket.list(prefix));
  return pages.flat().map((object) => sampleObjectOf(of, object, bucket.addressOf(object.key)));
}
