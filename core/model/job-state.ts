/** What a job of anomaly inspection remembers of one account and region between two inspections. It is stored as JSON. */
import * as z from 'zod';
import { pointStateSchema } from './point-state.ts';
import { resourceSchema } from './series.ts';

/** Series of one job in one account and region, at the most: their states are read and written together. */
export const MOST_SERIES = 10_000;

const time = z.int();

/** Where the next inspection begins. */
export const jobHeadSchema = z
  .strictObject({
    version: z.literal(1),
    /** Of the settings that states were learned with: under others they mean nothing. */
    settings: z.string(),
    /** Points before it were taken in, epoch milliseconds. */
    watermark: time,
    /** Since when something could not be read that still may be; null where all was read. */
    unreadFrom: time.nullable(),
  })
  .readonly();

/** A host as results name it. Its labels may change, and stay where they are. */
const seriesHostSchema = resourceSchema.unwrap().omit({ labels: true }).readonly();

/** One series: what was learned of it, or when it is tried again. */
export const seriesRecordSchema = z
  .strictObject({
    host: seriesHostSchema,
    metric: z.string(),
    part: z.record(z.string(), z.string()).readonly(),
    unit: z.string(),
    /** Null of a series that has too few points to be compared with. */
    state: pointStateSchema.nullable(),
    /** The newest point that was read, epoch milliseconds. */
    seen: time,
    /** Without a state: when its reference is read again. */
    retryAt: time.nullable(),
  })
  .readonly();

export type JobHead = z.output<typeof jobHeadSchema>;
export type SeriesRecord = z.output<typeof seriesRecordSchema>;

export interface JobState extends JobHead {
  readonly series: readonly SeriesRecord[];
}
