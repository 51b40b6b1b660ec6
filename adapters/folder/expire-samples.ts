/** Deletes samples of a folder that are older than those of a deployment become: nobody else does. */
import type { Bucket } from '../s3/bucket.ts';

/** As the bucket keeps samples: infra/results-bucket.yml. */
const KEPT_DAYS = 8;
const DAY_MS = 24 * 3_600_000;

/** Returns how many objects are gone. Throws `StoreError`. @param now Epoch milliseconds. */
export async function expireSamples(bucket: Bucket, now: number): Promise<number> {
  let gone = 0;
  for await (const page of bucket.list('samples/')) {
    const expired = page.filter(({ key }) => {
      const day = /\/date=(\d{4}-\d\d-\d\d)\//.exec(key)?.[1];
      return day !== undefined && Date.parse(day) + (KEPT_DAYS + 1) * DAY_MS <= now;
    });
    await bucket.remove(expired);
    gone += expired.length;
  }
  return gone;
}
