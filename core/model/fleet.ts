/** A storm: many hosts of one group or account that rise alike, or are anomalous alike, which are one incident of a fleet instead of one each. */
import * as z from 'zod';
import { SEVERITIES } from './finding.ts';
import { isoTime } from './notation.ts';

/** Members that an item keeps, and fewer where their ids are long: the table allows 400 KB. */
export const MOST_MEMBERS = 1000;

/** What a member's anomalies are, at most. */
export const MOST_ALIKE = 2;

/**
 * - `rising`: its incident goes on. `ended`: it recovered, or is gone.
 * - `released`: it goes on while the others have ended, and its own incident is to be notified of. `apart`: it was.
 */
const MEMBER_STATES = ['rising', 'ended', 'released', 'apart'] as const;

const memberSchema = z
  .strictObject({
    host: z.string(),
    region: z.string().nullable(),
    name: z.string().max(100).exactOptional(),
    /** When it was first reported, epoch milliseconds. */
    at: z.int(),
    /** When its growth began, as an interval; `from` is null where the growth may be older than the samples. */
    from: z.int().nullable(),
    to: z.int(),
    /** Percentage points of the capacity an hour; percent of the level where the capacity is not known; 0 of anomalies. */
    growth: z.number(),
    /** Of anomalies, what they are: metric and type, the most severe first. Hosts that have one in common are alike. */
    alike: z.array(z.string().max(200)).max(MOST_ALIKE).readonly().exactOptional(),
    severity: z.enum(SEVERITIES),
    /** The earliest time at which its memory is expected to be full, epoch milliseconds; absent where nobody knows. */
    fullFrom: z.int().exactOptional(),
    /** Whether its growth is confirmed. */
    confirmed: z.boolean(),
    state: z.enum(MEMBER_STATES),
  })
  .readonly();

/**
 * What a fleet's incident remembers. While it is closed its members are candidates: hosts that were reported lately, one by one, and
 * become members should enough others follow.
 */
export const fleetSchema = z
  .strictObject({
    by: z.enum(['group', 'account']),
    members: z.array(memberSchema).max(MOST_MEMBERS).readonly(),
    /** Further hosts that there was no room for. */
    more: z.int().min(0),
    /** When a host joined last, epoch milliseconds. */
    joinedAt: z.int(),
    /** Since when most of its members have ended; null while they go on. */
    endingSince: z.int().nullable(),
  })
  .readonly();

/** The facts that a message about a fleet states. Figures of growth are percent an hour. */
export const fleetFactsSchema = z
  .strictObject({
    by: z.enum(['group', 'account']),
    /** The name of the group, or the account. */
    name: z.string().max(300),
    hosts: z.int(),
    confirmed: z.int(),
    ended: z.int(),
    regions: z.array(z.string()).max(40).readonly(),
    /** Absent of anomalies. */
    growth: z.strictObject({ low: z.number(), median: z.number(), high: z.number() }).readonly().optional(),
    /** Of anomalies: what most of the hosts have in common. */
    anomaly: z
      .strictObject({ metric: z.string().max(128), type: z.string().max(64) })
      .readonly()
      .optional(),
    /** When the first of them began to grow, and the last one. */
    onset: z.strictObject({ earliest: isoTime, latest: isoTime }).readonly(),
    /** The host that may be full first, and when that is at the earliest; absent where nobody knows of any. */
    full: z.strictObject({ earliest: isoTime, host: z.string(), name: z.string().optional() }).readonly().optional(),
    /** The first of them, in the order in which they were reported. */
    first: z
      .array(
        z.strictObject({ host: z.string(), region: z.string().nullable(), name: z.string().optional() }).readonly(),
      )
      .max(10)
      .readonly(),
  })
  .readonly();

export type Fleet = z.output<typeof fleetSchema>;
export type FleetMember = z.output<typeof memberSchema>;
export type FleetFacts = z.output<typeof fleetFactsSchema>;
