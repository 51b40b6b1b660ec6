/** What an anomaly inspection makes of one point, as it is kept: one line of NDJSON, flat, so that SQL reads it as a row. */
import * as z from 'zod';
import { ANOMALY_TYPES } from './anomaly.ts';
import { ROUNDED } from './notation.ts';
import { PROVIDERS } from './series.ts';

/** In memory times are epoch milliseconds; as a line they are ISO 8601. Figures have six significant digits. */
export const anomalyLineSchema = z
  .strictObject({
    /** The start of the point's period. */
    time: ROUNDED.time,
    job: z.string(),
    provider: z.enum(PROVIDERS),
    account: z.string(),
    region: z.string().nullable(),
    host: z.string(),
    name: z.string().nullable(),
    group: z.string().nullable(),
    metric: z.string(),
    /** `mountpoint=/var`; empty of the entire host. */
    part: z.string(),
    unit: z.string(),
    value: ROUNDED.figure,
    expected: ROUNDED.figure,
    low: ROUNDED.figure,
    high: ROUNDED.figure,
    score: ROUNDED.figure,
    is_anomaly: z.boolean(),
    type: z.enum(ANOMALY_TYPES).nullable(),
  })
  .readonly();

export type AnomalyLine = z.output<typeof anomalyLineSchema>;
