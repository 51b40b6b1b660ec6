/** Recorded samples over S3: gzipped NDJSON of a part of a host's live day an object, and one document for each archived day. */
import pLimit from 'p-limit';
import * as z from 'zod';
import { recordedHoursSchema, recordedLiveSchema } from '../../core/model/recording.ts';
import type { LivePart, RecordedHost, RecordedSamples, RecordingRef } from '../../core/ports/recording-store.ts';
import { type Bucket, type BucketOptions, openBucket } from './bucket.ts';
import { jsonGzip, jsonValue, ndjsonGzip, ndjsonValues, storable } from './ndjson.ts';
import {
  archiveKey,
  type FoundKey,
  liveFolder,
  liveKey,
  parseRecordingKey,
  recordingFolder,
} from './recording-keys.ts';

type Live = z.output<typeof recordedLiveSchema>;

/** Samples of a line, of which each has some 80 bytes: a line may have a megabyte. */
const MOST_IN_LINE = 4000;

/** Hosts that are written at the same time: a gateway sends for up to 2,000 in one batch, and a message has two minutes. */
const WRITES_AT_ONCE = 16;

/** Lists of a day whose parts are merged while they are read. */
const TRIES = 4;

const archiveSchema = z.strictObject({
  parts: z.array(z.string()).readonly(),
  hours: z.array(recordedHoursSchema).readonly(),
});

export function createRecordedSamples(options: BucketOptions): RecordedSamples {
  return recordedSamplesIn(openBucket(options));
}

/** Of any bucket: also of a folder on this machine. */
export function recordedSamplesIn(bucket: Bucket): RecordedSamples {
  return { ...openLive(bucket), ...openArchives(bucket), ...openHosts(bucket) };
}

function openLive(bucket: Bucket): Pick<RecordedSamples, 'putLive' | 'live' | 'removeLive'> {
  async function part(key: string): Promise<Live[] | undefined> {
    const found = await bucket.find(key);
    if (found === undefined) return undefined;
    const packed = { bytes: found.bytes, address: bucket.addressOf(key), schema: recordedLiveSchema };
    return joinedLines(await Array.fromAsync(ndjsonValues(packed)));
  }

  return {
    async putLive(of, day, name, live) {
      const byHost = [...Map.groupBy(live, (one) => one.host)];
      await pLimit(WRITES_AT_ONCE).map(byHost, async ([host, processes]) => {
        const key = liveKey(of, host, day, name);
        const lines = processes.flatMap(lineByLine);
        const values = lines.map((line) => storable(recordedLiveSchema, line, bucket.addressOf(key)));
        await bucket.put(key, await ndjsonGzip(values));
      });
    },

    /** A part that is gone is in another one by then, or in the archive. */
    async *live(of, host, day) {
      const seen = new Set<string>();
      for (let tries = 0, isComplete = false; tries < TRIES && !isComplete; tries++) {
        isComplete = true;
        for await (const [key, name] of partsOf(bucket, of, host, day)) {
          if (seen.has(name)) continue;
          const live = await part(key);
          if (live === undefined) isComplete = false;
          else yield { name, live } satisfies LivePart;
          seen.add(name);
        }
      }
    },

    async removeLive(of, host, day, names) {
      await bucket.remove(names.map((name) => ({ key: liveKey(of, host, day, name) })));
    },
  };
}

async function* partsOf(bucket: Bucket, of: RecordingRef, host: string, day: string) {
  for await (const page of bucket.list(liveFolder(of, host, day)))
    for (const { key } of page) {
      const name = parseRecordingKey(of, key)?.name;
      if (name !== undefined) yield [key, name] as const;
    }
}

function lineByLine({ kept, ...of }: Live): Live[] {
  const lines: Live[] = [];
  for (let at = 0; at < kept.length; at += MOST_IN_LINE) lines.push({ ...of, kept: kept.slice(at, at + MOST_IN_LINE) });
  return lines;
}

/** A line that is full goes on in the next one. */
function joinedLines(lines: readonly Live[]): Live[] {
  const joined: Live[] = [];
  let previous: Live | undefined;
  for (const line of lines) {
    const last = joined.at(-1);
    if (last !== undefined && previous?.kept.length === MOST_IN_LINE && isOfSame(last, line))
      joined.splice(-1, 1, { ...last, kept: [...last.kept, ...line.kept] });
    else joined.push(line);
    previous = line;
  }
  return joined;
}

function isOfSame(a: Live, b: Live): boolean {
  return a.host === b.host && JSON.stringify(a.process) === JSON.stringify(b.process);
}

function openArchives(bucket: Bucket): Pick<RecordedSamples, 'archive' | 'putArchive' | 'removeArchive'> {
  return {
    async archive(of, host, day) {
      const key = archiveKey(of, host, day);
      const found = await bucket.find(key);
      if (found === undefined) return undefined;
      const packed = { bytes: found.bytes, address: bucket.addressOf(key), schema: archiveSchema };
      return { ...(await jsonValue(packed)), version: found.version };
    },

    async putArchive(of, host, day, { hours, parts }, expected) {
      const key = archiveKey(of, host, day);
      const value = storable(archiveSchema, { hours, parts }, bucket.addressOf(key));
      return bucket.putIf(key, await jsonGzip(value), expected);
    },

    async removeArchive(of, host, day) {
      await bucket.remove([{ key: archiveKey(of, host, day) }]);
    },
  };
}

function openHosts(bucket: Bucket): Pick<RecordedSamples, 'hosts' | 'removeAll'> {
  return {
    async hosts(of) {
      const keys: FoundKey[] = [];
      for await (const page of bucket.list(recordingFolder(of)))
        keys.push(...page.flatMap(({ key }) => parseRecordingKey(of, key) ?? []));
      const hosts: RecordedHost[] = [];
      for (const found of Map.groupBy(keys, ({ folder }) => folder).values()) {
        const host = await hostIn(bucket, found);
        if (host !== undefined) hosts.push({ host, ...daysIn(found) });
      }
      return hosts.toSorted((a, b) => (a.host < b.host ? -1 : 1));
    },

    async removeAll(of) {
      for await (const page of bucket.list(recordingFolder(of))) await bucket.remove(page.map(({ key }) => ({ key })));
    },
  };
}

function daysIn(found: readonly FoundKey[]): Omit<RecordedHost, 'host'> {
  const live = Map.groupBy(
    found.filter(({ name }) => name !== undefined),
    ({ day }) => day,
  );
  const liveDays = [...live].map(([day, parts]) => ({ day, parts: parts.length }));
  const archivedDays = found.filter(({ name }) => name === undefined).map(({ day }) => day);
  return { liveDays: liveDays.toSorted((a, b) => (a.day < b.day ? -1 : 1)), archivedDays: archivedDays.toSorted() };
}

/** The id of the host of a folder; it stands in an object where the key has its hash alone. Undefined where that one is gone. */
async function hostIn(bucket: Bucket, [first]: readonly FoundKey[]): Promise<string | undefined> {
  if (first === undefined || first.host !== undefined) return first?.host;
  const { key, name } = first;
  const found = await bucket.find(key);
  if (found === undefined) return undefined;
  const packed = { bytes: found.bytes, address: bucket.addressOf(key) };
  if (name === undefined) return (await jsonValue({ ...packed, schema: archiveSchema })).hours[0]?.host;
  for await (const { host } of ndjsonValues({ ...packed, schema: recordedLiveSchema })) return host;
  return undefined;
}
