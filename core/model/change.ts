/**
 * What happened to an incident: one change, with the facts that a message about it needs. It is written with its incident, and
 * decided (sent, or held back with a reason) when the run that saw it closes.
 */
import * as z from 'zod';
import { anomalyFactsSchema } from './anomaly-facts.ts';
import { SEVERITIES } from './finding.ts';
import { fleetFactsSchema } from './fleet.ts';
import { earlySchema, exhaustedSchema, lastFindingSchema, leakSchema, NOTIFICATION_KINDS } from './notification.ts';
import { GRADES } from './verdict.ts';

/** Every change that is sent is a message of its own kind. */
export const CHANGE_KINDS = NOTIFICATION_KINDS;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/**
 * How a cycle ended. `memory_given_back`: at once, as by a restart or a kill. `levelled_off`: it stopped to grow. `cured`: after a restart or a
 * deployment the growth at the same age is gone. `replaced`: its host is gone and others of its group are new. `faded`: a suspicion that
 * did not last. `not_inspected`: nothing inspects its host for it any more, so that nobody knows.
 */
export const CYCLE_ENDS = [
  'memory_given_back',
  'levelled_off',
  'cured',
  'host_gone',
  'replaced',
  'faded',
  'not_inspected',
] as const;
export type CycleEnd = (typeof CYCLE_ENDS)[number];

const hours = z.number().min(0);

export const endSchema = z
  .strictObject({
    how: z.enum(CYCLE_ENDS),
    /** Hours from the beginning of the growth to its end. */
    ageHours: hours,
    /** Of `cured`: how sure it is that the growth is gone, in [0, 1]; null where nobody can know yet. */
    confidence: z.number().min(0).max(1).nullable(),
  })
  .readonly();

/** How often it grew before, for people: "third time since Monday; 61 h from start to kill". */
export const cyclesSchema = z
  .strictObject({
    /** 1 for the first growth of the incident. */
    cycle: z.int().min(1),
    /** When the first cycle began, epoch milliseconds. */
    firstAt: z.int(),
    /** Hours that the cycles before took from their beginning to their end, the newest last. */
    lastedHours: z.array(hours).max(10).readonly(),
    /** Whether the cycle before was reported as recovered or cleared. */
    reopened: z.boolean(),
  })
  .readonly();

/** Strict, because it is read back from the table. Times are epoch milliseconds. */
export const changeSchema = z
  .strictObject({
    /** The number of the transition: of an incident's changes the greater one is the later one. */
    number: z.int().min(1),
    /** Of the incident, in which it happened: a change that is decided late may be of the episode before. */
    episode: z.int().min(1),
    kind: z.enum(CHANGE_KINDS),
    /** The end of the window in which it was seen. */
    at: z.int(),
    /** When it was written. */
    recordedAt: z.int(),
    severity: z.enum(SEVERITIES),
    grade: z.enum(GRADES).nullable(),
    cycles: cyclesSchema,
    /** The facts of the finding that caused it; absent where none did. */
    leak: leakSchema.optional(),
    /** Of a change that no finding caused: what was seen last of the leak. */
    lastFinding: lastFindingSchema.optional(),
    early: earlySchema.optional(),
    fleet: fleetFactsSchema.optional(),
    exhausted: exhaustedSchema.optional(),
    anomaly: anomalyFactsSchema.optional(),
    end: endSchema.optional(),
    /** Put off by quiet hours: it is decided again from then on. */
    notBefore: z.int().optional(),
  })
  .readonly();

export type Change = z.output<typeof changeSchema>;
export type Cycles = z.output<typeof cyclesSchema>;
export type End = z.output<typeof endSchema>;
