/** The parts of the API's answers that an assistant is given. Fields that are not named here are left out. */
import * as z from 'zod';

export const host = z.object({
  ref: z.string(),
  provider: z.string(),
  account: z.string(),
  region: z.string().nullable(),
  id: z.string(),
  name: z.string().nullable(),
  group: z.string().nullable(),
  version: z.string().nullable(),
});

export const exhaustion = z.object({
  earliest: z.string(),
  likely: z.string().nullable(),
  latest: z.string().nullable(),
});

export const incidentRow = z.object({
  ref: z.string(),
  shortId: z.string(),
  host,
  finding: z.string(),
  status: z.string(),
  severity: z.string(),
  cycle: z.number(),
  since: z.string(),
  openedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  lastChangeAt: z.string(),
  lastNotifiedAt: z.string().nullable(),
  acknowledgedBy: z.string().nullable(),
  owner: z.string().nullable(),
});

/** What the alert policy decided about a change, and why. */
const decision = z.object({
  outcome: z.string().describe('sent, held or put_off'),
  stage: z.string().nullable().describe('The stage of the alert policy that decided.'),
  reason: z.string(),
  page: z.boolean(),
  receivers: z.array(z.string()),
  until: z.string().nullable(),
});

export const event = z.object({
  at: z.string(),
  kind: z.string(),
  headline: z.string(),
  decision: decision.nullable(),
  action: z.string().nullable(),
  by: z.string().nullable(),
  reason: z.string().nullable(),
});

export const check = z.object({
  name: z.string(),
  message: z.string(),
  value: z.number().nullable(),
  comparison: z.string(),
  limit: z.number(),
  unit: z.string(),
  passed: z.boolean(),
});

/** How one evaluator voted: `statistical` is the host's own curve, to whose log-odds the others are added. */
export const vote = z.object({
  evaluator: z.string(),
  confidence: z.number().describe('By this evaluator alone.'),
  logOdds: z.number(),
  weight: z.number(),
  message: z.string(),
});

export const interval = z.object({ low: z.number(), estimate: z.number(), high: z.number() });

/** Bytes. */
const consumer = z.object({
  kind: z.string(),
  name: z.string(),
  namespace: z.string().nullable().optional(),
  before: z.number(),
  after: z.number(),
  rise: interval,
  share: interval.nullable(),
});

export const attribution = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('attributed'),
    rise: interval.describe('Bytes by which the host rose.'),
    grown: z.array(consumer).describe('Those that grew most, the first first.'),
  }),
  z.object({ kind: z.literal('unattributed'), reason: z.string(), message: z.string() }),
]);
