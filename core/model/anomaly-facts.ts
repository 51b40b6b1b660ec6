/** The facts of anomalies as incidents remember them and events publish them: bounded, times as ISO 8601, figures rounded. */
import * as z from 'zod';
import { SEVERITIES } from './finding.ts';
import { isoTime } from './notation.ts';

/** Anomalies of one host that are kept: the most severe ones. Of further ones their number is. */
export const MOST_ANOMALIES = 10;

/** Jobs of one account; those of an incident whose last inspection is the oldest leave first. */
export const MOST_JOBS = 10;

/** Metrics that an incident remembers to have been anomalous in its episode. */
export const MOST_METRICS = 100;

/** Checks of one anomaly. */
export const MOST_CHECKS = 8;

/** Characters of the names and values of a part, and how many labels of it are kept. */
export const PART_LENGTH = 100;
export const PART_LABELS = 4;

/** Names of types, checks and reasons are any text: a body may be older or newer than its reader. */
const code = z.string().max(64);

/** Times by which the upper limit is reached with a probability of 10, 50 and 90 %; or why that is not known. */
const exhaustionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('expected'), earliest: isoTime, likely: isoTime, latest: isoTime.nullable() }),
  z.strictObject({ kind: z.literal('cannot_say'), reason: code }),
]);

/** One metric of one part of a host. Values are in `unit`, a UCUM code. */
export const anomalyFactSchema = z
  .strictObject({
    /** The job whose inspection found it. */
    job: z.string().max(40),
    metric: z.string().max(128),
    /** What people read. */
    label: z.string().max(40),
    unit: z.string().max(32),
    /** `{ "mountpoint": "/var" }`; empty of the entire host. */
    part: z.record(z.string().max(PART_LENGTH), z.string().max(PART_LENGTH)),
    type: code,
    severity: z.enum(SEVERITIES),
    /** Its first and its last anomalous point. */
    since: isoTime,
    last: isoTime,
    /** Whether it went on at the end of the points. */
    goesOn: z.boolean(),
    /** The point that is furthest from what was expected: when it was, its value, and the band that holds 98 % of healthy points. */
    at: isoTime,
    value: z.number(),
    expected: z.number(),
    /** Null where the band has no end on that side. */
    low: z.number().nullable(),
    high: z.number().nullable(),
    /** In [0, 1]: 1 minus the probability that a healthy point is as far away. */
    score: z.number(),
    /** How many points were anomalous. */
    points: z.int().min(0),
    /** Why it is one: each with value, limit, and whether it passed. */
    checks: z
      .array(
        z.strictObject({
          name: code,
          value: z.number(),
          limit: z.number(),
          unit: z.string().max(32),
          passed: z.boolean(),
        }),
      )
      .max(MOST_CHECKS),
    /** Of a metric that fills up: when it is full. */
    exhaustion: exhaustionSchema.optional(),
  })
  .readonly();

/** What is anomalous on one host, as one message states it. */
export const anomalyFactsSchema = z
  .strictObject({
    /** The most severe first. */
    anomalies: z.array(anomalyFactSchema).max(MOST_ANOMALIES).readonly(),
    /** Further ones that there was no room for. */
    more: z.int().min(0),
    /** Of `worse`: labels of metrics that were not anomalous in this incident before. */
    joined: z.array(z.string().max(40)).max(MOST_ANOMALIES).readonly().optional(),
  })
  .readonly();

/** What an incident remembers of one job: jobs neither see nor end each other's anomalies. Times are epoch milliseconds. */
const jobAnomaliesSchema = z
  .strictObject({
    job: z.string().max(40),
    /** The end of its newest inspection that was recorded: an older one changes nothing. */
    asOf: z.int(),
    /** The same of its newest inspection, whether or not the host had points. */
    triedAt: z.int(),
    /** How long an anomaly has to be over until it leaves, in milliseconds. */
    quietMs: z.int().min(0),
    /** Whether that it has no points was reported. */
    isWithoutPoints: z.boolean(),
    anomalies: z.array(anomalyFactSchema).max(MOST_ANOMALIES).readonly(),
    more: z.int().min(0),
  })
  .readonly();

export const hostAnomaliesSchema = z
  .strictObject({
    jobs: z.array(jobAnomaliesSchema).max(MOST_JOBS).readonly(),
    /** Names of all metrics that were anomalous in this episode: one that comes back has not joined anew. */
    metrics: z.array(z.string().max(128)).max(MOST_METRICS).readonly(),
  })
  .readonly();

export type AnomalyFact = z.output<typeof anomalyFactSchema>;
export type AnomalyFacts = z.output<typeof anomalyFactsSchema>;
export type JobAnomalies = z.output<typeof jobAnomaliesSchema>;
