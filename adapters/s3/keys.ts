/**
 * The keys of the bucket. Each begins with a kind and a tenant, and every part behind them is encoded: no name of an account, a region
 * or a request reaches into another folder. `tenant=` and `date=` are what Athena partitions by.
 */
import type { RunRef } from '../../core/model/run-ref.ts';
import { runName } from '../../core/model/run-ref.ts';
import type { Scope } from '../../core/model/series.ts';
import { tenantIdSchema } from '../../core/model/tenant.ts';
import type { BaselineScope, BaselineSlot } from '../../core/ports/baseline-store.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type { DayFolder } from '../../core/ports/results-archive.ts';
import type { SampleScope } from '../../core/ports/sample-store.ts';

/**
 * What objects hold, by which retention differs: lines, what people look at first, what runs work with, what was learned, what hosts sent,
 * and what was recorded.
 */
type Kind = 'results' | 'heads' | 'work' | 'baselines' | 'samples' | 'recordings' | 'anomalies' | 'points';

/** Digits of a shard's number: objects are listed in its order. */
const SHARD_DIGITS = 5;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const MAX_KEY_BYTES = 1024;

/** Where the lines of a shard are until their day is compacted. */
export function shardKey(run: RunRef, shard: number): string {
  return checked(`${scopeFolder('results', run)}${partName(run, shard)}`);
}

/** The day of a run in its account and region, where past results are merged. */
export function folderOf(run: RunRef): DayFolder {
  return { tenant: run.tenant, day: dayOf(run), folder: locationOf(run.scope) };
}

/** The name of the object of a shard in that folder. */
export function partName(run: RunRef, shard: number): string {
  return `${runName(run)}/${shardName(shard)}.ndjson.gz`;
}

export function headKey(run: RunRef): string {
  return checked(`${scopeFolder('heads', run)}${runName(run)}.json.gz`);
}

export function workKey(run: RunRef, name: string): string {
  return checked(`${scopeFolder('work', run)}${runName(run)}/${name.split('/').map(encodePart).join('/')}.ndjson.gz`);
}

export function baselinePartKey(of: BaselineSlot, shard: number): string {
  const slot = runName({ scheduledTime: of.slot, request: null });
  return checked(`${baselinesFolder(of)}${slot}/${shardName(shard)}.ndjson.gz`);
}

export function baselineManifestKey(of: BaselineScope): string {
  return checked(`${baselinesFolder(of)}manifest.json.gz`);
}

/** Everything that hosts of an account sent. */
export function sampleFolder({ tenant, account }: SampleScope): string {
  return `${tenantFolder('samples', tenant)}${encodePart(account)}/`;
}

/** @param day For example `2026-11-29`. */
export function sampleDayFolder(of: SampleScope, day: string): string {
  return `${sampleFolder(of)}date=${day}/`;
}

/** @param hour Epoch milliseconds of its beginning. */
export function sampleHourFolder(of: SampleScope, hour: number): string {
  const text = new Date(hour).toISOString();
  return `${sampleDayFolder(of, text.slice(0, 10))}hour=${text.slice(11, 13)}/`;
}

/** @param holds What the object holds, as a path. */
export function samplePartKey(of: SampleScope, hour: number, holds: string, name: string): string {
  return checked(`${sampleHourFolder(of, hour)}${holds}/${encodePart(name)}.ndjson.gz`);
}

function baselinesFolder({ tenant, scope }: BaselineScope): string {
  return `${tenantFolder('baselines', tenant)}${locationOf(scope)}/`;
}

/** `00012`. */
function shardName(shard: number): string {
  if (!Number.isInteger(shard) || shard < 0) throw new ItemError(`A shard is numbered from 0, and not ${shard}.`);
  return String(shard).padStart(SHARD_DIGITS, '0');
}

/** Everything of one tenant and day in one account and region. */
function scopeFolder(kind: Kind, run: RunRef): string {
  return `${dayFolder(kind, run.tenant, dayOf(run))}${locationOf(run.scope)}/`;
}

function locationOf({ provider, account, region }: Scope): string {
  return `${provider}/${encodePart(account)}/${encodePart(region)}`;
}

/** @param day For example `2026-11-29`. */
export function dayFolder(kind: Kind, tenant: string, day: string): string {
  return `${tenantFolder(kind, tenant)}date=${day}/`;
}

export function tenantFolder(kind: Kind, tenant: string): string {
  const id = tenantIdSchema.safeParse(tenant);
  if (!id.success) throw new ItemError(`Nothing is kept of ${JSON.stringify(tenant)}: it is not the id of a tenant.`);
  return `${kind}/tenant=${id.data}/`;
}

/** The day (UTC) when the run was due. */
function dayOf({ scheduledTime }: Pick<RunRef, 'scheduledTime'>): string {
  return new Date(scheduledTime).toISOString().slice(0, 10);
}

/**
 * A name as one part of a key. `_` stands for none, and so a region that is called `_` is encoded too; so are the dots of `.` and
 * `..`, which clients may resolve as a path's.
 */
export function encodePart(name: string | null): string {
  if (name === null) return '_';
  if (name === '') return '%';
  if (/^(_|\.{1,2})$/.test(name)) return `%${Buffer.from(name).toString('hex').toUpperCase().match(/../g)?.join('%')}`;
  return encodeURIComponent(name);
}

export function checked(key: string): string {
  const bytes = Buffer.byteLength(key);
  if (bytes <= MAX_KEY_BYTES) return key;
  throw new ItemError(`The key ${key.slice(0, 200)}… has ${bytes} bytes; a key of S3 may have ${MAX_KEY_BYTES}.`);
}
