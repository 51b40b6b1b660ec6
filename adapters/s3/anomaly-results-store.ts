/** Scored points over S3: gzipped NDJSON, an object for each step of a job in which there was something to keep. */
import { type AnomalyLine, anomalyLineSchema } from '../../core/model/anomaly-line.ts';
import type { AnomalyResultsStore, FoundCell } from '../../core/ports/anomaly-results-store.ts';
import { type Bucket, type BucketOptions, openBucket } from './bucket.ts';
import { ndjsonGzip, ndjsonValues, storable } from './ndjson.ts';
import { cellKey, cellsPrefix, foundCell } from './point-keys.ts';

export function createAnomalyResultsStore(options: BucketOptions): AnomalyResultsStore {
  return anomalyResultsIn(openBucket(options));
}

/** @param bucket Of S3, or a folder of this machine. */
export function anomalyResultsIn(bucket: Bucket): AnomalyResultsStore {
  return {
    async put(cell, lines) {
      const key = cellKey(cell);
      const values = lines.map((line) => storable(anomalyLineSchema, line, bucket.addressOf(key)));
      await bucket.put(key, await ndjsonGzip(values));
    },

    async cells(within, day) {
      const found: FoundCell[] = [];
      for await (const page of bucket.list(cellsPrefix(within, day)))
        for (const { key } of page) {
          const cell = foundCell(key, within);
          if (cell) found.push(cell);
        }
      return found.sort((a, b) => b.start - a.start);
    },

    async *lines({ key }): AsyncGenerator<AnomalyLine> {
      const found = await bucket.find(key);
      if (found === undefined) return;
      yield* ndjsonValues({ bytes: found.bytes, address: bucket.addressOf(key), schema: anomalyLineSchema });
    },
  };
}
