/**
 * What a run makes of one host, as it is kept for good: one line of NDJSON, flat, so that SQL reads it as a row. Every host that a
 * run inspected has one, whatever came of it.
 */
import * as z from 'zod';
import { TRIGGERS } from './message.ts';
import { ROUNDED } from './notation.ts';
import { HOST_KINDS, PROVIDERS, UNITS, UNREADABLE_REASONS } from './series.ts';
import { EXHAUSTION_UNKNOWN, GRADES, INSUFFICIENT_REASONS, PATTERN_NAMES } from './verdict.ts';
import { EVALUATORS } from './vote.ts';

/** Why a host has no verdict: it could not be read, its memory is not collected, or its samples do not suffice. */
const NOT_EVALUATED = [
  ...UNREADABLE_REASONS,
  'not_reported',
  'stopped_reporting',
  'unsupported',
  'incommensurable',
  ...INSUFFICIENT_REASONS,
] as const;

export const RESULT_VERDICTS = ['leaking', 'steady', 'insufficient_data', 'not_monitored', 'unreadable'] as const;

/** What is looked for. A further metric is inspected for anomalies of its own type. */
const ANOMALY_TYPES = ['memory_leak'] as const;

const figure = ROUNDED.figure.nullable();
const moment = ROUNDED.time.nullable();

/** In memory times are epoch milliseconds; as a line they are ISO 8601. Figures have six significant digits. */
export const resultLineSchema = z
  .strictObject({
    /** The end of the evaluated window. */
    time: ROUNDED.time,
    /** The run: see `RunRef`. */
    run: z.string(),
    trigger: z.enum(TRIGGERS),
    provider: z.enum(PROVIDERS),
    account: z.string(),
    region: z.string().nullable(),
    /** The host's id; null of a failure that concerns hosts which are not known. */
    host: z.string().nullable(),
    name: z.string().nullable(),
    group: z.string().nullable(),
    /** The version that a label of the host names. Lines that were written before it was kept have none. */
    version: z.string().nullable().default(null),
    /** Null of a machine, and in lines that were written before there were containers. */
    host_kind: z.enum(HOST_KINDS).nullable().default(null),
    metric: z.string(),
    /** How sure it is that the host has an anomaly of this type, in [0, 1]; null without a verdict. The confidence of a leak. */
    score: figure,
    /** Whether the score is above the threshold of the host's policy. */
    is_anomaly: z.boolean(),
    /** The type of the anomaly; null where there is none. */
    type: z.enum(ANOMALY_TYPES).nullable(),
    pattern: z.enum(PATTERN_NAMES).nullable(),
    verdict: z.enum(RESULT_VERDICTS),
    grade: z.enum(GRADES).nullable(),
    confidence: figure,
    /** The evaluator without whose vote the verdict would be another. Lines that were written before it was kept have none. */
    decided_by: z.enum(EVALUATORS).nullable().default(null),
    /** `1` is a fraction of the host's memory, `By` bytes: the unit of what follows. Null where nothing was read. */
    unit: z.enum(UNITS).nullable(),
    /** Growth per hour of the floor, and the bounds of its interval. */
    growth: figure,
    growth_low: figure,
    growth_high: figure,
    /** The latest floor. */
    level: figure,
    /** When the growth began, at the earliest; null for a steady host. */
    since: moment,
    /** When the limit is reached with a probability of 10, 50 and 90 %, or why that is not known. */
    exhaustion_earliest: moment,
    exhaustion: moment,
    exhaustion_latest: moment,
    exhaustion_unknown: z.enum(EXHAUSTION_UNKNOWN).nullable(),
    /** Why there is no verdict, as a code and in words. */
    reason: z.enum(NOT_EVALUATED).nullable(),
    detail: z.string().max(1000).nullable(),
  })
  .readonly();

export type ResultLine = z.output<typeof resultLineSchema>;
