/** What is published: a CloudEvents 1.0 event whose data says what a person on call needs, and nothing that grows with the fleet. */
import * as z from 'zod';
import { UNATTRIBUTED_REASONS } from './attribution.ts';
import { SEVERITIES } from './finding.ts';

/**
 * `opened`, `worse` and `recovered` page; `suspected` and `cleared` (a suspicion that went away) are for those who ask for them.
 * A subscriber's filter policy selects by this.
 */
export const NOTIFICATION_KINDS = ['suspected', 'opened', 'worse', 'recovered', 'cleared'] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

const isoTime = z.iso.datetime();

const intervalSchema = z.strictObject({ low: z.number(), estimate: z.number(), high: z.number() });

const checkSchema = z.strictObject({
  name: z.string(),
  value: z.number().nullable(),
  comparison: z.enum(['at_least', 'at_most']),
  limit: z.number(),
  unit: z.string(),
  passed: z.boolean(),
  message: z.string(),
});

/** The curve of the last hours, for people: at most a few dozen points, fractions or bytes as `unit` says. */
const curveSchema = z.strictObject({
  start: isoTime,
  periodSeconds: z.number(),
  /** One value per period, null where no sample is. */
  values: z.array(z.number().nullable()).max(300),
});

const consumerFields = {
  kind: z.enum(['process', 'pod', 'container']),
  name: z.string(),
  namespace: z.string().exactOptional(),
};

const contributionSchema = z.strictObject({
  ...consumerFields,
  before: z.number(),
  after: z.number(),
  rise: intervalSchema,
  share: intervalSchema.nullable(),
  /** When it began; null where it was there from the beginning. */
  since: isoTime.nullable(),
  /** How often it was restarted. */
  restarts: z.int(),
  /** From when or until when alone it was collected; null where it was throughout. */
  message: z.string().nullable(),
});

const attributedSchema = z.strictObject({
  kind: z.literal('attributed'),
  window: z.strictObject({ start: isoTime, end: isoTime }),
  /** What shares are of: the host's rise, or what all consumers grew by where the host's capacity is not known. */
  basis: z.enum(['host', 'consumers']),
  rise: intervalSchema,
  consumers: z.int(),
  grown: z.array(contributionSchema).max(10),
  largest: z.array(z.strictObject({ ...consumerFields, after: z.number() })).max(10),
  unexplained: z
    .strictObject({ rise: intervalSchema, share: intervalSchema.nullable(), message: z.string() })
    .nullable(),
});

/** Who grew, in bytes; or why that is not known, and what to do about it. */
const attributionSchema = z.discriminatedUnion('kind', [
  attributedSchema,
  z.strictObject({ kind: z.literal('unattributed'), reason: z.enum(UNATTRIBUTED_REASONS), message: z.string() }),
]);

/** The facts of the finding that caused the transition; absent in `recovered` and `cleared`. */
const leakSchema = z.strictObject({
  grade: z.enum(['suspected', 'confirmed']),
  confidence: z.number(),
  unit: z.enum(['By', '1']),
  level: z.number(),
  growthPerHour: intervalSchema,
  pattern: z.strictObject({ name: z.string(), confidence: z.number() }).nullable(),
  onset: z.strictObject({ earliest: isoTime, latest: isoTime }).nullable(),
  exhaustion: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('expected'), earliest: isoTime, likely: isoTime, latest: isoTime.nullable() }),
    z.strictObject({ kind: z.literal('cannot_say'), reason: z.string() }),
  ]),
  evaluated: z.strictObject({ start: isoTime, end: isoTime }),
  checks: z.array(checkSchema),
  /** Absent where nobody asked. */
  attribution: attributionSchema.optional(),
  curve: curveSchema.optional(),
});

const dataSchema = z.strictObject({
  kind: z.enum(NOTIFICATION_KINDS),
  incident: z.string(),
  episode: z.int(),
  transition: z.int(),
  tenant: z.string(),
  severity: z.enum(SEVERITIES),
  metric: z.string(),
  host: z.strictObject({
    provider: z.string(),
    account: z.string(),
    region: z.string(),
    id: z.string(),
    name: z.string().optional(),
    group: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
  }),
  since: isoTime,
  /** One sentence for a subject line. It says "grows like a leak": steady growth may be legitimate. */
  summary: z.string(),
  leak: leakSchema.optional(),
  /** What was left out so that the event fits its topic, in words; absent where nothing was. */
  shortened: z.array(z.string()).optional(),
});

/** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md */
export const notificationSchema = z.strictObject({
  specversion: z.literal('1.0'),
  /** Incident id and transition number: the same event has the same id however often it is sent. */
  id: z.string(),
  source: z.string(),
  type: z.string(),
  subject: z.string(),
  time: isoTime,
  datacontenttype: z.literal('application/json'),
  data: dataSchema,
});

export type NotificationAttribution = z.output<typeof attributionSchema>;
export type NotificationLeak = z.output<typeof leakSchema>;
export type NotificationData = z.output<typeof dataSchema>;
export type Notification = z.output<typeof notificationSchema>;
