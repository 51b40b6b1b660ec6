/** What is published: a CloudEvents 1.0 event whose data holds what a person on call needs, and nothing that grows with the fleet. */
import * as z from 'zod';
import { attributedSchema, contributionSchema, UNATTRIBUTED_REASONS, unexplainedSchema } from './attribution.ts';
import { equalAgeSchema } from './equal-age.ts';
import { SEVERITIES } from './finding.ts';
import { FINDING_KINDS } from './metrics.ts';
import { isoTime, type Notation, ROUNDED, WRITTEN } from './notation.ts';
import { consumerSchema, resourceSchema, UNITS } from './series.ts';
import { checkSchema, evidenceSchema, expectedExhaustionSchema, GRADES, patternSchema } from './verdict.ts';

/**
 * - `suspected`: it may grow like a leak. `opened`: it grows like a leak, confirmed; each cycle of an incident opens anew.
 * - `worse`, `better`: the severity of the cycle rose, or fell.
 * - `recovered`, `cleared`: an open cycle, or a suspicion, is over.
 * - `host_gone`: its host is listed no more. `no_data`: its host has had no verdict for some hours.
 * - `reminder`, `escalated`: it is open and nobody acknowledged it.
 *
 * A subscriber's filter policy selects by this.
 */
export const NOTIFICATION_KINDS = [
  'suspected',
  'opened',
  'worse',
  'better',
  'recovered',
  'cleared',
  'host_gone',
  'no_data',
  'reminder',
  'escalated',
] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** The curve of the last hours, for people: at most a few dozen points, fractions or bytes as the leak's `unit`. */
const curveSchema = z.strictObject({
  start: isoTime,
  periodSeconds: z.number(),
  /** One value per period, null where no sample is. */
  values: z.array(z.number().nullable()).max(300),
});

/**
 * The facts of a finding that are published as they are. From this one definition follow the event's schema and how it is
 * composed: a new field of a fact is published, unless it is left out here because it could grow without bound.
 */
function publishedFacts<Time extends z.ZodType, Figure extends z.ZodType>(notation: Notation<Time, Figure>) {
  return {
    check: checkSchema(notation).unwrap(),
    pattern: patternSchema(notation).unwrap(),
    expected: expectedExhaustionSchema(notation).unwrap(),
    contribution: contributionSchema(notation).unwrap().omit({ consumer: true, restarts: true }),
    attributed: attributedSchema(notation).unwrap().omit({ grown: true, largest: true, unexplained: true }),
    unexplained: unexplainedSchema(notation).unwrap(),
    equalAge: equalAgeSchema(notation).unwrap(),
    evidence: evidenceSchema(notation)
      .unwrap()
      .omit({ horizonHours: true, historyHours: true, coverage: true, restarts: true, growthHours: true })
      .omit({ lastingConfidence: true, cleaned: true, checks: true, onset: true, pattern: true, exhaustion: true }),
  };
}

const rounded = publishedFacts(ROUNDED);

/** Encode the facts of a finding for an event: ISO times, rounded figures, and nothing that is left out of events. */
export const PUBLISHED = {
  check: rounded.check.strip(),
  pattern: rounded.pattern.strip(),
  expected: rounded.expected.strip(),
  contribution: rounded.contribution.strip(),
  attributed: rounded.attributed.strip(),
  unexplained: rounded.unexplained.strip(),
  equalAge: rounded.equalAge.strip(),
  evidence: rounded.evidence.strip(),
};

const written = publishedFacts(WRITTEN);
const consumer = consumerSchema.unwrap().shape;

const contributionFields = {
  ...consumer,
  ...written.contribution.shape,
  /** How often it was restarted. */
  restarts: z.int(),
  /** From when or until when alone it was collected, in words; null where it was throughout. */
  message: z.string().nullable(),
};

/** Who grew, in bytes; or why that is not known, and what to do about it. */
const publishedAttributionSchema = z.discriminatedUnion('kind', [
  written.attributed.extend({
    grown: z.array(z.strictObject(contributionFields)).max(10),
    largest: z.array(z.strictObject({ ...consumer, after: z.number() })).max(10),
    unexplained: written.unexplained.extend({ message: z.string() }).nullable(),
  }),
  z.strictObject({ kind: z.literal('unattributed'), reason: z.enum(UNATTRIBUTED_REASONS), message: z.string() }),
]);

/**
 * The facts of the finding that caused the transition; absent in `recovered` and `cleared`. Names of checks, patterns and
 * reasons are any text: an event that waits in an outbox may have been composed before one of them was renamed.
 */
export const leakSchema = written.evidence.extend({
  grade: z.enum(GRADES),
  unit: z.enum(UNITS),
  pattern: written.pattern.extend({ name: z.string() }).nullable(),
  onset: z
    .strictObject({
      earliest: isoTime,
      latest: isoTime,
      /**
       * Whether the growth may be older than the samples that were evaluated: then only `latest` is known, and `earliest` is where the
       * samples begin. Bodies that wait since before it was stated are taken for not censored.
       */
      leftCensored: z.boolean().default(false),
    })
    .nullable(),
  exhaustion: z.discriminatedUnion('kind', [
    written.expected,
    z.strictObject({ kind: z.literal('cannot_say'), reason: z.string(), message: z.string() }),
  ]),
  checks: z.array(written.check.extend({ name: z.string(), message: z.string() })),
  /** Absent where nobody requested it. */
  attribution: publishedAttributionSchema.optional(),
  curve: curveSchema.optional(),
});

/** The facts of a new host that grows faster than the others of its group did at its age; absent where that ends. */
export const earlySchema = written.equalAge.extend({
  group: z.string(),
  /** When the group scaled. */
  event: isoTime,
});

const dataSchema = z.strictObject({
  kind: z.enum(NOTIFICATION_KINDS),
  /** The kind of finding that the incident is about. */
  finding: z.enum(FINDING_KINDS),
  incident: z.string(),
  episode: z.int(),
  transition: z.int(),
  tenant: z.string(),
  severity: z.enum(SEVERITIES),
  metric: z.string(),
  host: resourceSchema,
  since: isoTime,
  /** One sentence for a subject line. It reads "grows like a leak": steady growth may be legitimate. */
  summary: z.string(),
  leak: leakSchema.optional(),
  early: earlySchema.optional(),
  /** Messages about the incident that were lost before this one: no room was left for them, or the topic refused them. */
  dropped: z.int().min(1).optional(),
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

export type NotificationAttribution = z.output<typeof publishedAttributionSchema>;
export type NotificationLeak = z.output<typeof leakSchema>;
export type NotificationEarly = z.output<typeof earlySchema>;
export type NotificationData = z.output<typeof dataSchema>;
export type Notification = z.output<typeof notificationSchema>;
