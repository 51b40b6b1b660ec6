/**
 * One host's memory as its cloud holds it: what is requested of an inspect function, and what it answers. JSON as it is sent: times are
 * ISO 8601, those of samples seconds since the epoch.
 */
import * as z from 'zod';
import { FULL_KINDS, pageFaultsSchema } from './full-host.ts';
import { isoTime, WRITTEN } from './notation.ts';
import { LOOK_BACK_HOURS, policySchema } from './policy.ts';
import { RESULT_VERDICTS } from './result-line.ts';
import { ACCOUNT_PROVIDERS, consumerSchema, HOST_KINDS, PROVIDERS, UNITS, windowSchema } from './series.ts';
import { tenantIdSchema } from './tenant.ts';
import {
  checkSchema,
  expectedExhaustionSchema,
  GRADES,
  intervalSchema,
  onsetSchema,
  patternSchema,
} from './verdict.ts';
import { decidedBySchema, writtenVotesSchema } from './written-vote.ts';

/** Points of a curve that is drawn small. */
export const MOST_POINTS = 120;

/** Hosts of a group that are read beside the requested one. */
export const MOST_SIBLINGS = 12;

/** Consumers that are listed by growth, and as many by size. */
const MOST_CONSUMERS = 10;

/** Samples of a series: a month of them every few minutes. */
const MOST_SAMPLES = 20_000;

/** Failures that are stated, and characters of one of them. */
export const MOST_FAILURES = 20;
export const FAILURE_LENGTH = 1000;

/** Bytes of an answer: a function returns 6 MB at the most. */
export const MOST_ANSWER_BYTES = 5_000_000;

/** No provider has samples of a time before it. */
const EARLIEST = Date.UTC(2010, 0, 1);

const location = z.string().min(1).max(200);

/** Which host, as of when. It is an event of an inspect function. */
export const hostReadRequestSchema = z
  .strictObject({
    version: z.literal(1),
    kind: z.literal('read_host'),
    tenant: tenantIdSchema,
    provider: z.enum(ACCOUNT_PROVIDERS),
    account: location,
    region: location,
    /** The id of one host: no pattern. */
    host: z.string().min(1).max(2000),
    /** The group whose other hosts are read too, where the cloud does not know it any more. */
    group: z.string().min(1).max(300).optional(),
    /** When an inspection would have been due: the window ends by then, less the delay with which samples arrive. */
    to: isoTime.refine((text) => Date.parse(text) >= EARLIEST, 'must be 2010 or later: no provider has older samples'),
    /** Hours of history instead of those of the policy. */
    lookbackHours: z.int().min(LOOK_BACK_HOURS.least).max(LOOK_BACK_HOURS.greatest).optional(),
  })
  .readonly();

export type HostReadRequest = z.output<typeof hostReadRequestSchema>;

const time = isoTime;
const count = z.int().min(0);
const interval = intervalSchema(WRITTEN);
const span = windowSchema(WRITTEN);

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
    /** By a label of the host that names one. */
    version: z.string().nullable(),
  })
  .readonly();

/** One value per period from `start` on; null where no sample is. */
export const curveSchema = z
  .strictObject({
    start: time,
    periodSeconds: z.number().positive(),
    values: z.array(z.number().nullable()).max(MOST_SAMPLES).readonly(),
  })
  .readonly();

const samplesSchema = z
  .strictObject({
    times: z.array(z.number()).max(MOST_SAMPLES).readonly(),
    values: z.array(z.number()).max(MOST_SAMPLES).readonly(),
  })
  .readonly();

const explainedCheckSchema = checkSchema(WRITTEN)
  .unwrap()
  .extend({
    name: z.string(),
    message: z.string(),
    /** What it adds to the log-odds of a leak; null where the verdict has none. */
    weight: z.number().nullable(),
  })
  .readonly();

const consumerMemorySchema = z
  .strictObject({
    kind: consumerSchema.unwrap().shape.kind,
    name: z.string(),
    namespace: z.string().nullable(),
    /** Bytes: at the beginning and at the end of the compared segment. */
    before: z.number(),
    after: z.number(),
    rise: interval,
    /** Of the total rise; null where that is not clearly above zero. */
    share: interval.nullable(),
    since: time.nullable(),
    restarts: z.array(time).readonly(),
    /** That it was not collected all the time; null where it was. */
    note: z.string().nullable(),
    /** Bytes over the compared segment: means, of several samples where there are more than fit. Null where it has no samples. */
    curve: curveSchema.nullable(),
  })
  .readonly();

const consumers = z.array(consumerMemorySchema).max(MOST_CONSUMERS).readonly();

const hostAttributionSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('attributed'),
      /** The segment that is compared. */
      window: span,
      basis: z.enum(['host', 'consumers']),
      rise: interval,
      consumers: count,
      /** The ten that grew most, and the ten that use most. */
      grown: consumers,
      largest: consumers,
      unexplained: z
        .strictObject({ rise: interval, share: interval.nullable(), remainder: z.string(), message: z.string() })
        .readonly()
        .nullable(),
    })
    .readonly(),
  z.strictObject({ kind: z.literal('unattributed'), reason: z.string(), message: z.string() }).readonly(),
]);

export const siblingSchema = z
  .strictObject({
    host: hostSchema,
    verdict: z.enum(RESULT_VERDICTS),
    grade: z.enum(GRADES).nullable(),
    confidence: z.number().nullable(),
    unit: z.enum(UNITS),
    /** Hours since its first sample, where that lies within the window; null where it is older. */
    ageHours: z.number().nullable(),
    /** The least value of each period: what is drawn of the host itself are minima too. */
    curve: curveSchema,
  })
  .readonly();

