/**
 * What is normal for a host or a group, learned from weeks of its memory: how its memory moves over a week, where it settles after a
 * restart, how far it has grown without leaking, and how noisy it is. Levels are percentage points of `capacity`.
 */
import * as z from 'zod';
import { EXACT } from './notation.ts';
import { UNITS, windowSchema } from './series.ts';

const HOURS_A_WEEK = 168;

/** Sizes within which a baseline stays below about 2 KB of JSON. */
export const MOST_PLATEAUS = 6;
const MOST_GROWTHS = 8;
export const MOST_SEGMENTS = 10;

/** Why a segment of what was read is not learned from; `used` is one that is. */
export const SEGMENT_USES = [
  'used',
  /** Fewer than 95 % of its hours have a sample. */
  'incomplete',
  /** It is shorter than two days. */
  'too_short',
  /** Its level moves more than the host's levels usually do within two days. */
  'unstable',
  /** It rises, and had not come back or levelled off a week later: this may be a leak. */
  'rising',
  /** An incident was open. */
  'incident',
  /** A label calls it a leak, or something that is not to be learned from. */
  'label',
  /** The newest days, on which the baseline is tested. */
  'newest',
] as const;
export type SegmentUse = (typeof SEGMENT_USES)[number];

const { time, figure } = EXACT;
const points = figure.min(-100).max(100);

const segmentSchema = windowSchema(EXACT)
  .unwrap()
  .extend({ use: z.enum(SEGMENT_USES) })
  .readonly();

/** A level at which memory settled; `seen` counts the segments between restarts that settled there. */
const plateauSchema = z.strictObject({ level: points, seen: z.int().min(1).max(1000) }).readonly();

/** A growth that levelled off or came back by itself. */
const growthSchema = z.strictObject({ hours: z.int().min(1).max(1440), rise: points.min(0) }).readonly();

/** How well a baseline foretells days that it was not learned from. Errors are mean absolute ones, in percentage points. */
export const validationSchema = z
  .strictObject({
    /** Of hours that were compared. */
    hours: z.int().min(0).max(1440),
    /** Of this baseline. */
    error: figure.min(0),
    /** Of the level before those days, which is a forecast without a baseline. */
    withoutBaseline: figure.min(0),
    /** Of the baseline before, on the same days; null where there was none. */
    previous: figure.min(0).nullable(),
  })
  .readonly();

export type Validation = z.output<typeof validationSchema>;

export const baselineSchema = z
  .strictObject({
    version: z.literal(1),
    /** The end of what was read. */
    learnedAt: time,
    /** From the first used segment to the end of the last. */
    span: windowSchema(EXACT),
    unit: z.enum(UNITS),
    /** What counts as full, in `unit`; null of a group, whose levels are percentages of each host's own limit. */
    capacity: figure.positive().nullable(),
    /** False for bytes without a limit: the capacity is then the highest sample that was read. */
    limitKnown: z.boolean(),
    /** Hours that were learned from. */
    hours: z.int().min(1).max(1440),
    /** The median floor, without its season. */
    level: points,
    /** The floors between which nine of ten hours are, and the highest one, without their season. */
    low: points,
    high: points,
    highest: points,
    /** By hour of the week in UTC, Monday 00:00 first, in hundredths of a percentage point about the level; empty without a season. */
    season: z
      .array(z.int().min(-10_000).max(10_000))
      .refine(
        ({ length }) => length === 0 || length === HOURS_A_WEEK,
        'has an entry for each hour of the week, or none',
      )
      .readonly(),
    /** Standard deviation about the season: of hours, and of the means of days. */
    noise: z.strictObject({ hour: points.min(0), day: points.min(0) }).readonly(),
    plateaus: z.array(plateauSchema).max(MOST_PLATEAUS).readonly(),
    /** The steepest of each length, the shortest first. */
    growths: z.array(growthSchema).max(MOST_GROWTHS).readonly(),
    /** The newest, and why some were left out. */
    segments: z.array(segmentSchema).max(MOST_SEGMENTS).readonly(),
    validation: validationSchema.nullable(),
  })
  .readonly();

/** In memory times are epoch milliseconds; `encoded(baselineSchema, …)` writes them as ISO 8601. */
export type Baseline = z.output<typeof baselineSchema>;
export type BaselineSegment = Baseline['segments'][number];
export type NormalGrowth = Baseline['growths'][number];
export type Plateau = Baseline['plateaus'][number];

/** Why nothing could be learned. */
export const UNLEARNED_REASONS = ['malformed', 'too_short', 'nothing_stable'] as const;
export type UnlearnedReason = (typeof UNLEARNED_REASONS)[number];

/** What became of a baseline when it was to be refreshed. */
export const REFRESH_REASONS = [
  /** There was none before, and it foretells the newest days better than their level before. */
  'first',
  /** It foretells the newest days better than the one before. */
  'better',
  /** It foretells them about as well as the one before, and knows newer days. */
  'as_good',
  /** Kept or rolled back: the one before foretells the newest days better. */
  'worse_than_previous',
  /** The level before those days foretells them better than either. */
  'worse_than_none',
  /** Nothing could be learned; the one before is kept. */
  'unlearned',
  /** The newest days cannot be compared: gaps, incidents or labels. */
  'untested',
] as const;
export type RefreshReason = (typeof REFRESH_REASONS)[number];
