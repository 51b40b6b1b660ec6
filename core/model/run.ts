/** What one inspection of one account and region saw, what it cost, and what it missed. Its size does not grow with the fleet. */
import * as z from 'zod';
import { scopeSchema, UNREADABLE_REASONS, windowSchema } from './series.ts';

const count = z.int().min(0);

/** An estimate in US dollars from a provider's list price, which is stated with its date. */
const costSchema = z
  .strictObject({
    perRun: z.number(),
    perMonth: z.number(),
    currency: z.literal('USD'),
    /** The list price, and the date on which it was looked up. */
    price: z.string(),
  })
  .readonly();

/** Failures about weeks that are described. */
const MOST_PROBLEMS = 5;

/** What reading weeks came to, once a day. */
export const deepSummarySchema = z
  .strictObject({
    /** Hosts whose weeks were read. */
    hosts: count,
    /** Of the metrics that were billed. */
    metricsBilled: count,
    /** Baselines that were learned anew. */
    learned: count,
    /** Why they were put off; null where they were not. */
    putOff: z.enum(['cost_cap', 'time']).nullable(),
    /** What could not be read or stored, in words. It makes no run partial: verdicts are less sure. */
    problems: z.array(z.string()).max(MOST_PROBLEMS).readonly(),
  })
  .readonly();

export type DeepSummary = z.output<typeof deepSummarySchema>;

/** Strict, so that a run log which reads an item back recognises one that somebody else has written. */
export const runSummarySchema = z
  .strictObject({
    /** Tenant, scope and scheduled time: a repeated run overwrites itself. */
    id: z.string(),
    tenant: z.string(),
    scope: scopeSchema,
    /** Epoch milliseconds. */
    scheduledTime: z.int(),
    window: windowSchema({ time: z.number() }),
    /** `partial`: something that should have been read was not. Hosts that are not monitored never make a run partial. */
    outcome: z.enum(['complete', 'partial']),
    /** `notDue`: hosts that the cadence leaves to a later run; `known` counts them too. Earlier versions had none. */
    hosts: z
      .strictObject({
        known: count,
        inspected: count,
        notMonitored: count,
        unreadable: count,
        notDue: count.default(0),
      })
      .readonly(),
    verdicts: z.strictObject({ confirmed: count, suspected: count, steady: count, insufficientData: count }).readonly(),
    unreadable: z.partialRecord(z.enum(UNREADABLE_REASONS), count).readonly(),
    /** The first few failures in words, for a person. */
    failures: z.array(z.string()).readonly(),
    /** The first few hosts whose memory used to be reported and no longer is, in words: not monitored, but not to be missed. */
    stoppedReporting: z.array(z.string()).readonly(),
    /** How many such hosts there are. Runs that were logged before they were counted have 0. */
    stopped: count.default(0),
    /**
     * How many hosts every slot inspects even under an adaptive cadence, of those whose samples were requested. Earlier versions did not
     * count them.
     */
    watched: count.exactOptional(),
    /** How many hosts are full, or fill again and again, and have no leak that is found; absent where none does, and of earlier versions. */
    exhausted: count.exactOptional(),
    /** Provider calls by name, for example `GetMetricData`. */
    calls: z.record(z.string(), count).readonly(),
    metricsBilled: count,
    cost: costSchema,
    /** Absent where no weeks were due and nothing failed about them. */
    deep: deepSummarySchema.exactOptional(),
    /** Where the result of every host is kept: see `runName`. Earlier versions kept none. */
    results: z.strictObject({ run: z.string(), shards: count }).readonly().exactOptional(),
  })
  .readonly();

export type RunSummary = z.output<typeof runSummarySchema>;
