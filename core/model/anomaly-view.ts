/**
 * One inspected series, as pictures are drawn of it: in a terminal, a report and the console. JSON as it is sent: times are ISO 8601, those
 * of samples seconds since the epoch.
 */
import * as z from 'zod';
import { ANOMALY_TYPES } from './anomaly.ts';
import { isoTime, WRITTEN } from './notation.ts';
import { HOST_KINDS, PROVIDERS, windowSchema } from './series.ts';
import { expectedExhaustionSchema } from './verdict.ts';

/**
 * Points of one series: more than a picture has columns, so that zooming into one shows more. Of a longer series points that are no anomalies
 * are left out evenly.
 */
export const MOST_VIEW_POINTS = 3_000;

/** Points of a forecast: a week of five minutes. */
export const MOST_FORECAST_POINTS = 2_016;

/** Episodes of one series, the newest; and checks of one of them. */
export const MOST_VIEW_EPISODES = 100;
const MOST_CHECKS = 40;

const time = isoTime;
const count = z.int().min(0);
const figures = z.array(z.number()).max(MOST_VIEW_POINTS).readonly();
const figuresOrNone = z.array(z.number().nullable()).max(MOST_VIEW_POINTS).readonly();
const expectedFigures = z.array(z.number()).max(MOST_FORECAST_POINTS).readonly();

/** A host as it is shown: its labels stay where they are. */
const hostSchema = z
  .strictObject({
    provider: z.enum(PROVIDERS),
    account: z.string(),
    region: z.string().nullable(),
    id: z.string(),
    name: z.string().nullable(),
    /** Null of a machine. */
    kind: z.enum(HOST_KINDS).nullable(),
    group: z.string().nullable(),
  })
  .readonly();

const pointSchema = z
  .strictObject({
    time,
    value: z.number(),
    expected: z.number(),
    low: z.number(),
    high: z.number(),
    score: z.number(),
  })
  .readonly();

/** The columns of a table of points, all of one length. A point of the reference has a value, and null in the other columns. */
const samplesSchema = z
  .strictObject({
    /** The starts of periods, seconds since the epoch, in order. */
    times: figures,
    values: figures,
    expected: figuresOrNone,
    low: figuresOrNone,
    high: figuresOrNone,
    score: figuresOrNone,
    /** Null of a point that is no anomaly, and of the reference. */
    type: z.array(z.enum(ANOMALY_TYPES).nullable()).max(MOST_VIEW_POINTS).readonly(),
    is_anomaly: z.array(z.boolean()).max(MOST_VIEW_POINTS).readonly(),
  })
  .readonly()
  .refine(
    (columns) => Object.values(columns).every(({ length }) => length === columns.times.length),
    'must have as many entries in each column',
  );

const viewedEpisodeSchema = z
  .strictObject({
    type: z.enum(ANOMALY_TYPES),
    start: time,
    last: time,
    goesOn: z.boolean(),
    reportedAt: time,
    /** Its point that is furthest away. */
    peak: pointSchema,
    points: count,
    checks: z
      .array(
        z
          .strictObject({
            name: z.string(),
            value: z.number(),
            limit: z.number(),
            unit: z.string(),
            passed: z.boolean(),
          })
          .readonly(),
      )
      .max(MOST_CHECKS)
      .readonly(),
    /** When the upper limit is reached; null of what does not fill, and where that is not known. */
    exhaustion: expectedExhaustionSchema(WRITTEN).unwrap().omit({ kind: true }).readonly().nullable(),
  })
  .readonly();

const forecastSchema = z
  .strictObject({
    /** Seconds since the epoch, after the last point. */
    times: expectedFigures,
    expected: expectedFigures,
    low: expectedFigures,
    high: expectedFigures,
  })
  .readonly();

export const anomalyViewSchema = z
  .strictObject({
    host: hostSchema,
    /** Null where no job of a config requested it. */
    job: z.string().nullable(),
    metric: z.string(),
    /** What people read. */
    label: z.string(),
    /** `mountpoint=/var`; empty of the entire host. */
    part: z.string(),
    /** UCUM, of all values. */
    unit: z.string(),
    periodSeconds: z.number().positive(),
    /** Points were scored from its start on; before it is the reference. */
    window: windowSchema(WRITTEN),
    /** Score from which a point is an anomaly. */
    threshold: z.number(),
    /** What values can be at all; null where there is no such limit. */
    lower: z.number().nullable(),
    upper: z.number().nullable(),
    samples: samplesSchema,
    /** Of all points of the series, those of the samples and those that were left out: points that were scored, and anomalous ones. */
    points: count,
    anomalousPoints: count,
    leftOut: count,
    /** Anomalies that last long enough to be reported, the newest of them, in order. */
    episodes: z.array(viewedEpisodeSchema).max(MOST_VIEW_EPISODES).readonly(),
    /** What is expected of the next cycle; null where nothing is. */
    forecast: forecastSchema.nullable(),
  })
  .readonly();

export type AnomalyView = z.output<typeof anomalyViewSchema>;
export type AnomalySamples = AnomalyView['samples'];
export type ViewedEpisode = AnomalyView['episodes'][number];
export type AnomalyForecast = NonNullable<AnomalyView['forecast']>;
