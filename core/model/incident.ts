/** An incident: what is remembered of one host's metric between inspections, and what has still to be decided, sent and logged. */
import * as z from 'zod';
import { hostAnomaliesSchema } from './anomaly-facts.ts';
import { CYCLE_ENDS, changeSchema } from './change.ts';
import { decisionSchema } from './decision.ts';
import { SEVERITIES } from './finding.ts';
import { fleetSchema } from './fleet.ts';
import { FINDING_KINDS } from './metrics.ts';
import { exhaustedSchema, lastFindingSchema, notificationSchema } from './notification.ts';
import { consumerSchema, PROVIDERS, resourceSchema } from './series.ts';
import { storySchema } from './story.ts';

export const incidentKeySchema = z
  .strictObject({
    tenant: z.string(),
    provider: z.enum(PROVIDERS),
    account: z.string(),
    region: z.string().nullable(),
    host: z.string(),
    metric: z.string(),
    /** The kind of finding that the incident is about. */
    finding: z.enum(FINDING_KINDS),
  })
  .readonly();

/**
 * `suspected` has not paged, `open` has. `watched` has recovered, and the next growth is its next cycle. `closed` is over: its item
 * stays, so that a late run cannot open it again.
 */
export const INCIDENT_STATUSES = ['suspected', 'open', 'watched', 'closed'] as const;

/** Of names and reasons that people give. */
const person = z.string().max(2048);
const note = z.string().max(2000);

/**
 * A change that was decided: it leaves when its body was published, where it has one, and the log has it. Of one that was put off it is a copy
 * for the log: the change itself is still undecided.
 */
const outboxEntrySchema = z
  .strictObject({
    change: changeSchema,
    decision: decisionSchema,
    /** Frozen when the change was decided; null where it was held back or put off, and where the body has left unsent. */
    body: notificationSchema.nullable(),
    /** Why its body left unsent; null where it did not. */
    dropped: z.string().max(2000).nullable(),
    /** When it came here, epoch milliseconds: from then on it waits for its topic. Entries of earlier versions do not have it. */
    decidedAt: z.int().exactOptional(),
  })
  .readonly();

export const remindedSchema = z
  .strictObject({
    episode: z.int(),
    cycle: z.int(),
    count: z.int().min(0),
    escalated: z.boolean(),
    at: z.int(),
  })
  .readonly();

/** When a change came to its outbox. Of an entry of an earlier version it is not known, and the change itself is older. */
export function decidedAtOf({ change, decidedAt = change.at }: OutboxEntry): number {
  return decidedAt;
}

