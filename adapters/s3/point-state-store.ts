/** States of jobs over S3: one object a job, account and region, which is replaced only where nobody else has replaced it. */

import * as z from 'zod';
import { jobRunSchema } from '../../core/model/job-run.ts';
import {
  type JobState,
  jobHeadSchema,
  MOST_SERIES,
  type SeriesRecord,
  seriesRecordSchema,
} from '../../core/model/job-state.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type { PointStateStore } from '../../core/ports/point-state-store.ts';
import { type Bucket, type BucketOptions, openBucket } from './bucket.ts';
import { jsonGzip, jsonValue, ndjsonGzip, ndjsonValues, storable } from './ndjson.ts';
import { newestRunKey, stateKey } from './point-keys.ts';

/** A line is the head of a state, or one series. */
const lineSchema = z.union([seriesRecordSchema, jobHeadSchema]);

export function createPointStateStore(options: BucketOptions): PointStateStore {
  return pointStatesIn(openBucket(options));
}

/** @param bucket Of S3, or a folder of this machine. */
export function pointStatesIn(bucket: Bucket): PointStateStore {
  return {
    async get(of) {
      const key = stateKey(of);
      const found = await bucket.find(key);
      if (found === undefined) return undefined;
      const { bytes, version } = found;
      const about = { version, bytes: bytes.length };
      try {
        const value = await stateOf(ndjsonValues({ bytes, address: bucket.addressOf(key), schema: lineSchema }), key);
        return { ...about, value };
      } catch (error) {
        if (!(error instanceof ItemError)) throw error;
        return { ...about, value: undefined, damage: error.message };
      }
    },

    async put(of, { series, ...head }, expected) {
      const key = stateKey(of);
      const address = bucket.addressOf(key);
      // Records were read through their schema or made by us: only the head is checked again, which thousands of lines would make slow.
      const body = await ndjsonGzip([storable(jobHeadSchema, head, address), ...series]);
      return { outcome: await bucket.putIf(key, body, expected), bytes: body.length };
    },

    async putRun(run) {
      const key = newestRunKey(run);
      await bucket.put(key, await jsonGzip(storable(jobRunSchema, run, bucket.addressOf(key))));
    },

    async newestRun(of) {
      const key = newestRunKey(of);
      const found = await bucket.find(key);
      if (found === undefined) return undefined;
      try {
        return await jsonValue({ bytes: found.bytes, address: bucket.addressOf(key), schema: jobRunSchema });
      } catch (error) {
        if (error instanceof ItemError) return undefined;
        throw error;
      }
    },
  };
}

/** Throws `ItemError` where lines are missing or are too many. */
async function stateOf(lines: AsyncIterable<z.output<typeof lineSchema>>, key: string): Promise<JobState> {
  let head: z.output<typeof jobHeadSchema> | undefined;
  const series: SeriesRecord[] = [];
  for await (const line of lines) {
    if ('watermark' in line) head = line;
    else series.push(line);
    if (series.length > MOST_SERIES) throw new ItemError(`${key} has more than ${MOST_SERIES} series.`);
  }
  if (head === undefined) throw new ItemError(`${key} has no head.`);
  return { ...head, series };
}
