/** What a tenant's digest, and the summary at the end of its shadow mode, state: counts, and the first few of each kind. */
import * as z from 'zod';
import { SEVERITIES } from './finding.ts';
import { FINDING_KINDS } from './metrics.ts';
import { isoTime } from './notation.ts';
import { monthSchema } from './spend.ts';
import { EVALUATORS } from './vote.ts';

const count = z.int().min(0);
const name = z.string().max(256);

/** Incidents, held back kinds and mutes of which a digest names as many as this; their numbers are complete. */
export const DIGEST_LISTED = 15;

const incidentLineSchema = z.strictObject({
  incident: z.string().max(2048),
  host: name,
  group: name.nullable(),
  severity: z.enum(SEVERITIES),
  /** Absent of a leak, and in bodies of earlier versions. */
  finding: z.enum(FINDING_KINDS).optional(),
  since: isoTime,
});

const incidents = z.strictObject({ count, first: z.array(incidentLineSchema).max(DIGEST_LISTED) });

/** What the alert policy held back or put off, by stage. */
const heldLineSchema = z.strictObject({ stage: z.string().max(64), changes: count, reason: z.string().max(500) });

const held = z.strictObject({ changes: count, first: z.array(heldLineSchema).max(DIGEST_LISTED) });

const muteLineSchema = z.strictObject({ subject: z.string().max(500), reason: z.string().max(500), until: isoTime });

export const digestFields = {
  every: z.enum(['day', 'week']),
  from: isoTime,
  to: isoTime,
  /** Of `from` and `to` for people, an IANA name. */
  timezone: z.string().max(64),
  open: incidents,
  /** Since `from`. */
  opened: incidents,
  recovered: incidents,
  held,
  /** Changes that were put off for the first time in the span, whatever became of them since. */
  putOff: held,
  mutes: z.strictObject({ count, first: z.array(muteLineSchema).max(DIGEST_LISTED) }),
  /** Evaluators that labels took weight from, with their votes on what is labelled; absent where all have all of theirs. */
  weights: z
    .array(z.strictObject({ evaluator: z.string().max(64), weight: z.number(), right: count, wrong: count }))
    .max(EVALUATORS.length)
    .optional(),
  accounts: z.strictObject({ enabled: count, failing: count }),
  hosts: z.strictObject({ known: count, inspected: count, notMonitored: count, unreadable: count }),
  /** US dollars that providers charge for the reads of the month (UTC) so far, and at its end. */
  cost: z.strictObject({ month: monthSchema, spentUsd: z.number(), projectedUsd: z.number() }),
};

export const shadowSummaryFields = {
  from: isoTime,
  to: isoTime,
  /** Changes that would have woken somebody up, and those that would have been sent beside them. */
  pages: count,
  notifications: count,
  /** The hosts that would have paged, those with the most pages first. */
  hosts: z.array(z.strictObject({ host: name, group: name.nullable(), pages: count })).max(DIGEST_LISTED),
  /** Pages a week that the tenant wants at the most; null where it set none. */
  budgetPerWeek: z.number().nullable(),
  /** The least confidence with which the budget would have been kept; null where no budget is set or none keeps it. */
  minConfidence: z.number().min(0).max(1).nullable(),
};

export type IncidentLine = z.output<typeof incidentLineSchema>;