/** Strict, so that a store which reads an item back recognises one that somebody else has written. */
export const incidentSchema = z
  .strictObject({
    key: incidentKeySchema,
    resource: resourceSchema,
    status: z.enum(INCIDENT_STATUSES),
    /** 1 for the first leak of this host and metric, one more each time it leaks again. */
    episode: z.int().min(1),
    /** That of the present cycle as it was reported last: a greater one is worse. */
    severity: z.enum(SEVERITIES),
    /** End of the newest window that was recorded, epoch milliseconds. What is older is ignored. */
    asOf: z.int(),
    /** `asOf` of the finding that began this episode. */
    since: z.int(),
    /** Steady inspections in a row since the last finding. */
    steadyRuns: z.int().min(0),
    /** 1 for the first growth of the episode, one more each time it grows again. */
    cycle: z.int().min(1),
    /** `asOf` of the finding that began this cycle. */
    cycleSince: z.int(),
    /** `asOf` of the finding that opened this cycle; null where it is suspected. */
    openedAt: z.int().nullable(),
    /** `asOf` of the observation that ended this cycle; null where it goes on. */
    endedAt: z.int().nullable(),
    /** Number of the last transition; an event's id is the incident's id and this number. */
    transition: z.int().min(0),
    /** `asOf` of the last change. */
    lastChangeAt: z.int(),
    /** What happened and was not decided yet, oldest first. */
    undecided: z.array(changeSchema).readonly(),
    /** What was decided and is not in the log yet, oldest first. */
    outbox: z.array(outboxEntrySchema).readonly(),
    /** Changes that left the item unsent, or held back and without the log, since one was sent: the next one reports how many. */
    dropped: z.int().min(0),
    /** `asOf` of the newest change to a greater severity; absent where none was, and in items of earlier versions. */
    worseAt: z.int().exactOptional(),
    /** When the last body was composed, epoch milliseconds; null where none was. */
    lastNotifiedAt: z.int().nullable(),
    /** When the last body was composed that is meant to wake somebody up, epoch milliseconds; absent where none was. */
    lastPagedAt: z.int().optional(),
    acknowledged: z.strictObject({ by: person, at: z.int(), note: note.nullable() }).readonly().nullable(),
    /** Who takes care of it. */
    owner: person.nullable(),
    /** What grew most in the last cycles whose consumers were read, the newest last; bytes. */
    grewMost: z
      .array(
        z
          .strictObject({
            episode: z.int(),
            cycle: z.int(),
            consumer: consumerSchema,
            rise: z.number(),
            /** How the cycle ended; null where it goes on, and where that is not known. */
            ended: z.enum(CYCLE_ENDS).nullable(),
          })
          .readonly(),
      )
      .max(2)
      .readonly()
      .exactOptional(),
    /** Id of the incident of the fleet that it belongs to. */
    fleet: z.string().nullable(),
    /** Of a fleet: its members, and while it is closed those that may become members. */
    members: fleetSchema.exactOptional(),
    /** How often somebody was reminded of a cycle that nobody acknowledged, and whether it was escalated. `at`: epoch milliseconds. */
    reminded: remindedSchema.exactOptional(),
    /** What the last inspection with a finding saw of a leak, for reminders; absent in items of earlier versions. */
    lastFinding: lastFindingSchema.exactOptional(),
    /** The same of a full host. */
    lastExhausted: exhaustedSchema.exactOptional(),
    /** What is anomalous by each job, for the next inspection and for reminders; absent of other kinds of findings. */
    anomalies: hostAnomaliesSchema.exactOptional(),
    /** What is remembered of a leak between inspections; absent where it is over, and of other kinds of findings. */
    story: storySchema.exactOptional(),
    /** Epoch milliseconds of the last write, so that a sweep leaves what a run is publishing right now alone. */
    changedAt: z.int(),
  })
  .readonly();

/** One current item per key, in which episodes follow one another: findings of two kinds about one metric are two incidents. */
export type IncidentKey = z.output<typeof incidentKeySchema>;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];
export type Incident = z.output<typeof incidentSchema>;
export type OutboxEntry = z.output<typeof outboxEntrySchema>;

/** The key as one readable text, for ids and look-ups. Parts are encoded, because a resource id may contain a slash. */
export function incidentKeyText({ tenant, provider, account, region, host, metric, finding }: IncidentKey): string {
  return [tenant, provider, account, region ?? '', host, metric, ...findingParts(finding)].map(encodedPart).join('/');
}

/** What the kind of finding adds to a key. Leaks were the first kind: their keys and ids name none. */
export function findingParts(finding: string): string[] {
  return finding === 'leak' ? [] : [finding];
}

/** A provider's name may hold half a surrogate pair, which has no URI encoding. `%u` is in no encoding of another text. */
function encodedPart(part: string): string {
  if (part.isWellFormed()) return encodeURIComponent(part);
  const halves = part.split(/(\p{Surrogate})/u);
  return halves.map((half) => (half.isWellFormed() ? encodeURIComponent(half) : percentU(half))).join('');
}

function percentU(half: string): string {
  return `%u${half.charCodeAt(0).toString(16)}`;
}

/** The same for every run that sees the same episode. */
export function incidentId(key: IncidentKey, episode: number): string {
  return `${incidentKeyText(key)}/${episode}`;
}

/** The id of a change: of its message, and of its entry in the log. */
export function changeId(key: IncidentKey, { episode, number }: { readonly episode: number; readonly number: number }) {
  return `${incidentId(key, episode)}/${number}`;
}
