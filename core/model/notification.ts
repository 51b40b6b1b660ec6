/** What is published: a CloudEvents 1.0 event whose data holds what a person on call needs, and nothing that grows with the fleet. */
import * as z from 'zod';
import { anomalyFactsSchema } from './anomaly-facts.ts';
import { attributedSchema, contributionSchema, UNATTRIBUTED_REASONS, unexplainedSchema } from './attribution.ts';
import { equalAgeSchema } from './equal-age.ts';
import { SEVERITIES } from './finding.ts';
import { fleetFactsSchema } from './fleet.ts';
import { fullHostSchema } from './full-host.ts';
import { FINDING_KINDS } from './metrics.ts';
import { isoTime, type Notation, ROUNDED, WRITTEN } from './notation.ts';
import { consumerSchema, resourceSchema, UNITS } from './series.ts';
import { checkSchema, evidenceSchema, expectedExhaustionSchema, GRADES, patternSchema } from './verdict.ts';
import { decidedBySchema, writtenVotesSchema } from './written-vote.ts';

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
    fullHost: fullHostSchema(notation).unwrap(),
    evidence: evidenceSchema(notation)
      .unwrap()
      .omit({ horizonHours: true, historyHours: true, coverage: true, restarts: true, growthHours: true })
      .omit({ lastingConfidence: true, cleaned: true, checks: true, onset: true, pattern: true, exhaustion: true })
      .omit({ votes: true, decidedBy: true }),
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
  fullHost: rounded.fullHost,
  evidence: rounded.evidence.strip(),
};

const written = publishedFacts(WRITTEN);
const consumer = consumerSchema.unwrap().shape;

/** Characters of a consumer's name: Kubernetes allows 253 for a pod's, and the first of them matter most. */
export const CONSUMER_NAME_LENGTH = 80;

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
  /** When the host was restarted in the hours that were evaluated, the newest last; absent where it was not. */
  restarts: z.array(isoTime).max(10).optional(),
  /** How each evaluator voted, and which one decided; absent where the host's own curve was all there was to go by. */
  votes: writtenVotesSchema.optional(),
  decidedBy: decidedBySchema.optional(),
});

/** What the last inspection with a finding saw of a leak. Its window ends at `evaluated.end`. */
export const lastFindingSchema = leakSchema.pick({
  unit: true,
  level: true,
  growthPerHour: true,
  evaluated: true,
  exhaustion: true,
});

/** The facts of a new host that grows faster than the others of its group did at its age; absent where that ends. */
export const earlySchema = written.equalAge.extend({
  group: z.string(),
  /** When the group scaled. */
  event: isoTime,
});

const name = z.string().max(256);

/** How often it grew in this incident, and how long that took. */
const cyclesSchema = z.strictObject({
  /** 1 for the first growth of the incident. */
  cycle: z.int().min(1),
  firstAt: isoTime,
  /** Hours from the beginning to the end of the cycles before, the newest last. */
  lastedHours: z.array(z.number().min(0)).max(10),
  /** Whether the cycle before was reported as recovered or cleared. */
  reopened: z.boolean(),
});

/** How a cycle ended. The ways are any text: a body may be older or newer than its reader. */
const endSchema = z.strictObject({
  how: z.string().max(64),
  /** Hours from the beginning of the growth to its end. */
  ageHours: z.number().min(0),
  /** Of `cured`: how sure it is that the growth is gone, in [0, 1]; null where nobody can know yet. */
  confidence: z.number().min(0).max(1).nullable(),
});

/** Until when a restart is safe, and the last planned opportunity for one before. */
const restartBySchema = z.strictObject({
  at: isoTime,
  /** A maintenance window, or quiet hours; `name` as the config has it, null where it has none. */
  window: z.strictObject({ name: name.nullable(), start: isoTime, end: isoTime }).nullable(),
});

/** Falls of a full host that a body has. */
export const MOST_FALLS = 50;

/** The facts of a finding of the kind `exhausted`. Its kinds are any text: a body may be older or newer than its reader. */
export const exhaustedSchema = written.fullHost.extend({
  kind: z.string().max(64),
  falls: z.array(isoTime).max(MOST_FALLS),
});

