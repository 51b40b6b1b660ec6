/** What is kept of the weeks of a host or a group between runs: at most about 6 KB of JSON. */
import * as z from 'zod';
import { baselineSchema, REFRESH_REASONS, validationSchema } from './baseline.ts';
import { EXACT } from './notation.ts';
import { weeksOutlookSchema } from './weeks-outlook.ts';

/** Refreshes that are kept, the newest last. */
export const KEPT_REFRESHES = 5;

/** Daily errors that are kept, the newest last. */
export const MOST_DAY_ERRORS = 30;

const { time, figure } = EXACT;
const count = z.int().min(0);

/** Why a baseline was learned anew, and what became of it. */
const refreshSchema = z
  .strictObject({
    at: time,
    due: z.enum(['none_yet', 'age', 'worse']),
    /** `rolled_back`: the one before the present one does better than both. */
    outcome: z.enum(['replaced', 'kept', 'none', 'rolled_back']),
    reason: z.enum(REFRESH_REASONS),
    validation: validationSchema.nullable(),
  })
  .readonly();

const keyFields = {
  /** Empty of a host without a group. */
  group: z.string().max(2000),
  /** Null where the record is of the group. */
  host: z.string().max(2000).nullable(),
};

/** Whose baseline it is, within one account and region. */
export const baselineKeySchema = z.strictObject(keyFields).readonly();

export const hostBaselineSchema = z
  .strictObject({
    ...keyFields,
    /** The scheduled time of the run whose deep read it is of. */
    readAt: time,
    /** Null where nothing was learned yet, or what was learned foretells no better than nothing. */
    baseline: baselineSchema.nullable(),
    /** The one before it. */
    previous: baselineSchema.nullable(),
    /** Mean absolute error of each day since it was learned, the newest last; null of a day that could not be compared. */
    errors: z.array(figure.nullable()).max(MOST_DAY_ERRORS).readonly(),
    /** What the slow evaluator made of the deep read; null of a group. */
    weeks: weeksOutlookSchema.nullable(),
    /** Of the last refresh where it left no baseline: which were not learned from, and why. */
    segments: baselineSchema.unwrap().shape.segments,
    refreshes: z.array(refreshSchema).max(KEPT_REFRESHES).readonly(),
  })
  .readonly();

/** In memory times are epoch milliseconds; stored they are ISO 8601. */
export type HostBaseline = z.output<typeof hostBaselineSchema>;
export type BaselineKey = z.output<typeof baselineKeySchema>;
export type RefreshRecord = z.output<typeof refreshSchema>;

/** Keys in order from the first to the last, both included. */
export const keyRangeSchema = z.strictObject({ first: baselineKeySchema, last: baselineKeySchema }).readonly();
export type KeyRange = z.output<typeof keyRangeSchema>;

const MOST_PARTS = 1000;
/** Versions that a manifest names: a day of a region whose quiet hosts are inspected every four hours has five. */
export const MOST_VERSIONS = 16;

export const baselinePartSchema = keyRangeSchema.unwrap().extend({ shard: count, records: count }).readonly();

/** One deep read of an account and region: its objects, one a shard. */
const versionSchema = z
  .strictObject({
    /** The scheduled time of its run. */
    slot: time,
    /** The day's moment from which on hosts were due for a deep read. */
    moment: time,
    parts: z.array(baselinePartSchema).max(MOST_PARTS).readonly(),
  })
  .readonly();

/** What there is of the baselines of an account and region. */
export const baselineManifestSchema = z
  .strictObject({
    version: z.literal(1),
    /** The newest first. */
    versions: z.array(versionSchema).max(MOST_VERSIONS).readonly(),
  })
  .readonly();

export type BaselineManifest = z.output<typeof baselineManifestSchema>;
export type BaselineVersion = z.output<typeof versionSchema>;
export type BaselinePart = z.output<typeof baselinePartSchema>;

/** Hosts are sorted as the shards of a run are; what is normal for a group goes before its hosts. */
export function compareKeys(a: BaselineKey, b: BaselineKey): number {
  return compareText(a.group, b.group) || compareText(a.host ?? '', b.host ?? '');
}

export function overlap(a: KeyRange, b: KeyRange): boolean {
  return compareKeys(a.first, b.last) <= 0 && compareKeys(b.first, a.last) <= 0;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
