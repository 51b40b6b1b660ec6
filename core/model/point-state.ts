/**
 * What is remembered of one series of points between two inspections of it: enough to score the next point, and no more. It is stored as
 * JSON, so that every number is finite.
 */
import * as z from 'zod';
import { ANOMALY_TYPES } from './anomaly.ts';

const number = z.number();
const count = z.int().min(0);

const scoredPointSchema = z
  .strictObject({
    time: number,
    value: number,
    expected: number,
    low: number,
    high: number,
    score: number.min(0).max(1),
    isAnomaly: z.boolean(),
    type: z.enum(ANOMALY_TYPES).nullable(),
  })
  .readonly();

/** One tail of the distribution of residuals: the share beyond its outermost quantile, and a generalised Pareto distribution of it. */
const tailSchema = z.strictObject({ share: number.min(0), scale: number.min(0), shape: number }).readonly();

/** Anomalous points that belong together so far. */
const runSchema = z
  .strictObject({
    start: number,
    last: number,
    points: count,
    /** Points since the last anomalous one. */
    quiet: count,
    /** Points since the first one, anomalous or not. */
    length: count,
    above: count,
    below: count,
    crossed: count,
    flat: count,
    broken: count,
    /** The evidence of its points: its greatest value. */
    evidence: number,
    /** Mean residual of its points so far, in the unit of the series. */
    residual: number,
    peak: scoredPointSchema,
    reportedAt: number.nullable(),
  })
  .readonly();

/** Means that forget, of the profile, of values less `anchor`, of their products; the slope below `least` is a broken season. */
const seasonWatchSchema = z
  .strictObject({
    anchor: number,
    enough: number,
    least: number,
    profile: number,
    value: number,
    squares: number,
    products: number,
  })
  .readonly();

/** That it fills, as far as it was found: times are epoch milliseconds. */
const fillRunSchema = z
  .strictObject({
    start: number,
    reportedAt: number,
    confidence: number.min(0).max(1),
    earliest: number,
    likely: number,
    latest: number,
    /** Hours since it was last found. */
    quiet: count,
  })
  .readonly();

/** The least value of each quarter of an hour, in ten-thousandths of what can be filled; null of one without a point. */
const fillSchema = z
  .strictObject({ start: number, cells: z.array(count.nullable()).max(400).readonly(), run: fillRunSchema.nullable() })
  .readonly();

/** How quiet a series is, over its spread: the day (UTC) of its last point, and the days in a row before it that were quieter than was learned. */
const calmSchema = z
  .strictObject({
    /** Of the day, epoch milliseconds. */
    start: number,
    points: count,
    /** Of them, those that are farther away than quiet ones are. */
    loud: count,
    /** The sum of their distances from what was expected, in units of the spread. */
    distance: number.min(0),
    days: count,
    /** The greatest mean distance of one of these days. */
    most: number.min(0),
  })
  .readonly();

export const pointStateSchema = z
  .strictObject({
    kind: z.literal('state'),
    version: z.literal(1),
    /** The time of the newest point that was taken in, epoch milliseconds. */
    last: number,
    /** Points that were learned from, before any was scored. */
    learned: count,
    level: number,
    /** The least deviation that means anything, in the unit of the series. */
    least: number.min(0),
    /** Difference from the level along the cycle, from its beginning; empty without a cycle. */
    profile: z.array(number).max(168).readonly(),
    /** Typical deviation along the cycle; one value without a cycle. */
    spread: z.array(number.positive()).min(1).max(24).readonly(),
    /** Quantiles of residuals in units of `spread`, at fixed probabilities. */
    quantiles: z.array(number).readonly(),
    lower: tailSchema,
    upper: tailSchema,
    /** Evidence that has to be reached: more of a series whose healthy points are often far away together. */
    needed: number.positive(),
    evidence: number.min(0),
    /** By what residuals are divided on each side before they are held against the quantiles: it follows how unsteady the series is now. */
    widening: z.strictObject({ lower: number.positive(), upper: number.positive() }).readonly(),
    /** The last value, and how often it was repeated: then, and at most in what was learned from. */
    value: number,
    repeats: count,
    mostRepeats: count,
    season: seasonWatchSchema.nullable(),
    run: runSchema.nullable(),
    calm: calmSchema.nullable().default(null),
    fill: fillSchema.nullable(),
  })
  .readonly();

export type PointState = z.output<typeof pointStateSchema>;
export type SeasonWatch = z.output<typeof seasonWatchSchema>;
export type PointCalm = z.output<typeof calmSchema>;
export type PointRun = z.output<typeof runSchema>;
export type PointTail = z.output<typeof tailSchema>;
export type PointFill = z.output<typeof fillSchema>;