const fullSchema = z
  .strictObject({
    kind: z.enum(FULL_KINDS),
    since: time.nullable(),
    falls: z.array(time).readonly(),
    hoursToFull: z.number().nullable(),
    grows: z.boolean(),
    /** Absent where nobody collects them, or where they could not be read. */
    pageFaults: pageFaultsSchema(z.number()).exactOptional(),
  })
  .readonly();

export const hostMemorySchema = z
  .strictObject({
    host: hostSchema,
    /** When it was read. */
    readAt: time,
    metric: z.string(),
    /** Of samples, level and growth; `1` where there are no samples. */
    unit: z.enum(UNITS),
    /** What is known of the host's capacity; `limit` in bytes, null of fractions, which carry their own. */
    limitKnown: z.boolean(),
    limit: z.number().nullable(),
    window: span,
    /** How the samples were folded, and over which period. */
    statistic: z.enum(['average', 'minimum', 'maximum']),
    periodSeconds: z.number().positive(),
    /** The samples as they were read, with all digits: the detector's answer to them is the verdict. */
    samples: samplesSchema,
    /** Finer means of the last hours; null where they could not be read. */
    recent: samplesSchema.nullable(),
    verdict: z.enum(RESULT_VERDICTS),
    /** Why there is none, as a code and in words: what failed, or what the owner of the host can do. */
    reason: z.string().nullable(),
    detail: z.string().nullable(),
    grade: z.enum(GRADES).nullable(),
    confidence: z.number().nullable(),
    /** How each evaluator voted, the curve first, and which one decided. No votes, where the curve was all there was to go by. */
    votes: writtenVotesSchema.default([]),
    decidedBy: decidedBySchema.nullable().default(null),
    /** With five hours ago included, by which a page is decided; null of a host that is not leaking. */
    lastingConfidence: z.number().nullable(),
    /** The confidence from which it is reported, and the lasting one from which it is confirmed. */
    requiredConfidence: z.number(),
    confirmingConfidence: z.number(),
    evaluated: span.nullable(),
    horizonHours: z.number().nullable(),
    growthHours: z.number().nullable(),
    level: z.number().nullable(),
    growth: interval.nullable(),
    onset: onsetSchema(WRITTEN).nullable(),
    pattern: patternSchema(WRITTEN).nullable(),
    exhaustion: expectedExhaustionSchema(WRITTEN).unwrap().omit({ kind: true }).readonly().nullable(),
    /** Why it is not known when the memory is full. */
    exhaustionUnknown: z.string().nullable(),
    /** Where its memory is full, or fills again and again. */
    full: fullSchema.nullable(),
    restarts: z.array(time).readonly(),
    checks: z.array(explainedCheckSchema).readonly(),
    /** The log-odds before calibration, and what they are where no feature is known: the weights add up to the difference. */
    score: z.strictObject({ value: z.number(), reference: z.number() }).readonly().nullable(),
    counterfactual: z
      .strictObject({ hours: z.number(), growthPerHour: z.number(), turnsAt: z.number() })
      .readonly()
      .nullable(),
    /** What the detector takes beside the samples. */
    policy: z
      .strictObject({
        threshold: z.number(),
        environment: policySchema.shape.environment.unwrap(),
        prior: z.number(),
      })
      .readonly(),
    attribution: hostAttributionSchema.nullable(),
    /** Hosts of its group: those that leak first, then those nearest to its age. */
    siblings: z.array(siblingSchema).max(MOST_SIBLINGS).readonly(),
    /** How many others the group has; null where that is not known. */
    siblingCount: count.nullable(),
    /** What could not be read, in words. Nobody takes what is missing for health. */
    unreadable: z.array(z.string().max(FAILURE_LENGTH)).max(MOST_FAILURES).readonly(),
    /** Provider calls, metrics billed, and their price. */
    cost: z.strictObject({ calls: count, metrics: count, usd: z.number() }).readonly(),
  })
  .readonly();

export type HostMemory = z.output<typeof hostMemorySchema>;
export type ConsumerMemory = z.output<typeof consumerMemorySchema>;
export type HostAttribution = z.output<typeof hostAttributionSchema>;
export type Sibling = z.output<typeof siblingSchema>;
export type Curve = z.output<typeof curveSchema>;

/**
 * Why nothing was read. `malformed`: the request. `not_configured`: the tenant has no such account or region, or it is disabled.
 * `excluded`: the config leaves the host out. `not_found`: the cloud knows no such host. `over_cap`: the month's cost cap is reached.
 */
export const READ_REFUSALS = ['malformed', 'not_configured', 'excluded', 'not_found', 'over_cap'] as const;
export type ReadRefusal = (typeof READ_REFUSALS)[number];

export const hostReadAnswerSchema = z.discriminatedUnion('outcome', [
  z.strictObject({ version: z.literal(1), outcome: z.literal('read'), memory: hostMemorySchema }).readonly(),
  z
    .strictObject({
      version: z.literal(1),
      outcome: z.literal('refused'),
      refusal: z.enum(READ_REFUSALS),
      /** What is wrong, and what to do. */
      reason: z.string().max(2000),
    })
    .readonly(),
]);

export type HostReadAnswer = z.output<typeof hostReadAnswerSchema>;

export function refusedRead(refusal: ReadRefusal, reason: string): HostReadAnswer {
  return { version: 1, outcome: 'refused', refusal, reason };
}
