/**
 * What a request for an inspection was answered with: the same for whoever invokes a function, for the stored item, and for
 * `plimsoll invoke --json`. In memory times are epoch milliseconds; encoded they are ISO 8601.
 */
import * as z from 'zod';
import { UNATTRIBUTED_REASONS } from './attribution.ts';
import { SEVERITIES } from './finding.ts';
import { FINDING_KINDS } from './metrics.ts';
import { EXACT, ROUNDED } from './notation.ts';
import { NOTIFICATION_KINDS } from './notification.ts';
import { runSummarySchema } from './run.ts';
import { consumerSchema, resourceSchema, scopeSchema, UNITS, windowSchema } from './series.ts';
import { exhaustionSchema, GRADES, intervalSchema, onsetSchema, PATTERN_NAMES } from './verdict.ts';

/** Findings that an answer lists at the most, over all regions: what a function returns has at most 6 MB. */
export const MOST_FINDINGS = 500;

/** Findings of a region that are stored: an item of the table has at most 400 KB. */
export const MOST_STORED_FINDINGS = 50;

/** Notifications of a replayed region that are listed. */
export const MOST_REPLAYED = 500;

/** Most regions that one request is dispatched to: what was expected is one item of the table. */
export const MOST_REGIONS = 3_000;

const reasonSchema = z.string().nullable();

const count = z.int().min(0);

const topConsumerSchema = z
  .discriminatedUnion('kind', [
    /** `share` is the fraction of the rise; null where the rise is not known. */
    z.strictObject({ kind: z.literal('named'), consumer: consumerSchema, share: ROUNDED.figure.nullable() }),
    z.strictObject({ kind: z.literal('none_grew') }),
    z.strictObject({ kind: z.literal('unknown'), reason: z.enum(UNATTRIBUTED_REASONS) }),
  ])
  .readonly();

/** A finding without its evidence: what a table shows of it. */
export const listedFindingSchema = z
  .strictObject({
    host: resourceSchema.unwrap().omit({ labels: true }).readonly(),
    kind: z.enum(FINDING_KINDS),
    metric: z.string(),
    /** Of `level` and `growthPerHour`. */
    unit: z.enum(UNITS),
    grade: z.enum(GRADES),
    severity: z.enum(SEVERITIES),
    /** In [0, 1]; null of an early finding, of which none is computed. */
    confidence: ROUNDED.figure.nullable(),
    level: ROUNDED.figure,
    /** Of an early finding the growth since just after its beginning, without a range. */
    growthPerHour: intervalSchema(ROUNDED),
    pattern: z.enum(PATTERN_NAMES).nullable(),
    /** The end of the evaluated window. */
    asOf: ROUNDED.time,
    onset: onsetSchema(ROUNDED).nullable(),
    exhaustion: exhaustionSchema(ROUNDED),
    /** Null where it was not requested: who grew is read once for each notification. */
    topConsumer: topConsumerSchema.nullable(),
  })
  .readonly();

/** A notification that a past inspection would have sent. */
const replayedNotificationSchema = z
  .strictObject({
    /** When the inspection was due. */
    at: EXACT.time,
    kind: z.enum(NOTIFICATION_KINDS),
    /** What the host would have been reported for. */
    finding: z.enum(FINDING_KINDS).default('leak'),
    /** Null of a suspicion that was confirmed later: a replay keeps the severity of the page. */
    severity: z.enum(SEVERITIES).nullable(),
    host: resourceSchema.unwrap().omit({ labels: true }).readonly(),
  })
  .readonly();

const replaySchema = z
  .strictObject({
    window: windowSchema(EXACT),
    /** Inspections that were due in it. */
    inspections: count,
    hosts: z.strictObject({ replayed: count, notMonitored: count, unreadable: count }).readonly(),
    /** In order of time, the first `MOST_REPLAYED`; `notifications` is how many there were. */
    notified: z.array(replayedNotificationSchema).max(MOST_REPLAYED).readonly(),
    notifications: count,
  })
  .readonly();

/** `refused`: a person has to correct the request. `skipped`: nothing is wrong, and nothing was inspected. */
export const RESULT_OUTCOMES = ['complete', 'partial', 'refused', 'skipped'] as const;
export type ResultOutcome = (typeof RESULT_OUTCOMES)[number];

const runFactsSchema = runSummarySchema
  .unwrap()
  .extend({ scheduledTime: EXACT.time, window: windowSchema(EXACT) })
  .readonly();

export const regionResultSchema = z
  .strictObject({
    scope: scopeSchema,
    outcome: z.enum(RESULT_OUTCOMES),
    /** Why it is not complete; null where it is, and where the run's failures explain it. */
    reason: reasonSchema,
    /** Null where nothing was read, and of a replay. */
    run: runFactsSchema.nullable(),
    /** The most severe first; `found` is how many there were. */
    findings: z.array(listedFindingSchema).max(MOST_FINDINGS).readonly(),
    found: count,
    replay: replaySchema.nullable(),
  })
  .readonly();

/** Regions that nobody inspects, or that do not exist, and why. */
const setAsideSchema = z.strictObject({ regions: z.array(z.string()).readonly(), reason: z.string() }).readonly();

const accountRegionsSchema = scopeSchema
  .unwrap()
  .omit({ region: true })
  .extend({ regions: z.array(z.string()).readonly() })
  .readonly();

/** What became of a request when it was dispatched. It is stored before any of its messages is sent. */
export const dispatchedSchema = z
  .strictObject({
    outcome: z.enum(['dispatched', 'refused', 'skipped']),
    /** Why it was not dispatched. */
    reason: reasonSchema,
    /** From where results are expected. */
    accounts: z.array(accountRegionsSchema).readonly(),
    setAside: setAsideSchema.nullable(),
    /** Of the request (`requestDigest`): another one with the same id is not answered with the results of this one. */
    digest: z.string(),
    /** When the first request of this id was sent: a repeated one inspects the same window. */
    sentAt: EXACT.time,
  })
  .readonly();

export const inspectionResultSchema = z
  .strictObject({
    version: z.literal(1),
    /** Of the request; null where it had none, or could not be parsed. */
    id: z.string().nullable(),
    tenant: z.string().nullable(),
    outcome: z.enum(RESULT_OUTCOMES),
    reason: reasonSchema,
    setAside: setAsideSchema.nullable(),
    regions: z.array(regionResultSchema).max(MOST_REGIONS).readonly(),
  })
  .readonly();

export type ListedFinding = z.output<typeof listedFindingSchema>;
export type TopConsumer = z.output<typeof topConsumerSchema>;
export type ReplayedNotification = z.output<typeof replayedNotificationSchema>;
export type RegionReplay = z.output<typeof replaySchema>;
export type RegionResult = z.output<typeof regionResultSchema>;
export type Dispatched = z.output<typeof dispatchedSchema>;
export type InspectionResult = z.output<typeof inspectionResultSchema>;

/** Refused before anything was inspected. */
export function refusedResult(
  reason: string,
  { id = null, tenant = null, outcome = 'refused' }: Partial<Pick<InspectionResult, 'id' | 'tenant' | 'outcome'>> = {},
): InspectionResult {
  return { version: 1, id, tenant, outcome, reason, setAside: null, regions: [] };
}

/** The outcome of several regions: complete where each of them is. */
export function outcomeOfAll(regions: readonly RegionResult[], setAside: InspectionResult['setAside']): ResultOutcome {
  const [first, ...others] = new Set(regions.map(({ outcome }) => outcome));
  if (first === undefined || (others.length === 0 && setAside === null)) return first ?? 'refused';
  return 'partial';
}
