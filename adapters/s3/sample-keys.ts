/**
 * Where samples are in the bucket. What came is in parts, one object for the hosts themselves and one for their processes each time. When
 * an hour is over, its parts become one object of the hosts, and one of the processes for each sixteenth of them: of a host that leaks the
 * processes are read, and not those of all others.
 */
import { createHash } from 'node:crypto';
import { ItemError } from '../../core/ports/errors.ts';
import type { SampleScope } from '../../core/ports/sample-store.ts';
import type { ListedObject } from './bucket.ts';
import { sampleFolder, samplePartKey } from './keys.ts';

/** What an object holds: the hosts themselves, processes of any of them, or those of one bucket of hosts. */
export type Holds = 'hosts' | 'processes/all' | `processes/${Bucket}`;

const BUCKETS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'] as const;
export type Bucket = (typeof BUCKETS)[number];

/** `date=2026-11-29/hour=05/hosts/NAME.ndjson.gz`. */
const KEY = /^date=(\d{4}-\d\d-\d\d)\/hour=(\d\d)\/(hosts|processes\/(?:all|[0-9a-f]))\/[^/]+\.ndjson\.gz$/;

/** By the digest of its id: whatever ids look like, buckets are about as large as each other. */
export function bucketOf(host: string): Bucket {
  const [byte = 0] = createHash('sha256').update(host).digest();
  return BUCKETS[byte % BUCKETS.length] ?? '0';
}

export interface SampleObject {
  readonly hour: number;
  readonly holds: Holds;
  readonly key: string;
  readonly version: string;
}

/** Throws `ItemError` where it is not named as samples are. @param address Of the object, for messages. */
export function sampleObjectOf(of: SampleScope, { key, version }: ListedObject, address: string): SampleObject {
  const [, day, hour, holds] = KEY.exec(key.slice(sampleFolder(of).length)) ?? [];
  const time = Date.parse(`${day}T${hour}:00:00Z`);
  if (holds === undefined || !isHolds(holds) || Number.isNaN(time))
    throw new ItemError(`${address} is not named as Plimsoll names samples; move it or delete it.`);
  return { hour: time, holds, key, version };
}

function isHolds(text: string): text is Holds {
  return text === 'hosts' || text === 'processes/all' || BUCKETS.some((bucket) => text === `processes/${bucket}`);
}

/** By its content: who merges the same again writes the same object. */
export function mergedKey(of: SampleScope, hour: number, holds: Holds, bytes: Uint8Array): string {
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  return samplePartKey(of, hour, holds, `merged.${digest}`);
}