/** What happened where the growth began, and what is known of it from elsewhere. */
const contextSchema = z.strictObject({
  deployments: z
    .array(z.strictObject({ at: isoTime, name }))
    .max(10)
    .optional(),
  /** Launches, resizes and the like of its group. */
  scaling: z
    .array(z.strictObject({ at: isoTime, name }))
    .max(10)
    .optional(),
  restarts: z.array(isoTime).max(10).optional(),
  /** Hosts of its group at the same age, by what distinguishes them: so many `of` each grow. */
  siblings: z
    .array(z.strictObject({ version: name, grow: z.int().min(0), of: z.int().min(1) }))
    .max(10)
    .optional(),
  /** What grew most in the cycle before; bytes. */
  lastCycle: z
    .strictObject({
      ...consumerSchema.unwrap().shape,
      rise: z.number(),
      /** How that cycle ended, by the same words as `end.how`; absent where it is not known. */
      ended: z.string().max(64).optional(),
    })
    .optional(),
});

const dataSchema = z.strictObject({
  kind: z.enum(NOTIFICATION_KINDS),
  /** The kind of finding that the incident is about. */
  finding: z.enum(FINDING_KINDS),
  incident: z.string(),
  episode: z.int(),
  transition: z.int(),
  tenant: z.string(),
  /** The stage of the deployment that published it: commands in messages name it. */
  stage: z.string().max(64).optional(),
  severity: z.enum(SEVERITIES),
  metric: z.string(),
  host: resourceSchema,
  since: isoTime,
  /** One sentence for a subject line. It reads "grows like a leak": steady growth may be legitimate. */
  summary: z.string(),
  leak: leakSchema.optional(),
  /** Of `reminder` and `escalated`, which no finding causes: what was seen last, as of the end of its window. */
  lastFinding: lastFindingSchema.optional(),
  early: earlySchema.optional(),
  exhausted: exhaustedSchema.optional(),
  /** Of a finding of the kind `anomaly`: what is not as expected, and of an end what was not. */
  anomaly: anomalyFactsSchema.optional(),
  /** Of a finding of the kind `fleet`: hosts that rise alike. */
  fleet: fleetFactsSchema.optional(),
  /** The incident of the fleet that this one belongs to. */
  memberOf: z.string().max(2048).optional(),
  /** Whether it is meant to wake somebody up; absent in bodies of the first versions. */
  page: z.boolean().optional(),
  /** Names of the receivers that it is for; absent where the topic alone has it. */
  receivers: z.array(z.string().max(64)).max(20).optional(),
  /** Names of labels of the host by which subscribers can filter: each is a message attribute too. */
  attributeLabels: z.array(z.string().min(1).max(128)).max(3).optional(),
  cycles: cyclesSchema.optional(),
  end: endSchema.optional(),
  restartBy: restartBySchema.optional(),
  context: contextSchema.optional(),
  runbook: z
    .url({ protocol: /^https$/ })
    .max(2000)
    .optional(),
  /** The tenant's time zone by its IANA name: people read times in it beside UTC. */
  timezone: z.string().max(64).optional(),
  /** Changes of the incident that were lost before this one: no room was left for them, or the topic refused their messages. */
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
  /** The schema of `data`; absent in bodies of the first versions. */
  dataschema: z.string().max(256).optional(),
  data: dataSchema,
});

/**
 * Names the schema of `data` that bodies are composed by. Its number rises when a reader of the former one could fail: a field is
 * removed, or means something else, or a list of words has a new one. New fields leave it as it is.
 */
export const NOTIFICATION_SCHEMA = 'urn:plimsoll:schema:notification:2';

/** The JSON Schema of `data`, for subscribers: fields that it does not know are allowed, because later versions add some. */
export function notificationJsonSchema(): object {
  const schema = z.toJSONSchema(dataSchema, {
    target: 'draft-2020-12',
    io: 'output',
    // Texts by name, which state their schema themselves.
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      delete jsonSchema.readOnly;
    },
  });
  return { ...schema, $id: NOTIFICATION_SCHEMA, title: 'The data of a notification of Plimsoll' };
}

export type NotificationAttribution = z.output<typeof publishedAttributionSchema>;
export type NotificationLeak = z.output<typeof leakSchema>;
export type NotificationLastFinding = z.output<typeof lastFindingSchema>;
export type NotificationEarly = z.output<typeof earlySchema>;
export type NotificationData = z.output<typeof dataSchema>;
export type Notification = z.output<typeof notificationSchema>;
