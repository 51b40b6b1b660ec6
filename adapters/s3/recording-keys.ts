/**
 * The keys of recorded samples: below its recording, an object for each part of a host's live day, and one for each archived day.
 * `recordings/tenant=T/r-…/live/<host>/date=2026-11-29/<name>.ndjson.gz` and `…/archive/<host>/date=2026-11-29.json.gz`.
 */
import { createHash } from 'node:crypto';
import { recordingIdSchema } from '../../core/model/recording.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type { RecordingRef } from '../../core/ports/recording-store.ts';
import { checked, encodePart, tenantFolder } from './keys.ts';

/** Bytes of a host in a key, of which there are 1024: a longer id stands there as its hash. */
const MAX_HOST_BYTES = 600;

/** What begins the hash of an id; no encoded id begins with it. */
const HASHED = '~';

const LIVE_KEY = /^live\/([^/]+)\/date=(\d{4}-\d{2}-\d{2})\/([^/]+)\.ndjson\.gz$/;
const ARCHIVE_KEY = /^archive\/([^/]+)\/date=(\d{4}-\d{2}-\d{2})\.json\.gz$/;

export interface FoundKey {
  readonly key: string;
  /** As it stands in the key. */
  readonly folder: string;
  /** Undefined where the key has a hash of it. */
  readonly host: string | undefined;
  readonly day: string;
  /** Of a live part; undefined of an archive. */
  readonly name: string | undefined;
}

export function recordingFolder({ tenant, id }: RecordingRef): string {
  const known = recordingIdSchema.safeParse(id);
  if (!known.success) throw new ItemError(`Nothing is kept of ${JSON.stringify(id)}: it is not the id of a recording.`);
  return `${tenantFolder('recordings', tenant)}${known.data}/`;
}

export function liveFolder(of: RecordingRef, host: string, day: string): string {
  return `${recordingFolder(of)}live/${hostPart(host)}/date=${day}/`;
}

export function liveKey(of: RecordingRef, host: string, day: string, name: string): string {
  return checked(`${liveFolder(of, host, day)}${encodePart(name)}.ndjson.gz`);
}

export function archiveKey(of: RecordingRef, host: string, day: string): string {
  return checked(`${recordingFolder(of)}archive/${hostPart(host)}/date=${day}.json.gz`);
}

/** Undefined of an object that is none of ours. */
export function parseRecordingKey(of: RecordingRef, key: string): FoundKey | undefined {
  const rest = key.slice(recordingFolder(of).length);
  const [, folder, day, name] = LIVE_KEY.exec(rest) ?? ARCHIVE_KEY.exec(rest) ?? [];
  if (folder === undefined || day === undefined) return undefined;
  const host = folder.startsWith(HASHED) ? undefined : decodeURIComponent(folder);
  return { key, folder, host, day, name: name === undefined ? undefined : decodeURIComponent(name) };
}

function hostPart(host: string): string {
  const encoded = encodePart(host).replace(/^~/, '%7E');
  if (encoded.length <= MAX_HOST_BYTES) return encoded;
  return HASHED + createHash('sha256').update(host).digest('hex');
}
